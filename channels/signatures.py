"""Standard Webhooks: the secret in the settings, and the signature of what arrives."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping

from pydantic import SecretStr

from channels.errors import Misconfigured
from core.errors import Unauthenticated

__all__ = ["TOLERANCE_S", "verify_webhook", "webhook_secret"]

TOLERANCE_S = 300
"""How old or early a signature may be, as the standardwebhooks library has it."""

_MIN_SECRET_BYTES = 24  # github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, Secrets


def webhook_secret(secret: SecretStr | None, setting: str) -> bytes:
    """The bytes of `whsec_…`; raises `Misconfigured` when there is none, or it is malformed or too short."""
    if secret is None:
        raise Misconfigured(f"{setting} is missing; make one with `echo whsec_$(openssl rand -base64 32)`")
    try:
        data = base64.b64decode(secret.get_secret_value().removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Misconfigured(f"{setting} is not base64 after whsec_; copy it whole") from error
    if len(data) < _MIN_SECRET_BYTES:
        raise Misconfigured(f"{setting} is shorter than {_MIN_SECRET_BYTES} bytes; make a longer one")
    return data


def verify_webhook(
    secret: bytes, headers: Mapping[str, str], body: bytes, *, now: Callable[[], float] = time.time
) -> str:
    """The `webhook-id` of a request with a fresh, valid signature; raises `Unauthenticated` for any other.

    The library verifies only bodies that are UTF-8, which raw mail need not be.
    """
    given = {name.lower(): value for name, value in headers.items()}
    webhook_id, timestamp = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not (webhook_id and timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 20):
        raise Unauthenticated(
            "the request carries no webhook-id and webhook-timestamp; sign it as Standard Webhooks say"
        )
    if abs(now() - int(timestamp)) > TOLERANCE_S:
        raise Unauthenticated("the request was signed more than five minutes ago, or its sender's clock is wrong")
    expected = hmac.digest(secret, f"{webhook_id}.{timestamp}.".encode() + body, hashlib.sha256)
    if not any(hmac.compare_digest(expected, each) for each in _signatures(given.get("webhook-signature", ""))):
        raise Unauthenticated("the request's signature does not match; compare the secret on both sides")
    return webhook_id


def _signatures(header: str) -> list[bytes]:
    found = []
    for each in header.split(" ")[:16]:
        version, _, signature = each.partition(",")
        if version == "v1":
            try:
                found.append(base64.b64decode(signature, validate=True))
            except (binascii.Error, ValueError):
                continue
    return found
