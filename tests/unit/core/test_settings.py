from pathlib import Path

import pytest
from pydantic import ValidationError

from core.settings import Settings


def test_nothing_has_to_be_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings().sqlalchemy_url.startswith("sqlite:///")


def test_older_names_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_HOST", "0.0.0.0")
    monkeypatch.setenv("APP_PORT", "9000")
    settings = Settings()
    assert (settings.host, settings.port) == ("0.0.0.0", 9000)


@pytest.mark.parametrize("key", ["short", "changeme-changeme-changeme-changeme", "x" * 31])
def test_refuses_a_weak_or_well_known_signing_key(key: str) -> None:
    with pytest.raises(ValidationError, match="openssl rand"):
        Settings(signing_key=key)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("port", 70000, "65535"),
        ("tz", "Mars/Olympus", "not a known time zone"),
        ("database_url", "mysql://x", "postgresql://"),
    ],
)
def test_a_bad_value_is_named(name: str, value: object, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Settings(**{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("example.org", False)],
)
def test_knows_whether_only_this_machine_can_reach_it(host: str, loopback: bool) -> None:
    assert Settings(host=host).is_loopback is loopback


def test_names_the_driver_of_postgresql() -> None:
    assert Settings(database_url="postgresql://a@b/c").sqlalchemy_url == "postgresql+psycopg://a@b/c"


def test_production_never_fetches_from_private_addresses() -> None:
    with pytest.raises(ValidationError, match="FETCH_ALLOW_PRIVATE"):
        Settings(environment="production", fetch_allow_private=True)


@pytest.mark.parametrize("agent", ["", "visa reader\nHost: x", "/1", "visa\u00fc/1"])
def test_how_fetching_introduces_itself_fits_into_a_header(agent: str) -> None:
    with pytest.raises(ValidationError, match="fetch_user_agent"):
        Settings(fetch_user_agent=agent)
