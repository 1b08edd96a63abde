"""Every known trick with a JWT is refused, over real HTTP keys; what an honest issuer does works."""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi.testclient import TestClient

from core.identity import OidcTokens
from core.identity.issuer import Issuer
from core.types import Scope
from tests.integration.bare_server import bare_application, bearer, browser
from tests.oidc_server import CLIENT, OidcServer, SigningKey, encoded, oidc_server

STRANGER = SigningKey.made("stranger")


@dataclass(slots=True)
class Place:
    """An issuer and a server that trusts it, whose clock for keys a test moves."""

    issuer: OidcServer
    client: TestClient
    now: float = 1000.0

    def status(self, token: str) -> int:
        return self.client.get("/heartbeat/scoped", headers={"Authorization": f"Bearer {token}"}).status_code


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with oidc_server() as issuer:
        changes = {"oidc_issuer": issuer.url, "oidc_audience": "https://assistant.example", "oidc_client_id": CLIENT}
        with bare_application(tmp_path_factory.mktemp("oidc"), **changes) as application:
            yield Place(issuer, browser(application))


@pytest.fixture
def place(opened: Place) -> Place:
    """The same server with an issuer it has never asked."""
    opened.issuer.keys, opened.issuer.published, opened.issuer.down = [SigningKey.made("first")], None, False
    opened.issuer.asked.clear()
    opened.now = 1000.0
    oidc = opened.client.app.state.application.tokens.oidc  # type: ignore[attr-defined]
    assert isinstance(oidc, OidcTokens)
    oidc.issuer = Issuer(opened.issuer.url, clock=lambda: opened.now)
    return opened


def _unsigned(issuer: OidcServer, algorithm: str = "none") -> str:
    return f"{encoded({'alg': algorithm, 'kid': 'first'})}.{encoded(issuer.claims())}."


def _hmac_by_public_key(issuer: OidcServer, encoding: Encoding = Encoding.PEM) -> str:
    signed = f"{encoded({'alg': 'HS256', 'kid': 'first', 'typ': 'JWT'})}.{encoded(issuer.claims())}"
    public = issuer.keys[0].private.public_key().public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)
    return f"{signed}.{encoded(hmac.digest(public, signed.encode(), 'sha256'))}"


def _twice_named(issuer: OidcServer) -> str:
    """A header whose `kid` is there twice, properly signed by a stranger."""
    good = issuer.token(key=STRANGER).split(".")
    header = b'{"alg":"RS256","kid":"stranger","kid":"first"}'
    return ".".join([encoded(header), *good[1:]])


def _changed(issuer: OidcServer) -> str:
    header, _, signature = issuer.token().split(".")
    return f"{header}.{encoded(issuer.claims(scope='admin'))}.{signature}"


def _by_stranger(**header: object) -> Callable[[OidcServer], str]:
    return lambda issuer: issuer.token(key=STRANGER, header={"kid": "first", **header})


def _with(**claims: Any) -> Callable[[OidcServer], str]:
    return lambda issuer: issuer.token(**claims)


def _signed_with(**header: object) -> Callable[[OidcServer], str]:
    return lambda issuer: issuer.token(header=header)


NOW = int(time.time())
ATTACKS: dict[str, Callable[[OidcServer], str]] = {
    "none": _unsigned,
    "None": lambda issuer: _unsigned(issuer, "None"),
    "empty algorithm": lambda issuer: _unsigned(issuer, ""),
    "HS256 by the public key as PEM": _hmac_by_public_key,
    "HS256 by the public key as DER": lambda issuer: _hmac_by_public_key(issuer, Encoding.DER),
    "an algorithm that is not allowed": lambda issuer: _unsigned(issuer, "RS512"),
    "wrong key": _by_stranger(),
    "kid as a path": _by_stranger(kid="../../../../dev/null"),
    "kid as SQL": _by_stranger(kid="x' UNION SELECT 'first"),
    "kid as a command": _by_stranger(kid="first|/bin/true"),
    "kid as an address": _by_stranger(kid="https://evil.example/key"),
    "unknown kid": _by_stranger(kid="stranger"),
    "empty kid": _signed_with(kid=""),
    "huge kid": _by_stranger(kid="k" * 5000),
    "kid twice": _twice_named,
    "no kid": lambda issuer: ".".join([encoded({"alg": "RS256"}), *issuer.token().split(".")[1:]]),
    "kid is a list": lambda issuer: ".".join([encoded({"alg": "RS256", "kid": ["first"]}), "e30", "AA"]),
    "jku": _by_stranger(jku="https://evil.example/keys"),
    "x5u": _by_stranger(x5u="https://evil.example/certificate"),
    "jwk": _by_stranger(jwk=STRANGER.public_jwk),
    "jwk with its own kid": _by_stranger(kid="stranger", jwk=STRANGER.public_jwk),
    "x5c": _by_stranger(x5c=["MIIB"]),
    "signed by the issuer, yet with jku": _signed_with(jku="https://evil.example/keys"),
    "crit": _signed_with(crit=["exp"]),
    "expired": _with(exp=NOW - 120),
    "never expires": _with(exp=None),
    "expiry is no number": _with(exp="tomorrow"),
    "not yet": _with(nbf=NOW + 3600),
    "issued in the future": _with(iat=NOW + 3600),
    "not issued": _with(iat=None),
    "wrong audience": _with(aud="https://other.example"),
    "no audience": _with(aud=None),
    "audience is empty": _with(aud=[]),
    "wrong issuer": _with(iss="https://evil.example"),
    "issuer with a slash more": lambda issuer: issuer.token(iss=f"{issuer.url}/"),
    "no issuer": _with(iss=None),
    "nobody": _with(sub=None),
    "empty subject": _with(sub=""),
    "ID token for the client": _with(aud=CLIENT, scope=None),
    "ID token for both": _with(aud=["https://assistant.example", CLIENT], scope=None),
    "ID token with a nonce": _with(nonce="n"),
    "ID token with at_hash": _with(at_hash="h"),
    "Keycloak's ID token": _with(typ="ID"),
    "Keycloak's refresh token": _with(typ="Refresh"),
    "logout token": _with(events={"http://schemas.openid.net/event/backchannel-logout": {}}),
    "typ of another kind": _signed_with(typ="dpop+jwt"),
    "stripped signature": lambda issuer: issuer.token().rsplit(".", 1)[0] + ".",
    "without the last part": lambda issuer: issuer.token().rsplit(".", 1)[0],
    "truncated": lambda issuer: issuer.token()[:-20],
    "a part more": lambda issuer: issuer.token() + ".AA",
    "changed claims": _changed,
    "claims are no object": lambda issuer: f"{encoded({'alg': 'RS256', 'kid': 'first'})}.{encoded([1])}.AA",
    "huge": _with(filler="x" * 40_000),
    "deep header": lambda _: f"{encoded(b'[' * 5000)}.e30.AA",
    "no JWT": lambda _: "abc",
    "only dots": lambda _: "..",
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_refuses(place: Place, attack: str) -> None:
    token = ATTACKS[attack](place.issuer)
    answer = place.client.get("/heartbeat/scoped", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert json.loads(answer.text)["type"].endswith(":unauthenticated")


def test_takes_an_honest_token(place: Place) -> None:
    assert place.status(place.issuer.token()) == 204
    assert place.status(place.issuer.token(header={"typ": "at+jwt"}, typ="Bearer")) == 204


def test_a_clock_that_differs_a_little_is_forgiven(place: Place) -> None:
    now = int(time.time())
    assert place.status(place.issuer.token(exp=now - 10)) == 204
    assert place.status(place.issuer.token(nbf=now + 20, iat=now + 20)) == 204


def test_takes_the_scopes_that_are_there_and_names_a_missing_one(place: Place) -> None:
    token = place.issuer.token(scope="openid chat:ask profile")
    answer = place.client.get("/heartbeat/scoped", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["scope"]) == (403, "ping")


def test_a_new_key_is_fetched_once_and_the_old_one_falls(place: Place) -> None:
    old = place.issuer.token()
    assert place.status(old) == 204
    place.issuer.keys = [SigningKey.made("second")]
    place.now += 11
    assert place.status(place.issuer.token()) == 204
    assert place.status(old) == 401


def test_made_up_key_ids_do_not_turn_this_server_against_its_issuer(place: Place) -> None:
    assert place.status(place.issuer.token()) == 204
    place.now += 11
    for number in range(20):
        assert place.status(place.issuer.token(header={"kid": f"made-up-{number}"})) == 401
    assert place.issuer.asked.count("/keys") == 2


def test_goes_on_with_the_last_keys_while_the_issuer_is_down(place: Place) -> None:
    assert place.status(place.issuer.token()) == 204
    place.issuer.down = True
    place.now += 3600
    assert place.status(place.issuer.token()) == 204
    place.now += 24 * 3600
    assert place.status(place.issuer.token()) == 503


def test_says_that_a_token_cannot_be_checked_before_the_issuer_was_ever_there(place: Place) -> None:
    place.issuer.down = True
    assert place.status(place.issuer.token()) == 503
    place.issuer.down = False
    place.now += 11
    assert place.status(place.issuer.token()) == 204


def test_a_withdrawn_key_falls_by_itself(place: Place) -> None:
    old = place.issuer.token()
    assert place.status(old) == 204
    place.issuer.keys = [SigningKey.made("second")]
    place.now += 601
    assert place.status(old) == 401


def test_two_keys_of_one_id_count_for_neither(place: Place) -> None:
    first, other = place.issuer.keys[0].public_jwk, {**STRANGER.public_jwk, "kid": "first"}
    place.issuer.published = [other, first, SigningKey.made("second").public_jwk]
    assert place.status(place.issuer.token()) == 401
    assert place.status(place.issuer.token(key=SigningKey.made("second"))) == 204


@pytest.mark.parametrize("change", [{"use": "enc"}, {"alg": "PS256"}, {"kty": "oct", "k": "AA"}, {"key_ops": ["sign"]}])
def test_a_key_made_for_something_else_checks_nothing(place: Place, change: dict[str, object]) -> None:
    place.issuer.published = [
        {**place.issuer.keys[0].public_jwk, **change}, SigningKey.made("second").public_jwk,
    ]  # fmt: skip
    assert place.status(place.issuer.token()) == 401


def test_local_tokens_go_on_working(place: Place) -> None:
    application = place.client.app.state.application  # type: ignore[attr-defined]
    assert place.client.get("/heartbeat/scoped", headers=bearer(application, Scope.PING)).status_code == 204
