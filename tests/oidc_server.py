"""A small real OpenID Connect issuer: discovery, keys, sign-in by code with PKCE; its tokens are a test's to forge."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests.scripted_http import Answer, Asked, json_answer, scripted_http

__all__ = ["AUDIENCE", "CLIENT", "OidcServer", "SigningKey", "encoded", "oidc_server"]

AUDIENCE = "https://assistant.example"
CLIENT = "assistant-pages"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key and the id it is published under."""

    id: str
    private: rsa.RSAPrivateKey

    @classmethod
    def made(cls, key_id: str) -> SigningKey:
        return cls(key_id, _private_key(key_id))

    @property
    def public_jwk(self) -> dict[str, Any]:
        jwk: dict[str, Any] = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**jwk, "kid": self.id, "use": "sig", "alg": "RS256"}


@cache
def _private_key(_name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(slots=True)
class OidcServer:
    """`down` answers 503 to everything; `asked` are the paths that were fetched; `scope` is what a sign-in gets."""

    url: str
    keys: list[SigningKey] = field(default_factory=lambda: [SigningKey.made("first")])
    published: list[dict[str, Any]] | None = None
    down: bool = False
    scope: str = "chat:ask knowledge:read"
    nonce: str | None = None
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def claims(self, **changes: object) -> dict[str, Any]:
        """Those of a good access token; None takes one out."""
        now = int(time.time())
        good = {
            "iss": self.url, "sub": "ana", "aud": AUDIENCE, "iat": now, "nbf": now, "exp": now + 300, "scope": "ping",
        }  # fmt: skip
        return {name: value for name, value in {**good, **changes}.items() if value is not None}

    def token(self, *, key: SigningKey | None = None, header: dict[str, Any] | None = None, **changes: object) -> str:
        """An access token, signed by the first key unless another is given."""
        signer = key or self.keys[0]
        headers = {"kid": signer.id, **(header or {})}
        return jwt.encode(self.claims(**changes), signer.private, "RS256", headers=headers)

    def answer(self, asked: Asked) -> Answer:
        parts = urlsplit(asked.path)
        self.asked.append(parts.path)
        if self.down:
            return json_answer({}, 503)
        match parts.path:
            case "/.well-known/openid-configuration":
                return json_answer(self._discovery())
            case "/keys":
                published = self.published
                return json_answer({"keys": [k.public_jwk for k in self.keys] if published is None else published})
            case "/authorize":
                return self._authorize({name: values[0] for name, values in parse_qs(parts.query).items()})
            case "/token":
                return self._exchange({name: values[0] for name, values in parse_qs(asked.body.decode()).items()})
        return Answer(404)

    def _discovery(self) -> dict[str, str]:
        return {
            "issuer": self.url, "jwks_uri": f"{self.url}/keys", "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
        }  # fmt: skip

    def _authorize(self, asked: dict[str, str]) -> Answer:
        """Signs the one person in without a question, as an issuer does where she is signed in already."""
        assert (asked["client_id"], asked["response_type"], asked["code_challenge_method"]) == (CLIENT, "code", "S256")
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"], "iss": self.url})
        return Answer(302, headers={"Location": f"{asked['redirect_uri']}?{back}"})

    def _exchange(self, sent: dict[str, str]) -> Answer:
        asked = self.codes.pop(sent["code"], None)
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or challenge != asked["code_challenge"]
            or sent["redirect_uri"] != asked["redirect_uri"]
            or sent["client_id"] != CLIENT
        ):
            return json_answer({"error": "invalid_grant"}, 400)
        identity = self.token(aud=CLIENT, nonce=self.nonce or asked["nonce"], scope=None)
        return json_answer({"token_type": "Bearer", "id_token": identity, "access_token": self.token(scope=self.scope)})


@contextmanager
def oidc_server() -> Iterator[OidcServer]:
    """Serve on a free port of the loopback address until the block ends."""
    with scripted_http() as http:
        server = OidcServer(http.url)
        http.usual = server.answer
        yield server


def encoded(part: object) -> str:
    """One part of a JWT."""
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
