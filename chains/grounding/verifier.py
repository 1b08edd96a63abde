"""Nothing reaches a person that was not checked: quotes are found, sentences are held against them, or replaced."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chains.drafts import DraftSentence
from chains.grounding.quotes import LocatedQuote, SourceSentence, locate, says_enough, widen
from chains.grounding.reasons import UnsupportedReason
from chains.grounding.support import unsupported
from chains.grounding.wording import content_words
from core.types import Passage

__all__ = ["GroundedSentence", "Verdict", "ground", "source_sentence", "verify"]

MIN_REPLACEMENT_SHARE = 0.3
"""Share of a rejected sentence's words that a source sentence must hold to stand in for it; below, it is about
something else."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence may be shown, and if not, why; `quotes` are those that were found."""

    supported: bool
    reason: UnsupportedReason | None
    quotes: tuple[LocatedQuote, ...] = ()


@dataclass(frozen=True, slots=True)
class GroundedSentence:
    """A sentence that may be shown and the quotes it rests on, never none; `replaced` says whose words it is."""

    text: str
    quotes: tuple[LocatedQuote, ...]
    replaced: bool = False


def ground(drafts: Iterable[DraftSentence], passages: Sequence[Passage]) -> Iterator[GroundedSentence]:
    """Check drafts as they arrive; what no source carries gives way to the source's own sentence, or is left out."""
    shown: set[str] = set()
    for draft in drafts:
        grounded = _ground_one(draft, passages)
        if grounded is None or _plain(grounded.text) in shown:
            continue
        shown.add(_plain(grounded.text))
        yield grounded


def verify(draft: DraftSentence, passages: Sequence[Passage]) -> Verdict:
    """Hold one sentence against the whole source sentences that its quotes lie in."""
    if not draft.quotes:
        return Verdict(False, UnsupportedReason.NO_QUOTE)
    located = tuple(found for quote in draft.quotes if (found := locate(quote, passages)))
    if not located:
        return Verdict(False, UnsupportedReason.QUOTE_NOT_FOUND)
    stated = [quote for quote in dict.fromkeys(located) if widen(quote, passages)]
    quotes = tuple(quote for quote in stated if says_enough(quote, passages))
    if not quotes:
        return Verdict(False, UnsupportedReason.QUOTE_TOO_SHORT if stated else UnsupportedReason.NOT_A_STATEMENT)
    sources = _sources(quotes, passages)
    if _is_verbatim(draft.text, quotes, sources, passages):
        return Verdict(True, None, _introduced(quotes, sources))
    reason = _reason(draft.text, quotes, sources, passages)
    return Verdict(reason is None, reason, _introduced(quotes, sources) if reason is None else quotes)


def source_sentence(
    quotes: Sequence[LocatedQuote], passages: Sequence[Passage], *, instead_of: str = ""
) -> SourceSentence | None:
    """The source's own sentence nearest to a rejected one; None when none of the quoted ones is about the same."""
    wanted = frozenset(content_words(instead_of))
    best = max(_sources(quotes, passages), key=lambda source: _share(wanted, source), default=None)
    return best if best and _share(wanted, best) >= MIN_REPLACEMENT_SHARE else None


def _ground_one(draft: DraftSentence, passages: Sequence[Passage]) -> GroundedSentence | None:
    verdict = verify(draft, passages)
    if verdict.supported:
        return GroundedSentence(draft.text.strip(), verdict.quotes)
    source = source_sentence(verdict.quotes, passages, instead_of=draft.text)
    if source is None:
        return None
    # The source's own words that only lacked what introduces them were completed, not replaced.
    return GroundedSentence(source.text, source.quotes, replaced=_plain(draft.text) not in _plain(source.text))


def _sources(quotes: Sequence[LocatedQuote], passages: Sequence[Passage]) -> tuple[SourceSentence, ...]:
    return tuple(dict.fromkeys(sentence for quote in quotes for sentence in widen(quote, passages)))


def _is_verbatim(
    text: str, quotes: Sequence[LocatedQuote], sources: Sequence[SourceSentence], passages: Sequence[Passage]
) -> bool:
    """Whether the text is the source's own: a sentence, several in their order, or a whole list with what opens it."""
    said = _plain(text)
    together = (" ".join(source.text for source in sources), _as_list(sources))
    if said in (_plain(source.text) for source in sources) or said in map(_plain, together):
        return True
    quotable = {(quote.start, quote.end) in passages[quote.passage_index].chunk.sentences for quote in quotes}
    return quotable == {True} and len(quotes) == 1 and ":" in quotes[0].text and said == _plain(quotes[0].text)


def _as_list(sources: Sequence[SourceSentence]) -> str:
    """The items of one list in their order, with what introduces them said once; empty where they are none."""
    openings = {source.quotes[:-1] for source in sources}
    opening = openings.pop() if len(openings) == 1 else ()
    return " ".join(quote.text for quote in (*opening, *(source.quotes[-1] for source in sources))) if opening else ""


def _reason(
    text: str, quotes: Sequence[LocatedQuote], sources: Sequence[SourceSentence], passages: Sequence[Passage]
) -> UnsupportedReason | None:
    quoted = [passages[index] for index in sorted({quote.passage_index for quote in quotes})]
    # The closed lists are English; in another language only the source's own words can be vouched for.
    if any(not passage.meta.language.lower().startswith("en") for passage in quoted):
        return UnsupportedReason.LANGUAGE
    context = " . ".join(part for passage in quoted for part in (passage.meta.title, *passage.chunk.section))
    jurisdictions = {passage.jurisdiction for passage in quoted}
    jurisdiction = jurisdictions.pop() if len(jurisdictions) == 1 else ""
    return unsupported(text, [source.text for source in sources], context=context, jurisdiction=jurisdiction)


def _introduced(quotes: Sequence[LocatedQuote], sources: Sequence[SourceSentence]) -> tuple[LocatedQuote, ...]:
    """The quotes, after the lines that introduce the lists they are items of: the sentence was held against both."""
    openings = [opening for source in sources for opening in source.quotes[:-1]]
    return tuple(dict.fromkeys((*openings, *quotes)))


def _share(wanted: frozenset[str], source: SourceSentence) -> float:
    return len(wanted & frozenset(content_words(source.text))) / len(wanted) if wanted else 1.0


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+|[%$£€]", text)).lower()
