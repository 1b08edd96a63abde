"""The chat model that `LLM_MODEL` names, through LangChain, and what its errors mean."""

from __future__ import annotations

from typing import Any

from langchain_core.language_models import BaseChatModel

from core.errors import ConfigurationError, ModelUnavailable
from core.retry_after import wait_s
from core.settings import Settings
from core.tracing import inject

__all__ = ["build_chat_model", "model_error", "speaks_openai"]

CONNECT_S = 5.0
"""A server that does not take a connection within this time is down; the public APIs answer in well under a second."""

_TRANSIENT_STATUS = frozenset((408, 409, 425, 429, 500, 502, 503, 504, 529))
_TRANSIENT_NAMES = frozenset(
    ("APIConnectionError", "APITimeoutError", "TransportError", "ConnectionError", "TimeoutError")
)


def build_chat_model(settings: Settings) -> BaseChatModel | None:
    """The model of `LLM_MODEL`, temperature 0, with the provider's own retries off; None when none is set."""
    if not settings.llm_model:
        return None
    provider, _, name = settings.llm_model.rpartition(":")
    if not provider and settings.openai_base_url:
        provider = "openai"
    # Imported here: langchain takes 1.4 s to import, and langchain_openai as much again.
    from langchain.chat_models import init_chat_model

    options = _openai_options(settings) if provider == "openai" or _looks_like_openai(settings.llm_model) else {}
    options.setdefault("timeout", _read_s(settings))
    try:
        model = init_chat_model(name, model_provider=provider or None, temperature=0, max_retries=0, **options)
    except ImportError as error:
        raise ConfigurationError(
            f"LLM_MODEL {settings.llm_model!r} needs a package that is not installed: {error}"
        ) from error
    except ValueError as error:
        raise ConfigurationError(
            f"LLM_MODEL {settings.llm_model!r} cannot be used: {error}. Write it as provider:name"
        ) from error
    if not isinstance(model, BaseChatModel):
        raise ConfigurationError(f"LLM_MODEL {settings.llm_model!r} names no single model; write it as provider:name")
    return model


def speaks_openai(model: BaseChatModel) -> bool:
    """Whether the model's class speaks the OpenAI protocol, so that a JSON object may be asked for."""
    return any(base.__name__ == "BaseChatOpenAI" for base in type(model).__mro__)


def model_error(error: Exception) -> ModelUnavailable:
    """The error of any provider in our terms: transient or not, and when to come back if it said so."""
    if isinstance(error, ModelUnavailable):
        return error
    status = getattr(error, "status_code", None)
    names = {base.__name__ for base in type(error).__mro__}
    transient = status in _TRANSIENT_STATUS if status is not None else bool(names & _TRANSIENT_NAMES)
    # An error event within a stream has no status of its own; providers send them for overload.
    transient = transient or (status is None and type(error).__name__ == "APIError")
    said = f"HTTP {status}" if status is not None else type(error).__name__
    translated = ModelUnavailable(f"The language model failed ({said}): {_first_line(error)}", transient=transient)
    translated.retry_after_s = _retry_after(error)
    return translated


def _openai_options(settings: Settings) -> dict[str, Any]:
    import openai  # late, as above

    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else ""
    if not key and not settings.openai_base_url:
        raise ConfigurationError(
            f"LLM_MODEL {settings.llm_model!r} needs OPENAI_API_KEY, or OPENAI_BASE_URL for a server without a key"
        )
    options: dict[str, Any] = {
        "api_key": key or "none",
        "timeout": openai.Timeout(_read_s(settings), connect=min(CONNECT_S, settings.llm_stall_s)),
    }
    if settings.otel_exporter_otlp_endpoint:
        options["http_client"] = openai.DefaultHttpx2Client(
            event_hooks={"request": [lambda request: inject(request.headers)]}
        )
    return options | ({"base_url": settings.openai_base_url} if settings.openai_base_url else {})


def _read_s(settings: Settings) -> float:
    """The client's own limit lies behind the writer's (twice the stall), which tells apart what was late."""
    return 2 * settings.llm_stall_s + 1


def _looks_like_openai(name: str) -> bool:
    return ":" not in name and name.startswith(("gpt-", "o1", "o3", "o4", "chatgpt"))


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:200] or "no further word"


def _retry_after(error: Exception) -> int | None:
    headers = getattr(getattr(error, "response", None), "headers", None)
    return None if headers is None else wait_s(headers.get("retry-after"))
