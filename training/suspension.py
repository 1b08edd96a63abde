"""Answers in use whose documents have changed: withdrawn until somebody has looked, by a sweep that may be repeated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import structlog

from retrieval.records import View
from retrieval.store import ChunkStore
from training.examples import Examples
from training.states import ExampleStatus

__all__ = ["Suspension"]

log = structlog.get_logger(__name__)


class Suspension:
    """Looks at what is in the database now, so that nothing is missed however often a process dies."""

    def __init__(self, examples: Examples, store: ChunkStore, *, today: Callable[[], date]) -> None:
        self._today = today
        self._examples = examples
        self._store = store

    def sweep(self) -> list[str]:
        """Suspend every trained example that cites a version which is no longer current; their ids."""
        trained = self._examples.with_status(ExampleStatus.DONE)
        current = self._store.current({name for one in trained for name in one.cites}, View(as_of=self._today()))
        suspended = []
        for example in trained:
            gone = [name for name in example.cites if name not in current]
            if gone and self._examples.suspend(example.id, _reason(self._documents_of(gone))).changed:
                suspended.append(example.id)
        if suspended:
            log.info("training.suspended", examples=suspended)
        return suspended

    def _documents_of(self, versions: Sequence[str]) -> list[str]:
        return sorted({self._store.document_of(version) or version for version in versions})


def _reason(documents: Sequence[str]) -> str:
    return f"what it rests on has changed or is gone: {', '.join(documents)}"
