"""What all commands share: settings, exit codes, output for programs and an application without a server."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, NoReturn

import typer
from rich.console import Console

from core.settings import Settings
from core.telemetry import configure_logging

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from api.application import Application

__all__ = ["ExitCode", "current_settings", "duration", "fail", "open_application", "print_json", "use_settings"]


_settings: ContextVar[Settings] = ContextVar("settings")


class ExitCode(IntEnum):
    """0 done; 1 failed, or a check or an eval found what has to be corrected; 2 the command was not understood;
    3 done, but some documents could not be read; 130 Ctrl-C.
    """

    FAILED = 1
    SOME_UNREADABLE = 3
    INTERRUPTED = 130


def use_settings(settings: Settings) -> None:
    """Keep the settings for the command that runs."""
    _settings.set(settings)


def current_settings() -> Settings:
    """The settings of the command that runs."""
    return _settings.get()


@contextmanager
def open_application(settings: Settings, *, chat_model: BaseChatModel | None = None) -> Iterator[Application]:
    """The application in this process, without a server; raises `StoreBusy` when another one has the store open.

    `chat_model` replaces that of the settings.
    """
    from api.bootstrap import build_application

    configure_logging(settings.model_copy(update={"log_level": "WARNING"}))
    application = build_application(settings, durable=False, chat_model=chat_model)
    application.start(sync=False)
    try:
        yield application
    finally:
        application.stop()


def duration(text: str) -> timedelta:
    """A length of time as people write it: 30d, 12h or 45m."""
    units = {"d": "days", "h": "hours", "m": "minutes"}
    with suppress(ValueError, OverflowError):
        if text[-1:] in units and (amount := int(text[:-1])) > 0:
            return timedelta(**{units[text[-1]]: amount})
    raise typer.BadParameter(f"{text!r} is no duration; write one as 30d, 12h or 45m", param_hint="--expires")


def print_json(value: object) -> None:
    """One JSON value on standard output, for programs."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def fail(message: str) -> NoReturn:
    """End with one line that says what is wrong."""
    Console(stderr=True).print(f"error: {message}", style="red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(ExitCode.FAILED)
