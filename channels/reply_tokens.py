"""Short signed tokens that name a request, for the address an e-mail is answered to."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import uuid

from core.errors import Unauthenticated

__all__ = ["TOKEN_CHARS", "ReplyTokens"]

TOKEN_CHARS = 44
"""Length for a request whose id is a UUID; a local part of 64 (RFC 5321, section 4.5.3.1.1) leaves 19 and the plus."""

_MAC_BYTES = 10  # 80 bits, the least RFC 2104, section 5, allows
_UUID, _HEX, _TEXT = b"u", b"h", b"t"
_MAX_TEXT_BYTES = 16


class ReplyTokens:
    """Issues and reads tokens under a key of its own, derived from the application's signing key."""

    def __init__(self, signing_key: str) -> None:
        self._key = hmac.digest(signing_key.encode(), b"channels: reply token", hashlib.sha256)

    def issue(self, request_id: str) -> str:
        """The token, lower-case letters and digits; ValueError for an id that is neither a UUID nor short."""
        packed = _pack(request_id)
        return base64.b32encode(packed + self._mac(packed)).decode().rstrip("=").lower()

    def read(self, token: str) -> str:
        """The id of the request, whatever the case of the token. Raises `Unauthenticated` for a forged one."""
        try:
            data = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
        except (binascii.Error, ValueError) as error:
            raise _forged() from error
        packed, mac = data[:-_MAC_BYTES], data[-_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(packed)):
            raise _forged()
        return _unpack(packed)

    def _mac(self, packed: bytes) -> bytes:
        return hmac.digest(self._key, packed, hashlib.sha256)[:_MAC_BYTES]


def _pack(request_id: str) -> bytes:
    try:
        parsed = uuid.UUID(request_id)
    except ValueError:
        parsed = None
    if parsed is not None and request_id in (str(parsed), parsed.hex):
        return (_HEX if request_id == parsed.hex else _UUID) + parsed.bytes
    data = request_id.encode()
    if not 0 < len(data) <= _MAX_TEXT_BYTES:
        raise ValueError(f"a request id of {len(data)} bytes does not fit into a reply address: {request_id!r}")
    return _TEXT + data


def _unpack(packed: bytes) -> str:
    kind, data = packed[:1], packed[1:]
    if kind == _TEXT:
        return data.decode()
    parsed = uuid.UUID(bytes=data)
    return parsed.hex if kind == _HEX else str(parsed)


def _forged() -> Unauthenticated:
    return Unauthenticated("the reply address is not one of ours, or was cut; answer the message as it arrived")
