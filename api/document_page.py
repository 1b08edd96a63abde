"""A stored version as its page shows it: headings, paragraphs, lists and rows, with the quote marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote as percent_encoded

from api.application import Application
from api.page_words import PageWords, direction
from api.routes.catalogue import HELD_BACK, public_version
from core.errors import NotFound
from retrieval.records import Outlined, StoredVersion
from retrieval.tables import VersionStatus

__all__ = ["Segment", "document_context"]


@dataclass(frozen=True, slots=True)
class Segment:
    """One block of the page; `parts` are its text in order, each with whether it belongs to the quote."""

    kind: str
    level: int
    parts: tuple[tuple[str, bool], ...]


def document_context(
    application: Application,
    document_id: str,
    words: PageWords,
    *,
    version: str | None,
    start: int | None,
    end: int | None,
) -> dict[str, Any]:
    """What the template needs; raises `NotFound` when nobody or not everybody may read the document."""
    stored = public_version(application, document_id, version)
    current = _current_version(application, document_id)
    marked = (start, end) if start is not None and end is not None and start < end else (0, 0)
    return {
        "title": stored.meta.title,
        "jurisdiction_name": words.country(stored.meta.jurisdiction),
        "url": stored.meta.source_url,
        "dates": _dates(stored, words),
        "version": stored.id,
        "current": stored.id == current,
        "current_href": None if current is None else f"/app/documents/{percent_encoded(document_id)}",
        "notice": None if stored.meta.reviewed_on else words("not_checked_by_person"),
        "segments": list(_segments(stored, *marked, left_out=words.page["left_out"])),
        "language": stored.meta.language,
        "direction": direction(stored.meta.language),
    }


def _current_version(application: Application, document_id: str) -> str | None:
    try:
        stored = application.store.get_version(document_id)
    except NotFound:
        return None
    return stored.id if stored.status is VersionStatus.LIVE else None


def _dates(stored: StoredVersion, words: PageWords) -> list[tuple[str, str]]:
    meta = stored.meta
    known = (
        ("in_force_from", meta.effective_from),
        ("in_force_until", meta.effective_to),
        ("checked_against_page", meta.reviewed_on),
        ("check_again_by", meta.review_by),
    )
    return [(words(key), words.date(day)) for key, day in known if day is not None]


def _segments(stored: StoredVersion, start: int, end: int, *, left_out: str) -> Iterator[Segment]:
    text, is_left_out = stored.canonical_text, False
    for block in stored.outline or (Outlined("paragraph", 0, 0, len(text)),):
        before, is_left_out = is_left_out, HELD_BACK in text[block.start : block.end]
        if is_left_out:
            if not before:
                yield Segment("paragraph", 0, ((left_out, False),))
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
