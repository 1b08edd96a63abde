"""The error tree: each class carries its HTTP status and RFC 9457 problem type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

__all__ = [
    "AssistantError",
    "ConfigurationError",
    "Conflict",
    "Forbidden",
    "InvalidInput",
    "InvalidToken",
    "IssuerUnavailable",
    "MissingScope",
    "ModelUnavailable",
    "NotFound",
    "OutOfSpace",
    "Overloaded",
    "PayloadTooLarge",
    "Starting",
    "StoreBusy",
    "TimedOut",
    "TooManyRequests",
    "Unauthenticated",
    "UnreadableDocument",
]


class AssistantError(Exception):
    """What a caller can be told: `str(error)` says what went wrong, with which value, and what to do."""

    status: ClassVar[int] = 500
    type: ClassVar[str] = "internal"
    title: ClassVar[str] = "Something went wrong"
    retry_after_s: int | None = None

    @property
    def detail(self) -> str:
        return str(self)

    @property
    def members(self) -> Mapping[str, object]:
        """What the problem document holds besides its standard members."""
        return {}


class InvalidInput(AssistantError):
    status = 422
    type = "invalid-input"
    title = "The request cannot be used as it is"


class Unauthenticated(AssistantError):
    status = 401
    type = "unauthenticated"
    title = "A valid token is needed"
    challenge: ClassVar[str] = "Bearer"
    """`WWW-Authenticate`, by RFC 6750, section 3: without an error where no token was shown."""


class InvalidToken(Unauthenticated):
    """A token, a key or a session was shown, and it does not hold."""

    challenge = 'Bearer error="invalid_token"'


class IssuerUnavailable(AssistantError):
    """A token may be good, but the keys to check it by cannot be had now."""

    status = 503
    type = "issuer-unavailable"
    title = "The token cannot be checked now"
    retry_after_s = 10


class Forbidden(AssistantError):
    status = 403
    type = "forbidden"
    title = "The token does not allow this"


class MissingScope(Forbidden):
    """A valid token without the scope that is needed; any of `others` would do as well."""

    type = "insufficient-scope"

    def __init__(self, scope: str, *others: str) -> None:
        wanted = " or ".join(map(repr, (scope, *others)))
        super().__init__(f"this needs the scope {wanted}, which the token does not have")
        self.scope = scope

    @property
    def challenge(self) -> str:
        return f'Bearer error="insufficient_scope", scope="{self.scope}"'

    @property
    def members(self) -> Mapping[str, object]:
        return {"scope": self.scope}


class NotFound(AssistantError):
    status = 404
    type = "not-found"
    title = "Not found"


class Conflict(AssistantError):
    status = 409
    type = "conflict"
    title = "This contradicts what is there already"


class UnreadableDocument(InvalidInput):
    """A file that gives no text. `reason` is one word of a closed set, `detail` a sentence for its editor."""

    type = "unreadable-document"
    title = "The document cannot be read"

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason

    @property
    def members(self) -> Mapping[str, object]:
        return {"reason": self.reason}


class Overloaded(AssistantError):
    status = 503
    type = "overloaded"
    title = "Too many questions at once"
    retry_after_s = 2


class Starting(AssistantError):
    status = 503
    type = "starting"
    title = "Not ready yet"
    retry_after_s = 10


class ModelUnavailable(AssistantError):
    """The language model did not give a usable answer; `partial` when sentences had already arrived."""

    status = 503
    type = "model-unavailable"
    title = "The language model does not answer"

    def __init__(self, message: str, *, partial: bool = False, transient: bool = True) -> None:
        super().__init__(message)
        self.partial = partial
        self.transient = transient


class TooManyRequests(AssistantError):
    status = 429
    type = "too-many-requests"
    title = "Too many requests"
    retry_after_s = 5


class PayloadTooLarge(AssistantError):
    status = 413
    type = "payload-too-large"
    title = "The body is too large"


class TimedOut(AssistantError):
    status = 504
    type = "timed-out"
    title = "This took too long"


class StoreBusy(AssistantError):
    status = 503
    type = "store-busy"
    title = "Another process has this store open"


class OutOfSpace(AssistantError):
    status = 507
    type = "out-of-space"
    title = "The disk is full"


class ConfigurationError(AssistantError):
    type = "configuration"
    title = "A setting is wrong"
