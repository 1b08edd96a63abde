"""Runs the `assistant` command in this process, as a person would at a terminal; a start of its own takes seconds."""

from __future__ import annotations

import io
import json
import os
import sys
import threading
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO
from unittest.mock import patch

from api.cli import main
from tests.conftest import MODEL_CACHE

__all__ = ["Done", "assistant"]


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended and what it printed."""

    returncode: int
    stdout: str
    stderr: str

    def json(self) -> Any:
        """The JSON that it printed; a command that failed is an error."""
        assert self.returncode == 0, self.stderr
        return json.loads(self.stdout)


class _OwnOutput(io.StringIO):
    """Keeps what this thread writes; what a server in another one logs goes where it went before."""

    def __init__(self, others: TextIO) -> None:
        super().__init__()
        self._thread = threading.get_ident()
        self._others = others

    def write(self, text: str) -> int:
        return super().write(text) if threading.get_ident() == self._thread else self._others.write(text)


def assistant(*words: str, data_dir: Path, **environment: str) -> Done:
    """Run one command on `data_dir`, with further environment variables."""
    variables = {**os.environ, "MODEL_CACHE_DIR": str(MODEL_CACHE), "DATA_DIR": str(data_dir), **environment}
    code = 0
    with (
        redirect_stdout(_OwnOutput(sys.stdout)) as out, redirect_stderr(_OwnOutput(sys.stderr)) as err,
        patch.object(sys, "argv", ["assistant", *words]), patch.dict(os.environ, variables, clear=True),
    ):  # fmt: skip
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return Done(code, out.getvalue(), err.getvalue())
