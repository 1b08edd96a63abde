"""Why a sentence may not be shown."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["UnsupportedReason"]


class UnsupportedReason(StrEnum):
    """The first thing in which a sentence goes beyond its quotes."""

    NO_QUOTE = "no_quote"
    QUOTE_NOT_FOUND = "quote_not_found"
    QUOTE_TOO_SHORT = "quote_too_short"
    NOT_A_STATEMENT = "not_a_statement"
    FIGURE = "figure"
    BOUND = "bound"
    COUNTRY = "country"
    WORDS = "words"
    POLARITY = "polarity"
    MODALITY = "modality"
    ACTOR = "actor"
    CONDITION = "condition"
    DEGREE = "degree"
    LANGUAGE = "language"
