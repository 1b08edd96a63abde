"""What clients of the older chat applications were promised, line by line."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest


@pytest.fixture
def client(live_server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=live_server, timeout=30) as client:
        yield client


def test_a_message_is_answered(client: httpx.Client) -> None:
    response = client.post("/chat/message", json={"message": "How can I immigrate to Canada?"})
    body = response.json()
    assert response.status_code == 200
    assert body["status"] == "Success"
    assert "Canada" in body["response"]


@pytest.mark.parametrize("body", [{}, {"message": ""}, {"message": "  "}, {"message": 7}, {"text": "hello"}, []])
def test_a_bad_message_is_400_and_says_so(client: httpx.Client, body: object) -> None:
    response = client.post("/chat/message", json=body)
    assert response.status_code == 400
    assert response.json()["status"] == "error"
    assert response.json()["message"]


def test_a_body_that_is_no_json_is_400(client: httpx.Client) -> None:
    response = client.post("/chat/message", content="{", headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["status"]) == (400, "error")


def test_the_history_lists_what_was_asked_and_answered(client: httpx.Client) -> None:
    question = "How long can I stay in the United Kingdom as a visitor?"
    answer = client.post("/chat/message", json={"message": question}).json()["response"]
    history = client.get("/chat/history").json()
    assert history[-1] == {"user": question, "AI": answer}


def test_the_history_is_paged_on_request(client: httpx.Client) -> None:
    for _ in range(2):
        client.post("/chat/message", json={"message": "How can I immigrate to Canada?"})
    assert (
        client.get("/chat/history", params={"limit": 1, "offset": 1}).json() == client.get("/chat/history").json()[1:2]
    )


@pytest.mark.parametrize("path", ["/", "/frontend.html"])
def test_the_page_is_where_it_was(client: httpx.Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")
