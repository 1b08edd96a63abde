"""One answer made of the answers to each part of a message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from chains.compose import ReplyComposer
from chains.contextualise import Search
from chains.events import Event, Settled
from chains.extractive import write_extractive
from chains.grounding import ground
from chains.wanted import lacks_figure
from core.types import AnswerMode, Caution, CautionCode, Passage

__all__ = ["AnsweredPart", "answer_parts"]


@dataclass(frozen=True, slots=True)
class AnsweredPart:
    """One of the things that were asked, the passages that answer it, none where none do, and how sure that is."""

    search: Search
    passages: tuple[Passage, ...]
    sure: float


def answer_parts(parts: Sequence[AnsweredPart], *, today: date) -> Iterator[Event]:
    """One part after the other, each from its own passages; nothing is settled where no sentence is left of any."""
    passages = [passage for part in parts for passage in part.passages]
    composer = ReplyComposer(passages)
    before = 0
    said: set[str] = set()
    answered: list[AnsweredPart] = []
    for part in parts:
        drafts = write_extractive(part.search, part.passages, parts=len(parts), skip=before)
        before += len(part.passages)
        if not drafts or lacks_figure(part.search.text, [draft.text for draft in drafts]):
            continue
        answered.append(part)
        for grounded in ground([draft for draft in drafts if draft.text not in said], passages):
            yield composer.add(grounded)
        said.update(draft.text for draft in drafts)
    if not len(composer):
        return
    yield from composer.add_disagreements()
    left = [part.search.text for part in parts if part not in answered]
    sure = min(part.sure for part in answered)
    cautions = (_unanswered(left),) if left else ()
    yield Settled(composer.answer(mode=AnswerMode.EXTRACTIVE, confidence=sure, today=today, cautions=cautions))


def _unanswered(texts: Sequence[str]) -> Caution:
    named = " and ".join(f"“{text}”" for text in texts)
    text = f"I am not sure that the documents answer this part of your question: {named}."
    return Caution(CautionCode.PART_UNANSWERED, text)
