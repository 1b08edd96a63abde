"""Where time goes: calls of chosen functions, each counted without what it calls of the others."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["Stopwatch"]


class Stopwatch:
    """`watch` puts itself before functions; `unwatch` takes all of them away. For one thread."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._inner: list[float] = []
        self._undo: list[Callable[[], None]] = []

    def watch(self, owner: object, name: str, part: str, *, whole: bool = False) -> None:
        """Count the function `name` of a module or instance as `part`; with `whole`, what it yields is made at once."""
        original: Callable[..., Any] = getattr(owner, name)

        def timed(*positional: Any, **keyword: Any) -> Any:
            if whole:
                positional = tuple(list(item) if isinstance(item, Iterator) else item for item in positional)
            with self.part(part):
                result = original(*positional, **keyword)
                return list(result) if whole else result

        own = name in vars(owner)
        setattr(owner, name, timed)
        self._undo.append(lambda: setattr(owner, name, original) if own else delattr(owner, name))

    @contextmanager
    def part(self, part: str) -> Iterator[None]:
        """Count the block as `part`."""
        began = time.perf_counter()
        self._inner.append(0.0)
        try:
            yield
        finally:
            took = time.perf_counter() - began
            self.seconds[part] += took - self._inner.pop()
            if self._inner:
                self._inner[-1] += took

    def unwatch(self) -> None:
        while self._undo:
            self._undo.pop()()
