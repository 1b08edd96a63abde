"""When somebody reads: hours as they are written in the configuration, and whether it is within them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_time, get_day_names

from assistance.hours_words import WORDS, HoursWords

__all__ = ["Hours", "Span", "Standing", "parse_hours"]

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(r"(\w+)(?: to (\w+))?,? (\d{1,2}:\d{2}) to (\d{1,2}:\d{2})", re.IGNORECASE)
_ZONE = re.compile(r"\s*\(([\w+/-]+)\)\s*$")
_SHAPE = "Monday to Friday, 9:00 to 17:00; Saturday, 10:00 to 12:00 (Europe/Berlin)"


@dataclass(frozen=True, slots=True)
class Span:
    """From one day of the week to another, Monday being 0, between two times of the same day."""

    first: int
    last: int
    opens: time
    closes: time

    def has(self, day: int) -> bool:
        return (day - self.first) % 7 <= (self.last - self.first) % 7


@dataclass(frozen=True, slots=True)
class Standing:
    """At one moment: whether somebody is there, and when the next one goes or comes."""

    is_open: bool
    changes_at: datetime


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody reads, in one time zone."""

    spans: tuple[Span, ...]
    zone: ZoneInfo

    def at(self, moment: datetime) -> Standing:
        """Whether somebody is there at that moment; times are of the zone, also where its clocks are put forward."""
        for opens, closes in self._opened_from(moment):
            if closes > moment:
                return Standing(True, closes) if opens <= moment else Standing(False, opens)
        raise AssertionError("every span comes again within a week")

    def text(self, language: str | None) -> str:
        """The hours in that language, else in English."""
        words, locale = _words(language)
        parts = [self._span_text(span, words, locale) for span in self.spans]
        return f"{words.semicolon.join(parts)} ({self.zone.key})"

    def sentence(self, moment: datetime, language: str | None) -> str:
        """When somebody reads, and whether they are there at that moment."""
        words, locale = _words(language)
        standing = self.at(moment)
        local = standing.changes_at.astimezone(self.zone)
        told = (words.is_open if standing.is_open else words.is_closed).format(
            day=_day(local.weekday(), locale), time=_time(local.time(), locale)
        )
        return f"{words.reads.format(hours=self.text(language))} {told}"

    def _span_text(self, span: Span, words: HoursWords, locale: str) -> str:
        first, last = _day(span.first, locale), _day(span.last, locale)
        days = first if span.first == span.last else words.days.format(first=first, last=last)
        times = words.times.format(opens=_time(span.opens, locale), closes=_time(span.closes, locale))
        return f"{days}{words.comma}{times}"

    def _opened_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """When it opens and closes, from that day on, in order."""
        today = moment.astimezone(self.zone).date()
        for ahead in range(8):
            day = today + timedelta(days=ahead)
            spans = [span for span in self.spans if span.has(day.weekday())]
            for span in sorted(spans, key=lambda span: span.opens):
                opens, closes = (
                    datetime.combine(day, at, self.zone).astimezone(UTC) for at in (span.opens, span.closes)
                )
                yield opens, closes


def parse_hours(text: str, *, zone: str) -> Hours:
    """Hours as a person writes them; `zone` holds where they name none. Raises `ValueError` saying what is wrong."""
    named = _ZONE.search(text)
    spans = tuple(_span(part.strip()) for part in text[: named.start() if named else None].split(";"))
    name = named[1] if named else zone
    try:
        return Hours(spans, ZoneInfo(name))
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone; write one as Europe/Berlin") from error


def _span(text: str) -> Span:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError(f"the hours {text!r} cannot be read; write them as {_SHAPE!r}")
    first, last, opens, closes = match.groups()
    span = Span(_weekday(first), _weekday(last or first), _clock(opens), _clock(closes))
    if span.opens >= span.closes:
        raise ValueError(f"the hours {text!r} end before they begin; write what goes past midnight as two, with ';'")
    return span


def _weekday(name: str) -> int:
    try:
        return _DAYS.index(name.lower())
    except ValueError as error:
        raise ValueError(f"{name!r} is no day of the week; write the hours as {_SHAPE!r}") from error


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text.zfill(5))
    except ValueError as error:
        raise ValueError(f"{text!r} is no time of the day; write it as 9:00 or 17:30") from error


def _words(language: str | None) -> tuple[HoursWords, str]:
    wanted = (language or "").replace("_", "-").split("-")[0].lower()
    locale = wanted if wanted in WORDS else "en"
    return WORDS[locale], locale


def _day(number: int, locale: str) -> str:
    return str(get_day_names("wide", locale=locale)[number])


def _time(at: time, locale: str) -> str:
    return format_time(at, "H:mm", locale=locale)
