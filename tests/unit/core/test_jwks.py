from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from core.identity.jwks import fitting_key, read_keys


def _rsa(bits: int = 2048) -> dict[str, Any]:
    return RSAAlgorithm.to_jwk(rsa.generate_private_key(65537, bits).public_key(), as_dict=True)


def _ec(curve: ec.EllipticCurve) -> dict[str, Any]:
    return ECAlgorithm.to_jwk(ec.generate_private_key(curve).public_key(), as_dict=True)


def _ed() -> dict[str, Any]:
    return OKPAlgorithm.to_jwk(ed25519.Ed25519PrivateKey.generate().public_key(), as_dict=True)


def test_a_key_checks_the_signatures_of_its_type_and_curve() -> None:
    assert fitting_key(_rsa(), "RS256")
    assert fitting_key(_rsa(), "PS512")
    assert fitting_key(_ec(ec.SECP256R1()), "ES256")
    assert fitting_key(_ed(), "EdDSA")


@pytest.mark.parametrize("algorithm", ["RS256", "ES384", "ES512", "EdDSA", "HS256", "none", ""])
def test_a_key_checks_no_other_signature(algorithm: str) -> None:
    assert fitting_key(_ec(ec.SECP256R1()), algorithm) is None


def test_a_short_a_damaged_and_a_bound_key_check_nothing() -> None:
    assert fitting_key(_rsa(1024), "RS256") is None
    assert fitting_key({**_rsa(), "n": "!"}, "RS256") is None
    assert fitting_key({"kty": "RSA"}, "RS256") is None
    assert fitting_key({**_rsa(), "alg": "PS256"}, "RS256") is None


@pytest.mark.parametrize(
    "keys",
    [None, {}, [], ["x"], [{"kid": 7, "kty": "RSA"}], [{"kid": "a", "kty": "oct"}], [{"kid": "a", "kty": "RSA"}] * 2],
)
def test_a_key_set_without_a_usable_key_is_refused_so_that_the_last_one_stays(keys: object) -> None:
    with pytest.raises(ValueError, match="key"):
        read_keys({"keys": keys})
