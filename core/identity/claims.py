"""What the claims of an issuer's token say: who, and with which scopes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.settings import Settings
from core.types import Scope

__all__ = ["ClaimNames", "subject_of"]

_MOST_CHARS = 150  # with the prefix it must fit into the columns for principals, which hold 200
_SCOPES = {scope.value: scope for scope in Scope}

Claims = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ClaimNames:
    """Where scopes and roles stand in a token, and what a role may do."""

    scopes: tuple[str, ...]
    roles: tuple[str, ...]
    scopes_of_roles: Mapping[str, frozenset[Scope]]

    @classmethod
    def of(cls, settings: Settings) -> ClaimNames:
        return cls(
            tuple(settings.oidc_scope_claims.split()),
            tuple(settings.oidc_role_claims.split()),
            settings.scopes_of_roles,
        )

    def granted(self, claims: Claims) -> frozenset[Scope]:
        """The scopes named, and those of the roles; what is not ours is passed over."""
        named = {_SCOPES[word] for name in self.scopes for word in _words(_find(claims, name)) if word in _SCOPES}
        for name in self.roles:
            for role in _words(_find(claims, name)):
                named |= self.scopes_of_roles.get(role, frozenset())
        return frozenset(named)

    def have_scopes(self, claims: Claims) -> bool:
        """Whether any claim is there that says what its bearer may do, as access tokens have and ID tokens have not."""
        return any(_find(claims, name) is not None for name in self.scopes)


def subject_of(issuer: str, sub: str) -> str:
    """The principal's subject: the same `sub` of another issuer is somebody else."""
    prefix = f"oidc:{hashlib.sha256(issuer.encode()).hexdigest()[:16]}"
    if len(sub) <= _MOST_CHARS and sub.isascii() and sub.isprintable():
        return f"{prefix}:{sub}"
    # Another separator, so that nobody can be named like the digest of somebody else.
    return f"{prefix}#{hashlib.sha256(sub.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _find(claims: Claims, name: str) -> object:
    """A claim by its whole name, which may have dots as Auth0's have, else by the way into it."""
    if name in claims:
        return claims[name]
    value: object = claims
    for part in name.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def _words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from value.split()
    elif isinstance(value, list):
        yield from (item for item in value if isinstance(item, str))
