"""Pure: a quote of a passage, with all that a reader needs to find it, and what must be known of its document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from core.types import Caution, CautionCode, Citation, Passage

__all__ = ["cited", "source_cautions"]


def cited(number: int, passage: Passage, start: int, end: int) -> Citation:
    """What stands from `start` to `end`, in the offsets of the passage's document and within the passage."""
    chunk, meta = passage.chunk, passage.meta
    return Citation(
        id=number, document_id=chunk.document_id, version=chunk.version_id, title=meta.title,
        jurisdiction=passage.jurisdiction, url=passage.url, page=chunk.page, section=chunk.section,
        start=start, end=end, quote=chunk.text[start - chunk.start : end - chunk.start],
        effective_from=meta.effective_from, effective_to=meta.effective_to, reviewed_on=meta.reviewed_on,
    )  # fmt: skip


def source_cautions(passages: Sequence[Passage], today: date) -> tuple[Caution, ...]:
    """What must be known of documents, one caution a kind: fifty words about dates would drown the answer."""
    unreviewed = _titles(passage for passage in passages if passage.meta.reviewed_on is None)
    overdue = _titles(
        passage for passage in passages if passage.meta.review_by is not None and passage.meta.review_by < today
    )
    cautions = []
    if overdue:
        text = f"Due for review and not yet checked again: {overdue}. Rules may have changed since."
        cautions.append(Caution(CautionCode.REVIEW_OVERDUE, text))
    if unreviewed:
        text = f"Not yet checked against the official page by a person: {unreviewed}. Compare before you decide."
        cautions.append(Caution(CautionCode.NEVER_REVIEWED, text))
    return tuple(cautions)


def _titles(passages: Iterable[Passage]) -> str:
    return ", ".join(dict.fromkeys(f"“{passage.meta.title}”" for passage in passages))
