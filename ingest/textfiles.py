"""Bytes of a text file as text, whichever encoding they are in."""

from __future__ import annotations

import codecs
import re

import webencodings  # type: ignore[import-untyped]

from ingest.reasons import UnreadableReason, unreadable

__all__ = ["codec_of", "decode"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""<(?:meta[^>]+charset|\?xml[^>]+encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_ANY_BYTES = b"-\xe9"
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_WIDE_SAMPLE = 4096  # bytes
_COMMON = (" ", "\n", ".", ",", "\u3002", "\u3001")
_WESTERN = "cp1252"  # reads any byte; most unmarked text that is not UTF-8 was written in it
_GUESSED = (
    "cp1252 cp1250 iso8859_2 cp1251 koi8_r cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp932 euc_jp gb18030 big5 cp949"
).split()  # what people's programs wrote; of all that exist, rarer ones would win by chance
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
    """UTF-16 or UTF-32 without a mark: the one under which the text is whole and has the most spaces and full stops."""
    sample = data[: _WIDE_SAMPLE - _WIDE_SAMPLE % 4]
    if b"\0" not in sample:
        return None
    scores = {encoding: _score(sample, encoding) for encoding in _WIDE}
    best = max(_WIDE, key=lambda encoding: scores[encoding])
    return best if scores[best] else None


def _score(sample: bytes, encoding: str) -> int:
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return 0
    if any(not character.isprintable() and not character.isspace() for character in text):
        return 0
    return sum(map(text.count, _COMMON))


def codec_of(label: str) -> str | None:
    """Python's name of the encoding that pages and mails call `label`, None when there is none such for any bytes."""
    known = webencodings.lookup(label)
    if known is not None:
        return str(known.codec_info.name)
    try:
        _ANY_BYTES.decode(label, errors="replace")  # some of Python's are compression, or fail on a stray byte
        return codecs.lookup(label).name
    except (LookupError, ValueError):
        return None


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data[:4096])
    return codec_of(match[1].decode()) if match is not None else None


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes

    found = from_bytes(data[:100_000], cp_isolation=list(_GUESSED))
    best, western = found.best(), next((match for match in found if match.encoding == _WESTERN), None)
    if best is None:
        return _WESTERN
    is_as_good = western is not None and western.chaos <= best.chaos and western.coherence >= best.coherence
    return _WESTERN if is_as_good else best.encoding
