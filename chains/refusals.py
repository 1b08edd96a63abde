"""What a person reads when there is no answer, in the language of the question: why, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chains.languages import Wording, language_names, listed, place_name, wording
from chains.suggested import Offered, Showing, offered
from core.languages import base_language, detect
from core.types import GENERAL_JURISDICTION, Abstention, AbstentionReason, Passage

__all__ = ["headings", "offering", "refusal"]

_LACKS_AN_ANSWER = frozenset((AbstentionReason.NOT_COVERED, AbstentionReason.OUT_OF_SCOPE))
"""Reasons that may come of the language alone: what was asked may well stand in documents of another one."""
_MOST_LANGUAGES = 4


def refusal(
    reason: AbstentionReason,
    *,
    covered: Sequence[str],
    asked: str = "",
    nearest: Sequence[Passage] = (),
    sure: float = 0.0,
    language: str = "en",
    documents_in: Sequence[str] = (),
    kinds: Sequence[str] = (),
    showing: Showing | None = None,
) -> Abstention:
    """Word a refusal in `language`, or in English where that is not spoken.

    `covered` are codes of the countries that can be asked about, `asked` that of the one that cannot; `nearest` is what
    came closest, whose questions are offered where the answer is lacking; `documents_in` are the languages of the
    documents, that of most documents first; `kinds` are the permits or visas, as the documents name them, of which one
    must be meant; `showing` is what is needed to show what stands under the nearest question.
    """
    said = wording(language)
    text, steps = said.refusals[reason]
    lacking = reason is AbstentionReason.NOT_COVERED
    found = offered(nearest, language, sure=sure, showing=showing) if lacking else Offered()
    if found.questions:
        text = said.phrases["not_sure"]
    if kinds:
        text, steps = said.phrases["which_kind"], (said.phrases["name_kind"],)
    if reason in _LACKS_AN_ANSWER:
        text, steps = _about_language(
            said, text, steps, language, tuple(dict.fromkeys(map(base_language, documents_in)))
        )
    words = {
        "adviser": said.phrases["adviser"],
        "asked": place_name(asked, said.language) if asked else said.phrases["that_country"],
        "kinds": listed(kinds, said.language, either=True) if kinds else "",
        "covered": _countries(covered, said, either=reason is AbstentionReason.UNCLEAR),
    }
    beside = found.shown is not None and found.shown.url is not None
    pages = () if reason is AbstentionReason.OUT_OF_SCOPE or beside else _nearest_page(nearest, said)
    return Abstention(
        reason=reason,
        text=_sentence(text.format(**words)),
        next_steps=(*(_sentence(step.format(**words)) for step in steps), *pages),
        confidence=sure,
        warnings=found.cautions,
        suggestions=found.questions,
        nearest=found.shown,
        language=said.language,
    )


def offering(refused: Abstention, questions: Sequence[str], *, originals: Sequence[str]) -> Abstention:
    """The refusal with questions in its language offered, which documents word as `originals`; as it is for none."""
    if not questions:
        return refused
    unsure = _sentence(wording(refused.language or "en").phrases["not_sure"])
    return replace(refused, text=unsure, suggestions=tuple(questions), originals=tuple(originals))


def headings(refused: Abstention) -> dict[str, str]:
    """What a refusal and its parts are headed with, in its language, and that language's code."""
    said = wording(refused.language or detect(refused.text) or "en")
    named = said.headings
    return {
        "language": said.language,
        "title": said.titles["not_sure" if refused.suggestions else refused.reason.value],
        "nearest": named["nearest"],
        "suggestions": named["suggestions" if refused.nearest is None else "other_suggestions"],
        "next_steps": named["next_steps"],
    }


def _about_language(
    said: Wording, text: str, steps: tuple[str, ...], language: str, documents_in: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """The refusal's text and steps where documents are in other languages than the question."""
    others = [code for code in documents_in if code != language]
    if not others:
        return text, steps
    ask_in = said.phrases["ask_in"].format(languages=language_names(others[:_MOST_LANGUAGES], said.language))
    if language not in documents_in:
        everything = language_names(documents_in, said.language)
        return said.phrases["no_documents_in_language"].format(languages=everything), (ask_in, *steps[-1:])
    # Whoever asks in the language of most documents gains nothing by another one.
    return text, (steps if language == documents_in[0] else (ask_in, *steps))


def _countries(codes: Sequence[str], said: Wording, *, either: bool) -> str:
    names = [place_name(code, said.language) for code in codes if code != GENERAL_JURISDICTION]
    return listed(names, said.language, either=either) if names else said.phrases["any_country"]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _nearest_page(passages: Sequence[Passage], said: Wording) -> tuple[str, ...]:
    best = next((passage for passage in passages[:3] if passage.url), None)
    return () if best is None else (said.phrases["closest_page"].format(title=best.meta.title, url=best.url),)
