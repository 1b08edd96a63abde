import stat
from datetime import timedelta
from pathlib import Path

import jwt
import pytest

from core.errors import Unauthenticated
from core.identity import Identities, load_signing_key
from core.settings import Settings
from core.types import Scope

KEY = "k" * 32 + "-for-tests"
HOUR = timedelta(hours=1)


def test_a_token_gives_back_its_subject_and_scopes() -> None:
    identities = Identities(KEY)
    principal = identities.read_token(identities.issue_token("ana", [Scope.PING], expires_in=HOUR))
    assert (principal.subject, principal.scopes) == ("token:ana", frozenset({Scope.PING}))


def test_an_expired_token_is_refused_and_says_so() -> None:
    identities = Identities(KEY)
    with pytest.raises(Unauthenticated, match="expired"):
        identities.read_token(identities.issue_token("ana", [], expires_in=-HOUR))


def test_a_token_of_another_key_is_refused() -> None:
    foreign = Identities("x" * 40).issue_token("ana", [Scope.ADMIN], expires_in=HOUR)
    with pytest.raises(Unauthenticated):
        Identities(KEY).read_token(foreign)


def test_an_unsigned_token_is_refused() -> None:
    claims = {"sub": "ana", "scope": "admin", "use": "token", "iss": "immigration-assistant", "exp": 9_999_999_999}
    with pytest.raises(Unauthenticated):
        Identities(KEY).read_token(jwt.encode(claims, "", "none"))


def test_a_cookie_is_no_token_and_a_token_no_cookie() -> None:
    identities = Identities(KEY)
    cookie, principal = identities.issue_cookie(expires_in=HOUR)
    assert identities.read_cookie(cookie) == principal
    assert identities.read_cookie(identities.issue_token("ana", [], expires_in=HOUR)) is None
    with pytest.raises(Unauthenticated):
        identities.read_token(cookie)


def test_no_token_can_name_an_anonymous_person() -> None:
    identities = Identities(KEY)
    cookie, anonymous = identities.issue_cookie(expires_in=HOUR)
    token = identities.issue_token(anonymous.subject, [Scope.CHAT], expires_in=HOUR)
    assert identities.read_token(token).subject != anonymous.subject


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    key = load_signing_key(settings)
    assert load_signing_key(settings) == key
    assert stat.S_IMODE((tmp_path / "signing.key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["signing.key"]
