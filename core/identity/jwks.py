"""The keys an issuer publishes, each fit for the signatures it may check (RFC 7517, RFC 7518)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import jwt

__all__ = ["fitting_key", "read_keys"]

_KEY_TYPES = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
_CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}
_LEAST_RSA_BITS = 2048  # RFC 7518, section 3.3

Key = Mapping[str, Any]


def read_keys(document: Mapping[str, Any]) -> dict[str, Key]:
    """The keys that check signatures, by id; an id of two keys names neither. Raises `ValueError` without any."""
    listed = document.get("keys")
    if not isinstance(listed, list):
        raise ValueError("the key set has no member 'keys'")
    usable = [key for key in listed if isinstance(key, dict) and _is_for_signatures(key)]
    ids = Counter(key["kid"] for key in usable)
    found: dict[str, Key] = {key["kid"]: key for key in usable if ids[key["kid"]] == 1}
    if not found:
        raise ValueError("the key set holds no key that could check a signature")
    return found


def fitting_key(key: Key, algorithm: str) -> jwt.PyJWK | None:
    """The key for that signature; None when it is of another type, curve or algorithm, or too short."""
    if key.get("alg", algorithm) != algorithm or key.get("kty") != _KEY_TYPES.get(algorithm[:2]):
        return None
    if key.get("crv", _CURVES.get(algorithm)) != _CURVES.get(algorithm, key.get("crv")):
        return None
    try:
        found = jwt.PyJWK(dict(key), algorithm=algorithm)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    return None if getattr(found.key, "key_size", _LEAST_RSA_BITS) < _LEAST_RSA_BITS and key["kty"] == "RSA" else found


def _is_for_signatures(key: Key) -> bool:
    operations = key.get("key_ops")
    return (
        isinstance(key.get("kid"), str)
        and key.get("kty") in _KEY_TYPES.values()
        and key.get("use", "sig") == "sig"
        and (operations is None or (isinstance(operations, list) and "verify" in operations))
    )
