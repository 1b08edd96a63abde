"""Attributes that have another value for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

__all__ = ["replaced"]


@contextmanager
def replaced(*changes: tuple[object, str, object]) -> Iterator[None]:
    """Each named attribute of an object, class or module has another value until the block ends.

    Raises `AttributeError` where there is none of that name: what changes nothing would prove nothing.
    """
    with ExitStack() as stack:
        for owner, name, value in changes:
            _replace(stack, owner, name, value)
        yield


def _replace(stack: ExitStack, owner: object, name: str, value: object) -> None:
    if not hasattr(owner, name):
        raise AttributeError(f"{owner!r} has no {name!r}; what is to be replaced there has moved")
    # A pydantic model and a mapped class refuse plain assignment of what they did not declare.
    setter, remover = _writers(owner)
    own = vars(owner)
    if name in own:
        stack.callback(setter, owner, name, own[name])
    else:
        stack.callback(remover, owner, name)
    setter(owner, name, value)


def _writers(owner: object) -> tuple[Callable[[object, str, object], None], Callable[[object, str], None]]:
    kind: Any = type if isinstance(owner, type) else object
    return kind.__setattr__, kind.__delattr__
