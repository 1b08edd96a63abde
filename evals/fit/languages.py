"""Fits when to answer in a language that the encoder cannot read, from the project's own cases in them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from chains.languages import readable
from chains.languages_confidence import ARTIFACT, SIGNALS, VERSION, word_signals
from chains.statements import heading_of
from core.types import AbstentionReason, Passage
from evals.dataset import Case, load_cases
from evals.facts import plain
from evals.fit.logistic import Fitted, auroc, fit_logistic
from evals.fit.own_cases import Knowledge, held_out, knowledge
from retrieval.query import Query

__all__ = ["main"]

_PASSAGES = 24
_ANSWER_FROM = 0.6
"""A refusal names the nearest questions that are answered, so that a needless one costs a click."""


@dataclass(frozen=True, slots=True)
class _Example:
    """The signals of a question's first passage; `asked` is false where its section was taken out of the passages."""

    signals: tuple[float, ...]
    answers: bool
    answerable: bool
    asked: bool
    language: str
    held: bool


def main(argv: Sequence[str]) -> None:
    """Fit on all cases but the held-out ones, print what leaving each language out gives, and write the artifact."""
    parser = argparse.ArgumentParser(prog="python -m evals.fit languages", description=__doc__)
    parser.add_argument("--work", type=Path, default=Path(".pytest_cache/fit"), help="keeps the index between runs")
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge_base"), help="what the cases ask about")
    parser.add_argument("--out", type=Path, default=ARTIFACT)
    given = parser.parse_args(argv)
    with knowledge(given.knowledge, given.work / "cases") as known:
        examples = [example for case in _cases() for example in _examples(case, known)]
    learning = [example for example in examples if not example.held]
    fitted = _fit(learning)
    measured = {
        "each language left out": _measured([(one, _sure(_fit(_others(learning, one)), one)) for one in learning]),
        "held out": _measured([(one, _sure(fitted, one)) for one in examples if one.held]),
    }
    artifact = {
        "version": VERSION,
        "what": "chains/languages_confidence.py: a logistic regression of words that question and passage share",
        "bias": round(fitted.bias, 4),
        "weights": {name: round(weight, 4) for name, weight in fitted.weights.items()},
        "answer_from": _ANSWER_FROM,
        "measured": measured,
        "provenance": {
            "sets": "the cases of evals/cases in other languages, all but the held-out ones; this project's",
            "date": datetime.now(UTC).date().isoformat(),
            "command": "python -m evals.fit languages",
        },
    }
    given.out.write_text(json.dumps(artifact, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(measured, indent=1) + "\n")


def _cases() -> list[Case]:
    """Those that are refused for what is not there, and those that name the section that answers."""
    return [
        case
        for case in load_cases()
        if case.language != "en" and (case.sections or AbstentionReason.NOT_COVERED in case.refusals)
    ]


def _examples(case: Case, known: Knowledge) -> Iterator[_Example]:
    """The case, and one that is answered once more without the section that answers it."""
    found = known.retriever.search(Query(case.question, as_of=known.today, k=_PASSAGES))
    passages = readable(found, case.language)
    right = [passage for passage in passages if _answers(case, passage)]
    for asked, left in ((True, passages), (False, [passage for passage in passages if passage not in right])):
        if left and (asked or right):
            yield _Example(
                word_signals(case.question, left, case.language),
                _answers(case, left[0]), case.answerable, asked, case.language, held_out(case),
            )  # fmt: skip


def _answers(case: Case, passage: Passage) -> bool:
    return plain(heading_of(passage.chunk, "")) in {plain(section.heading) for section in case.sections}


def _others(examples: Sequence[_Example], without: _Example) -> list[_Example]:
    return [example for example in examples if example.language != without.language]


def _fit(examples: Sequence[_Example]) -> Fitted:
    rows = np.array([example.signals for example in examples])
    right = np.array([example.answers for example in examples])
    return fit_logistic(rows, right, np.ones(len(rows)), names=SIGNALS, use=SIGNALS, signs={})


def _sure(fitted: Fitted, example: _Example) -> float:
    return float(fitted.probabilities(np.array([example.signals]), SIGNALS)[0])


def _measured(judged: Sequence[tuple[_Example, float]]) -> dict[str, Any]:
    asked = [(one, sure) for one, sure in judged if one.asked]
    answered = [one for one, sure in asked if sure >= _ANSWER_FROM]
    return {
        "answerable": sum(one.answerable for one, _ in asked),
        "answered_rightly": sum(one.answers for one in answered),
        "answered_by_another_section": sum(one.answerable and not one.answers for one in answered),
        "absent": sum(not one.answerable for one, _ in asked),
        "answered_though_absent": sum(not one.answerable for one in answered),
        "auroc": round(auroc(np.array([sure for _, sure in judged]), np.array([one.answers for one, _ in judged])), 3),
    }
