"""Logs: structured, in JSON for machines, with the request's id in every line and personal data masked."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog

from core.privacy import mask
from core.settings import Settings
from core.tracing import trace_id

__all__ = ["bind_request", "configure_logging", "current_request_id", "within_request"]


_NOISY = (
    "uvicorn.access", "httpx", "httpx2", "chromadb", "dbos", "alembic", "pdfminer", "watchfiles", "opentelemetry",
)  # fmt: skip


def configure_logging(settings: Settings) -> None:
    """Send our own and every library's records to standard error through one chain of processors."""
    as_json = settings.log_format == "json" or (
        settings.log_format == "auto" and (settings.environment == "production" or not sys.stderr.isatty())
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_trace,
        _mask_event,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    tail: list[structlog.typing.Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if as_json:
        tail.append(structlog.processors.format_exc_info)
        tail.append(_mask_event)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[*tail, renderer]))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(settings.log_level)))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def bind_request(request_id: str) -> None:
    """Put the request's id into every log line of this context."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)


def current_request_id() -> str | None:
    """The id of the request in whose course this runs, to be handed on to work that is done later."""
    found = structlog.contextvars.get_contextvars().get("request_id")
    return found if isinstance(found, str) else None


@contextmanager
def within_request(request_id: str | None) -> Iterator[None]:
    """Let log lines of the block carry the id that work was handed on with."""
    with structlog.contextvars.bound_contextvars(**({"request_id": request_id} if request_id else {})):
        yield


_OWN_FIELDS = frozenset({"timestamp", "level", "logger", "request_id", "trace_id", "turn_id", "conversation_id"})


def _add_trace(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if found := trace_id():
        event["trace_id"] = found
    return event


def _mask_event(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if key not in _OWN_FIELDS and isinstance(value, str):
            event[key] = mask(value)
    return event
