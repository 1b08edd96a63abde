from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import sentence_spans, word_count


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Bring proof of funds, e.g. a bank letter.",
        "See s. 25 of the Act.",
        "Read No. 7 and form IMM 1294 first.",
        "The fee is $1,020.50 in 2026.",
        "Mr. J. Smith signed it.",
        "The U.S. Government decides.",
        "Visit canada.ca for more.",
        "1. Apply online.",
        "Wait until 5 p.m. on Monday.",
        "It applies under R. 179(b), i.e. to visitors.",
        "She asked “Why?” and left.",
        "Ask the I.R.B. tribunal today.",
    ],
)
def test_a_mark_within_a_sentence_does_not_end_it(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    "parts",
    [
        ["You must apply.", "You may wait."],
        ["Is it free?", "No.", "You pay $5.", "Then wait."],
        ["Apply before 2026.", "Later is too late."],
        ["He said “apply.”", "They did."],
        ["This is allowed.[4]", "That is not."],
        ["She lives in the U.S.", "She may apply."],
        ["Bring letters, forms, etc.", "You need all of them."],
        ["I did.", "So can I.", "It is on."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("您需要签证。您可以在线申请！", ["您需要签证。", "您可以在线申请！"]),
        ("هل تحتاج تأشيرة؟ نعم تحتاج.", ["هل تحتاج تأشيرة؟", "نعم تحتاج."]),
        ("आपको वीज़ा चाहिए। आप आवेदन करें।", ["आपको वीज़ा चाहिए।", "आप आवेदन करें।"]),
        ("Sie brauchen z.B. einen Pass. Gehen Sie hin.", ["Sie brauchen z.B. einen Pass.", "Gehen Sie hin."]),
    ],
)
def test_other_languages_end_in_their_own_marks(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


@given(st.text(alphabet="ab.! ?A1,(\n。", max_size=80))
def test_every_character_that_is_no_space_is_in_exactly_one_sentence(text: str) -> None:
    joined = "".join(sentences(text))
    assert "".join(joined.split()) == "".join(text.split())


def test_words_are_counted_without_spaces_too() -> None:
    assert word_count("You need a visa") == 4
    assert word_count("您需要签证 now") == 4


def test_a_long_row_of_dots_is_read_at_once() -> None:
    text = "Fees" + "." * 100_000 + "12"  # each dot tried to the end of the row would take minutes
    assert len(sentence_spans(text)) == 1
