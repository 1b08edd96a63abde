"""MAIN FLOW of the gate: a candidate beside the current version, and which new examples made it worse."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from chains.same_question import difference
from core.errors import NotFound
from core.types import Answer, AnswerMode, CautionCode, Question, Reply
from evals.dataset import Case
from evals.near_misses import near_misses, other_words
from evals.outcome import Outcome
from evals.run import respondent, run_cases
from evals.thresholds import load_thresholds
from retrieval.served import ServedModel, is_trained
from training.contradiction import Contradiction, contradiction
from training.culprits import culprits
from training.gate_cases import chosen_cases
from training.manifest import Manifest, Member

if TYPE_CHECKING:
    from chains.answer import AnswerChain
    from retrieval.records import LiveChunk
    from retrieval.store import ChunkStore
    from training.records import Example
    from training.versions import Versions

__all__ = ["Gate", "Judged", "Tried"]

_CASES = 160
"""Cases asked of both versions: enough to hold one of each kind and country, few enough for a minute on two cores."""
_WORDINGS = 2
"""Other wordings of a new question that are asked; one of them has to be understood."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A new example and its place in the candidate."""

    example: Example
    member: Member


@dataclass(frozen=True, slots=True)
class Judged:
    """Which examples may be promoted, why others may not, and figures for the report."""

    accepted: tuple[str, ...]
    refused: dict[str, str]
    report: dict[str, Any] = field(default_factory=dict)


class Gate:
    """Asks over the live documents, with chains of its own, so that nobody is answered by a candidate."""

    def __init__(
        self,
        chain: AnswerChain,
        store: ChunkStore,
        versions: Versions,
        *,
        today: Callable[[], date],
        root: str,
        cases: Sequence[Case] | None = None,
    ) -> None:
        self._chain = chain
        self._store = store
        self._versions = versions
        self._today = today
        self._root = root
        self.cases = cases
        """What is asked of both versions instead of the cases of the evals."""

    def judge(self, parent: str, tried: Sequence[Tried]) -> Judged:
        """Hold the candidate of the version `parent` and the new examples against that version."""
        began = time.monotonic()
        before = self._versions.manifest(parent)
        refused = self._unfit(before, tried)
        left = [one for one in tried if one.example.id not in refused]
        cases = chosen_cases(self._store, self._root, [one.example for one in tried], most=_CASES, given=self.cases)
        current = self._ask(cases, self._versions.serve(parent, before))
        after = self._with(cases, before, left) if left else current
        worse = _worse(current, after)
        if worse:
            told = "; ".join(f"{name} ({why})" for name, why in sorted(worse.items())[:3])
            some = [case for case in cases if case.id in worse]
            for one in culprits(left, lambda group: not _worse(current, self._with(some, before, group))):
                refused[one.example.id] = f"with it the assistant answers worse: {told}"
            left = [one for one in left if one.example.id not in refused]
            after = self._with(cases, before, left) if left else current
        accepted = tuple(one.example.id for one in left)
        better, worse_after = _less_harmful(current, after), _less_harmful(after, current)
        report = {
            "cases": len(cases), "accepted": len(accepted), "refused": len(refused), "worse": worse,
            "harm_before": _harm(current), "harm_after": _harm(after), "better": better, "worse_after": worse_after,
            "questions": _questions(cases, worse, better, worse_after),
            "seconds": round(time.monotonic() - began, 1),
        }  # fmt: skip
        return Judged(accepted, refused, report)

    def _unfit(self, before: Manifest, tried: Sequence[Tried]) -> dict[str, str]:
        """Why examples cannot be served, each looked at by itself within the candidate."""
        served = self._versions.serve("candidate", before.joined([one.member for one in tried]))
        chain = self._chain.pinned(served)
        found = ((one.example.id, self._fault(chain, one)) for one in tried)
        return {example_id: fault for example_id, fault in found if fault is not None}

    def _fault(self, chain: AnswerChain, tried: Tried) -> str | None:
        example = tried.example
        stated = self._stated(example.cites)
        if found := contradiction(example.question, self._told(tried), list(stated)):
            return _contradicted(found, stated[found.source])
        if why := self._unserved(chain, tried, example.question):
            return why
        others = [self._unserved(chain, tried, asked) for asked in other_words(example.question)[:_WORDINGS]]
        if others and all(others):
            return others[0]
        place = example.jurisdiction
        for miss in near_misses(example.question, country=place or ""):
            if difference(miss.text, example.question, place=place, known_place=place) is None:
                return f"it would also be served to {miss.text!r}, which asks something else ({miss.detail.value})"
        return None

    def _unserved(self, chain: AnswerChain, tried: Tried, asked: str) -> str | None:
        return _not_served(chain.invoke(_question(tried.example, asked, self._today())), tried, asked)

    def _told(self, tried: Tried) -> list[str]:
        chunks = [item.chunk for item in self._store.chunks_of(tried.member.document_version)]
        return [chunk.text[a - chunk.start : b - chunk.start] for chunk in chunks for a, b in chunk.sentences]

    def _stated(self, cites: Sequence[str]) -> dict[str, LiveChunk]:
        """The sentences of what is cited, each with where it stands."""
        return {
            item.chunk.text[start - item.chunk.start : end - item.chunk.start]: item
            for item in self._store.chunks_of(*cites)
            for start, end in item.chunk.sentences
        }

    def _with(self, cases: Sequence[Case], before: Manifest, group: Sequence[Tried]) -> dict[str, Outcome]:
        """What a candidate with these examples answers."""
        return self._ask(cases, self._versions.serve("candidate", before.joined([one.member for one in group])))

    def _ask(self, cases: Sequence[Case], served: ServedModel) -> dict[str, Outcome]:
        chain = self._chain.pinned(served)
        sources = _Sources(self._store)

        def answer(question: Question) -> Reply:
            return sources.attributed(chain.invoke(question))

        with respondent(answer, chain.retriever) as ask:
            outcomes = run_cases(cases, ask, text_of=sources.text_of, today=self._today())
        return {outcome.id: outcome for outcome in outcomes}


class _Sources:
    """Counts an approved answer as one from the documents it rests on: that is what a case asks for."""

    def __init__(self, store: ChunkStore) -> None:
        self._store = store
        self._pairs: dict[str, str] = {}

    def attributed(self, reply: Reply) -> Reply:
        if not isinstance(reply, Answer):
            return reply
        citations = []
        for citation in reply.citations:
            document = citation.document_id
            if is_trained(document):
                self._pairs[citation.version] = document
                document = self._document_of(citation.version) or document
            citations.append(replace(citation, document_id=document))
        return replace(reply, citations=tuple(citations))

    def text_of(self, document_id: str, version_id: str) -> str | None:
        try:
            return self._store.get_version(self._pairs.get(version_id, document_id), version_id).canonical_text
        except NotFound:
            return None

    def _document_of(self, pair: str) -> str | None:
        chunks = self._store.chunks_of(*self._store.cited_by(pair))
        return chunks[0].chunk.document_id if chunks else None


def _question(example: Example, text: str, today: date) -> Question:
    as_of = max(today, example.effective_from or today)
    return Question(text, as_of=as_of, jurisdiction=example.jurisdiction)


def _not_served(reply: Reply, tried: Tried, asked: str) -> str | None:
    """Why a reply is not the example's answer, word for word and without a document against it."""
    if not isinstance(reply, Answer) or reply.mode is not AnswerMode.APPROVED:
        return f"asked {asked!r} the assistant would not give this answer: {_instead(reply)}"
    if any(citation.version != tried.member.document_version for citation in reply.citations[:1]):
        return f"asked {asked!r} another approved answer is given: {reply.text[:120]!r}; revoke that one first"
    if _plain(tried.example.answer) not in _plain(reply.text):
        return f"asked {asked!r} the answer would not be given word for word"
    against = next((one.text for one in reply.warnings if one.code is CautionCode.SOURCES_DISAGREE), None)
    return None if against is None else f"a current document disagrees: {against}"


def _contradicted(found: Contradiction, item: LiveChunk) -> str:
    """What the approver does about it: a right answer waits until the document says the same."""
    where = " under ".join((repr(item.meta.title), *map(repr, item.chunk.section[-1:])))
    quote = "" if found.instead == found.source else f" ({found.source!r})"
    return (
        f"it says {found.said!r}, but the document {item.chunk.document_id} ({where}) says {found.instead!r}{quote}; "
        "if the answer is right, correct that document first, then have it trained again; if both mean the same, "
        "propose it in the document's words"
    )


def _instead(reply: Reply) -> str:
    return f"it refuses as {reply.reason.value}" if not isinstance(reply, Answer) else f"it answers {reply.text[:80]!r}"


def _plain(text: str) -> str:
    """The letters and digits alone: marks of lists and line ends are set anew when an answer is shown."""
    return "".join(char for char in text if char.isalnum())


def _worse(current: dict[str, Outcome], after: dict[str, Outcome]) -> dict[str, str]:
    """The cases that are answered worse than by the current version, and how; none while it is within bounds."""
    rise = {name: one.harm - current[name].harm for name, one in after.items() if name in current}
    allowed = load_thresholds().against_baseline.get("harm", 0.0) * max(1, len(current))
    if sum(rise.values()) <= allowed and not any(more >= 1 for more in rise.values()):
        return {}
    return {name: after[name].why for name, more in rise.items() if more > 0}


def _less_harmful(one: dict[str, Outcome], other: dict[str, Outcome]) -> dict[str, str]:
    """The cases of `one` that harm less in `other`, with what was wrong with them."""
    return {name: found.why for name, found in one.items() if name in other and other[name].harm < found.harm}


def _questions(cases: Sequence[Case], *named: Mapping[str, str]) -> dict[str, str]:
    """What the named cases ask, for whoever reads the report."""
    return {case.id: case.question for case in cases if any(case.id in some for some in named)}


def _harm(outcomes: dict[str, Outcome]) -> float:
    return round(sum(one.harm for one in outcomes.values()) / max(1, len(outcomes)), 4)
