"""Messages that ask for a human instead of an answer, told by the wordings of every language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from chains.languages import SPOKEN, PersonWords, fold, wording

__all__ = ["person_wanted_in"]

_MOST_WORDS = 40
"""Who wants a person says so in a line; a long message tells a story, in which people are asked for elsewhere."""
_SENTENCE_END = re.compile(r"[.!?。！？؟।…\n]+")  # noqa: RUF001
_CLAUSE_END = re.compile(r"[,;，、；،–—]+|\s-\s")  # noqa: RUF001
_BREAK = re.compile(f"{_SENTENCE_END.pattern}|{_CLAUSE_END.pattern}")
_NO_WORD = re.compile(r"[\"“”«»„()\[\]*¿¡]+")
_UNSPACED = frozenset(("zh",))
_FEW_WORDS, _FEW_SIGNS = 3, 5


def person_wanted_in(text: str, language: str) -> str | None:
    """The language in which a message asks to be put through to a person; None when it does not.

    `language` is looked at first, then all others, since two words seldom tell theirs. A person who is sought elsewhere
    (an officer, a lawyer, somebody at the border) is none that could be asked here.
    """
    if len(text.split()) > _MOST_WORDS or len(text) > 10 * _MOST_WORDS:
        return None
    said = _said(fold(text).lower())
    codes = dict.fromkeys((language, *SPOKEN)) if language in SPOKEN else dict.fromkeys(SPOKEN)
    return next((code for code in codes if _asks(said, code)), None)


@dataclass(frozen=True, slots=True)
class _Said:
    """A message in folded small letters, its `words` alone, and each sentence with the words of it and its clauses.

    What is the whole message is not among the parts once more.
    """

    plain: str
    words: str
    sentences: tuple[tuple[str, tuple[str, ...]], ...]


def _said(plain: str) -> _Said:
    whole = _words(_BREAK.sub(" ", plain))
    sentences = []
    for sentence in _SENTENCE_END.split(plain):
        parts = dict.fromkeys(map(_words, (_CLAUSE_END.sub(" ", sentence), *_CLAUSE_END.split(sentence))))
        sentences.append((sentence, tuple(part for part in parts if part != whole)))
    return _Said(plain, whole, tuple(sentences))


def _asks(said: _Said, language: str) -> bool:
    # What must not stand there is looked for last: hardly any message has a clause that could be a request.
    request, unless = _patterns(language)
    if request.fullmatch(said.words) and not unless.search(said.plain):
        return True
    return any(
        any(_says_it_all(words, language) and request.fullmatch(words) for words in parts)
        and not unless.search(sentence)
        for sentence, parts in said.sentences
    )


def _says_it_all(clause: str, language: str) -> bool:
    """Whether a clause can be a request beside others: "agent" alone may be the name of whoever is quoted."""
    return len(clause) >= _FEW_SIGNS if language in _UNSPACED else len(clause.split()) >= _FEW_WORDS


def _words(part: str) -> str:
    return " ".join(_NO_WORD.sub(" ", part).split())


@lru_cache(maxsize=len(SPOKEN))
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What a whole clause must be, and what must not stand in its sentence; both of folded small letters."""
    said: PersonWords = wording(language).person
    gap = " ?" if language in _UNSPACED else " "
    request = "|".join(f"(?:{one})" for one in said.request).replace("{who}", f"(?:{said.who})")
    whole = f"(?:(?:{said.opening}){gap})*(?:{request})(?:{gap}(?:{said.closing}))*"
    return re.compile(fold(whole).lower()), re.compile(fold(said.unless).lower())
