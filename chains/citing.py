"""Pure: a quote of a passage, with all that a reader needs to find it."""

from __future__ import annotations

from core.types import Citation, Passage

__all__ = ["cited"]


def cited(number: int, passage: Passage, start: int, end: int) -> Citation:
    """What stands from `start` to `end`, in the offsets of the passage's document and within the passage."""
    chunk, meta = passage.chunk, passage.meta
    return Citation(
        id=number, document_id=chunk.document_id, version=chunk.version_id, title=meta.title,
        jurisdiction=passage.jurisdiction, url=passage.url, page=chunk.page, section=chunk.section,
        start=start, end=end, quote=chunk.text[start - chunk.start : end - chunk.start],
        effective_from=meta.effective_from, effective_to=meta.effective_to, reviewed_on=meta.reviewed_on,
        language=meta.language,
    )  # fmt: skip
