"""What the pages for people say, in every language that it is written down in, and which of them somebody reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from babel.dates import format_date
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

from chains.languages import locale_of, place_name
from core.jurisdictions import SCHENGEN
from core.types import GENERAL_JURISDICTION

__all__ = ["LANGUAGES", "PageWords", "language_read", "page_words"]

_WORDS = Path(__file__).parent / "web" / "words"
_ARTICLE = re.compile(r"^(?:the|el|o) ")
_RIGHT_TO_LEFT = frozenset(("ar", "fa", "he", "ur", "ps", "dv", "ckb", "yi"))

LANGUAGES = tuple(sorted(path.stem for path in _WORDS.glob("*.json")))
"""The codes of the languages that the pages are written in."""


@dataclass(frozen=True, slots=True)
class PageWords:
    """The words of one language. `name` is what it calls itself; `script` goes to the browser as it is."""

    language: str
    name: str
    page: Mapping[str, str]
    script: Mapping[str, str]
    examples: tuple[str, ...]

    def __call__(self, key: str, **values: object) -> Markup:
        """The words of `key` with values put in, each escaped unless it is markup already."""
        return escape(self.page[key]).format(**values)

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def for_script(self) -> Markup:
        """JSON for a `script` element of data, which nothing within can end."""
        told = {"language": self.language, "words": self.script}
        return htmlsafe_json_dumps(told, ensure_ascii=False, separators=(",", ":"))

    def country(self, code: str) -> str:
        """A country's name as it stands by itself, without the article that it has within a sentence."""
        if code == GENERAL_JURISDICTION:
            return self.script["any_country"]
        if code == SCHENGEN:
            name = _ARTICLE.sub("", place_name(code, self.language))
            return name[:1].upper() + name[1:]
        return str(locale_of(self.language).territories.get(code, code))

    def date(self, day: date) -> str:
        """A day as it is written out, like "3 October 2026"."""
        return str(format_date(day, "long", locale=locale_of(self.language)))


def direction(language: str) -> str:
    """`rtl` for a language that runs from right to left, else `ltr`."""
    return "rtl" if language.split("-")[0] in _RIGHT_TO_LEFT else "ltr"


@lru_cache(maxsize=len(LANGUAGES))
def page_words(language: str) -> PageWords:
    """The words of one of `LANGUAGES`."""
    told = json.loads((_WORDS / f"{language}.json").read_text("utf-8"))
    return PageWords(language, told["name"], told["page"], told["script"], tuple(told["examples"]))


def language_read(chosen: str | None, accepted: str | None) -> str:
    """What somebody chose, else the first language of their browser that the pages are written in, else English.

    `accepted` is an `Accept-Language` header (RFC 9110, section 12.5.4).
    """
    if chosen in LANGUAGES:
        return chosen
    return next((language for language in _by_wish(accepted or "") if language in LANGUAGES), "en")


def _by_wish(accepted: str) -> Iterator[str]:
    wishes: list[tuple[float, str]] = []
    for item in accepted.split(","):
        language, _, parameter = item.partition(";")
        quality = parameter.strip().removeprefix("q=") or "1"
        try:
            wishes.append((float(quality), language.strip().lower().split("-")[0]))
        except ValueError:  # a broken wish is none
            continue
    wishes.sort(key=lambda wish: -wish[0])
    return (language for quality, language in wishes if quality > 0)
