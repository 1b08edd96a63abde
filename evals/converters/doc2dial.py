"""doc2dial: conversations over US government pages, every answer marked in its page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from evals.converters.rows import read_rows
from evals.neutral import Asked, Gold, GoldKind, RetrievalSet, SetDocument, split_questions

__all__ = ["convert"]

_SPEAKERS = ("user", "agent")


def convert(source: Path) -> RetrievalSet:
    """From a folder with `documents.jsonl` and `questions.jsonl` in the reading-comprehension form."""
    questions = []
    for row in read_rows(source / "questions.jsonl"):
        answer = row["answer_text"]
        end = row["answer_start"] + len(answer.rstrip())
        gold = Gold(row["doc_id"], end - len(answer.strip()), end)
        history = _by_turns(row["history_latest_first"][::-1])
        questions.append((Asked(row["id"], row["question"], history=history, gold=(gold,)), [row["doc_id"]]))
    return RetrievalSet(
        name="doc2dial",
        source="https://github.com/doc2dial/sharedtask-dialdoc2021, v1.0.1, reading-comprehension form",
        licence="CC BY 3.0",
        may_train=True,
        gold=GoldKind.SPAN,
        documents=tuple(
            SetDocument(row["doc_id"], row["title"], row["text"]) for row in read_rows(source / "documents.jsonl")
        ),
        questions=split_questions(questions),
    )


def _by_turns(messages: Sequence[str]) -> tuple[str, ...]:
    """`speaker:text` messages, oldest first, as turns of the two sides, the user's first."""
    turns: list[str] = []
    parted = [message.partition(":")[::2] for message in messages]
    for speaker, said in groupby(parted, key=lambda message: message[0]):
        if speaker not in _SPEAKERS:
            raise ValueError(f"a message of {speaker!r}; known are {_SPEAKERS}")
        if not turns and speaker == "agent":
            turns.append("")
        turns.append("\n".join(text.strip() for _, text in said))
    return tuple(turns)
