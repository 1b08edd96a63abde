"""Rules on the words: promises, figures that will change, and shapes that make poor answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.blocks import LISTED, Block, BlockKind
from ingest.canonical import Placed
from ingest.check.document import CheckedDocument, Statement
from ingest.check.finding import Code, Finding
from ingest.check.measures import measures
from ingest.sentences import word_count

__all__ = ["check_wording"]

_MAX_PARAGRAPH_WORDS = 150
"""About 200 of the 256 pieces that the embedding model reads at once, with the title above them."""

_RIGHT = (
    r"(?:visa|permit|status|residen\w+|citizenship|passport|green card|approv\w+|grant\w*|accept\w+|asylum|extension)"
)
_YOU_WILL = r"\byou(?:'ll| will| are going to| shall)(?: \w+)?"
_PROMISE = re.compile(
    rf"{_YOU_WILL} (?:get|receive|obtain|be given|have)(?: \w+){{0,3}} {_RIGHT}\b"
    rf"|{_YOU_WILL} be (?:approved|accepted|granted|allowed in|let in)\b"
    r"|\byour (?:\w+ )?(?:application|visa|permit|petition|claim)(?: will|'ll)(?: \w+)? be (?:approved|granted)\b"
    r"|\b(?:is|are|be) (?:guaranteed|certain to be (?:approved|granted|accepted)|sure to (?:get|be))\b"
    r"|\b(?:we|this) (?:guarantee|promise)s?\b"
    r"|\byou (?:definitely |certainly |surely )?qualify\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:if|when|once|after|unless|until|may|might|can|whether|not|never|no|nobody|cannot|says?|only|who)\b|n't\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"(?:\$|£|€)\s?\d|\d\s?(?:dollars|euros?|pounds)\b|\b[A-Z]{3}\s?\d|\d\s?(?:CAD|USD|AUD|NZD|EUR|GBP)\b"
)
_ASKED_FOR = re.compile(
    r"\b(?:fees?|costs?|pay|paid|price|charges?|funds|savings|salary|income|surcharge)\b", re.IGNORECASE
)
_WAITING = re.compile(
    r"\b(?:processing|waiting) times?\b|\bdecisions?\b[^,;.]{0,60}?\b(?:takes?|come|is (?:\w+ )?made)\b", re.IGNORECASE
)
_TIMES = ("day", "month")
_DATED = re.compile(
    r"\b(?:as of|since|from|in|until)\b[^.;]*\b20\d\d\b|\bhttps?://|\bwww\.|\bofficial\b|\bGOV\.UK\b", re.IGNORECASE
)


def check_wording(document: CheckedDocument) -> Iterator[Finding]:
    """Sentences and blocks that an editor should look at again."""
    for statement in document.statements():
        yield from _statement(statement)
    for before, at, following in _with_neighbours(document.canonical.placed):
        for code, message, fix in _shape(before, at.block, following):
            yield document.finding(code, message, fix, line=document.line_of(at))


def _statement(statement: Statement) -> Iterator[Finding]:
    text, document = statement.text, statement.document
    if (promise := _PROMISE.search(text)) and not _HEDGED.search(text):
        message = f"this reads as a promise: {promise.group()!r}"
        fix = "say what the rule says and on which conditions: “you can apply if …”"
        yield document.finding(Code.PROMISE, message, fix, line=statement.line)
    changes = (_MONEY.search(text) and _ASKED_FOR.search(text)) or _tells_a_wait(text)
    if changes and not _DATED.search(text) and not _DATED.search(statement.placed.block.text):
        message = f"this figure changes, and nothing says of when it is: {_short(text)!r}"
        fix = "write “as of” and the month, or leave the figure to a link to the official page"
        yield document.finding(Code.FIGURE_WITHOUT_DATE, message, fix, line=statement.line)


def _tells_a_wait(text: str) -> bool:
    return bool(_WAITING.search(text)) and any(measure.unit.endswith(_TIMES) for measure in measures(text))


def _with_neighbours(placed: Sequence[Placed]) -> Iterator[tuple[Block | None, Placed, Block | None]]:
    for index, at in enumerate(placed):
        before = placed[index - 1].block if index else None
        yield before, at, placed[index + 1].block if index + 1 < len(placed) else None


def _shape(before: Block | None, block: Block, following: Block | None) -> Iterator[tuple[Code, str, str]]:
    if _is_heading(block) and (following is None or _is_heading(following, at_most=block.level or 1)):
        message = f"nothing stands below the heading {_short(block.text)!r}"
        yield Code.EMPTY_HEADING, message, "write its text, or remove it"
    if block.kind in (BlockKind.PARAGRAPH, BlockKind.ANSWER) and word_count(block.text) > _MAX_PARAGRAPH_WORDS:
        message = f"this paragraph has {word_count(block.text)} words; a passage takes about {_MAX_PARAGRAPH_WORDS}"
        yield Code.LONG_PARAGRAPH, message, "cut it where the subject changes"
    if block.kind is BlockKind.LIST_ITEM and not block.lead_in and not _goes_on(block, before):
        message = f"no sentence leads into the list that begins with {_short(block.text)!r}"
        yield Code.LIST_WITHOUT_LEAD_IN, message, "put a sentence that ends in a colon above it"


def _is_heading(block: Block, *, at_most: int = 99) -> bool:
    return block.kind in (BlockKind.HEADING, BlockKind.QUESTION) and bool(block.level) and (block.level or 1) <= at_most


def _goes_on(block: Block, before: Block | None) -> bool:
    return before is not None and before.kind in LISTED and before.unit == block.unit


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79].rstrip()}…"
