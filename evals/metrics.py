"""Deterministic measures of one reply: what was found, quoted and said. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from chains.statements import heading_of
from core.languages import detect
from core.types import Abstention, Answer, AnswerMode, Citation, Passage, Reply, Sentence
from evals.dataset import Case, Section, case_path
from evals.facts import plain, says
from evals.outcome import Outcome, Quoted, Said, Seen, Verdict

__all__ = ["CUTS", "TextOf", "assess", "failure", "judge", "ranking_scores"]

CUTS = (1, 3, 5, 10)

TextOf = Callable[[str, str], str | None]
"""Canonical text by document id and version id; None when it is not stored."""


def assess(case: Case, reply: Reply, *, passages: Sequence[Passage], seconds: float, text_of: TextOf) -> Outcome:
    """Hold a reply against its case; `passages` are those it was made from, best first."""
    quotes = _quoted(reply, text_of)
    verdict, why = judge(case, reply, passages)
    if inexact := [quote.id for quote in quotes if not quote.exact]:
        verdict, why = Verdict.WRONG, f"quote {inexact[0]} does not stand in its document where it says"
    scores = _scores(case, reply, passages, quotes)
    confidence = reply.confidence
    broken = [name for name, value in {**scores, "confidence": confidence}.items() if not 0.0 <= value <= 1.0]
    if broken:  # NaN is not within bounds either
        verdict, why = Verdict.FAILED, f"no number between 0 and 1 for {', '.join(broken)}"
    answer = reply if isinstance(reply, Answer) else None
    return Outcome(
        **_asked(case), verdict=verdict, why=why, answered=answer is not None,
        reason=reply.reason.value if isinstance(reply, Abstention) else None, text=reply.text,
        sentences=tuple(Said(sentence.text, sentence.citations) for sentence in answer.sentences) if answer else (),
        quotes=quotes, passages=_seen(case, passages), seconds=seconds,
        confidence=None if "confidence" in broken else confidence,
        scores={name: value for name, value in scores.items() if name not in broken},
    )  # fmt: skip


def failure(case: Case, why: str, *, seconds: float) -> Outcome:
    """A case whose reply did not come."""
    scores = ranking_scores([], case.documents) if case.answerable else {}
    return Outcome(**_asked(case), verdict=Verdict.FAILED, why=why, seconds=seconds, scores=scores)


def judge(case: Case, reply: Reply, passages: Sequence[Passage] = ()) -> tuple[Verdict, str]:
    """The verdict on a reply, and why it is not correct; `passages` are those it was made from."""
    if isinstance(reply, Abstention):
        return _judge_refusal(case, reply, passages)
    if not case.answerable:
        return Verdict.WRONG, f"answered, where {_one_of(sorted(case.refusals), case.any_refusal)} was right"
    return _judge_answer(case, reply)


def ranking_scores(found: Sequence[str], wanted: frozenset[str]) -> dict[str, float]:
    """hit@k, reciprocal rank and nDCG@10 of `found` documents, best first, each named once.

    A case names documents of which one is enough, so the ideal ranking holds one of them first: further ones gain
    nothing and lose nothing, and nDCG@10 is the discount of the first.
    """
    rank = next((at for at, document in enumerate(found, 1) if document in wanted), None)
    scores = {f"hit@{cut}": float(rank is not None and rank <= cut) for cut in CUTS}
    scores["mrr"] = 0.0 if rank is None else 1.0 / rank
    scores["ndcg@10"] = 0.0 if rank is None or rank > 10 else 1.0 / math.log2(rank + 1)
    return scores


def _judge_refusal(case: Case, reply: Abstention, passages: Sequence[Passage]) -> tuple[Verdict, str]:
    if case.answerable:
        if offered := _offered(case, reply, passages):
            shown = ", whose answer is shown" if reply.nearest and offered == reply.suggestions[0] else ""
            return Verdict.OFFERED, f"refused, offering {offered!r}{shown}"
        return Verdict.NEEDLESS_REFUSAL, f"refused as {reply.reason.value}"
    if reply.reason not in case.refusals:
        return Verdict.OTHER_REASON, f"refused as {reply.reason.value}, expected {' or '.join(sorted(case.refusals))}"
    return Verdict.CORRECT, ""


def _offered(case: Case, reply: Abstention, passages: Sequence[Passage]) -> str | None:
    """The first suggestion that a case's answer stands under."""
    wanted = {plain(section.heading) for section in case.sections} or _headings_of_facts(case, passages)
    return next((question for question in reply.originals or reply.suggestions if plain(question) in wanted), None)


def _headings_of_facts(case: Case, passages: Sequence[Passage]) -> set[str]:
    """What the passages stand under that say every fact of a case, where it names documents but no section."""
    return {
        plain(heading_of(passage.chunk, ""))
        for passage in passages
        if case.facts
        and case_path(passage.chunk.document_id) in case.documents
        and all(_says_one(passage.chunk.text, wordings) for wordings in case.facts)
    }


def _judge_answer(case: Case, answer: Answer) -> tuple[Verdict, str]:
    cited = {case_path(citation.document_id) for citation in answer.citations}
    if case.documents and not cited & case.documents:
        return Verdict.WRONG, f"cites only {', '.join(sorted(cited)) or 'nothing'}"
    text = _all_said(answer)
    for wordings in case.forbidden:
        if said := next((wording for wording in wordings if says(text, wording)), None):
            return Verdict.WRONG, f"says {said!r}, which must not be said"
    lacking = [" or ".join(wordings) for wordings in case.facts if not _says_one(text, wordings)]
    if not lacking:
        return Verdict.CORRECT, ""
    verdict = Verdict.WRONG if len(lacking) == len(case.facts) else Verdict.INCOMPLETE
    return verdict, f"lacks {', '.join(map(repr, lacking))}"


def _scores(case: Case, reply: Reply, passages: Sequence[Passage], quotes: Sequence[Quoted]) -> dict[str, float]:
    scores: dict[str, float] = {}
    if case.answerable:
        documents = list(dict.fromkeys(case_path(passage.chunk.document_id) for passage in passages))
        scores |= ranking_scores(documents, case.documents)
    if isinstance(reply, Answer) or quotes:
        scores["quotes_exact"] = _share([quote.exact for quote in quotes], none=0.0)
    if isinstance(reply, Abstention):
        if case.answerable and reply.nearest is not None:
            scores["shown_right"] = float(_offered(case, reply, passages) == reply.suggestions[0])
        return scores
    if not case.answerable:
        return scores
    text = _all_said(reply)
    if case.facts:
        scores["facts"] = _share([_says_one(text, wordings) for wordings in case.facts])
    if case.forbidden:
        scores["forbidden_unsaid"] = _share([not _says_one(text, wordings) for wordings in case.forbidden])
    if case.language != "en" and reply.mode is AnswerMode.GENERATIVE:
        scores["in_own_language"] = _share([_is_in(case.language, sentence) for sentence in reply.sentences])
    if case.sections:
        scores["section_recall"] = _share([any(_in(c, section) for c in reply.citations) for section in case.sections])
        scores["section_precision"] = _share(
            [any(_in(citation, section) for section in case.sections) for citation in reply.citations]
        )
    return scores


def _all_said(answer: Answer) -> str:
    """What an answer says; of a translated sentence its original too, whose words a case knows."""
    parts = ((sentence.original, sentence.text) for sentence in answer.sentences)
    return " ".join(part for pair in parts for part in pair if part)


def _is_in(language: str, sentence: Sentence) -> bool:
    return sentence.original is not None or detect(sentence.text) == language


def _in(citation: Citation, section: Section) -> bool:
    path = (*citation.section, citation.title)
    return case_path(citation.document_id) == section.document and plain(section.heading) in map(plain, path)


def _quoted(reply: Reply, text_of: TextOf) -> tuple[Quoted, ...]:
    """The quotes of an answer, or the one of what a refusal shows."""
    citations = reply.citations if isinstance(reply, Answer) else tuple(filter(None, (reply.nearest,)))
    return tuple(
        Quoted(
            citation.id, case_path(citation.document_id), citation.section, citation.quote,
            exact=_is_exact(citation, text_of(citation.document_id, citation.version)),
        )
        for citation in citations
    )  # fmt: skip


def _is_exact(citation: Citation, text: str | None) -> bool:
    return text is not None and bool(citation.quote) and text[citation.start : citation.end] == citation.quote


def _seen(case: Case, passages: Sequence[Passage]) -> tuple[Seen, ...]:
    paths = [case_path(passage.chunk.document_id) for passage in passages]
    return tuple(
        Seen(path, passage.chunk.section, round(passage.score, 4), passage.chunk.text, path in case.documents)
        for path, passage in zip(paths, passages, strict=True)
    )


def _asked(case: Case) -> dict[str, Any]:
    return {
        "id": case.id, "question": case.question, "answerable": case.answerable, "expected": _expected(case),
        "reasons": () if case.any_refusal else tuple(sorted(case.refusals)),
        "documents": tuple(sorted(case.documents)), "facts": case.facts,
        "sections": tuple((section.document, section.heading) for section in case.sections),
        "slices": tuple(sorted(case.slices)), "language": case.language, "jurisdiction": case.jurisdiction,
        "as_of": case.as_of.isoformat() if case.as_of else None,
        "history": tuple((exchange.question, exchange.answer) for exchange in case.history),
    }  # fmt: skip


def _expected(case: Case) -> tuple[str, ...]:
    if not case.answerable:
        return (f"a refusal: {_one_of(sorted(case.refusals), case.any_refusal)}",)
    sections = [f"section: {section.document} § {section.heading}" for section in case.sections]
    return (
        *(f"says: {' or '.join(wordings)}" for wordings in case.facts),
        *(f"does not say: {' or '.join(wordings)}" for wordings in case.forbidden),
        *sections,
        f"cites: {' or '.join(sorted(case.documents))}",
    )


def _one_of(names: Sequence[str], any_of_them: bool) -> str:
    return "any reason" if any_of_them else " or ".join(names)


def _says_one(text: str, wordings: Sequence[str]) -> bool:
    return any(says(text, wording) for wording in wordings)


def _share(marks: Sequence[bool], *, none: float = 1.0) -> float:
    return sum(marks) / len(marks) if marks else none
