from __future__ import annotations

from ingest.blocks import Block, BlockKind
from ingest.records import Value, record_parts
from ingest.rows import Table


def said(value: Value) -> list[object]:
    return [part.text if isinstance(part, Block) else part.cells for part in record_parts(value)]


def test_a_record_is_one_row_with_its_keys_as_header() -> None:
    assert said([{"permit_type": "Study", "fee": "150", "note": ""}]) == [(("permit type", "fee"), ("Study", "150"))]


def test_what_is_nested_stands_under_its_key() -> None:
    parts = list(record_parts({"name": "Visa", "documents": ["a photo", "a form"], "office": {"city": "Ottawa"}}))
    assert [part.kind for part in parts if isinstance(part, Block)] == [
        BlockKind.HEADING, BlockKind.LIST_ITEM, BlockKind.LIST_ITEM, BlockKind.HEADING,
    ]  # fmt: skip
    assert said({"office": {"city": "Ottawa"}}) == ["office", (("city",), ("Ottawa",))]


def test_a_long_value_is_a_paragraph() -> None:
    text = "You apply before you travel. " * 20
    assert said({"name": "Visa", "text": text}) == [(("name",), ("Visa",)), "text", text.strip()]


def test_questions_with_answers_are_a_table_of_them() -> None:
    [table] = record_parts([{"question": "Is it free?", "answer": ["No.", "Pay online."]}])
    assert isinstance(table, Table)
    assert table.cells == (("question", "answer"), ("Is it free?", "- No.\n- Pay online."))
