"""MAIN FLOW of a proposal: checked, stored, shown with what bears on it, approved over what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import structlog

from chains.answer import AnswerChain
from core.errors import AssistantError, Conflict, InvalidInput
from core.types import Question, Reply
from retrieval.records import View
from retrieval.store import ChunkStore
from training.checking import Checker, Proposal
from training.examples import Done, Example, Examples
from training.findings import Findings, Place
from training.listing import Listing
from training.states import REVERSE, Act, ExampleStatus

__all__ = ["Outcome", "Proposals", "Quoted", "Review", "corrected"]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A place with its words, its document's title and whether that version is still the current one."""

    place: Place
    text: str
    title: str
    jurisdiction: str
    url: str | None
    current: bool


@dataclass(frozen=True, slots=True)
class Review:
    """An example with everything an approver looks at; `answered_now` is what people are told today."""

    example: Example
    findings: Findings
    near: tuple[tuple[Example, float, bool, bool], ...]
    supports: tuple[Quoted, ...]
    conflicts: tuple[Quoted, ...]
    nearest: Quoted | None
    would_cite: tuple[str, ...]
    answered_now: Reply


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of several; `error` says why nothing did."""

    example_id: str
    done: Done | None
    error: str | None = None


class Proposals:
    """Puts the check, the documents and the chain around `Examples`, which alone moves anything."""

    def __init__(
        self,
        examples: Examples,
        listing: Listing,
        checker: Checker,
        *,
        store: ChunkStore,
        chain: AnswerChain,
        today: Callable[[], date],
    ) -> None:
        self.examples = examples
        self.listing = listing
        self._checker = checker
        self._store = store
        self._chain = chain
        self._today = today

    def propose(self, proposal: Proposal, by: str, *, idempotency_key: str | None = None) -> Done:
        """Check and store a proposal; raises `InvalidInput`, and `DuplicateExample` for one that is there."""
        draft = self._checker.draft(proposal)
        if (repeat := self.examples.find_repeat(by, idempotency_key, draft.live_key)) is not None:
            return Done(repeat, changed=False)
        self.examples.require_new(draft.live_key)
        return self.examples.propose(draft, by, idempotency_key=idempotency_key)

    def propose_from(
        self, question: str, answer: str, source: str | None, *, by: str, jurisdiction: str | None = None
    ) -> Done:
        """Propose what a person replied to a question that was handed over; doing so again gives the same proposal."""
        proposal = Proposal(question, answer, source, jurisdiction)
        key = f"reply:{source}" if source else None
        return self.propose(proposal, by, idempotency_key=key)

    def review(self, example_id: str) -> Review:
        """Everything about one example, as the documents are now; raises `NotFound`."""
        example = self.examples.get(example_id)
        findings = self._checker.recheck(example)
        asked = Question(example.question, as_of=self._today(), jurisdiction=example.jurisdiction)
        others = self.listing.some([near.example_id for near in findings.near])
        near = tuple(
            (others[one.example_id], one.likeness, one.same, one.differs)
            for one in findings.near
            if one.example_id in others
        )
        return Review(
            example, findings, near, self._quoted(findings.supports), self._quoted(findings.conflicts),
            next(iter(self._quoted((findings.nearest,) if findings.nearest else ())), None),
            findings.cites, self._chain.invoke(asked),
        )  # fmt: skip

    def approve(self, example_id: str, by: str, *, cites: Sequence[str] | None = None) -> Done:
        """Approve it over the versions in `cites`, documents or versions by id, else over those that support it now."""
        example = self.examples.get(example_id)
        if example.status is not ExampleStatus.PROPOSED:
            return self.examples.approve(example_id, by, cites=example.cites)
        return self.examples.approve(example_id, by, cites=self._cites(example, cites))

    def edit_and_approve(
        self, example_id: str, by: str, corrected: Proposal, *, cites: Sequence[str] | None = None
    ) -> Done:
        """Correct it and approve the corrected words, which are checked like a proposal."""
        draft = self._checker.draft(corrected, besides=example_id)
        found = self._named(cites) if cites is not None else Findings.from_json(draft.findings).cites
        return self.examples.edit_and_approve(example_id, by, draft, cites=found)

    def resume(self, example_id: str, by: str, *, cites: Sequence[str] | None = None) -> Done:
        """Say that a suspended answer still holds, over the versions that are current now."""
        example = self.examples.get(example_id)
        if example.status is not ExampleStatus.SUSPENDED:
            return self.examples.resume(example_id, by, cites=example.cites)
        return self.examples.resume(example_id, by, cites=self._cites(example, cites))

    def retry(self, example_id: str, by: str) -> Done:
        """Have the next run try an example again that failed, over the documents it rests on as they are now."""
        example = self.examples.get(example_id)
        if example.status is not ExampleStatus.FAILED:
            return self.examples.retry(example_id, by, cites=example.cites)
        return self.examples.retry(example_id, by, cites=self._cites_now(example))

    def undo(self, example_id: str, by: str) -> Done:
        """Take back the latest decision, where the table of moves has a way back; raises `Conflict` where not."""
        latest = next(iter(self.listing.audit(example_id, limit=1)), None)
        reverse = REVERSE.get(latest.act) if latest else None
        if reverse is Act.UNAPPROVE:
            return self.examples.unapprove(example_id, by)
        if reverse is Act.REOPEN:
            return self.examples.reopen(example_id, by)
        done = latest.act if latest else "nothing"
        raise Conflict(f"the latest act on {example_id!r} is {done!r}, which cannot be taken back; revoke it instead")

    def each(self, example_ids: Sequence[str], act: Callable[[str], Done]) -> list[Outcome]:
        """Do one thing to several; what cannot be done to one is told and keeps no other from it."""
        return [self._one(example_id, act) for example_id in dict.fromkeys(example_ids)]

    @staticmethod
    def _one(example_id: str, act: Callable[[str], Done]) -> Outcome:
        try:
            return Outcome(example_id, act(example_id))
        except AssistantError as error:
            log.info("training.refused", example_id=example_id, error=error.detail)
            return Outcome(example_id, None, error.detail)

    def _cites(self, example: Example, named: Sequence[str] | None) -> tuple[str, ...]:
        return self._named(named) if named is not None else self._checker.recheck(example).cites

    def _cites_now(self, example: Example) -> tuple[str, ...]:
        """The current versions of what an example cites; where nothing of it is left, what supports it now."""
        documents = [self._store.document_of(version) or version for version in example.cites]
        found = self._store.current(documents, View(as_of=self._today()))
        kept = tuple(dict.fromkeys(found[name] for name in documents if name in found))
        return kept or self._checker.recheck(example).cites or example.cites

    def _named(self, references: Sequence[str]) -> tuple[str, ...]:
        found = self._store.current(references, View(as_of=self._today()))
        if missing := [name for name in references if name not in found]:
            raise InvalidInput(f"{missing[0]!r} is no current document or version; see GET /documents")
        return tuple(dict.fromkeys(found[name] for name in references))

    def _quoted(self, places: Sequence[Place]) -> tuple[Quoted, ...]:
        found = []
        for place in places:
            version = self._store.get_version(place.document_id, place.version_id)
            meta = version.meta
            found.append(
                Quoted(
                    place, version.canonical_text[place.start : place.end], meta.title, meta.jurisdiction,
                    meta.source_url, version.status == "live",
                )
            )  # fmt: skip
        return tuple(found)


def corrected(example: Example, **changes: object) -> Proposal:
    """The example's words with some of them changed; None takes away what may be missing."""
    fields = (example.question, example.answer, example.source, example.jurisdiction)
    now = Proposal(*fields, example.effective_from, example.effective_to)
    return replace(now, **changes)  # type: ignore[arg-type]
