"""Text that is not what it seems: characters nobody sees, look-alike letters, codes and spelling that hide words."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator
from urllib.parse import unquote

__all__ = ["fold", "has_invisible_writing", "other_readings", "spaced_out", "without_invisible"]

_TAGS = re.compile("[\U000e0000-\U000e007f]")
_FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a\U000e0030-\U000e0039]{2,6}\U000e007f")  # UTS 51: England, Wales
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{3,}")  # one chooses a glyph; a row of them carries bytes
_INVISIBLE = "\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff\u180e"
_ZERO_WIDTH = re.compile(f"[{_INVISIBLE}]")
_ZERO_WIDTH_ROW = re.compile(f"[{_INVISIBLE}]{{8,}}")  # eight make a byte
_BROKEN_WORD = re.compile(rf"(?<![a-zа-яё])(?:[a-zа-яё]+[{_INVISIBLE}]+)+[a-zа-яё]+", re.IGNORECASE)
_MIN_BROKEN_WORDS = 3  # one or two come from copying out of a web page
_OVERRIDDEN = re.compile("[\u202d\u202e]([^\u202c\n]*)")
_MIN_REVERSED_LETTERS = 4

_LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕԁһӏԛԝгвкмнтАВЕКМНОРСТХІЈЅοανρτυικχεΑΒΕΖΗΙΚΜΝΟΡΤΥΧɡɩ",
    "aeopcyxijsdhlqwrbkmhtABEKMHOPCTXIJSoavptuikxeABEZHIKMNOPTYXgi",
)
_MIXED_WORD = re.compile(
    r"\b(?=\w*[a-z])(?=\w*[\u0370-\u03ff\u0400-\u052f])[a-z\u0370-\u03ff\u0400-\u052f]{3,}\b", re.I
)
_LEET = str.maketrans("013457@$!|", "oieastasil")
_LEET_L = str.maketrans("013457@$!|", "oleastasil")
_LEET_HINT = re.compile(r"[a-z][013457@$][a-z]", re.I)
_LEET_WORD = re.compile(r"(?<!\w)(?=\S{0,60}[a-z])(?=\S{0,60}[013457@$!|])[a-z013457@$!|]{3,}(?!\w)", re.I)
_MIN_LEET_WORDS = 2
# An underscore stands between letters and is none: read as both, the lines of a form would be tried in endless ways.
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W_][ \u00a0._*\-]{1,3}){7,}[^\W_](?![^\W_])")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}[ :]?){16,}")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}.{0,12}){2,}")
_MAX_CODED = 20_000  # characters; a picture written as text is longer and no words
_ROT13_WORDS = re.compile(  # instruct, prompt, previous, ignor, forget, override, disregard, reveal
    r"\b(?:vafgehpg|cebzcg|cerivbhf|vtabe|vtaben|sbetrg|bireevqr|qvfertneq|erirny)", re.IGNORECASE
)


_MARKS = re.compile(r"[\u0300-\u036f\u0640\u064b-\u0655\u093c]")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "，": ",", "\u00a0": " "})


def fold(text: str) -> str:
    """Text in one form to compare it in: compatible letters, no case, no accents, plain quotation marks."""
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    return text if text.isascii() else unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", text)))


def has_invisible_writing(text: str) -> bool:
    """Whether it carries characters that no reader sees and no honest spelling needs."""
    if text.isascii():
        return False
    if _TAGS.search(_FLAG.sub("", text)) or _SELECTORS.search(text) or _ZERO_WIDTH_ROW.search(text):
        return True
    if _ZERO_WIDTH.search(text) and len(set(_BROKEN_WORD.findall(text))) >= _MIN_BROKEN_WORDS:
        return True
    return any(len(re.findall(r"[a-z]", run, re.I)) >= _MIN_REVERSED_LETTERS for run in _OVERRIDDEN.findall(text))


def without_invisible(text: str) -> str:
    """The text as a program reads it that skips format characters; tag characters count as the letters they are."""
    if text.isascii():
        return text
    text = _TAGS.sub(lambda tag: chr(ord(tag.group()) - 0xE0000) if ord(tag.group()) > 0xE001F else "", text)
    return "".join(c for c in _SELECTORS.sub("", text) if unicodedata.category(c) != "Cf")


def other_readings(text: str) -> Iterator[str]:
    """What else the text, free of invisible characters, may be meant to say; none for ordinary prose."""
    if not text.isascii() and _MIXED_WORD.search(text):
        yield text.translate(_LOOK_ALIKES)
    if _LEET_HINT.search(text) and len(_LEET_WORD.findall(text)) >= _MIN_LEET_WORDS:
        yield _LEET_WORD.sub(lambda word: word.group().translate(_LEET), text)
        yield _LEET_WORD.sub(lambda word: word.group().translate(_LEET_L), text)
    if _PERCENT.search(text):
        yield unquote(text)
    if _ROT13_WORDS.search(text):
        yield codecs.decode(text, "rot13")
    yield from _decoded(text)


def spaced_out(text: str) -> Iterator[str]:
    """Runs of letters that were written apart, "l i k e t h i s", put together again."""
    for run in _SPACED.finditer(text):
        yield re.sub(r"[\W_]", "", run.group())


def _decoded(text: str) -> Iterator[str]:
    for found in _BASE64.finditer(text[:_MAX_CODED]):
        coded = found.group().rstrip("=").replace("-", "+").replace("_", "/")
        yield from _words_in(coded + "=" * (-len(coded) % 4), base64.b64decode)
    for found in _HEX.finditer(text[:_MAX_CODED]):
        yield from _words_in(re.sub("[ :]", "", found.group()), bytes.fromhex)


def _words_in(coded: str, decode: Callable[[str], bytes]) -> Iterator[str]:
    try:
        text = decode(coded).decode()
    except (binascii.Error, ValueError):
        return
    if text.isprintable() or not any(unicodedata.category(c) == "Cc" and c not in "\n\r\t" for c in text):
        yield text
