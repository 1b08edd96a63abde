"""Rules on days: when rules hold, and when a person compared them with the official page."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from ingest.check.document import CheckedDocument
from ingest.check.finding import Code, Finding
from ingest.due import DueReason, due_reason

__all__ = ["check_dates"]


def check_dates(document: CheckedDocument, today: date, *, superseded: Collection[str]) -> Iterator[Finding]:
    """Days that leave a gap or a doubt on `today`; `superseded` are the ids of documents that others replace."""
    meta = document.meta
    if meta.effective_to is not None and meta.effective_to < today and document.id not in superseded:
        message = f"these rules ended on {meta.effective_to} and no document takes their place"
        fix = "write the new rules with `supersedes: ` and this file's name, or delete this file"
        yield document.finding_at("effective_to", Code.EXPIRED, message, fix)
    if meta.effective_from is not None and meta.effective_from > today:
        message = f"these rules begin on {meta.effective_from}; until then nobody is answered from them"
        yield document.finding_at("effective_from", Code.NOT_YET_IN_FORCE, message, "nothing to do if that is meant")
    yield from _review(document, today)


def _review(document: CheckedDocument, today: date) -> Iterator[Finding]:
    meta = document.meta
    if meta.reviewed_on is not None and meta.reviewed_on > today:
        message = f"reviewed_on {meta.reviewed_on} lies in the future"
        fix = "give the day on which a person compared the text with the official page"
        yield document.finding_at("reviewed_on", Code.REVIEWED_IN_FUTURE, message, fix)
    if meta.reviewed_on is not None and meta.review_by is None:
        message = "it was reviewed, but nothing says when that is due again"
        yield document.finding_at("reviewed_on", Code.NO_REVIEW_BY, message, "add `review_by: ` and a day")
    due = due_reason(meta, today)
    fix = "compare the text with the official page, then set reviewed_on to that day and review_by to the next one"
    if due is DueReason.OVERDUE:
        yield document.finding_at("review_by", Code.REVIEW_OVERDUE, f"its review was due on {meta.review_by}", fix)
    elif due is DueReason.DUE_SOON:
        yield document.finding_at("review_by", Code.REVIEW_DUE, f"its review is due on {meta.review_by}", fix)
