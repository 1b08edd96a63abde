"""A stored version as its page shows it: headings, paragraphs, lists and rows, with the quote marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote as percent_encoded

from api.application import Application
from api.routes.catalogue import HELD_BACK, public_version
from chains.countries import country_name
from core.errors import NotFound
from retrieval.records import Outlined, StoredVersion
from retrieval.tables import VersionStatus

__all__ = ["Segment", "document_context"]

_LEFT_OUT = "Some text is left out here until a person has looked at it."
_RIGHT_TO_LEFT = frozenset(("ar", "fa", "he", "ur", "ps", "dv", "ckb", "yi"))


@dataclass(frozen=True, slots=True)
class Segment:
    """One block of the page; `parts` are its text in order, each with whether it belongs to the quote."""

    kind: str
    level: int
    parts: tuple[tuple[str, bool], ...]


def document_context(
    application: Application, document_id: str, *, version: str | None, start: int | None, end: int | None
) -> dict[str, Any]:
    """What the template needs; raises `NotFound` when nobody or not everybody may read the document."""
    stored = public_version(application, document_id, version)
    current = _current_version(application, document_id)
    marked = (start, end) if start is not None and end is not None and start < end else (0, 0)
    return {
        "title": stored.meta.title,
        "jurisdiction_name": country_name(stored.meta.jurisdiction).removeprefix("the "),
        "url": stored.meta.source_url,
        "dates": _dates(stored),
        "version": stored.id,
        "current": stored.id == current,
        "current_href": None if current is None else f"/app/documents/{percent_encoded(document_id)}",
        "notice": None if stored.meta.reviewed_on else "A person has not yet checked this against the official page.",
        "segments": list(_segments(stored, *marked)),
        "language": stored.meta.language,
        "direction": "rtl" if stored.meta.language.split("-")[0] in _RIGHT_TO_LEFT else "ltr",
    }


def _current_version(application: Application, document_id: str) -> str | None:
    try:
        stored = application.store.get_version(document_id)
    except NotFound:
        return None
    return stored.id if stored.status is VersionStatus.LIVE else None


def _dates(stored: StoredVersion) -> list[tuple[str, str]]:
    meta = stored.meta
    known = (
        ("In force from", meta.effective_from),
        ("In force until", meta.effective_to),
        ("Checked against the official page", meta.reviewed_on),
        ("To be checked again by", meta.review_by),
    )
    return [(label, f"{day.day} {day:%B %Y}") for label, day in known if day is not None]


def _segments(stored: StoredVersion, start: int, end: int) -> Iterator[Segment]:
    text, left_out = stored.canonical_text, False
    for block in stored.outline or (Outlined("paragraph", 0, 0, len(text)),):
        before, left_out = left_out, HELD_BACK in text[block.start : block.end]
        if left_out:
            if not before:
                yield Segment("paragraph", 0, ((_LEFT_OUT, False),))
            continue
        yield Segment(block.kind, block.level, tuple(_parts(text, block, start, end)))


def _parts(text: str, block: Outlined, start: int, end: int) -> Iterator[tuple[str, bool]]:
    """The block's text, cut where the quote begins and ends."""
    first, last = max(block.start, start), min(block.end, end)
    if first >= last:
        yield text[block.start : block.end], False
        return
    for left, right, marked in ((block.start, first, False), (first, last, True), (last, block.end, False)):
        if left < right:
            yield text[left:right], marked
