"""Signing in on the pages: at a real local issuer with PKCE, or with a local token; and what other sites cannot do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient

from api.application import Application
from api.sessions import SESSION_COOKIE, local_path
from core.types import Scope
from tests.integration.bare_server import EXPOSED, bare_application, bearer, browser
from tests.oidc_server import AUDIENCE, CLIENT, OidcServer, oidc_server

OWN_PAGE = {"Origin": EXPOSED}
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def issuer() -> Iterator[OidcServer]:
    with oidc_server() as server:
        yield server


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory, issuer: OidcServer) -> Iterator[Application]:
    changes = {"oidc_issuer": issuer.url, "oidc_audience": AUDIENCE, "oidc_client_id": CLIENT}
    with bare_application(tmp_path_factory.mktemp("signin"), **changes) as application:
        yield application


@pytest.fixture
def client(application: Application) -> TestClient:
    return browser(application)


def _at_the_issuer(client: TestClient, return_to: str = "/app/documents") -> str:
    """Where the issuer sends the browser back to."""
    start = client.get("/signin/start", params={"return_to": return_to})
    assert start.status_code == 302
    return httpx.get(start.headers["location"]).headers["location"]


def test_a_person_signs_in_at_the_issuer_and_out_again(client: TestClient) -> None:
    back = client.get(_at_the_issuer(client))
    assert (back.status_code, back.headers["location"]) == (303, "/app/documents")
    session = client.get("/session").json()
    assert session["signed_in"]
    assert session["subject"].startswith("oidc:")
    assert session["subject"].endswith(":ana")
    assert "knowledge:read" in session["scopes"]
    assert client.get("/documents").status_code == 200
    assert client.post("/signout", headers=OWN_PAGE).status_code == 303
    assert client.get("/session").json() == {
        "signed_in": False, "subject": None, "scopes": ["chat:ask", "request-assistance"],
    }  # fmt: skip
    assert client.get("/documents").status_code == 401


def test_all_sessions_of_a_person_end_at_once(application: Application, client: TestClient) -> None:
    other, stranger = browser(application), browser(application)
    for one in (client, other):
        one.get(_at_the_issuer(one))
    token = bearer(application, Scope.CHAT, subject="bo")["Authorization"].removeprefix("Bearer ")
    stranger.post("/signin", data={"token": token}, headers=OWN_PAGE)
    ended = client.post("/sessions/end", json={}, headers=OWN_PAGE)
    assert ended.status_code == 200
    assert ended.json()["subject"].endswith(":ana")
    assert [one.get("/session").json()["signed_in"] for one in (client, other, stranger)] == [False, False, True]
    other.get(_at_the_issuer(other))
    assert other.get("/session").json()["signed_in"]


def test_only_an_administrator_ends_the_sessions_of_others(application: Application, client: TestClient) -> None:
    client.get(_at_the_issuer(client))
    subject = {"subject": client.get("/session").json()["subject"]}
    staff = browser(application)
    refused = staff.post("/sessions/end", json=subject, headers=bearer(application, Scope.CHAT))
    assert (refused.status_code, refused.json()["scope"]) == (403, "admin")
    assert client.get("/session").json()["signed_in"]
    assert staff.post("/sessions/end", json=subject, headers=bearer(application, Scope.ADMIN)).status_code == 200
    assert not client.get("/session").json()["signed_in"]


def test_another_site_cannot_end_sessions(client: TestClient) -> None:
    client.get(_at_the_issuer(client))
    assert client.post("/sessions/end", json={}, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.get("/session").json()["signed_in"]


def test_whoever_is_erased_is_signed_out_everywhere(application: Application, client: TestClient) -> None:
    other = browser(application)
    for one in (client, other):
        one.get(_at_the_issuer(one))
    assert client.delete("/me", headers=OWN_PAGE).status_code == 200
    assert not other.get("/session").json()["signed_in"]


def test_a_person_owns_what_they_asked_however_they_come(client: TestClient, issuer: OidcServer) -> None:
    client.get(_at_the_issuer(client))
    by_session = client.get("/session").json()["subject"]
    token = issuer.token(scope="chat:ask")
    assert client.get("/session", headers={"Authorization": f"Bearer {token}"}).json()["subject"] == by_session


def test_the_session_cookie_is_for_this_site_and_no_script(client: TestClient) -> None:
    cookie = next(
        value
        for value in client.get(_at_the_issuer(client)).headers.get_list("set-cookie")
        if value.startswith(SESSION_COOKIE)
    )
    for attribute in ("HttpOnly", "SameSite=lax", "Secure", "Max-Age=43200"):
        assert attribute in cookie


def test_what_is_asked_of_the_issuer(client: TestClient) -> None:
    asked = parse_qs(urlsplit(client.get("/signin/start").headers["location"]).query)
    assert asked["redirect_uri"] == [f"{EXPOSED}/signin/callback"]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 43
    assert len(asked["nonce"][0]) >= 43
    again = parse_qs(urlsplit(client.get("/signin/start").headers["location"]).query)
    assert all(asked[name] != again[name] for name in ("state", "nonce", "code_challenge"))


def test_an_answer_to_another_browser_signs_nobody_in(application: Application, client: TestClient) -> None:
    back = _at_the_issuer(client)
    assert browser(application).get(back).status_code == 401
    other = browser(application)
    _at_the_issuer(other)
    assert other.get(back).status_code == 401
    assert not other.get("/session").json()["signed_in"]


def test_a_code_holds_once(client: TestClient) -> None:
    back = _at_the_issuer(client)
    assert client.get(back).status_code == 303
    assert client.get(back).status_code == 401


def test_an_id_token_for_another_sign_in_is_refused(client: TestClient, issuer: OidcServer) -> None:
    back = _at_the_issuer(client)
    issuer.nonce = "another"
    try:
        assert client.get(back).status_code == 401
    finally:
        issuer.nonce = None


def test_an_answer_of_another_issuer_and_a_refusal_are_told(client: TestClient) -> None:
    back = _at_the_issuer(client)
    mixed = client.get(back.split("&iss=")[0], params=None)
    assert mixed.status_code == 303  # an issuer need not name itself
    _at_the_issuer(client)
    state = parse_qs(urlsplit(back).query)["state"][0]
    refused = client.get("/signin/callback", params={"error": "access_denied", "state": state})
    assert refused.status_code == 401
    assert "sign in again" in refused.text


def test_mixing_up_issuers_is_noticed(client: TestClient) -> None:
    back = _at_the_issuer(client)
    assert client.get(back.split("&iss=")[0] + "&iss=https://evil.example").status_code == 401


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb", ""]
)
def test_signing_in_never_leads_to_another_site(wanted: str) -> None:
    assert local_path(wanted) == "/"


def test_a_local_token_makes_a_session_that_ends_with_it(application: Application, client: TestClient) -> None:
    token = application.identities.issue_token("ana", [Scope.KNOWLEDGE_READ], expires_in=HOUR)
    made = client.post("/signin", data={"token": f" {token}\n", "return_to": "/app/documents"}, headers=OWN_PAGE)
    assert (made.status_code, made.headers["location"]) == (303, "/app/documents")
    assert 3590 <= int(made.headers["set-cookie"].split("Max-Age=")[1].split(";")[0]) <= 3600
    assert client.get("/session").json()["subject"] == "token:ana"
    assert client.get("/documents").status_code == 200
    assert client.get("/keys").status_code == 403
    assert client.get("/conversations").status_code == 200  # everybody may ask, so whoever signs in may too


def test_a_bad_token_is_told_on_the_page(client: TestClient) -> None:
    said = client.post("/signin", data={"token": "x"}, headers=OWN_PAGE)
    assert said.status_code == 401
    assert "You are not signed in" in said.text
    assert "Sign in with your account" in said.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": EXPOSED}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 404),
        ({"Origin": EXPOSED}, 404),
    ],
)
def test_only_pages_of_this_server_change_something_by_the_session(
    application: Application, headers: dict[str, str], status: int
) -> None:
    client = browser(application)
    token = application.identities.issue_token("ana", [Scope.CHAT], expires_in=HOUR)
    client.post("/signin", data={"token": token}, headers=OWN_PAGE)
    assert client.delete("/conversations/none", headers=headers).status_code == status
    assert client.get("/conversations", headers=headers).status_code == 200
    assert client.post("/signin", data={"token": token}, headers=headers).status_code == (403 if status == 403 else 303)


def test_a_header_needs_no_page_and_wins_over_the_session(application: Application, client: TestClient) -> None:
    token = application.identities.issue_token("ana", [Scope.KNOWLEDGE_READ], expires_in=HOUR)
    client.post("/signin", data={"token": token}, headers=OWN_PAGE)
    as_ben = bearer(application, Scope.CHAT, subject="ben")
    assert client.delete("/conversations/none", headers=as_ben).status_code == 404
    assert client.get("/session", headers=as_ben).json()["subject"] == "token:ben"
    assert client.get("/documents", headers={"Authorization": "Bearer x"}).status_code == 401


def test_no_cookie_passes_for_another(application: Application, client: TestClient) -> None:
    person, _ = application.identities.issue_cookie(expires_in=HOUR)
    token = application.identities.issue_token("ana", [Scope.ADMIN], expires_in=HOUR)
    for forged in (person, token, "x"):
        client.cookies.set(SESSION_COOKIE, forged)
        assert not client.get("/session").json()["signed_in"]
        client.cookies.clear()


def test_the_staff_pages_lead_to_the_issuer(client: TestClient) -> None:
    assert "/signin/start?return_to=/app/documents" in client.get("/app/documents").text


def test_a_closed_chat_opens_for_whoever_signed_in(tmp_path: Path) -> None:
    with bare_application(tmp_path, chat_open=False) as application:
        client = browser(application)
        token = application.identities.issue_token("ana", [Scope.CHAT], expires_in=HOUR)
        client.post("/signin", data={"token": token}, headers=OWN_PAGE)
        assert client.get("/").status_code == 200
        assert client.get("/conversations").status_code == 200
        assert client.get("/session").json()["scopes"] == ["chat:ask"]


def test_without_an_issuer_the_page_offers_the_token_alone(tmp_path: Path) -> None:
    with bare_application(tmp_path) as application:
        client = browser(application)
        assert "Sign in with your account" not in client.get("/signin").text
        assert client.get("/signin/start").status_code == 404
        assert "Sign in with your account" not in client.get("/app/documents").text
