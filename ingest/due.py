"""Which documents a person should compare with their official page again, or for the first time."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from core.types import DocumentMeta

__all__ = ["SOON_DAYS", "DueReason", "due_reason"]

SOON_DAYS = 30
"""How long before its day a review is announced: a month's notice, as for most paperwork."""


class DueReason(StrEnum):
    """Why a document is due."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    NEVER_REVIEWED = "never_reviewed"


def due_reason(meta: DocumentMeta, today: date, *, within_days: int = SOON_DAYS) -> DueReason | None:
    """Why a document is due on `today`, None when it is not; a day that has passed weighs more than none."""
    if meta.review_by is not None and meta.review_by < today:
        return DueReason.OVERDUE
    if meta.reviewed_on is None:
        return DueReason.NEVER_REVIEWED
    if meta.review_by is not None and meta.review_by <= today + timedelta(days=within_days):
        return DueReason.DUE_SOON
    return None
