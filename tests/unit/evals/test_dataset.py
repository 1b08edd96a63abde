import html
import json
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from core.errors import InvalidInput, NotFound
from core.types import AbstentionReason
from evals.dataset import CASES, EVAL_DOCUMENTS, Case, Section, Slice, case_path, load_cases
from evals.facts import faults_of
from tests.conftest import KNOWLEDGE_BASE

_READ_AS_TEXT = {".md", ".csv", ".html", ".txt"}


def _load(tmp_path: Path, **fields: object) -> Case:
    line = {"id": "a", "question": "Q?", "expect": {"documents": ["uk/visit.md"]}, **fields}
    (tmp_path / "some.jsonl").write_text(json.dumps(line) + "\n")
    return load_cases(tmp_path)[0]


def test_every_field_of_a_line_is_read(tmp_path: Path) -> None:
    case = _load(
        tmp_path, slices=["dated", "figure"], language="fr",
        history=["Before?", {"question": "Then?", "answer": "So."}],
        jurisdiction="GB", as_of="2025-03-01",
        expect={"documents": ["evals:malta/card.md"], "sections": ["evals:malta/card.md#Fee: #1"],
                "facts": ["six|6"], "forbidden": ["nine"]},
    )  # fmt: skip
    assert case.slices == {Slice.DATED, Slice.FIGURE}
    assert (case.language, case.as_of) == ("fr", date(2025, 3, 1))
    assert [exchange.answer for exchange in case.history] == ["", "So."]
    assert case.sections == (Section("evals:malta/card.md", "Fee: #1"),)
    assert (case.facts, case.forbidden) == ((("six", "6"),), (("nine",),))


def test_any_refusal_is_every_reason(tmp_path: Path) -> None:
    case = _load(tmp_path, expect={"refusal": "any"})
    assert case.refusals == set(AbstentionReason)
    assert case.any_refusal


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"expect": {"refusal": "no_such_reason"}}, "no_such_reason"),
        ({"expect": {}}, "expect"),
        ({"expect": {"documents": []}}, "expect"),
        ({"expect": {"documents": ["uk/visit.md"], "refusal": "any"}}, "expect"),
        ({"slices": ["brilliant"]}, "brilliant"),
        ({"as_of": "2025-02-30"}, "day is out of range|must be in range"),
        ({"weight": 2}, "weight"),
        ({"question": ""}, "question"),
    ],
)
def test_a_bad_line_is_named_with_its_fault(tmp_path: Path, fields: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidInput, match=rf"some.jsonl, line 1: .*(?:{said})"):
        _load(tmp_path, **fields)


def test_an_id_is_given_once(tmp_path: Path) -> None:
    line = json.dumps({"id": "a", "question": "Q?", "expect": {"refusal": "any"}})
    (tmp_path / "some.jsonl").write_text(f"{line}\n{line}\n")
    with pytest.raises(InvalidInput, match="line 2: the id 'a' is taken by some.jsonl, line 1"):
        load_cases(tmp_path)


def test_the_schema_knows_every_slice() -> None:
    schema = json.loads((CASES / "schema.json").read_text())
    assert set(schema["properties"]["slices"]["items"]["enum"]) == set(Slice)


def test_documents_of_the_evals_are_told_from_those_of_the_knowledge_base() -> None:
    assert case_path("knowledge_base/uk/visit.md") == "uk/visit.md"
    assert case_path("documents/malta/card.md") == "evals:malta/card.md"


def test_the_shipped_cases_ask_only_for_what_their_documents_say() -> None:
    """Where a document is no plain text, only that it is there is seen here; `assistant eval` reads them all."""
    faults = []
    for case in load_cases():
        found = faults_of(case, _raw_text)
        if any(Path(path).suffix not in _READ_AS_TEXT for path in case.documents):
            found = [fault for fault in found if "which is not there" in fault]
        faults += found
    assert faults == []


@cache
def _raw_text(path: str) -> str:
    file = EVAL_DOCUMENTS / path.removeprefix("evals:") if path.startswith("evals:") else KNOWLEDGE_BASE / path
    if not file.is_file():
        raise NotFound(f"there is no {path}")
    text = file.read_bytes().decode("utf-8", errors="replace")
    if file.suffix == ".html":
        return html.unescape(re.sub(r"<[^>]+>", " ", text))
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("**", "").replace("*", "").replace("`", "")
