"""The neutral format: what is written can be read, and what is faulty is named."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import InvalidInput
from core.types import Exchange
from evals.neutral import (
    Asked,
    Gold,
    GoldKind,
    RetrievalSet,
    Section,
    SetDocument,
    Split,
    load_set,
    split_questions,
    write_set,
)

TEXT = "Fees\n\nThe fee is 40 krónur. 😀 Pay it before you travel.\u2028It is not returned."
START = TEXT.index("Pay it")
FOUND = RetrievalSet(
    name="small",
    source="written for this test",
    licence="none",
    may_train=True,
    gold=GoldKind.SPAN,
    documents=(
        SetDocument("fees", "Fees", TEXT, language="is", sections=(Section("Fees", 0, len(TEXT)),)),
        SetDocument("other", "Other", "Nothing of the kind."),
    ),
    questions=(
        Asked(
            "q1", "And when?", history=("What does it cost?", "40 krónur."), language="is",
            gold=(Gold("fees", START, START + 25),), split=Split.HELD_OUT,
        ),
        Asked("q2", "May I work?", answerable=False),
    ),
)  # fmt: skip


def _broken(folder: Path, name: str, **changes: object) -> Path:
    """The set with the fields of one row changed."""
    write_set(folder, FOUND)
    path = folder / name
    first, *others = path.read_text(encoding="utf-8").split("\n")
    path.write_text("\n".join([json.dumps({**json.loads(first), **changes}), *others]), encoding="utf-8")
    return folder


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    write_set(tmp_path, FOUND)
    assert load_set(tmp_path) == FOUND
    [place] = load_set(tmp_path).questions[0].gold
    assert TEXT[place.start : place.end] == "Pay it before you travel."


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        ("documents.jsonl", {"text": ""}, "line 1: text is ''"),
        ("documents.jsonl", {"id": "other"}, "two documents have one id"),
        ("documents.jsonl", {"sections": [{"heading": "Fees", "start": 0, "end": 999}]}, "lies outside"),
        ("questions.jsonl", {"gold": [{"document": "fees", "start": 3, "end": 999}]}, "3 to 999 is no span"),
        ("questions.jsonl", {"gold": [{"document": "fees"}]}, "None to None is no span"),
        ("questions.jsonl", {"gold": [{"document": "gone", "start": 0, "end": 1}]}, "no document 'gone'"),
        ("questions.jsonl", {"gold": []}, "answerable without gold"),
        ("questions.jsonl", {"answerable": "yes"}, "neither true nor false"),
        ("questions.jsonl", {"split": "test"}, "'test' is not a valid Split"),
        ("questions.jsonl", {"history": ["a", 1]}, "not a list of texts"),
        ("questions.jsonl", {"id": "q2"}, "two questions have one id"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, name: str, changes: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        load_set(_broken(tmp_path, name, **changes))


def test_a_missing_field_and_a_missing_file_are_named(tmp_path: Path) -> None:
    write_set(tmp_path, FOUND)
    (tmp_path / "set.json").write_text('{"name": "small"}')
    with pytest.raises(InvalidInput, match="'source' is missing"):
        load_set(tmp_path)
    (tmp_path / "set.json").unlink()
    with pytest.raises(InvalidInput, match=r"set\.json is missing"):
        load_set(tmp_path)


def test_gold_of_documents_has_no_offsets(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no start and end"):
        write_set(tmp_path, replace(FOUND, gold=GoldKind.DOCUMENT))


def test_a_set_that_could_not_be_read_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="lacks its title or its text"):
        write_set(tmp_path / "set", replace(FOUND, documents=(*FOUND.documents, SetDocument("blank", " ", "Text."))))
    assert not (tmp_path / "set").exists()


def test_the_history_goes_by_turns() -> None:
    asked = Asked("q", "And then?", history=("", "Which visa?", "A visitor's.", "Granted.", "Good."))
    assert asked.exchanges == (
        Exchange("", "Which visa?"),
        Exchange("A visitor's.", "Granted."),
        Exchange("Good.", ""),
    )


def test_halves_share_no_document_even_through_a_third() -> None:
    documents = [f"d{number}" for number in range(40)]
    pairs = [(Asked(f"q{number}", "?"), documents[number : number + 2]) for number in range(0, 38, 2)]
    joined = (Asked("joining", "?"), ["d0", "d39"])
    halves = {asked.id: asked.split for asked in split_questions([*pairs, joined, (Asked("last", "?"), ["d39"])])}
    assert halves["q0"] == halves["joining"] == halves["last"]
    assert set(halves.values()) == set(Split)
    moved = split_questions([(replace(asked, split=Split.HELD_OUT), about) for asked, about in reversed(pairs)])
    assert all(halves[asked.id] == asked.split for asked in moved if asked.id != "q0")
