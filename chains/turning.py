"""Messages that turn to something else, told by how they begin. Pure."""

from __future__ import annotations

import re

__all__ = ["turns_away", "without_turn"]

_HEARD = r"(?:(?:and|but|so|ok(?:ay)?|no|well|then|now|fine|thanks|thank you|i see)\b[,.!]*\s+)*"
_HAVING = r"(?:(?:i (?:also )?have|i would like to ask|i want to ask|may i ask|can i ask|my|an?|one)\s+)*"
_ANOTHER = (
    r"(?:(?:(?:an)?other|(?:completely )?different|new|separate|unrelated|next) "
    r"(?:thing|question|topic|subject|matter|issue)\b"
    r"(?! is\b| (?:about|on|for|with) (?:the (?:same|form)|this|that|it)\b))"
)
_FORGET = r"(?:forget(?: about)?(?: the| my)? [\w-]{2,20}(?: (?:now|then))*)"
_LEAVE = r"(?:(?:i )?leave (?:it|that|this) (?:now|aside|for now))"
_BEGUN = (
    rf"{_HAVING}{_ANOTHER}|{_FORGET}(?=\s*[.,;:!])|{_LEAVE}(?=\s*[.,;:!])|now about (?:my|our|the|an?)\b"
    r"|(?:let(?:'s| us| me) |i (?:want|would like) to |to )?chang(?:e|ing) (?:the )?(?:subject|topic)\b"
    r"|something (?:else|(?:completely )?different)(?=\s*[.,;:!])"
)
_TURNS = re.compile(
    rf"(?:^\W*|[.!?,;:\n]\s+){_HEARD}(?:{_BEGUN})"
    r"|\bby the way\b|\bask (?:you )?(?:about )?something (?:else|different)\b|\band now this\s*[:.!,]",
    re.IGNORECASE,
)
_TURN = re.compile(rf"^\W*{_HEARD}(?:{_HAVING}{_ANOTHER}|{_FORGET}|{_LEAVE})\s*[.,;:!]+\s*", re.IGNORECASE)


def turns_away(message: str) -> bool:
    """Whether a message says that it is about something else than what was talked of."""
    return _TURNS.search(message) is not None


def without_turn(message: str) -> str:
    """The message without its "forget Canada." or "different question:", whose words would be looked for."""
    rest = _TURN.sub("", message, count=1)
    return rest if any(map(str.isalnum, rest)) else message
