import email.utils
import time

import pytest
from pydantic import SecretStr

from core.chat_model import build_chat_model, model_error
from core.errors import ConfigurationError
from core.settings import Settings


def _settings(**options: object) -> Settings:
    return Settings(_env_file=None, **options)  # type: ignore[arg-type, call-arg]


class _Response:
    def __init__(self, retry_after: str) -> None:
        self.headers = {"retry-after": retry_after}


class StatusError(Exception):
    """What the clients of providers raise for an answer with an error status."""

    def __init__(self, status: int, retry_after: str = "") -> None:
        super().__init__(f"status {status}")
        self.status_code = status
        self.response = _Response(retry_after)


def test_without_a_name_there_is_no_model() -> None:
    assert build_chat_model(_settings(llm_model=None)) is None


@pytest.mark.parametrize("name", ["openai:small", "gpt-4o-mini"])
def test_an_openai_model_is_built_without_retries_of_its_own(name: str) -> None:
    model = build_chat_model(_settings(llm_model=name, openai_api_key=SecretStr("k")))
    assert model is not None
    assert (model.temperature, model.max_retries) == (0, 0)  # type: ignore[attr-defined]


def test_a_bare_name_goes_to_the_configured_server_which_may_need_no_key() -> None:
    model = build_chat_model(
        _settings(llm_model="llama-3", openai_api_key=None, openai_base_url="http://127.0.0.1:1/v1")
    )
    assert model is not None
    assert str(model.openai_api_base) == "http://127.0.0.1:1/v1"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("openai:small", "OPENAI_API_KEY"),
        ("anthropic:claude", "langchain-anthropic"),
        ("nobody:model", "provider:name"),
        ("llama-3", "provider:name"),
    ],
)
def test_a_model_that_cannot_be_built_says_what_to_do(name: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        build_chat_model(_settings(llm_model=name, openai_api_key=None, openai_base_url=None))


@pytest.mark.parametrize(
    ("error", "transient"),
    [
        (StatusError(429), True),
        (StatusError(500), True),
        (StatusError(503), True),
        (StatusError(400), False),
        (StatusError(401), False),
        (StatusError(404), False),
        (ConnectionResetError("reset"), True),
        (TimeoutError("late"), True),
        (KeyError("bug"), False),
    ],
)
def test_transient_errors_are_told_from_permanent_ones(error: Exception, transient: bool) -> None:
    assert model_error(error).transient is transient


def test_a_retry_after_may_be_seconds_or_a_date() -> None:
    assert model_error(StatusError(429, "7")).retry_after_s == 7
    date = email.utils.formatdate(time.time() + 60, usegmt=True)
    assert model_error(StatusError(429, date)).retry_after_s in (59, 60)
    assert model_error(StatusError(429, "soon")).retry_after_s is None
