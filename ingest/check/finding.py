"""What a check says of a file: the rule, the place and the fix."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Code", "Finding", "Severity"]


class Severity(StrEnum):
    """An error gives wrong or missing answers, a warning may, a note is worth a look."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Code(StrEnum):
    """The rules, by family; `docs/checking.md` explains each."""

    UNREADABLE = "unreadable"
    STRAY_SIDECAR = "stray-sidecar"
    BAD_FRONT_MATTER = "bad-front-matter"
    OPEN_FRONT_MATTER = "open-front-matter"
    UNKNOWN_KEY = "unknown-key"
    DOUBLE_KEY = "double-key"
    BAD_VALUE = "bad-value"
    MISSING_TITLE = "missing-title"
    MISSING_JURISDICTION = "missing-jurisdiction"
    MISSING_SOURCE = "missing-source"
    WRONG_LANGUAGE = "wrong-language"

    DATES_EXCHANGED = "dates-exchanged"
    EXPIRED = "expired"
    NOT_YET_IN_FORCE = "not-yet-in-force"
    REVIEWED_IN_FUTURE = "reviewed-in-future"
    REVIEW_OVERDUE = "review-overdue"
    REVIEW_DUE = "review-due"
    NO_REVIEW_BY = "no-review-by"

    SUPERSEDES_NOTHING = "supersedes-nothing"
    SUPERSEDES_ITSELF = "supersedes-itself"
    SUPERSEDES_IN_A_CIRCLE = "supersedes-in-a-circle"
    SUPERSEDED_TWICE = "superseded-twice"
    SUPERSEDES_ABROAD = "supersedes-abroad"
    SUPERSEDES_FOR_OTHERS = "supersedes-for-others"

    UNKNOWN_KIND = "unknown-kind"
    CITES_MISSING = "cites-missing"
    CITES_NOTHING = "cites-nothing"
    APPROVED_UNREVIEWED = "approved-unreviewed"

    DEAD_LINK = "dead-link"
    DEAD_ANCHOR = "dead-anchor"
    BAD_ADDRESS = "bad-address"
    INSECURE_ADDRESS = "insecure-address"

    DUPLICATE = "duplicate"
    NEAR_DUPLICATE = "near-duplicate"
    QUESTION_TWICE = "question-twice"
    FIGURES_DIFFER = "figures-differ"

    SAMPLES_UNREADABLE = "samples-unreadable"
    SAMPLE_LEFT_OUT = "sample-left-out"
    SAMPLE_CONTRADICTS = "sample-contradicts"
    SAMPLES_FEW = "samples-few"

    PROMISE = "promise"
    FIGURE_WITHOUT_DATE = "figure-without-date"
    LONG_PARAGRAPH = "long-paragraph"
    EMPTY_HEADING = "empty-heading"
    LIST_WITHOUT_LEAD_IN = "list-without-lead-in"

    @property
    def severity(self) -> Severity:
        if self in _ERRORS:
            return Severity.ERROR
        return Severity.NOTE if self in _NOTES else Severity.WARNING


_ERRORS = frozenset(
    {
        Code.UNREADABLE,
        Code.STRAY_SIDECAR,
        Code.BAD_FRONT_MATTER,
        Code.OPEN_FRONT_MATTER,
        Code.UNKNOWN_KEY,
        Code.DOUBLE_KEY,
        Code.BAD_VALUE,
        Code.DATES_EXCHANGED,
        Code.REVIEWED_IN_FUTURE,
        Code.SUPERSEDES_NOTHING,
        Code.SUPERSEDES_ITSELF,
        Code.SUPERSEDES_IN_A_CIRCLE,
        Code.SUPERSEDED_TWICE,
        Code.UNKNOWN_KIND,
        Code.CITES_MISSING,
        Code.CITES_NOTHING,
        Code.APPROVED_UNREVIEWED,
        Code.DEAD_LINK,
        Code.DEAD_ANCHOR,
        Code.BAD_ADDRESS,
        Code.DUPLICATE,
        Code.SAMPLES_UNREADABLE,
    }
)
_NOTES = frozenset(
    {
        Code.NOT_YET_IN_FORCE,
        Code.SAMPLES_FEW,
        Code.REVIEW_DUE,
        Code.NO_REVIEW_BY,
        Code.FIGURE_WITHOUT_DATE,
        Code.LONG_PARAGRAPH,
        Code.LIST_WITHOUT_LEAD_IN,
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """`file` is a path from the folder that was checked; `line` counts from 1, None where the file has no lines."""

    code: Code
    file: str
    line: int | None
    message: str
    fix: str

    @property
    def severity(self) -> Severity:
        return self.code.severity
