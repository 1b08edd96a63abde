"""Whether a model reads, and what its having answered says."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest

from chains.confidence import after_reading
from chains.drafts import DraftSentence
from chains.generative import GenerativeWriter
from chains.reply_writer import ReplyWriter, without_silences
from core.breaker import Breaker
from core.types import Abstention, AbstentionReason

MODEL = cast(Any, object())


def _refused(reason: AbstentionReason = AbstentionReason.NOT_COVERED, sure: float = 0.3) -> Abstention:
    return Abstention(reason, "Refused.", (), sure)


def _may_read(refused: Abstention, *, reads_from: float = 0.0, model: object | None = MODEL) -> bool:
    writer = GenerativeWriter(MODEL, breaker=Breaker(), reads_from=reads_from)
    replies = ReplyWriter(cast(Any, None), writer, lambda: date(2026, 12, 1))
    return replies.may_read(cast(Any, SimpleNamespace(model=model)), refused)


def test_a_model_reads_what_was_refused_as_not_covered() -> None:
    assert _may_read(_refused())


def test_nor_what_nothing_was_found_for() -> None:
    assert not _may_read(_refused(sure=0.0))


def test_not_below_its_bar_nor_while_it_is_left_alone() -> None:
    assert _may_read(_refused(sure=0.3), reads_from=0.3)
    assert not _may_read(_refused(sure=0.29), reads_from=0.3)
    assert not _may_read(_refused(), model=None)


@pytest.mark.parametrize("reason", [reason for reason in AbstentionReason if reason != "not_covered"])
def test_no_other_refusal_is_read(reason: AbstentionReason) -> None:
    assert not _may_read(_refused(reason, sure=0.9))


def test_nobody_reads_where_there_is_no_writer() -> None:
    replies = ReplyWriter(cast(Any, None), None, lambda: date(2026, 12, 1))
    assert not replies.may_read(cast(Any, SimpleNamespace(model=MODEL)), _refused())


@pytest.mark.parametrize("sure", [0.01, 0.3, 0.74, 0.99])
def test_an_answer_makes_surer_and_none_less_sure(sure: float) -> None:
    assert 0 < after_reading(sure, answered=False) < sure < after_reading(sure, answered=True) < 1


def test_what_nothing_speaks_for_or_against_stays_so() -> None:
    assert [after_reading(sure, answered=answered) for sure in (0.0, 1.0) for answered in (True, False)] == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("text", "silent"),
    [
        ("The documents do not say whether you can work.", True),
        ("Unfortunately, the passages don't mention a fee.", True),
        ("These sources do not really explain it.", True),
        ("The passages contain no information on that.", True),
        ("No passage says whether you can work.", True),
        ("It is not stated whether you can work.", True),
        ("These documents do not give you the right to work.", False),
        ("Documents that do not state your name must be replaced.", False),
        ("A document that does not say when it ends is valid for ten years.", False),
        ("Your documents do not have to be translated.", False),
    ],
)
def test_what_is_said_of_the_documents_silence_is_no_answer(text: str, silent: bool) -> None:
    silences: list[DraftSentence] = []
    kept = list(without_silences([DraftSentence(text, ())], silences))
    assert (len(kept), len(silences)) == ((0, 1) if silent else (1, 0))
