"""When somebody reads: written by people, told in the asker's language, right across time zones."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assistance.hours import Hours, Standing, parse_hours
from chains.languages import SPOKEN

BERLIN = parse_hours("Monday to Friday, 9:00 to 17:00 (Europe/Berlin)", zone="UTC")


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """Of 2026; the 23rd of November is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "is_open", "changes_at"),
    [
        (at(23, 7, 59), False, at(23, 8)),
        (at(23, 8), True, at(23, 16)),
        (at(23, 15, 59), True, at(23, 16)),
        (at(23, 16), False, at(24, 8)),
        (at(27, 16), False, at(30, 8)),
        (at(28, 12), False, at(30, 8)),
        # The clocks go back on the 25th of October: from then on 9:00 is an hour later in UTC.
        (at(23, 16, month=10), False, at(26, 8, month=10)),
        (at(23, 7, month=10), True, at(23, 15, month=10)),
    ],
)
def test_whether_somebody_is_there(moment: datetime, is_open: bool, changes_at: datetime) -> None:
    assert BERLIN.at(moment) == Standing(is_open, changes_at)


def test_several_spans_and_a_week_that_turns() -> None:
    hours = parse_hours("saturday to monday 22:00 to 23:30; Saturday, 10:00 to 12:00", zone="America/Toronto")
    assert hours.zone.key == "America/Toronto"
    assert hours.at(at(28, 15)) == Standing(True, at(28, 17))
    assert hours.at(at(28, 18)) == Standing(False, datetime(2026, 11, 29, 3, tzinfo=UTC))
    assert hours.at(at(24, 12)) == Standing(False, at(28, 15))


@pytest.mark.parametrize(
    ("language", "moment", "hours", "told"),
    [
        ("en", at(23, 9), "Our people read this Monday to Friday, 9:00 to 17:00", "They are there now, until 17:00."),
        (
            None, at(28, 9), "Our people read this Monday to Friday, 9:00 to 17:00",
            "They are not there now; they are back on Monday at 9:00.",
        ),
        (
            "de-AT", at(28, 9), "Unser Team liest das zu diesen Zeiten: Montag bis Freitag, 9:00 bis 17:00 Uhr",
            "Gerade ist niemand da; das Team ist am Montag um 9:00 Uhr wieder da.",
        ),
        (
            "es", at(23, 9), "Nuestro personal lee esto en este horario: de lunes a viernes, de 9:00 a 17:00",
            "Ahora hay alguien, hasta las 17:00.",
        ),
        (
            "fr", at(28, 9), "Notre équipe lit ceci aux horaires suivants : du lundi au vendredi, de 9:00 à 17:00",
            "Elle n’est pas là maintenant ; elle revient lundi à 9:00.",
        ),
    ],
)  # fmt: skip
def test_a_person_is_told_in_their_language(language: str | None, moment: datetime, hours: str, told: str) -> None:
    assert BERLIN.sentence(moment, language) == f"{hours} (Europe/Berlin). {told}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("weekdays", "write them as 'Monday to Friday"),
        ("Moonday, 9:00 to 17:00", "'Moonday' is no day of the week"),
        ("Monday, 9:00 to 25:00", "'25:00' is no time of the day"),
        ("Monday, 22:00 to 6:00", "end before they begin"),
        ("Monday, 9:00 to 17:00 (Mars/Olympus)", "'Mars/Olympus' is no time zone"),
        ("Monday, 9:00 to 17:00 (../etc)", "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_hours(text, zone="UTC")


def test_hours_without_a_zone_are_of_the_server() -> None:
    assert isinstance(parse_hours("Sunday, 9:00 to 10:00", zone="Asia/Tehran"), Hours)
    assert parse_hours("Sunday, 9:00 to 10:00", zone="Asia/Tehran").text("en") == "Sunday, 9:00 to 10:00 (Asia/Tehran)"


@pytest.mark.parametrize("language", sorted(SPOKEN))
@pytest.mark.parametrize("moment", [at(23, 9), at(28, 9)])
def test_every_language_that_is_spoken_has_hours_of_its_own(language: str, moment: datetime) -> None:
    told = BERLIN.sentence(moment, language)
    assert "9:00" in told
    assert "17:00" in told
    assert not set("{}") & set(told)
    assert language == "en" or told != BERLIN.sentence(moment, "en")
