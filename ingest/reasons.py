"""Why a file gave no text: a closed set, each with a sentence that its editor understands."""

from __future__ import annotations

from enum import StrEnum

from core.errors import UnreadableDocument

__all__ = ["UnreadableReason", "unreadable"]


class UnreadableReason(StrEnum):
    """One word for programs; `sentence` says it to a person, with what to do."""

    BAD_METADATA = "bad_metadata"
    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    MALFORMED = "malformed"
    NEEDS_OCR = "needs_ocr"
    TIMED_OUT = "timed_out"
    TOO_LARGE = "too_large"
    UNAVAILABLE = "unavailable"
    UNSUPPORTED = "unsupported"

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    UnreadableReason.BAD_METADATA: "What the file says about itself cannot be used; correct it and save again.",
    UnreadableReason.EMPTY: "No text was found in the file; run text recognition (OCR) over a scan, or add text.",
    UnreadableReason.ENCRYPTED: "The file is protected with a password; save a copy without one.",
    UnreadableReason.MALFORMED: "The file is damaged or not what its name says; open it, save it anew and try again.",
    UnreadableReason.NEEDS_OCR: "The pages are pictures of text; run text recognition (OCR) over the file first.",
    UnreadableReason.TIMED_OUT: "Reading the file took too long; split it into smaller files.",
    UnreadableReason.TOO_LARGE: "The file is too large to read; split it into smaller files.",
    UnreadableReason.UNAVAILABLE: "The file cannot be opened; check that it is there and who may read it.",
    UnreadableReason.UNSUPPORTED: "Files of this kind cannot be read; save it as Markdown, PDF, DOCX or HTML.",
}


def unreadable(reason: UnreadableReason, detail: str = "") -> UnreadableDocument:
    """The error to raise: the reason's sentence, then `detail` on what was seen in this very file."""
    return UnreadableDocument(reason, f"{reason.sentence} ({detail})" if detail else reason.sentence)
