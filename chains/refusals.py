"""What a person reads when there is no answer: why, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from chains.countries import country_name
from core.types import GENERAL_JURISDICTION, Abstention, AbstentionReason, Passage

__all__ = ["refusal"]

_ADVISER = "For advice on your own situation, speak to a licensed immigration adviser or lawyer."
_IN_ENGLISH = "My documents are in English. Please ask again in English, even in simple or translated words."
_TEXTS: dict[AbstentionReason, tuple[str, tuple[str, ...]]] = {
    AbstentionReason.NOT_COVERED: (
        "The documents I have do not answer this, so I will not guess.",
        ("Try other words, or name the country and the kind of visa or permit.", _ADVISER),
    ),
    AbstentionReason.OUT_OF_SCOPE: (
        "I can help with immigration questions that my documents cover, and I found nothing in them about this.",
        ("Ask about visas, permits, residence or citizenship in {covered}.",),
    ),
    AbstentionReason.OTHER_COUNTRY: (
        "I have no documents about {asked}, so I cannot tell you its rules.",
        (
            "My documents cover {covered}.",
            "For {asked}, begin with the website of its immigration authority or its nearest embassy.",
        ),
    ),
    AbstentionReason.OWN_CASE: (
        "I cannot see anybody's application, so I do not know where yours stands or why it was decided.",
        (
            "Sign in to the account with which you applied, or use the official status page of the country.",
            "If you have a decision letter, it names the reasons and the time you have to act.",
            _ADVISER,
        ),
    ),
    AbstentionReason.PREDICTION: (
        "I cannot tell how an officer will decide: that depends on your whole case, and nobody can promise it.",
        ("Ask me what the rule says, for example who can apply or which documents are needed.", _ADVISER),
    ),
    AbstentionReason.UNLAWFUL: (
        "I cannot help with that: false papers or statements can lead to a refusal, a ban or a criminal case.",
        ("If you are in difficulty, a licensed adviser can tell you which lawful ways are open to you.",),
    ),
    AbstentionReason.UNCLEAR: (
        "The rules differ from country to country. Which one do you mean: {covered}?",
        ("Name the country in your question, or choose it in the box.",),
    ),
    AbstentionReason.NO_DOCUMENTS: (
        "There are no documents to answer from yet.",
        ("Put documents into the knowledge base folder and run `assistant ingest`.",),
    ),
}


def refusal(
    reason: AbstentionReason,
    *,
    covered: Sequence[str],
    asked: str = "that country",
    nearest: Sequence[Passage] = (),
    sure: float = 0.0,
    foreign: bool = False,
) -> Abstention:
    """Word a refusal; `covered` are country codes that can be asked about, `nearest` what came closest.

    `foreign` says that the question is in another language than the documents.
    """
    words = {"covered": _listed(covered, last="or" if reason is AbstentionReason.UNCLEAR else "and"), "asked": asked}
    text, steps = _TEXTS[reason]
    pages = () if reason is AbstentionReason.OUT_OF_SCOPE else _nearest_pages(nearest)
    return Abstention(
        reason=reason,
        text=_sentence(text.format(**words)),
        next_steps=(*((_IN_ENGLISH,) if foreign else ()), *(_sentence(step.format(**words)) for step in steps), *pages),
        confidence=sure,
    )


def _listed(codes: Sequence[str], *, last: str) -> str:
    names = [country_name(code) for code in codes if code != GENERAL_JURISDICTION]
    if len(names) < 2:
        return "".join(names) or "the countries in my documents"
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _nearest_pages(passages: Sequence[Passage]) -> tuple[str, ...]:
    pages = {passage.url: passage.meta.title for passage in reversed(passages[:3]) if passage.url}
    return tuple(f"The closest page I know is “{title}”: {url}" for url, title in list(pages.items())[-1:])
