"""Pure: a quote of a passage, with all that a reader needs to find it, and what must be known of its document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from core.types import Caution, CautionCode, Citation, Passage

__all__ = ["cited", "overdue", "source_cautions"]


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
    if not unreviewed:
        return overdue(passages, today)
    text = f"Not yet checked against the official page by a person: {unreviewed}. Compare before you decide."
    return (*overdue(passages, today), Caution(CautionCode.NEVER_REVIEWED, text))


def overdue(passages: Sequence[Passage], today: date) -> tuple[Caution, ...]:
    """That documents were to be checked before `today`; nothing where none was."""
    due = _titles(
        passage for passage in passages if passage.meta.review_by is not None and passage.meta.review_by < today
    )
    text = f"Due for review and not yet checked again: {due}. Rules may have changed since."
    return (Caution(CautionCode.REVIEW_OVERDUE, text),) if due else ()


def _titles(passages: Iterable[Passage]) -> str:
    return ", ".join(dict.fromkeys(f"“{passage.meta.title}”" for passage in passages))
