"""Keywords with what is asked of them at their end, as "eta canada how much", written out as a question. Pure."""

from __future__ import annotations

import re

from retrieval.tokenise import FUNCTION_WORDS

__all__ = ["written_out"]

_MOST_KEYWORDS = 7
_LINKS = frozenset("for in of to from and or".split())
"""Small words that stand between keywords."""
_COST = r"(?:costs?|fees?|prices?)"
_ASKED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), question)
    for pattern, question in (
        (
            rf"(?:how much|what)(?: (?:is|are))?(?: the| it)? {_COST}|how much(?: is it| to pay)?"
            rf"|{_COST}(?: how much)?",
            "How much is {}?",
        ),
        (
            r"how long (?:is it |it is )?valid|(?:how long )?validity(?: period)?(?: how long)?",
            "How long is {} valid?",
        ),
        (
            r"(?:processing|waiting) times?(?: how long)?|how long (?:to (?:get|process)|processing|it takes|takes?)",
            "How long does the decision on {} take?",
        ),
        (
            r"(?:what |which )?(?:documents|papers) (?:needed|required|necessary)|(?:what|which) (?:documents|papers)",
            "What documents are needed for {}?",
        ),
    )
)
"""What stands behind the keywords, and the question that asks the same of them."""
_NO_PRICE = re.compile(
    r"\b(?:pay\w*|paid|refund\w*|back|return\w*|waive\w*|exempt\w*|money|funds?|income|salary|savings?|balance|proof"
    r"|deposit|tax\w*|fines?|living|tuition)\b",
    re.IGNORECASE,
)
"""Who pays, whether it comes back, and what one earns or shows are no prices."""
_END = re.compile(r"[\s?!]+$")


def written_out(text: str) -> str:
    """The question that a row of keywords asks; any other text as it is."""
    words = _END.sub("", text).split()
    if not words or not _is_keyword(words[0]):
        return text
    for at in range(1, min(len(words), _MOST_KEYWORDS + 1)):
        before, asked = words[:at], " ".join(words[at:])
        if not _is_keyword(before[-1]) and before[-1].lower() not in _LINKS:
            return text
        question = next((question for pattern, question in _ASKED if pattern.fullmatch(asked)), None)
        if question is not None and _is_keyword(before[-1]) and not _NO_PRICE.search(text):
            return question.format(" ".join(before).rstrip(",:;-"))
    return text


def _is_keyword(word: str) -> bool:
    plain = word.strip(",:;-()").lower()
    return plain not in FUNCTION_WORDS and any(map(str.isalnum, plain)) and not word.endswith((".", "?", "!"))
