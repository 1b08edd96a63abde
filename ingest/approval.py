"""Which documents hold answers that a person has approved, and what these answers rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.types import Kind
from ingest.reasons import UnreadableReason, unreadable

__all__ = ["APPROVAL_KEYS", "Approval", "approval_of"]

APPROVAL_KEYS = ("kind", "cites")
"""Keys of front matter and sidecars beside those of `ingest.metadata`; the head of a web page cannot say them."""


@dataclass(frozen=True, slots=True)
class Approval:
    """What a document is; `cites` names the documents that an approved answer rests on."""

    kind: Kind = Kind.DOCUMENT
    cites: tuple[str, ...] = ()


def approval_of(pairs: Mapping[str, object], *, where: str) -> Approval:
    """What `pairs` say under `APPROVAL_KEYS`; raises `UnreadableDocument` naming `where`, the key and the fix.

    An approved document says what it cites and when a person reviewed it: without them nobody could tell whether it
    still holds.
    """
    kind, cites = (_line(pairs, key, where) for key in APPROVAL_KEYS)
    if kind and kind not in list(Kind):
        raise _bad(f"{where}: kind: {kind!r} is no kind; use {' or '.join(Kind)}")
    named = tuple(name for part in cites.split(",") if (name := part.strip()))
    if kind != Kind.APPROVED:
        return Approval()
    if not named:
        raise _bad(f"{where}: cites: nothing is named; add the documents that the approved answer rests on")
    if not pairs.get("reviewed_on"):
        raise _bad(f"{where}: reviewed_on: is missing; add the day on which the answer was approved")
    return Approval(Kind.APPROVED, named)


def _line(pairs: Mapping[str, object], key: str, where: str) -> str:
    value = pairs.get(key) or ""
    if not isinstance(value, str):
        raise _bad(f"{where}: {key}: {value!r} must be one line of text; put commas between several")
    return value.strip()


def _bad(message: str) -> Exception:
    return unreadable(UnreadableReason.BAD_METADATA, message)
