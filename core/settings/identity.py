"""Who may do what: sign-in, tokens, keys."""

from __future__ import annotations

import ipaddress
from typing import Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, field_validator, model_validator

from core.settings.section import Section
from core.types import Scope

__all__ = ["IdentitySettings", "is_safe_address"]

_ASYMMETRIC = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
)  # fmt: skip


class IdentitySettings(Section):
    """Who may do what: sign-in, tokens, keys."""

    chat_open: bool = Field(
        default=True,
        description="Let people ask, and ask for a person, without signing in. Otherwise they need `chat:ask` and "
        "`request-assistance`, on this machine too.",
    )
    legacy_forbidden: bool = Field(
        default=False, description="Answer 403 instead of 401 where a token is missing or bad, as the older API did."
    )

    session_hours: float = Field(
        default=12.0, gt=0, le=24 * 30, description="Hours for which a person who signed in on a page stays so."
    )
    public_url: str | None = Field(
        default=None,
        description="Address under which people reach the server, as `https://ask.example.org`; signing in comes back "
        "there. Default: that of the request.",
    )

    retention_days: int | None = Field(
        default=None,
        ge=1,
        description="Days after which what people left untouched is erased: conversations, requests. Default: never.",
    )

    oidc_issuer: str | None = Field(
        default=None,
        validation_alias=AliasChoices("OIDC_ISSUER", "AUTH0_ISSUER"),
        description="Address of the OpenID Connect issuer, exactly as its tokens have it in `iss`. Default: none; only "
        "local tokens and API keys are taken.",
    )
    auth0_domain: str | None = Field(
        default=None, description="Older name: `AUTH0_DOMAIN=NAME` is `OIDC_ISSUER=https://NAME/`."
    )
    oidc_audience: str | None = Field(
        default=None,
        validation_alias=AliasChoices("OIDC_AUDIENCE", "AUTH0_API_AUDIENCE"),
        description="Who the issuer's access tokens must be meant for, `aud`; several with spaces between.",
    )
    oidc_algorithms: str = Field(
        default="RS256",
        validation_alias=AliasChoices("OIDC_ALGORITHMS", "AUTH0_ALGORITHMS"),
        description="Signatures that are taken, with spaces between: RS, PS and ES with 256, 384 or 512, EdDSA.",
    )
    oidc_client_id: str | None = Field(
        default=None, description="Name of this application at the issuer; with it people sign in on the pages."
    )
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="Its secret, where the issuer gave it one; PKCE is used either way."
    )
    oidc_request_scopes: str = Field(
        default="openid", description="What signing in asks the issuer for, with spaces between; `openid` among them."
    )
    oidc_scope_claims: str = Field(
        default="scope scp permissions",
        description="Claims that hold scopes, as a list or with spaces between; unknown words are passed over.",
    )
    oidc_role_claims: str = Field(
        default="roles groups realm_access.roles",
        description="Claims that hold roles, which `ROLE_SCOPES` turns into scopes; a dot leads into a claim.",
    )
    role_scopes: str = Field(
        default="",
        description="What a role may do, as `editor=knowledge:read,knowledge:write; staff=assistance:read`.",
    )
    oidc_leeway_s: float = Field(
        default=30.0, ge=0, le=300, description="Seconds by which the issuer's clock may differ from this one."
    )
    oidc_allow_plain: bool = Field(
        default=False, description="Take an issuer on another machine without encryption (http). For tests only."
    )

    @field_validator(
        "public_url",
        "oidc_issuer",
        "auth0_domain",
        "oidc_audience",
        "oidc_client_id",
        "oidc_client_secret",
        mode="before",
    )
    @classmethod
    def _absent(cls, value: object) -> object:
        """A compose file passes on what is not set as an empty string."""
        return None if value == "" else value

    @field_validator("oidc_algorithms")
    @classmethod
    def _asymmetric(cls, value: str) -> str:
        names = value.replace(",", " ").split()
        if not names or (unfit := [name for name in names if name not in _ASYMMETRIC]):
            raise ValueError(
                f"OIDC_ALGORITHMS {value!r} holds {unfit[0]!r}, which does not prove who signed; "
                f"use some of {' '.join(_ASYMMETRIC)}"
                if names
                else f"OIDC_ALGORITHMS is empty; use some of {' '.join(_ASYMMETRIC)}"
            )
        return " ".join(names)

    @field_validator("role_scopes")
    @classmethod
    def _known_scopes(cls, value: str) -> str:
        _parse_roles(value)
        return value

    @model_validator(mode="after")
    def _issuer_is_whole(self) -> Self:
        issuer = self.issuer
        if issuer is None:
            if self.oidc_client_id is not None:
                raise ValueError("OIDC_CLIENT_ID is set but no OIDC_ISSUER; set both, or neither")
            return self
        if not is_safe_address(issuer, allow_plain=self.oidc_allow_plain):
            raise ValueError(
                f"OIDC_ISSUER {issuer!r} is not https://…, so that keys could be forged on the way; "
                "use https, or OIDC_ALLOW_PLAIN=true for a test"
            )
        if not self.audiences:
            raise ValueError("OIDC_ISSUER is set but no OIDC_AUDIENCE; name whom its tokens for this API are meant for")
        return self

    @property
    def issuer(self) -> str | None:
        """The issuer's address, whichever setting names it."""
        if self.oidc_issuer is None and self.auth0_domain is not None:
            return f"https://{self.auth0_domain}/"
        return self.oidc_issuer

    @property
    def audiences(self) -> tuple[str, ...]:
        return tuple((self.oidc_audience or "").split())

    @property
    def algorithms(self) -> tuple[str, ...]:
        return tuple(self.oidc_algorithms.split())

    @property
    def scopes_of_roles(self) -> dict[str, frozenset[Scope]]:
        """`role_scopes`, read."""
        return _parse_roles(self.role_scopes)


def is_safe_address(address: str, *, allow_plain: bool) -> bool:
    """Whether what comes from there is protected on the way: by TLS, or by never leaving this machine."""
    parts = urlsplit(address)
    if parts.hostname is None or parts.scheme not in ("http", "https"):
        return False
    return parts.scheme == "https" or allow_plain or _is_this_machine(parts.hostname)


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _parse_roles(text: str) -> dict[str, frozenset[Scope]]:
    found: dict[str, frozenset[Scope]] = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        role, equals, words = part.rpartition("=")
        scopes = frozenset(words.replace(",", " ").split())
        if not equals or not role.strip() or not scopes:
            raise ValueError(f"ROLE_SCOPES has {part!r}; write it as ROLE=SCOPE,SCOPE")
        if unknown := sorted(scopes - set(Scope)):
            raise ValueError(f"ROLE_SCOPES names the scope {unknown[0]!r}; there are {', '.join(Scope)}")
        found[role.strip()] = found.get(role.strip(), frozenset()) | frozenset(map(Scope, scopes))
    return found
