"""A folder into a real store and kept in step with it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.database import Database
from core.errors import NotFound
from core.hash_embeddings import HashEmbeddings
from core.models import EmbeddedPassage, Span
from core.settings import Settings
from ingest.document import prepare
from ingest.parser import Parser
from ingest.pipeline import Ingestor
from ingest.report import Outcome, Progress
from retrieval.opening import open_store
from retrieval.store import ChunkStore
from tests.integration.stores import CountingEmbeddings

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    folder: Path
    store: ChunkStore
    embeddings: CountingEmbeddings
    ingestor: Ingestor

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def text(self, document_id: str) -> str:
        return self.store.get_version(document_id).canonical_text


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser(Settings()) as parser:
        yield parser


@pytest.fixture
def place(tmp_path: Path, parser: Parser) -> Iterator[Place]:
    settings = Settings(data_dir=tmp_path / "data")
    database = Database(settings.sqlalchemy_url)
    database.migrate()
    embeddings = CountingEmbeddings()
    store, _ = open_store(settings, database, embeddings)
    (tmp_path / "kb").mkdir()
    yield Place(tmp_path / "kb", store, embeddings, Ingestor(store, parser, database=database, clock=lambda: NOW))
    store.close()
    database.close()


def test_new_documents_are_served(place: Place) -> None:
    place.write("a.md", "---\ntitle: Work\njurisdiction: CA\n---\n# Work\n\nYou need a permit to work.\n")
    place.write("b/c.txt", "You pay the fee online.\n")
    report = place.ingestor.sync_folder(place.folder)
    assert (report.added, report.passages) == (["kb/a.md", "kb/b/c.txt"], 2)
    assert [(d.id, d.root, d.meta and d.meta.title) for d in place.store.documents()] == [
        ("kb/a.md", "kb", "Work"),
        ("kb/b/c.txt", "kb", "c"),
    ]
    assert place.store.consistency().is_whole


def test_every_passage_and_sentence_stands_where_it_says(place: Place) -> None:
    place.write(
        "a.md", "# Work\n\nYou need a permit. Bring:\n\n- a letter\n- a photo\n\n## Is it free?\n\nNo, you pay.\n"
    )
    place.ingestor.sync_folder(place.folder)
    version = place.store.get_version("kb/a.md")
    for item in place.store.chunks_of(version.id):
        assert version.canonical_text[item.chunk.start : item.chunk.end] == item.chunk.text
        assert len(item.sentence_vectors) == len(item.chunk.sentences) > 0


def test_unchanged_files_cost_no_parse_and_no_embedding(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.write("a.md", "You need a permit to work.")
    place.ingestor.sync_folder(place.folder)
    before = place.embeddings.embedded
    monkeypatch.setattr(Parser, "parse", lambda *_: pytest.fail("parsed again"))
    report = place.ingestor.sync_folder(place.folder)
    assert (report.kept, report.passages, place.embeddings.embedded) == (["kb/a.md"], 0, before)


def test_a_changed_file_replaces_its_document(place: Place) -> None:
    path = place.write("a.md", "The fee is $150 for adults.")
    place.ingestor.sync_folder(place.folder)
    old = place.store.get_version("kb/a.md").id
    path.write_text("The fee is $160 for adults.")
    report = place.ingestor.sync_folder(place.folder)
    assert (report.replaced, report.added) == (["kb/a.md"], [])
    assert place.text("kb/a.md") == "The fee is $160 for adults."
    assert place.store.chunks_of(old) == []
    assert place.store.get_version("kb/a.md", old).canonical_text == "The fee is $150 for adults."
    assert place.store.consistency().is_whole


def test_changed_metadata_alone_makes_a_new_version(place: Place) -> None:
    place.write("a.txt", "The fee is $150 for adults.")
    place.ingestor.sync_folder(place.folder)
    place.write("a.txt.meta.yaml", "title: Fees\nreviewed_on: 2026-01-02\n")
    assert place.ingestor.sync_folder(place.folder).replaced == ["kb/a.txt"]
    assert place.store.get_version("kb/a.txt").meta.title == "Fees"


def test_a_file_that_went_away_disappears(place: Place) -> None:
    path = place.write("a.md", "You need a permit to work.")
    place.write("b.md", "You pay the fee online.")
    place.ingestor.sync_folder(place.folder)
    path.unlink()
    assert place.ingestor.sync_folder(place.folder, remove_missing=False).removed == []
    assert place.ingestor.sync_folder(place.folder).removed == ["kb/a.md"]
    assert [d.id for d in place.store.documents()] == ["kb/b.md"]
    assert place.store.consistency().is_whole


def test_a_file_that_came_back_is_served_again(place: Place) -> None:
    path = place.write("a.md", "You need a permit to work.")
    place.ingestor.sync_folder(place.folder)
    path.unlink()
    place.ingestor.sync_folder(place.folder)
    place.write("a.md", "You need a permit to work.")
    assert place.ingestor.sync_folder(place.folder).added == ["kb/a.md"]
    assert place.text("kb/a.md") == "You need a permit to work."
    assert place.store.consistency().is_whole


def test_a_folder_that_is_missing_removes_nothing(place: Place) -> None:
    place.write("a.md", "You need a permit to work.")
    place.ingestor.sync_folder(place.folder)
    shutil.rmtree(place.folder)
    with pytest.raises(NotFound):
        place.ingestor.sync_folder(place.folder)
    with pytest.raises(NotFound):
        place.ingestor.refresh([place.folder / "a.md"], place.folder)
    assert [d.id for d in place.store.documents()] == ["kb/a.md"]


def test_no_vectors_of_a_model_that_was_replaced_meanwhile_are_stored(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, held = CountingEmbeddings(), place.store.held

    def taken_over() -> AbstractContextManager[None]:
        place.store.serving = replace(place.store.serving, embeddings=other)
        return held()

    monkeypatch.setattr(place.store, "held", taken_over)
    place.write("a.md", "You need a permit to work.")
    assert place.ingestor.sync_folder(place.folder).added == ["kb/a.md"]
    assert other.embedded == 1


def test_a_file_that_was_removed_on_its_way_in_is_not_stored(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    path, embed = place.write("a.md", "You need a permit to work."), place.embeddings.embed_passages

    def removed_meanwhile(texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[EmbeddedPassage]:
        path.unlink()
        return embed(texts, spans)

    monkeypatch.setattr(place.embeddings, "embed_passages", removed_meanwhile)
    assert place.ingestor.sync_folder(place.folder).added == []
    assert place.store.documents() == []


def test_another_folder_is_left_alone(place: Place, tmp_path: Path) -> None:
    place.write("a.md", "You need a permit to work.")
    place.ingestor.sync_folder(place.folder)
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.md").write_text("You pay the fee online.")
    assert place.ingestor.sync_folder(other).removed == []
    assert [d.id for d in place.store.documents()] == ["kb/a.md", "other/b.md"]


def test_files_that_cannot_be_read_are_listed_and_stop_nothing(place: Place) -> None:
    place.write("a.md", "---\nreviewed_on: soon\n---\nText.")
    place.write("b.pdf", "no PDF at all")
    place.write("c.exe", "x")
    place.write("d.md", "You need a permit to work.")
    report = place.ingestor.sync_folder(place.folder)
    assert report.added == ["kb/d.md"]
    reasons = [(u.document_id, u.reason) for u in report.unreadable]
    assert reasons == [("kb/a.md", "bad_metadata"), ("kb/b.pdf", "malformed"), ("kb/c.exe", "unsupported")]
    assert place.ingestor.unreadable() == report.unreadable


def test_a_file_that_cannot_be_read_is_tried_again_only_when_it_changes(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = place.write("b.pdf", "no PDF at all")
    place.ingestor.sync_folder(place.folder)
    with monkeypatch.context() as patch:
        patch.setattr(Parser, "parse", lambda *_: pytest.fail("parsed again"))
        assert [u.reason for u in place.ingestor.sync_folder(place.folder).unreadable] == ["malformed"]
    path.unlink()
    assert place.ingestor.sync_folder(place.folder).unreadable == []
    assert place.ingestor.unreadable() == []


def test_a_bad_new_version_leaves_the_old_one_serving(place: Place) -> None:
    place.write("a.md", "The fee is $150 for adults.")
    place.ingestor.sync_folder(place.folder)
    place.write("a.md", "---\nreviewed_on: soon\n---\nThe fee is $160.")
    report = place.ingestor.sync_folder(place.folder)
    assert [u.document_id for u in report.unreadable] == ["kb/a.md"]
    assert place.text("kb/a.md") == "The fee is $150 for adults."
    place.write("a.md", "The fee is $150 for adults.")
    assert place.ingestor.sync_folder(place.folder).unreadable == []


def test_one_file_can_be_brought_in_alone(place: Place) -> None:
    place.write("a.md", "You need a permit to work.")
    path = place.write("b.md", "You pay the fee online.")
    assert place.ingestor.refresh([path], place.folder).added == ["kb/b.md"]
    assert [d.id for d in place.store.documents()] == ["kb/b.md"]


def test_progress_tells_each_document(place: Place) -> None:
    place.write("a.md", "You need a permit to work.")
    place.write("b.pdf", "no PDF at all")
    seen: list[Progress] = []
    place.ingestor.sync_folder(place.folder, progress=seen.append)
    assert {(p.document_id, p.outcome) for p in seen} == {("kb/a.md", Outcome.ADDED), ("kb/b.pdf", Outcome.UNREADABLE)}
    assert [(p.done, p.total) for p in seen] == [(1, 2), (2, 2)]


def test_many_small_documents_are_embedded_together(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(30):
        place.write(f"{number:02}.txt", f"You need form number {number} to work.")
    calls: list[int] = []
    original = HashEmbeddings.embed_passages

    def counted(self: HashEmbeddings, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[EmbeddedPassage]:
        calls.append(len(texts))
        return original(self, texts, spans)

    monkeypatch.setattr(HashEmbeddings, "embed_passages", counted)
    assert place.ingestor.sync_folder(place.folder).passages == 30
    assert len(calls) < 5


def test_a_link_that_leads_outside_is_not_read_by_its_name_either(place: Place, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.md").write_text("The secret code is 1234.")
    (place.folder / "link.md").symlink_to(tmp_path / "outside" / "secret.md")
    (place.folder / "folder").symlink_to(tmp_path / "outside")
    report = place.ingestor.refresh([place.folder / "link.md", place.folder / "folder"], place.folder)
    assert (report.added, report.unreadable) == ([], [])


def test_a_folder_that_is_gone_takes_its_documents_along_and_one_that_came_brings_them(place: Place) -> None:
    place.write("inner/a.md", "You need a permit to work.")
    place.write("b.md", "You pay the fee online.")
    place.ingestor.sync_folder(place.folder)
    (place.folder / "inner").rename(place.folder / "other")
    report = place.ingestor.refresh([place.folder / "inner", place.folder / "other"], place.folder)
    assert (report.removed, report.added) == (["kb/inner/a.md"], ["kb/other/a.md"])
    assert [d.id for d in place.store.documents()] == ["kb/b.md", "kb/other/a.md"]


def test_the_list_of_official_pages_is_no_document(place: Place) -> None:
    path = place.write("sources.yaml", "- address: https://www.gov.uk/")
    assert place.ingestor.refresh([path], place.folder).unreadable == []
    assert place.ingestor.sync_folder(place.folder).unreadable == []


def test_a_file_that_breaks_our_own_code_does_not_stop_the_others(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(source, *rest):  # type: ignore[no-untyped-def]
        if source.id.endswith("bad.md"):
            raise AssertionError("we did not think of that")
        return prepare(source, *rest)

    monkeypatch.setattr("ingest.reading.prepare", failing)
    place.write("a.md", "You need a permit to work.")
    place.write("bad.md", "You pay the fee online.")
    report = place.ingestor.sync_folder(place.folder)
    assert report.added == ["kb/a.md"]
    assert [(file.document_id, file.reason) for file in report.unreadable] == [("kb/bad.md", "malformed")]


def test_an_empty_folder_that_held_many_documents_removes_none(place: Place) -> None:
    for number in range(6):
        place.write(f"{number}.md", f"Rule {number} says that you need a permit.")
    place.ingestor.sync_folder(place.folder)
    for path in place.folder.iterdir():
        path.unlink()
    with pytest.raises(NotFound, match="6 documents came from it: is its disk mounted"):
        place.ingestor.sync_folder(place.folder)
    assert len(place.store.documents()) == 6
