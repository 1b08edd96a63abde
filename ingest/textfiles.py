"""Bytes of a text file as text, whichever encoding they are in."""

from __future__ import annotations

import codecs
import re

from ingest.reasons import UnreadableReason, unreadable

__all__ = ["decode"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""<(?:meta[^>]+charset|\?xml[^>]+encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_MAX_CONTROL_SHARE = 0.01  # text has next to none; a random byte is one in about one case of nine


def decode(data: bytes) -> str:
    """`data` as text: by its byte order mark, else UTF-8, else as it declares, else as it looks.

    Raises `UnreadableDocument` when it is not text at all. A character that a cut went through at the end is dropped.
    """
    text = _decode(data)
    controls = sum(text.count(chr(code)) for code in (*range(9), *range(14, 27), *range(28, 32)))
    if controls > _MAX_CONTROL_SHARE * len(text) + 1:
        raise unreadable(UnreadableReason.MALFORMED, "these bytes are not text")
    return text


def _decode(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    wide = _wide(data)
    if wide is not None:
        return data.decode(wide, errors="replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return data.decode(_declared(data) or _guessed(data), errors="replace")


def _wide(data: bytes) -> str | None:
    # Latin text in UTF-16 without a mark has a zero in every second byte.
    even, odd = data[0:2000:2].count(0), data[1:2000:2].count(0)
    if odd > 400 * min(1, len(data) / 2000) and not even:
        return "utf-16-le"
    return "utf-16-be" if even > 400 * min(1, len(data) / 2000) and not odd else None


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data[:4096])
    if match is None:
        return None
    try:
        return codecs.lookup(match[1].decode()).name
    except LookupError:
        return None


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:100_000]).best()
    # Windows' Western code page reads any byte; most unmarked text that is not UTF-8 was written in it.
    return best.encoding if best is not None else "cp1252"
