"""Questions in other languages than English that are refused for what they ask."""

from __future__ import annotations

from chains.languages import fold, wording
from core.types import AbstentionReason

__all__ = ["asks_for"]


def asks_for(text: str, language: str) -> AbstentionReason | None:
    """Whether a question asks for help with a lie, for a person's own case, or for a prediction; None when for none.

    English has rules of its own in `chains.abstain`; of other languages only plain wordings are known, since a question
    that is refused by mistake sends somebody away who could have been helped.
    """
    spoken = wording(language)
    if spoken.language != language:
        return None
    folded = fold(text)
    for reason in (AbstentionReason.UNLAWFUL, AbstentionReason.OWN_CASE, AbstentionReason.PREDICTION):
        if any(pattern.search(folded) for pattern in spoken.questions.get(reason, ())):
            return reason
    return None
