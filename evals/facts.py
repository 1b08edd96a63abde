"""Whether a wording is said, in a reply or in a document, and whether the cases ask for what the documents hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from core.errors import NotFound
from evals.dataset import Case

__all__ = ["faults_of", "plain", "says"]

_QUOTATION = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2011": "-"})


@lru_cache(maxsize=2048)
def plain(text: str) -> str:
    """Text without what two typists would write differently: case, spaces, typographic marks."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_QUOTATION).casefold().split())


def says(text: str, wording: str) -> bool:
    """Whether `text` holds `wording`; a figure at its edge must be the whole figure, so that 124 does not say 24."""
    return _pattern(wording).search(plain(text)) is not None


def faults_of(case: Case, text_of: Callable[[str], str]) -> list[str]:
    """What a case asks for that its documents do not hold, in words; empty when it is sound.

    `text_of` gives the text of a document by its path in a case, or raises `NotFound`.
    """
    texts: dict[str, str] = {}
    faults = []
    for path in sorted(case.documents | {section.document for section in case.sections}):
        try:
            texts[path] = text_of(path)
        except NotFound:
            faults.append(f"{case.id} names {path!r}, which is not there")
    for wordings in case.facts:
        if texts and not _said_by_any(texts.values(), wordings):
            faults.append(f"{case.id} asks for {' or '.join(wordings)!r}, which none of its documents says")
    for section in case.sections:
        if section.document in texts and not says(texts[section.document], section.heading):
            faults.append(f"{case.id} names the section {section.heading!r}, which {section.document!r} does not have")
    return faults


def _said_by_any(texts: Iterable[str], wordings: Sequence[str]) -> bool:
    return any(says(text, wording) for text in texts for wording in wordings)


@lru_cache(maxsize=8192)
def _pattern(wording: str) -> re.Pattern[str]:
    wanted = plain(wording)
    before = r"(?<!\d)(?<!\d[.,])" if wanted[:1].isdigit() else ""
    after = r"(?!\d)(?![.,]\d)" if wanted[-1:].isdigit() else ""
    return re.compile(before + re.escape(wanted) + after)
