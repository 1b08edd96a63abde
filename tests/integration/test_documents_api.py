"""Documents added, replaced, removed and brought back over HTTP, as an editor's program does it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.identity import Identities, load_signing_key
from core.types import Scope
from tests.conftest import make_settings, served
from tests.integration.editors import editor_token

VISA = "# Visiting\n\nYou need a visa to visit Canada. The fee is $100.\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("editing") / "kb"
    (folder / "canada").mkdir(parents=True)
    (folder / "canada" / "work.md").write_text(
        "---\ntitle: Work in Canada\njurisdiction: CA\nreview_by: 2020-01-01\n---\n# Work\n\nYou need a work permit.\n"
    )
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 not really")
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with served(make_settings(folder.parent / "data", knowledge_base=folder, max_file_mb=1)) as address:
        yield address


@pytest.fixture
def client(address: str, folder: Path) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {editor_token(folder.parent / 'data')}"}
    with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
        yield client


def _send(client: httpx.Client, name: str, content: bytes | str, **fields: str) -> httpx.Response:
    return client.post("/documents", files={"file": (name, content)}, data=fields)


def _ids(client: httpx.Client, **query: Any) -> list[str]:
    items = client.get("/documents", params=query).raise_for_status().json()["items"]
    return [item["id"] for item in items]


def _answers(client: httpx.Client, question: str, words: str) -> bool:
    return words in client.post("/chat", json={"question": question}).json()["answer"]


def test_a_file_that_was_added_answers_at_once(client: httpx.Client, folder: Path) -> None:
    sent = _send(client, "visit.md", VISA, folder="canada/new", title="Visiting Canada", jurisdiction="CA")
    assert (sent.status_code, sent.json()["state"], sent.json()["jurisdiction"]) == (201, "live", "CA")
    assert sent.headers["Location"] == "/documents/kb/canada/new/visit.md"
    assert (folder / "canada/new/visit.md").read_text() == VISA
    assert _answers(client, "Do I need a visa to visit Canada?", "You need a visa to visit Canada.")


def test_a_file_without_text_is_refused_with_its_reason_and_not_kept(client: httpx.Client, folder: Path) -> None:
    sent = _send(client, "torn.pdf", b"%PDF-1.7 not really", folder="papers")
    assert (sent.status_code, sent.json()["reason"]) == (422, "malformed")
    assert not (folder / "papers").exists()
    assert "kb/papers/torn.pdf" not in _ids(client)


def test_what_is_said_of_a_file_is_checked_under_its_own_name(client: httpx.Client) -> None:
    sent = _send(client, "dated.md", VISA, effective_from="soon")
    assert (sent.status_code, sent.json()["reason"]) == (422, "bad_metadata")
    assert "dated.md.meta.yaml: effective_from: 'soon' is not a date" in sent.json()["detail"]


def test_a_name_that_is_taken_is_a_conflict(client: httpx.Client) -> None:
    assert _send(client, "work.md", VISA, folder="canada").status_code == 409


@pytest.mark.parametrize(
    "name", ["../up.md", ".hidden.md", "sources.yaml", "a.md.meta.yaml", "evil\u202etxt.md", "no-ending"]
)
def test_a_name_that_is_not_safe_is_refused(client: httpx.Client, name: str) -> None:
    assert _send(client, name, VISA).status_code == 422


def test_a_file_that_is_too_large_is_refused(client: httpx.Client) -> None:
    sent = _send(client, "big.txt", "x" * (2 << 20))
    assert (sent.status_code, sent.json()["reason"]) == (422, "too_large")


def test_nobody_without_the_scope_can_send_a_file(address: str, folder: Path) -> None:
    identities = Identities(load_signing_key(make_settings(folder.parent / "data")))
    reader = identities.issue_token("reader", [Scope.KNOWLEDGE_READ], expires_in=timedelta(hours=1))
    for headers, status in (({}, 401), ({"Authorization": f"Bearer {reader}"}, 403)):
        sent = httpx.post(f"{address}/documents", files={"file": ("a.md", VISA)}, headers=headers)
        assert sent.status_code == status


def test_the_list_tells_every_state_with_its_reason(client: httpx.Client) -> None:
    listed = client.get("/documents").json()
    by_id = {item["id"]: item for item in listed["items"]}
    assert (by_id["kb/canada/work.md"]["state"], by_id["kb/canada/work.md"]["due"]) == ("live", "overdue")
    assert by_id["kb/broken.pdf"]["state"] == "unreadable"
    assert "damaged" in by_id["kb/broken.pdf"]["detail"]
    assert [item["id"] for item in listed["unreadable"]] == ["kb/broken.pdf"]
    assert listed["counts"]["unreadable"] == 1


def test_the_list_is_narrowed_and_comes_in_pages(client: httpx.Client) -> None:
    assert _ids(client, state="unreadable") == ["kb/broken.pdf"]
    assert _ids(client, q="WORK canada") == ["kb/canada/work.md"]
    assert _ids(client, due=True, jurisdiction="CA", folder="kb/canada/")[0].startswith("kb/canada/")
    everything = _ids(client)
    assert _ids(client, limit=1, offset=1) == everything[1:2]
    assert client.get("/documents", params={"limit": 1}).json()["total"] == len(everything)


def test_one_document_shows_its_passages_versions_and_text(client: httpx.Client) -> None:
    found = client.get("/documents/kb/canada/work.md", params={"text": True})
    document = found.json()
    assert found.headers["ETag"] == f'"{document["etag"]}"'
    assert [version["status"] for version in document["versions"]] == ["live"]
    passage = document["passages"][0]
    assert document["text"][passage["start"] : passage["end"]] == passage["text"]
    assert client.get("/documents/kb/none.md").status_code == 404


def test_a_new_version_replaces_the_old_one(client: httpx.Client) -> None:
    _send(client, "fee.md", "# Fee\n\nThe fee for a fishing licence is $10.\n")
    put = client.put("/documents/kb/fee.md", files={"file": ("x", "# Fee\n\nThe fee for a fishing licence is $20.\n")})
    assert (put.status_code, put.json()["state"]) == (200, "live")
    document = client.get("/documents/kb/fee.md", params={"text": True}).json()
    assert "$20" in document["text"]
    assert [version["status"] for version in document["versions"]] == ["live", "superseded"]


def test_a_bad_new_version_leaves_the_old_one_serving(client: httpx.Client, folder: Path) -> None:
    _send(client, "kept.md", VISA)
    put = client.put("/documents/kb/kept.md", files={"file": ("kept.md", b"")})
    assert (put.status_code, put.json()["reason"]) == (422, "empty")
    assert "goes on answering" in put.json()["detail"]
    assert (folder / "kept.md").read_text() == VISA
    assert client.get("/documents/kb/kept.md").json()["state"] == "live"


def test_a_file_that_was_spoilt_in_the_folder_shows_that_an_older_version_answers(
    client: httpx.Client, folder: Path
) -> None:
    _send(client, "spoilt.md", VISA)
    (folder / "spoilt.md").write_text("---\nreviewed_on: soon\n---\nText.\n")
    client.post("/documents/sync")
    document = client.get("/documents/kb/spoilt.md").json()
    assert (document["state"], document["reason"], document["chunks"]) == ("stale", "bad_metadata", 1)
    assert "goes on answering" in document["detail"]


def test_what_is_said_of_a_document_changes_without_its_file(client: httpx.Client, folder: Path) -> None:
    _send(client, "said.md", VISA, title="First", language="en")
    put = client.put("/documents/kb/said.md", files={"reviewed_on": (None, "2026-11-20")})
    assert (put.json()["title"], put.json()["reviewed_on"]) == ("First", "2026-11-20")
    assert (folder / "said.md").read_text() == VISA


def test_an_edit_of_something_that_changed_meanwhile_is_a_conflict(client: httpx.Client, folder: Path) -> None:
    seen = _send(client, "raced.md", VISA).json()["etag"]
    (folder / "raced.md").write_text(VISA + "More.\n")
    headers = {"If-Match": f'"{seen}"'}
    assert client.put("/documents/kb/raced.md", files={"file": ("a", VISA)}, headers=headers).status_code == 409
    assert client.delete("/documents/kb/raced.md", headers=headers).status_code == 409
    assert (folder / "raced.md").exists()


def test_a_removed_document_answers_nobody_until_it_is_brought_back(client: httpx.Client, folder: Path) -> None:
    _send(client, "zebra.md", "# Zebras\n\nYou need a permit to import a zebra to Canada.\n", title="Zebras")
    question, words = "Do I need a permit to import a zebra to Canada?", "import a zebra"
    assert _answers(client, question, words)
    removed = client.delete("/documents/kb/zebra.md").json()
    assert not _answers(client, question, words)
    assert "kb/zebra.md" not in _ids(client)
    assert "kb/zebra.md" in _ids(client, state="removed")
    back = client.post("/documents/restore", json={"id": "kb/zebra.md", "undo": removed["undo"]})
    assert (back.json()["state"], back.json()["title"]) == ("live", "Zebras")
    assert _answers(client, question, words)


def test_an_erased_document_leaves_nothing(client: httpx.Client, folder: Path) -> None:
    _send(client, "secret.md", "# Secret\n\nThe purple elephants need a visa for Vienna.\n")
    client.delete("/documents/kb/secret.md")
    client.post("/documents/restore", json={"id": "kb/secret.md"})
    proof = client.delete("/documents/kb/secret.md", params={"erase": True}).json()["proof"]
    assert (proof["versions"], proof["passages"], proof["found_in"]) == (1, 1, [])
    assert client.get("/documents/kb/secret.md").status_code == 404
    kept = [path for path in folder.parent.rglob("*") if path.is_file() and b"purple elephants" in path.read_bytes()]
    assert kept == []


def test_a_file_can_be_read_again(client: httpx.Client) -> None:
    assert client.post("/documents/reread", json={"id": "kb/canada/work.md"}).json()["state"] == "live"
    again = client.post("/documents/reread", json={"id": "kb/broken.pdf"})
    assert (again.status_code, again.json()["reason"]) == (422, "malformed")
    assert client.post("/documents/reread", json={"id": "kb/none.md"}).status_code == 404


def test_fetched_pages_and_other_folders_are_not_edited_here(client: httpx.Client) -> None:
    for document_id, said in (("sources/www.gov.uk/a", "sources.yaml"), ("papers/a.md", "another folder")):
        refused = client.delete(f"/documents/{document_id}")
        assert refused.status_code == 409
        assert said in refused.json()["detail"]


def test_progress_is_zero_while_nothing_runs_and_counts_what_changed(client: httpx.Client) -> None:
    before = client.get("/documents/progress").json()
    assert before["running"] is False
    _send(client, "counted.md", "# Counted\n\nYou may count.\n")
    assert client.get("/documents/progress").json()["changes"] > before["changes"]


def test_a_document_that_is_now_for_staff_shows_the_public_no_earlier_version(client: httpx.Client) -> None:
    sent = _send(client, "once-public.md", VISA).json()
    earlier = {"document_id": sent["id"], "version": sent["version"], "start": 0, "end": 8}
    assert client.get("/passages", params=earlier).status_code == 200
    client.put(f"/documents/{sent['id']}", files={"audience": (None, "staff")}).raise_for_status()
    assert client.get("/passages", params=earlier).status_code == 404
    assert client.get(f"/app/documents/{sent['id']}", params={"version": sent["version"]}).status_code == 404
