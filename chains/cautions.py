"""What a reader must know of an answer besides its text, in their language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from babel.dates import format_date

from chains.languages import listed, locale_of, place_name, wording
from core.types import Caution, CautionCode, Passage

__all__ = [
    "disagreement_caution",
    "official_pages",
    "partial_caution",
    "replacement_caution",
    "silent_caution",
    "source_cautions",
    "translation_caution",
    "unread_caution",
]

_MOST_PAGES = 2


def source_cautions(passages: Sequence[Passage], today: date, language: str) -> tuple[Caution, ...]:
    """What must be known of documents, one caution a kind: fifty words about dates would drown the answer."""
    unreviewed = _titles(language, (passage for passage in passages if passage.meta.reviewed_on is None))
    overdue = _titles(
        language,
        (passage for passage in passages if passage.meta.review_by is not None and passage.meta.review_by < today),
    )
    cautions = []
    if overdue:
        cautions.append(_said(CautionCode.REVIEW_OVERDUE, "review_overdue", language, titles=overdue))
    if unreviewed:
        cautions.append(_said(CautionCode.NEVER_REVIEWED, "never_reviewed", language, titles=unreviewed))
    return tuple(cautions)


def disagreement_caution(said: str, ours: Passage, instead: str, theirs: Passage, language: str) -> Caution:
    """Two current documents of one country, the first of which says one thing and the other something else."""
    return _said(
        CautionCode.SOURCES_DISAGREE, "disagree", language, country=place_name(ours.jurisdiction, language),
        one=_dated(ours, language), said=said, other=_dated(theirs, language), instead=instead,
    )  # fmt: skip


def replacement_caution(language: str) -> Caution:
    """A source's own sentences stand for some of a model's."""
    return _said(CautionCode.SENTENCES_REPLACED, "replaced", language)


def translation_caution(language: str) -> Caution:
    """Sentences were translated by a machine."""
    return _said(CautionCode.TRANSLATED, "translated", language)


def unread_caution(language: str) -> Caution:
    """A refusal that a model might have spared, had it answered."""
    return _said(CautionCode.MODEL_UNAVAILABLE, "model_unread", language)


def partial_caution(language: str) -> Caution:
    """A model broke off within its answer."""
    return _said(CautionCode.MODEL_UNAVAILABLE, "model_partial", language)


def silent_caution(language: str) -> Caution:
    """The documents' own sentences stand for an answer of the model, which did not come."""
    return _said(CautionCode.MODEL_UNAVAILABLE, "model_silent", language)


def official_pages(passages: Sequence[Passage], language: str) -> tuple[str, ...]:
    """What to check before acting: the official pages of the first sources that have one."""
    pages = {passage.url: passage for passage in passages if passage.url}
    said = wording(language).phrases["official_page"]
    return tuple(
        said.format(country=place_name(passage.jurisdiction, language), url=url)
        for url, passage in list(pages.items())[:_MOST_PAGES]
    )


def _said(code: CautionCode, phrase: str, language: str, **parts: str) -> Caution:
    return Caution(code, wording(language).phrases[phrase].format(**parts))


def _titles(language: str, passages: Iterable[Passage]) -> str:
    quoted = wording(language).phrases["quoted"]
    titles = list(dict.fromkeys(quoted.format(text=passage.meta.title) for passage in passages))
    return listed(titles, language) if titles else ""


def _dated(passage: Passage, language: str) -> str:
    """The document with its latest date: the day from which its rules hold, or on which a person checked them."""
    meta, phrases = passage.meta, wording(language).phrases
    dated = [
        (day, said) for day, said in ((meta.effective_from, "dated_from"), (meta.reviewed_on, "dated_checked")) if day
    ]
    if not dated:
        return phrases["undated"].format(title=meta.title)
    day, said = max(dated)
    return phrases[said].format(title=meta.title, day=format_date(day, "long", locale=locale_of(language)))
