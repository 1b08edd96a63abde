"""Text to BM25 terms: form codes and amounts stay whole, stems by language, bigrams where words have no spaces."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from string import ascii_lowercase as _LETTERS

import Stemmer

__all__ = [
    "FUNCTION_WORDS",
    "STEMMED_LANGUAGES",
    "TERMS_VERSION",
    "cached_terms",
    "content_terms",
    "query_terms",
    "terms",
]

TERMS_VERSION = 3
"""Raise it when a text comes to have other terms: every keyword index is then made anew when it is opened."""

STEMMED_LANGUAGES: dict[str, str] = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french",
    "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "uk": "ukrainian",
}  # fmt: skip
"""ISO 639-1 code to Snowball algorithm; Snowball has none for Ukrainian, whose endings are cut below."""

_UKRAINIAN_ENDINGS = tuple(
    sorted(
        (
            "ами ями ові еві єві ого ому ими іми ів ах ях ам ям ом ем єм ою ею єю ити ати яти іти ять ють ить ила или"
            " ало али иі ій им их в а я у ю о"
            " е є и і ь"
        ).split(),
        key=len,
        reverse=True,
    )
)
"""As folded, where й has become и and ї і. Hit@1 of 18 Ukrainian questions: 15 with the Russian stemmer, 16 so."""
_LEAST_STEM = 3

# A script of its own settles the language, whatever the document declares; the first of each set is the default.
_SCRIPTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("\u0370", "\u03ff", ("el",)),
    ("\u0400", "\u04ff", ("ru", "sr", "uk")),
    ("\u0530", "\u058f", ("hy",)),
    ("\u0600", "\u06ff", ("ar", "fa")),
    ("\u0900", "\u097f", ("hi", "ne")),
    ("\u0b80", "\u0bff", ("ta",)),
)
_SCRIPT_LANGUAGES = frozenset(language for _, _, languages in _SCRIPTS for language in languages)

# Marks that a reader may leave out: Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowel signs and tatweel,
# the Devanagari dot. Indic and Thai vowel signs are marks too, but part of the word.
_OPTIONAL_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670\u093c]")
# Letters that Unicode does not take apart, as people write them without their keyboard: Vietnamese, Turkish, Polish.
_PLAIN_LETTER = str.maketrans("đıłø", "dilo")
_CYRILLIC_APOSTROPHE = re.compile("(?<=[\u0400-\u04ff])['\u02bc](?=[\u0400-\u04ff])")

_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")

# Lao, Thai, Burmese, Khmer, Han, kana and Hangul: written without spaces, or with endings that hide the word.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff"
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
)
# Python's \w leaves out the vowel signs of the Indic scripts; \u0964 and \u0965 are their full stops.
_INDIC = "\u0900-\u0963\u0966-\u0dff"

_NUMBERS = r"""
      (?P<code>(?<![^\W_])[a-z]{1,5}-?\d{1,5}[a-z]{0,2}(?![^\W_]))  # i-485, ds-160, n400, i-129f
    | (?P<grouped>\d{1,3}(?:(?P<gap>[.' ])\d{3})(?:(?P=gap)\d{3})*(?:,\d\d)?(?![\d.,]*\d))  # 1 000, 1.000,00
    | (?P<amount>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+\.\d+)           # 1,365.00
    | (?P<number>\d+[a-z]{0,2})                                          # 5710e, 3rd
"""
_SHORTENED = r"(?:'(?:s|t|re|ve|ll|d|m)\b)?"
_TOKEN = re.compile(
    rf"""{_NUMBERS}
    | (?P<unspaced>[{_UNSPACED}]+)
    | (?P<word>(?:(?![{_UNSPACED}])[^\W\d_]|[{_INDIC}])+{_SHORTENED})
    """,
    re.VERBOSE,
)
_ASCII_TOKEN = re.compile(
    rf"""
      (?P<plain>(?:[a-z]++(?!-?\d){_SHORTENED}[^a-z\d]*+)+)
    | {_NUMBERS}
    | (?P<word>[a-z]+{_SHORTENED})
    """,
    re.VERBOSE,
)
"""The same tokens of a text in ASCII, but words that are no codes, since no digit follows them, in one match."""
_PLAIN_WORD = re.compile(rf"[a-z]+{_SHORTENED}")
_DIGIT = re.compile(r"[0-9]")
"""Most sentences have nothing but plain words; these find them in a tenth of the time."""
_CODE = re.compile(r"([a-z]+)-?(\d+)([a-z]*)")
_PLAIN_FRACTION = re.compile(r"\.0+$")
_BETWEEN_GROUPS = re.compile(r"[.' ]")
_LONGEST_CODE_WORD = 8  # as in "subclass 482"
_CODE_NUMBER = re.compile(r"(?!(?:19|20)\d\d$)\d{3,5}")  # shorter numbers count things, and 2026 is a year
_NO_CODE_WORDS = frozenset(
    ["a", "about", "at", "by", "for", "from", "in", "of", "on", "only", "or", "over", "to", "under"]
)

FUNCTION_WORDS = frozenset(
    (
        "a about after all also am an and any are as at be because been before but by can could did do does done for"
        " from get had has have he her him his how i if in into is it it's its may me might more most must my of on"
        " only or other our out over shall she should so some such than that the their them then there these they this"
        " those to under until up us was we were what when where whether which while who whom whose why will with would"
        " you your"
    ).split()
)
"""English words that carry no meaning of their own."""

_local = threading.local()


def terms(text: str, language: str = "en") -> list[str]:
    """The terms of `text` in reading order, repeats kept.

    Stop words stay in: leaving them out costs .02 to .04 nDCG@10.
    """
    return [_stem(token, language) if is_word else token for token, is_word in _all_tokens(text)]


def cached_terms(text: str, language: str = "en") -> tuple[str, ...]:
    """The same, remembered: for sentences that are looked at again and again."""
    return _read(text, language)[0]


@lru_cache(maxsize=4096)
def content_terms(text: str, language: str = "en") -> frozenset[str]:
    """The distinct terms of `text` that carry meaning: English function words are left out."""
    return frozenset(_read(text, language)[1])


@lru_cache(maxsize=8192)
def _read(text: str, language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The terms of a text, and those of them that are of no function word."""
    tokens = _all_tokens(text)
    stems = [_stem(token, language) if is_word else token for token, is_word in tokens]
    meaning = [stem for (token, _), stem in zip(tokens, stems, strict=True) if token not in FUNCTION_WORDS]
    return tuple(stems), tuple(meaning)


def query_terms(text: str, languages: Sequence[str] = ("en",)) -> list[tuple[str, ...]]:
    """For each token of a question its distinct stems in `languages`, those of the documents that may answer it."""
    found = []
    for token, is_word in _tokens(text):
        stems = [_stem(token, language) for language in languages] if is_word else [token]
        found.append(tuple(dict.fromkeys(stems)))
    return found


def _all_tokens(text: str) -> list[tuple[str, bool]]:
    """Each token, and whether it is a word that can be stemmed."""
    words = _plain_words(text)
    return _tokens(text) if words is None else [(word, True) for word in words]


def _plain_words(text: str) -> list[str] | None:
    """The tokens of a text that has nothing but words; None where some token has to be told apart, which is slow."""
    plain = text.lower().replace("\u2019", "'")
    return _PLAIN_WORD.findall(plain) if plain.isascii() and not _DIGIT.search(plain) else None


def _tokens(text: str) -> list[tuple[str, bool]]:
    """The same, whatever the text holds."""
    folded = _fold(text)
    found: list[tuple[str, bool]] = []
    before = ""
    for match in (_ASCII_TOKEN if folded.isascii() else _TOKEN).finditer(folded):
        token, kind = match.group(), match.lastgroup
        if kind in ("plain", "word"):
            words = _PLAIN_WORD.findall(token) if kind == "plain" else [token]
            found += [(word, True) for word in words]
            before = words[-1]
            continue
        found += [(part, False) for part in _parts(token, kind)]
        if kind == "number" and before and folded.endswith(f"{before} ", 0, match.start()):
            found += [(code, False) for code in _spaced_code(before, token)]
        before = ""
    return found


def _parts(token: str, kind: str | None) -> Iterator[str]:
    if kind == "code":
        yield from _code_parts(token)
    elif kind == "grouped":
        yield _PLAIN_FRACTION.sub("", _BETWEEN_GROUPS.sub("", token).replace(",", "."))
    elif kind == "amount":
        yield _PLAIN_FRACTION.sub("", token.replace(",", ""))
    elif kind == "number":
        yield token
        if (digits := token.rstrip(_LETTERS)) != token:
            yield digits
    elif len(token) == 1:
        yield token
    else:
        yield from (first + second for first, second in pairwise(token))


def _spaced_code(word: str, number: str) -> Iterator[str]:
    """The code in words such as "imm 5710e", which is IMM5710E; "in 2026" and "over 18" are none."""
    digits = number.rstrip(_LETTERS)
    may_name_a_form = word.isascii() and len(word) <= _LONGEST_CODE_WORD and word not in _NO_CODE_WORDS
    if may_name_a_form and _CODE_NUMBER.fullmatch(digits):
        yield from dict.fromkeys((word + number, word + digits))


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")
    if folded.isascii():
        return folded
    folded = _CYRILLIC_APOSTROPHE.sub("", folded.translate(_PLAIN_LETTER))
    bare = unicodedata.normalize("NFC", _OPTIONAL_MARKS.sub("", unicodedata.normalize("NFD", folded)))
    return _FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit.group())), bare)


def _code_parts(code: str) -> Iterator[str]:
    match = _CODE.fullmatch(code)
    assert match is not None
    letters, digits, suffix = match.groups()
    yield letters + digits + suffix
    if suffix:
        yield letters + digits
    yield digits
    if len(letters) > 1:
        yield letters


@lru_cache(maxsize=65536)
def _stem(word: str, language: str) -> str:
    language = _language_of(word, language)
    algorithm = STEMMED_LANGUAGES.get(language)
    if algorithm is None:
        return word
    if language == "uk":
        return _ukrainian_stem(word)
    # A stemmer must not be shared by threads.
    stemmers: dict[str, Stemmer.Stemmer] = _local.__dict__.setdefault("stemmers", {})
    if algorithm not in stemmers:
        stemmers[algorithm] = Stemmer.Stemmer(algorithm)
    stem: str = stemmers[algorithm].stemWord(word)
    return stem


def _ukrainian_stem(word: str) -> str:
    for ending in _UKRAINIAN_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word[: -len(ending)]
    return word


def _language_of(word: str, declared: str) -> str:
    declared = declared.lower().split("-")[0]
    if word.isascii():
        return "en" if declared in _SCRIPT_LANGUAGES else declared
    for first, last, languages in _SCRIPTS:
        if first <= word[0] <= last:
            return declared if declared in languages else languages[0]
    return declared
