"""A wish and what is asked of it, as "I want to study in Canada, what do I need?", put as one question. Pure."""

from __future__ import annotations

import re

__all__ = ["as_one_question"]

_LONGEST = 12
"""Words of a wish: what is longer tells a story, and more than one thing may be meant."""
_LEANS = re.compile(r"\b(?:it|that|this|these|those|them|him|her|there|one)\b", re.IGNORECASE)
"""What a wish names by such a word stands before it, and the question would lose it."""
_ASKED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), question)
    for pattern, question in (
        (
            r"what (?:do|will|would|should) (?:i|we) (?:need|have to have)(?: for (?:it|this|that))?"
            r"|what(?:['’]s| is)(?: it that is)? (?:needed|required)|what are the requirements",
            "What do I need to {}?",
        ),
        (
            r"(?:what|which) (?:documents|papers) (?:do|will|would|should) (?:i|we) (?:need|have|bring)",
            "What documents do I need to {}?",
        ),
        (
            r"(?:what|which)(?: kind of| type of)? visa (?:do|should|must|would|will) (?:i|we) "
            r"(?:need|get|take|apply for|ask for)|(?:what|which)(?: kind of| type of)? visa is (?:it|that|right)",
            "Which visa do I need to {}?",
        ),
        (
            r"how (?:do|can|could|should) (?:i|we)(?: do| start| begin)?(?: it| this| that)?"
            r"|how to(?: do| start)(?: it| this| that)?|what (?:should|must|can|do) (?:i|we) do(?: first)?"
            r"|what are (?:the|my|our) (?:steps|options|ways)|where (?:do|should) (?:i|we) start|what comes first",
            "How can I {}?",
        ),
        (r"how much (?:does|will|would) (?:it|that|this) cost(?: me| us)?", "How much does it cost to {}?"),
        (r"how long (?:does|will|would) (?:it|that|this) take", "How long does it take to {}?"),
        (
            r"is (?:it|that|this) (?:possible|allowed|ok|okay)|(?:can|may) (?:i|we)(?: do (?:it|this|that|so))?",
            "Can I {}?",
        ),
    )
)
"""What stands behind the wish, and the question that asks the same of it."""
_WISH = re.compile(
    r"(?P<before>^|.*?[.!?;,] |.* and )(?:i|we)(?:['’]d| would| am| are|['’]m|['’]re)?(?: really| just| also)? "
    r"(?:want|like|love|wish|hope|plan|planning|hoping|intend) to "
    r"(?P<wish>[^.,;!?]+?)\s*[.,;:!-]+\s*(?:and |so |but )?(?P<asked>[^.,;!?]+?)[\s.?!]*$",
    re.IGNORECASE | re.DOTALL,
)
_JOINT = re.compile(r"[\s,;]*(?:\band)?\s*$")
"""What ties a wish to what stands before it."""


def as_one_question(text: str) -> str:
    """The question that a wish and what follows it ask together, behind what stands before; other text as it is."""
    found = _WISH.match(text)
    if found is None or len(found["wish"].split()) > _LONGEST or _LEANS.search(found["wish"]):
        return text
    asked = next((question for pattern, question in _ASKED if pattern.fullmatch(found["asked"].strip())), None)
    if asked is None:
        return text
    before = _JOINT.sub("", found["before"])
    if before and not before.endswith((".", "!", "?")):
        before += "."
    return f"{before} {asked.format(found['wish'])}".lstrip()
