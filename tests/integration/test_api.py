"""The HTTP interface over the whole application, as programs use it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

FLAGSHIP = "How can I immigrate to Canada?"
REPLY_FIELDS = {
    "answer", "sentences", "citations", "abstained", "reason", "next_steps", "suggestions", "originals", "nearest",
    "headings", "confidence", "mode", "warnings", "as_of", "model_version", "conversation_id", "turn_id", "user",
    "User", "Answer",
}  # fmt: skip


@pytest.fixture
def client(live_server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=live_server, timeout=30) as client:
        yield client


def _events(response: httpx.Response) -> list[tuple[str, dict[str, Any]]]:
    blocks = response.text.replace("\r\n", "\n").strip().split("\n\n")
    pairs = [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks if block.startswith("event")]
    return [(pair["event"], json.loads(pair["data"])) for pair in pairs]


def test_answers_with_quotes(client: httpx.Client) -> None:
    reply = client.post("/chat", json={"question": FLAGSHIP, "user": "Ana"}).raise_for_status().json()
    assert set(reply) == REPLY_FIELDS
    assert not reply["abstained"]
    assert (reply["user"], reply["User"], reply["Answer"]) == ("Ana", "Ana", reply["answer"])
    assert all(sentence["citations"] for sentence in reply["sentences"])


@pytest.mark.parametrize("in_body", [True, False])
def test_get_takes_a_body_or_a_query(client: httpx.Client, in_body: bool) -> None:
    fields = {"question": FLAGSHIP, "user": "Ana"}
    body = json.dumps(fields) if in_body else None
    reply = client.request("GET", "/chat", content=body, params=None if in_body else fields).raise_for_status().json()
    assert reply["User"] == "Ana"
    assert "Canada" in reply["Answer"]


def test_streams_what_the_reply_then_repeats(client: httpx.Client) -> None:
    response = client.post("/chat", json={"question": FLAGSHIP}, headers={"Accept": "text/event-stream"})
    events = _events(response)
    names = [name for name, _ in events]
    assert names[0] == "turn"
    assert names[1] == "status"
    assert names[-1] == "reply"
    reply = events[-1][1]
    streamed = [data["text"] for name, data in events if name == "sentence"]
    assert streamed == [sentence["text"] for sentence in reply["sentences"]]


def test_a_citation_comes_before_the_sentence_that_uses_it(client: httpx.Client) -> None:
    response = client.post("/chat", json={"question": FLAGSHIP}, headers={"Accept": "text/event-stream"})
    known: set[object] = set()
    for name, data in _events(response):
        if name == "citation":
            known.add(data["id"])
        if name == "sentence":
            assert known.issuperset(data["citations"])


def test_says_what_the_documents_do_not_carry(client: httpx.Client) -> None:
    reply = client.post("/chat", json={"question": "Which pizza is the best in Naples?"}).raise_for_status().json()
    assert reply["abstained"]
    assert reply["reason"] == "out_of_scope"
    assert reply["next_steps"]
    assert reply["citations"] == []


def test_a_turn_can_be_read_again(client: httpx.Client) -> None:
    reply = client.post("/chat", json={"question": FLAGSHIP}).json()
    turn = client.get(f"/turns/{reply['turn_id']}").raise_for_status().json()
    assert turn["status"] == "answered"
    assert turn["reply"] == reply


def test_a_repeated_key_gives_the_same_turn_and_another_question_is_refused(client: httpx.Client) -> None:
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    first = client.post("/chat", json={"question": FLAGSHIP}, headers=headers).json()
    assert client.post("/chat", json={"question": FLAGSHIP}, headers=headers).json() == first
    other = client.post("/chat", json={"question": "Something else?"}, headers=headers)
    assert other.status_code == 422
    assert "Idempotency-Key" in other.json()["detail"]


def test_a_follow_up_is_understood_from_its_conversation(client: httpx.Client) -> None:
    first = client.post("/chat", json={"question": "How long can I stay in the United Kingdom as a visitor?"}).json()
    follow_up = {"question": "And can I work there?", "conversation_id": first["conversation_id"]}
    reply = client.post("/chat", json=follow_up).json()
    assert {citation["jurisdiction"] for citation in reply["citations"]} == {"GB"}


def test_where_countries_compete_the_person_is_asked_which_one(client: httpx.Client) -> None:
    reply = client.post("/chat", json={"question": "How do I apply for citizenship?"}).json()
    assert reply["reason"] == "unclear"
    assert "Which one do you mean" in reply["answer"]


def test_a_chosen_country_keeps_others_out(client: httpx.Client) -> None:
    reply = client.post("/chat", json={"question": "What if my visitor visa is refused?", "jurisdiction": "au"}).json()
    assert {citation["jurisdiction"] for citation in reply["citations"]} <= {"AU", "ZZ"}
    assert not reply["abstained"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "question"),
        ({"question": "   "}, "question"),
        ({"question": "x" * 2001}, "2000 is the most"),
        ({"question": "Q?", "as_of": "yesterday"}, "as_of"),
        ({"question": "Q?", "conversation_id": "../etc"}, "conversation_id"),
    ],
)
def test_a_bad_question_is_a_problem_document(client: httpx.Client, body: dict[str, str], said: str) -> None:
    response = client.post("/chat", json=body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert {"type", "title", "status", "detail"} <= set(problem)
    assert said in problem["detail"]


def test_another_conversation_than_ones_own_does_not_exist(client: httpx.Client) -> None:
    response = client.post("/chat", json={"question": "Q?", "conversation_id": "0" * 32})
    assert response.status_code == 404


def test_conversations_are_listed_read_and_erased(client: httpx.Client) -> None:
    conversation_id = client.post("/chat", json={"question": FLAGSHIP}).json()["conversation_id"]
    listed = client.get("/conversations").json()["items"]
    assert conversation_id in [item["id"] for item in listed]
    turns = client.get(f"/conversations/{conversation_id}").json()["turns"]
    assert [turn["question"] for turn in turns] == [FLAGSHIP]
    assert client.delete(f"/conversations/{conversation_id}").status_code == 204
    assert client.get(f"/conversations/{conversation_id}").status_code == 404


def test_a_request_id_goes_in_and_out_and_a_bad_one_is_replaced(client: httpx.Client) -> None:
    assert client.get("/health/live", headers={"X-Request-ID": "abc-1"}).headers["X-Request-ID"] == "abc-1"
    replaced = client.get("/health/live", headers={"X-Request-ID": "a b\tc"}).headers["X-Request-ID"]
    assert len(replaced) == 32


def test_every_answer_says_how_long_it_took(client: httpx.Client) -> None:
    assert float(client.get("/health/live").headers["X-Process-Time"]) >= 0


def test_health_tells_living_from_ready(client: httpx.Client) -> None:
    assert client.get("/health/live").json()["status"] == "ok"
    assert client.get("/health/ready").json()["checks"] == {"database": "ok", "index": "ok", "documents": "ok"}
    assert client.get("/heartbeat").status_code == 204


@pytest.mark.parametrize("path", ["/documents", "/heartbeat/private", "/heartbeat/scoped"])
def test_staff_addresses_need_a_token(client: httpx.Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_foreign_host_name_reads_nothing(client: httpx.Client) -> None:
    assert client.get("/conversations", headers={"Host": "evil.example"}).status_code == 400


def test_a_quote_is_shown_in_its_surroundings(client: httpx.Client) -> None:
    citation = client.post("/chat", json={"question": FLAGSHIP}).json()["citations"][0]
    place = {name: citation[name] for name in ("document_id", "version", "start", "end")}
    passage = client.get("/passages", params=place).raise_for_status().json()
    assert passage["quote"] == citation["quote"]
    assert passage["current"]
    assert client.get("/passages", params={**place, "start": 10**9, "end": 10**9 + 1}).status_code == 404
