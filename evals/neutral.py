"""The neutral format for retrieval sets: documents, questions with history, and where their answers stand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from core.errors import InvalidInput
from core.types import Exchange

__all__ = [
    "Asked",
    "Gold",
    "GoldKind",
    "RetrievalSet",
    "Section",
    "SetDocument",
    "Split",
    "load_set",
    "split_questions",
    "write_set",
]

_SET, _DOCUMENTS, _QUESTIONS = "set.json", "documents.jsonl", "questions.jsonl"
_Row = TypeVar("_Row")


class GoldKind(StrEnum):
    """Whether a set marks the text that answers, or only the document that holds it."""

    SPAN = "span"
    DOCUMENT = "document"


class Split(StrEnum):
    """Which half a question belongs to. What is learned or chosen by hand sees the development half alone."""

    DEVELOPMENT = "development"
    HELD_OUT = "held_out"


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a document, from its heading to where the next begins."""

    heading: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SetDocument:
    """A document. Every offset into `text` counts code points."""

    id: str
    title: str
    text: str
    language: str = "en"
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Gold:
    """Where an answer stands: `text[start:end]` of a document, or anywhere in it when both are None."""

    document: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its conversation, and every place that answers it; none for one without an answer.

    `history` holds the earlier messages, oldest first: the asker's and the replier's by turns, the asker's first. A
    side that said nothing in its turn has the empty string.
    """

    id: str
    question: str
    history: tuple[str, ...] = ()
    language: str = "en"
    answerable: bool = True
    gold: tuple[Gold, ...] = ()
    split: Split = Split.DEVELOPMENT

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The history as the chain takes it."""
        replies = (*self.history[1::2], "")
        return tuple(Exchange(said, reply) for said, reply in zip(self.history[::2], replies, strict=False))

    @property
    def gold_documents(self) -> frozenset[str]:
        return frozenset(place.document for place in self.gold)


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """A set with its provenance. `may_train` tells whether weights that ship may learn from it."""

    name: str
    source: str
    licence: str
    may_train: bool
    gold: GoldKind
    documents: tuple[SetDocument, ...]
    questions: tuple[Asked, ...]


def load_set(folder: Path) -> RetrievalSet:
    """Read and check a set; raises `InvalidInput` naming the file, the line and the fault."""
    about = _one(folder / _SET)
    try:
        found = RetrievalSet(
            name=_text(about, "name"), source=_text(about, "source"), licence=_text(about, "licence"),
            may_train=_flag(about, "may_train"), gold=GoldKind(_text(about, "gold")),
            documents=tuple(_rows(folder / _DOCUMENTS, _document)), questions=tuple(_rows(folder / _QUESTIONS, _asked)),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput(f"{folder / _SET}: {_said(error)}") from error
    if faults := _faults(found):
        raise InvalidInput(f"{folder}: {faults[0]}" + (f", and {len(faults) - 1} more" if faults[1:] else ""))
    return found


def write_set(folder: Path, made: RetrievalSet) -> None:
    """Write a set, making the folder; raises `InvalidInput` for one that could not be loaded again."""
    if faults := _faults(made):
        raise InvalidInput(f"the set {made.name!r} is faulty: {'; '.join(faults[:5])}")
    folder.mkdir(parents=True, exist_ok=True)
    about = {
        "name": made.name, "source": made.source, "licence": made.licence, "may_train": made.may_train,
        "gold": made.gold.value,
    }  # fmt: skip
    (folder / _SET).write_text(json.dumps(about, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    _write_rows(folder / _DOCUMENTS, map(_document_row, made.documents))
    _write_rows(folder / _QUESTIONS, map(_asked_row, made.questions))


def split_questions(questions: Sequence[tuple[Asked, Sequence[str]]]) -> tuple[Asked, ...]:
    """The questions, each put into a half by the documents it is about, so that no document is in both halves.

    Documents that one question joins stay together; the smallest id of such a group decides by its hash.
    """
    groups = _Groups()
    for _, documents in questions:
        groups.join(documents)
    return tuple(
        replace(asked, split=_half(groups.first(documents[0]) if documents else asked.id))
        for asked, documents in questions
    )


class _Groups:
    """Documents that belong together, each group known by its smallest id."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def first(self, document: str) -> str:
        while (above := self._above.get(document, document)) != document:
            document = above
        return document

    def join(self, documents: Iterable[str]) -> None:
        firsts = {self.first(document) for document in documents}
        for first in firsts:
            self._above[first] = min(firsts)


def _half(document_id: str) -> Split:
    odd = hashlib.sha1(document_id.encode(), usedforsecurity=False).digest()[0] % 2
    return Split.HELD_OUT if odd else Split.DEVELOPMENT


def _faults(found: RetrievalSet) -> list[str]:
    texts = {document.id: document.text for document in found.documents}
    faults = []
    if len(texts) != len(found.documents):
        faults.append("two documents have one id")
    if len({asked.id for asked in found.questions}) != len(found.questions):
        faults.append("two questions have one id")
    for document in found.documents:
        if not document.title.strip() or not document.text.strip():
            faults.append(f"document {document.id!r} lacks its title or its text")
        for section in document.sections:
            if not 0 <= section.start < section.end <= len(document.text):
                faults.append(f"section {section.heading!r} of document {document.id!r} lies outside its text")
    for asked in found.questions:
        if asked.answerable != bool(asked.gold):
            faults.append(f"question {asked.id!r} is answerable without gold, or the other way round")
        faults += [f"question {asked.id!r}: {fault}" for place in asked.gold if (fault := _fault(place, texts, found))]
    return faults


def _fault(place: Gold, texts: Mapping[str, str], found: RetrievalSet) -> str | None:
    if place.document not in texts:
        return f"there is no document {place.document!r}"
    if found.gold is GoldKind.DOCUMENT:
        return None if place.start is None and place.end is None else "gold of documents has no start and end"
    if place.start is None or place.end is None or not 0 <= place.start < place.end <= len(texts[place.document]):
        return f"{place.start} to {place.end} is no span of document {place.document!r}"
    return None


def _one(path: Path) -> Mapping[str, Any]:
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InvalidInput(f"{path} is missing; a set is {_SET}, {_DOCUMENTS} and {_QUESTIONS}") from error
    except ValueError as error:
        raise InvalidInput(f"{path}: {error}") from error
    if not isinstance(fields, dict):
        raise InvalidInput(f"{path} does not hold one object")
    return fields


def _rows(path: Path, read: Callable[[Mapping[str, Any]], _Row]) -> Iterable[_Row]:
    if not path.exists():
        raise InvalidInput(f"{path} is missing; a set is {_SET}, {_DOCUMENTS} and {_QUESTIONS}")
    with path.open(encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield read(json.loads(line))
            except (KeyError, TypeError, ValueError) as error:
                raise InvalidInput(f"{path}, line {number}: {_said(error)}") from error


def _said(error: Exception) -> str:
    return f"the field {error} is missing" if isinstance(error, KeyError) else str(error)


def _text(fields: Mapping[str, Any], name: str) -> str:
    if not isinstance(fields[name], str) or not fields[name].strip():
        raise TypeError(f"{name} is {fields[name]!r}, not a text")
    return str(fields[name])


def _flag(fields: Mapping[str, Any], name: str) -> bool:
    if not isinstance(fields[name], bool):
        raise TypeError(f"{name} is {fields[name]!r}, neither true nor false")
    return bool(fields[name])


def _document(fields: Mapping[str, Any]) -> SetDocument:
    sections = tuple(
        Section(_text(section, "heading"), int(section["start"]), int(section["end"]))
        for section in fields.get("sections") or ()
    )
    return SetDocument(
        _text(fields, "id"), _text(fields, "title"), _text(fields, "text"),
        language=str(fields.get("language") or "en"), sections=sections,
    )  # fmt: skip


def _asked(fields: Mapping[str, Any]) -> Asked:
    history = fields.get("history") or []
    if not isinstance(history, list) or not all(isinstance(turn, str) for turn in history):
        raise TypeError(f"history is {history!r}, not a list of texts")
    return Asked(
        _text(fields, "id"), _text(fields, "question"), history=tuple(history),
        language=str(fields.get("language") or "en"), answerable=_flag(fields, "answerable"),
        gold=tuple(Gold(_text(place, "document"), place.get("start"), place.get("end")) for place in fields["gold"]),
        split=Split(fields["split"]),
    )  # fmt: skip


def _document_row(document: SetDocument) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": document.id, "title": document.title, "text": document.text, "language": document.language,
    }  # fmt: skip
    if document.sections:
        row["sections"] = [{"heading": s.heading, "start": s.start, "end": s.end} for s in document.sections]
    return row


def _asked_row(asked: Asked) -> dict[str, Any]:
    return {
        "id": asked.id, "question": asked.question, "history": list(asked.history), "language": asked.language,
        "answerable": asked.answerable,
        "gold": [
            {"document": place.document} | ({} if place.start is None else {"start": place.start, "end": place.end})
            for place in asked.gold
        ],
        "split": asked.split.value,
    }  # fmt: skip


def _write_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
