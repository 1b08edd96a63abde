"""A reply in the asker's language: what is shown is translated and checked, and the original kept beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from chains.back_translation import keeps_the_meaning
from chains.cautions import translation_caution
from chains.events import Doing, Event, Settled, Status, Verified
from chains.languages import SPOKEN
from chains.languages_translation import asks_the_same, is_translation, mistranslated
from chains.refusals import offering
from chains.translator import Translator
from core.languages import base_language
from core.types import Abstention, AbstentionReason, Answer, AnswerMode, Citation, Passage, Sentence

__all__ = ["can_be_translated", "in_askers_language"]

_CHECKED_IN = "en"
"""The language of which the verifier knows every "not" and "must"; nothing else is translated."""


def can_be_translated(passages: Sequence[Passage], language: str) -> bool:
    """Whether an answer from these passages may hold sentences that can be put into `language` and checked."""
    written_in = {base_language(passage.meta.language) for passage in passages}
    return language in SPOKEN and language != _CHECKED_IN and _CHECKED_IN in written_in


def in_askers_language(
    events: Iterator[Event],
    language: str,
    translator: Translator,
    *,
    questions: Callable[[], Sequence[str]] = tuple,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    """The events of a reply, the sentences of an answer held back until they are translated.

    A sentence keeps its own words where no translation came or one of the checks speaks against it, and so does an
    answer that a person approved word for word. A refusal offers those of the `questions` that were translated, which
    are asked for only then.
    """
    held: list[Verified] = []
    for event in events:
        if isinstance(event, Verified):
            held.append(event)
            continue
        if isinstance(event, Settled) and isinstance(event.reply, Answer):
            reply = event.reply
            if reply.mode is not AnswerMode.APPROVED:
                yield Status(Doing.TRANSLATING)
                english = {one.index for one in held if one.written_in == {_CHECKED_IN}}
                reply = _translated(reply, english, language, translator, cancelled)
            if cancelled():
                return
            yield from (replace(one, sentence=reply.sentences[one.index]) for one in held)
            event = Settled(reply)
        elif isinstance(event, Settled) and isinstance(event.reply, Abstention) and _lacks_offers(event.reply):
            if near := questions():
                yield Status(Doing.TRANSLATING)
                event = Settled(_offering(event.reply, near, language, translator, cancelled))
            if cancelled():
                return
        yield event


def _lacks_offers(refused: Abstention) -> bool:
    return refused.reason is AbstentionReason.NOT_COVERED and not refused.suggestions


def _offering(
    refused: Abstention,
    questions: Sequence[str],
    language: str,
    translator: Translator,
    cancelled: Callable[[], bool],
) -> Abstention:
    said = translator.translate(
        questions, written_in=_CHECKED_IN, into=language, deadline=translator.deadline(), cancelled=cancelled
    )  # fmt: skip
    good: dict[str, str] = {}
    for at, text in sorted(said.items()):
        if asks_the_same(text, questions[at], language):
            good.setdefault(text, questions[at])
    return offering(refused, tuple(good), originals=tuple(good.values()))


def _translated(
    reply: Answer, english: set[int], language: str, translator: Translator, cancelled: Callable[[], bool]
) -> Answer:
    cited = {citation.id: citation for citation in reply.citations}
    wanted = [
        (at, sentence, [cited[number] for number in sentence.citations])
        for at, sentence in enumerate(reply.sentences)
        if at in english
    ]
    texts = [sentence.text for _, sentence, _ in wanted]
    deadline = translator.deadline()
    there = translator.translate(
        texts, written_in=_CHECKED_IN, into=language, deadline=deadline, cancelled=cancelled
    )  # fmt: skip
    good = {
        at: said
        for at, said in there.items()
        if is_translation(said, texts[at], language) and _is_faithful(said, texts[at], wanted[at][2], language)
    }
    order = list(good)
    back = translator.translate(
        [good[at] for at in order], written_in=language, into=_CHECKED_IN, deadline=deadline, cancelled=cancelled
    )  # fmt: skip
    returned = {order[number]: text for number, text in back.items()}
    kept = {
        wanted[at][0]: good[at]
        for at in order
        if at in returned and keeps_the_meaning(returned[at], texts[at], **_around(wanted[at][2]))
    }
    return _with(reply, kept, language)


def _is_faithful(said: str, original: str, citations: Sequence[Citation], language: str) -> bool:
    found = mistranslated(said, original, language=language, written_in=_CHECKED_IN, **_around(citations))
    return found is None


def _around(citations: Sequence[Citation]) -> dict[str, str]:
    """What stands above the quotes, and the country that all of them are about."""
    context = " . ".join(part for citation in citations for part in (citation.title, *citation.section))
    places = {citation.jurisdiction for citation in citations}
    return {"context": context, "jurisdiction": places.pop() if len(places) == 1 else ""}


def _with(reply: Answer, translations: Mapping[int, str], language: str) -> Answer:
    if not translations:
        return reply
    sentences = tuple(
        Sentence(translations[at], one.citations, original=one.text) if at in translations else one
        for at, one in enumerate(reply.sentences)
    )
    return replace(reply, sentences=sentences, warnings=(translation_caution(language), *reply.warnings))
