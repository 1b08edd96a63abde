"""Sentences of a text as spans, in any language whose sentences end in a mark."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["clause_spans", "sentence_spans", "word_count"]

Span = tuple[int, int]

# A mark, what may close after it, then space; the marks of Chinese and Japanese need no space.
# A row of dots, as in a table of contents, is tried from its first one only.
_END = re.compile(r"""(?:(?<![.!?…؟।॥۔])[.!?…؟।॥۔]+["'”’»)\]]*(?:\[\d{1,3}\])*(?=\s)|[。！？｡]+[”’」』）)]*)""")
_ABBREVIATIONS = frozenset(
    """
    a.m adj al alt app approx apr apt art arts assn assoc attn aug ave bldg blvd capt cc cf ch chap cl co col corp cpl
    ct dec dept dept dist div dr ed eds e.g eg encl esp est etc ex exec ext feb fig figs fn fri ft gen gov hon i.e ie
    inc incl ill inst jan jr jul jun lt ltd m.p mar max messrs min misc mon mr mrs ms mt n.b nat'l nb no nos nov oct op
    p.m para paras par pg pp pres prof pt pub r.s.c ref reg regs rep rev s.c sat sec secs sect sen sep sept sgt sr ss st
    subs subss sun supp tel temp thu thurs tue u.s v viz vol vols vs wed wk yr yrs bzw ca d.h usw z.b sra dra av env
    """.split()
)
_ALWAYS_GO_ON = frozenset(
    "e.g eg i.e ie cf vs v dr mr mrs ms prof st messrs hon fig figs para paras sec ss subs".split()
)
_BEFORE_A_NUMBER = frozenset("no nos s p pp pt ch".split())
_MAY_END = frozenset("u.s a.m p.m etc inc ltd co".split())
_ALSO_WORDS = frozenset("no nos al alt art ex fig gen inst mar max mon pub rep sat sec sect st sun".split())
_LONGEST_WORD = 40  # characters; none that takes a full stop is longer
_CLAUSE = re.compile(r"[;:,،；，、—–]\s*|\s(?=(?:and|or|but|if|unless|because|which|that)\s)")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0eff]")
_CJK_CHARS_PER_WORD = 2  # the mean length of a Chinese word in running text


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of `text[start:end]`, without the space around them; every other character is in exactly one."""
    end = len(text) if end is None else end
    spans = []
    begin = start
    for match in _END.finditer(text, start, end):
        if _ends_here(text, begin, match, end):
            spans.append((begin, match.end()))
            begin = match.end()
    spans.append((begin, end))
    return [span for span in (_stripped(text, *span) for span in spans) if span[0] < span[1]]


def clause_spans(text: str, start: int, end: int) -> Iterator[Span]:
    """`text[start:end]` cut where a long sentence may be cut with least harm: at clauses."""
    begin = start
    for match in _CLAUSE.finditer(text, start, end):
        if match.end() > begin:
            span = _stripped(text, begin, match.end())
            if span[0] < span[1]:
                yield span
            begin = match.end()
    span = _stripped(text, begin, end)
    if span[0] < span[1]:
        yield span


def word_count(text: str) -> int:
    """Words between spaces; in scripts without spaces, two characters count as one."""
    dense = len(_CJK.findall(text))
    if not dense:
        return len(text.split())
    return len(_CJK.sub(" ", text).split()) + -(-dense // _CJK_CHARS_PER_WORD)


def _ends_here(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    if match.end() >= end or match[0][0] != ".":
        # An exclamation within quotes goes on in lower case: "Stop!" she said.
        return match.end() >= end or match[0][0] not in "!?…" or not _next_char(text, match.end(), end).islower()
    following = _next_char(text, match.end(), end)
    if following.islower() or following in ",;:)":
        return False
    word, is_first = _word_before(text, begin, match.start())
    if is_first and re.fullmatch(r"\(?(\d{1,3}|[a-z]|[ivx]+)(\.\d+)*", word):
        return False  # the number of a list item or a section
    if word in _ALWAYS_GO_ON or (word in _BEFORE_A_NUMBER and following.isdigit()):
        return False
    if word in _MAY_END:
        return _starts_sentence(text, match.end(), end)
    if word in _ABBREVIATIONS and word not in _ALSO_WORDS:
        return False
    # A single capital is the initial of a name: "J. Smith".
    return not (len(word) == 1 and word != "i" and text[match.start() - 1].isupper())


def _word_before(text: str, begin: int, mark: int) -> tuple[str, bool]:
    """The word that the mark at `mark` closes, in lower case, and whether it is the sentence's first."""
    words = text[max(begin, mark - _LONGEST_WORD) : mark].split()
    last = words[-1] if words else ""
    return last.lstrip("(\"'“‘[").lower(), mark - begin <= len(last) + 1


def _starts_sentence(text: str, at: int, end: int) -> bool:
    following = text[at:end].split(maxsplit=1)
    return bool(following) and following[0].lower().strip("\"'“(") in _OPENERS


_OPENERS = frozenset(
    """
    a all although an and any as at because before but each every for from he here how however i if in it its most
    my no not on once our please she since some such that the their then there these they this those to under unless
    until we what when where which while who why with you your
    """.split()
)


def _next_char(text: str, at: int, end: int) -> str:
    while at < end and (text[at].isspace() or text[at] in "\"'“‘«(["):
        at += 1
    return text[at] if at < end else ""


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
