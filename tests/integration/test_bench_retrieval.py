"""`assistant bench retrieval` on a small set whose rules are invented, through the real pipeline and model."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.hash_embeddings import HashEmbeddings
from core.models import EmbeddedPassage, Span
from evals.bench_cache import KeptEmbeddings
from evals.neutral import Asked, Gold, GoldKind, RetrievalSet, SetDocument, Split, load_set, split_questions, write_set
from tests.command_line import assistant

_RULES = {
    "fees": (
        "Fees of the harbour permit",
        "A harbour permit costs 40 krónur. You pay it at the harbour office by card.",
    ),
    "dogs": ("Dogs on the ferry", "Dogs travel free on the ferry. They must be on a lead on every deck."),
    "bees": (
        "Keeping bees",
        "You register a hive within 14 days of setting it up. The register is kept by the parish.",
    ),
    "boats": ("Boat licences", "A boat longer than 8 metres needs a licence. The licence is valid for five years."),
    "trees": ("Felling trees", "You may fell an oak only between October and February. The forester marks it first."),
    "wells": (
        "Digging a well",
        "A well is dug at least 30 metres from a road. Its water is tested every second spring.",
    ),
}
_ASKED = {
    "fees": ("What does a harbour permit cost?", "A harbour permit costs 40 krónur."),
    "dogs": ("Do dogs need a lead on the ferry?", "They must be on a lead on every deck."),
    "bees": ("When do I register a hive of bees?", "You register a hive within 14 days of setting it up."),
    "boats": ("How long is a boat licence valid?", "The licence is valid for five years."),
    "trees": ("In which months may I fell an oak?", "You may fell an oak only between October and February."),
    "wells": ("How often is the water of a well tested?", "Its water is tested every second spring."),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The set: a first question for each document, a follow-up, and one without an answer."""
    texts = {name: f"{title}\n\n{text}" for name, (title, text) in _RULES.items()}
    questions = []
    for name, (question, answer) in _ASKED.items():
        start = texts[name].index(answer)
        questions.append((Asked(name, question, gold=(Gold(name, start, start + len(answer)),)), [name]))
    start = texts["fees"].index("You pay")
    paying = Asked(
        "paying", "And where do I pay it?", history=("What does a harbour permit cost?", "40 krónur."),
        gold=(Gold("fees", start, len(texts["fees"])),),
    )  # fmt: skip
    nowhere = Asked("nowhere", "Who won the chess final in Lisbon?", answerable=False)
    made = RetrievalSet(
        name="rules", source="invented for tests", licence="none", may_train=False, gold=GoldKind.SPAN,
        documents=tuple(SetDocument(name, _RULES[name][0], text) for name, text in texts.items()),
        questions=split_questions([*questions, (paying, ["fees"]), (nowhere, [])]),
    )  # fmt: skip
    assert {asked.split for asked in made.questions if asked.answerable} == set(Split)
    target = tmp_path_factory.mktemp("rules")
    write_set(target, made)
    return target


def _bench(folder: Path, tmp_path: Path, *options: str) -> dict[str, Any]:
    """The figures of the set, and on standard output the tables."""
    untouched, file = tmp_path / "untouched", tmp_path / "figures.json"
    words = ["bench", "retrieval", "--data", str(folder), "--json", str(file), *options]
    done = assistant(*words, data_dir=untouched)
    assert done.returncode == 0, done.stderr
    assert not (untouched / "assistant.db").exists()
    figures: dict[str, Any] = json.loads(file.read_text())["rules"]
    for title in figures:
        assert title in done.stdout
    return figures


def _value(rows: Sequence[dict[str, Any]], name: str, figure: str) -> float:
    [row] = [row for row in rows if row["name"] == name]
    return float(row["figures"][figure]["value"])


def test_what_is_easy_is_found_by_all_and_quoted_exactly(folder: Path, tmp_path: Path) -> None:
    figures = _bench(folder, tmp_path, "--keep", str(tmp_path / "kept"))
    for system in ("assistant", "BM25", "vectors", "equal ranks"):
        assert _value(figures["finding"], f"first questions: {system}", "hit@1") == 1.0
        assert _value(figures["finding"], f"follow-ups: {system}", "hit@10") == 1.0
    assert _value(figures["answering"], "every quote stands where it says", "exact") == 1.0
    assert _value(figures["answering"], "first questions", "overlap") >= 5 / 6
    for system, least in (("assistant", 5 / 6), ("BM25", 3 / 6), ("vectors", 3 / 6)):  # of two sentences each
        assert _value(figures["answering"], f"first questions, best sentence: {system}", "at_gold") >= least
    [refusing] = [row for row in figures["knowing what is not answered"] if row["name"].startswith("all")]
    assert refusing["figures"]["auroc"]["value"] == 1.0
    assert _value(figures["milliseconds"], "a complete verified reply", "p50_ms") > 0
    with sqlite3.connect(tmp_path / "kept" / "passages.sqlite") as kept:
        assert kept.execute("SELECT count(*) FROM passages").fetchone()[0] == len(_RULES)


def test_a_document_that_is_refused_counts_as_not_found(folder: Path, tmp_path: Path) -> None:
    whole = load_set(folder)
    refused = [replace(one, language="no such language") if one.id == "dogs" else one for one in whole.documents]
    write_set(tmp_path / "set", replace(whole, documents=tuple(refused)))
    figures = _bench(tmp_path / "set", tmp_path)
    assert _value(figures["finding"], "first questions: assistant", "hit@1") == pytest.approx(5 / 6, abs=0.001)


def test_with_half_left_out_every_question_is_asked_of_both_halves(folder: Path, tmp_path: Path) -> None:
    figures = _bench(folder, tmp_path, "--leave-out", "half")
    rows = {row["name"]: row for row in figures["knowing what was left out"]}
    row = rows["all: 7 present, 7 absent"]
    assert row["count"] == 14
    assert row["figures"]["auroc"]["value"] > 0.9


def test_a_switched_off_component_shows_in_its_row(folder: Path, tmp_path: Path) -> None:
    figures = _bench(folder, tmp_path, "--ablate", "--limit", "4")
    rows = figures["each component switched off"]
    names = {row["name"].partition(": ")[2] for row in rows}
    assert {"whole", "without learned ranking", "fusion of vectors alone", "fusion of keywords alone"} <= names
    assert {"without history", "without titles"} <= names
    assert {row["count"] for row in rows if row["name"].startswith("first questions")} == {4}


def test_a_faulty_set_is_one_line(tmp_path: Path) -> None:
    done = assistant("bench", "retrieval", "--data", str(tmp_path), data_dir=tmp_path)
    assert done.returncode == 1
    assert "set.json is missing" in done.stderr
    assert len(done.stderr.splitlines()) == 1


class _Counting(HashEmbeddings):
    embedded = 0

    def embed_passages(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[EmbeddedPassage]:
        self.embedded += len(texts)
        return super().embed_passages(texts, spans)


def test_a_passage_is_embedded_once_and_comes_back_equal(tmp_path: Path) -> None:
    texts, spans = ["One thing. Two things.", "Three."], [[(0, 10), (11, 22)], []]
    model = _Counting()
    first = KeptEmbeddings(model, tmp_path / "kept.sqlite")
    made = first.embed_passages(texts, spans)
    first.close()
    again = KeptEmbeddings(model, tmp_path / "kept.sqlite")
    found = again.embed_passages([*texts, "Four."], [*spans, []])
    other = again.embed_passages(texts[:1], [[(0, 10)]])
    again.close()
    assert model.embedded == 4
    for one, same in zip(made, found, strict=False):
        assert one.vector.tolist() == same.vector.tolist()
        assert one.sentences.tolist() == same.sentences.tolist()
    assert other[0].sentences.shape == (1, model.dimension)
