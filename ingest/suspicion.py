"""What makes a passage suspicious: it addresses a machine, hides from readers, or would act on its own."""

from __future__ import annotations

import re
from enum import StrEnum

from ingest.disguise import fold, has_invisible_writing, other_readings, spaced_out, without_invisible
from ingest.families import Family
from ingest.order_patterns import ABOUT_ANSWER, ROLE_MARKERS, RUN_TOGETHER, SENDING, TO_MODEL

__all__ = ["Suspicion", "gives_orders", "suspicion_of"]


class Suspicion(StrEnum):
    """One word for programs; `sentence` says it to an editor, with what to look at."""

    ORDERS_TO_MODEL = "orders_to_model"
    ORDERS_ABOUT_ANSWER = "orders_about_answer"
    ROLE_MARKERS = "role_markers"
    EXFILTRATION = "exfiltration"
    DISGUISED_ORDERS = "disguised_orders"
    INVISIBLE_CHARACTERS = "invisible_characters"
    ACTIVE_MARKUP = "active_markup"
    HIDDEN_TEXT = "hidden_text"

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    Suspicion.ORDERS_TO_MODEL: "It speaks to an assistant, not to a reader: it tells it to drop its instructions, "
    "to play a part or to show what it was told.",
    Suspicion.ORDERS_ABOUT_ANSWER: "It tells an assistant what to answer, or in which form.",
    Suspicion.ROLE_MARKERS: "It holds marks that pretend to be another speaker in a conversation with an assistant.",
    Suspicion.EXFILTRATION: "It asks to send a conversation elsewhere, or holds a link or picture that would do so.",
    Suspicion.DISGUISED_ORDERS: "Read past its look-alike letters, spacing or code, it gives an assistant orders.",
    Suspicion.INVISIBLE_CHARACTERS: "It carries characters that nobody sees, which can spell out another text.",
    Suspicion.ACTIVE_MARKUP: "It holds program code of a web page, which has no place in a document.",
    Suspicion.HIDDEN_TEXT: "A person who opens the file does not see this text.",
}

_ACTIVE_MARKUP = Family(
    ("script", "<iframe", "data:text/html", "onerror", "onload", "onclick", "onmouse", "onfocus"),
    (
        re.compile(
            r"<\s*script\b|<\s*iframe\b|(?:java|vb)script:\s*[^\s,.;]|data:text/html[;,]"
            r"|<\w[^>]{0,300}\son(?:error|load|click|mouse\w+|focus)\s*=|\bon(?:error|load|mouse\w+)\s*=\s*[\"'\\]?\s*alert\b"
        ),
    ),
)
_ORDERS = (
    Suspicion.ORDERS_TO_MODEL,
    Suspicion.ORDERS_ABOUT_ANSWER,
    Suspicion.ROLE_MARKERS,
    Suspicion.EXFILTRATION,
    Suspicion.DISGUISED_ORDERS,
)
_FAMILIES = (
    (TO_MODEL, Suspicion.ORDERS_TO_MODEL),
    (SENDING, Suspicion.EXFILTRATION),
    (ROLE_MARKERS, Suspicion.ROLE_MARKERS),
    (ABOUT_ANSWER, Suspicion.ORDERS_ABOUT_ANSWER),
    ((_ACTIVE_MARKUP,), Suspicion.ACTIVE_MARKUP),
)


def suspicion_of(text: str) -> Suspicion | None:
    """Why the passage is to be kept out of answers, None for an ordinary one; `text` is as it was read, uncleaned."""
    seen = without_invisible(text)
    open_orders = _open(seen)
    if open_orders is not None:
        return open_orders
    if any(_open(reading) for reading in other_readings(seen)):
        return Suspicion.DISGUISED_ORDERS
    if any(pattern.search(fold(letters)) for letters in spaced_out(seen) for pattern in RUN_TOGETHER):
        return Suspicion.DISGUISED_ORDERS
    return Suspicion.INVISIBLE_CHARACTERS if has_invisible_writing(text) else None


def gives_orders(text: str) -> bool:
    """Whether it is meant for a machine, openly or in disguise."""
    return suspicion_of(text) in _ORDERS


def _open(text: str) -> Suspicion | None:
    folded = fold(text)
    return next((reason for families, reason in _FAMILIES if any(f.matches(folded) for f in families)), None)
