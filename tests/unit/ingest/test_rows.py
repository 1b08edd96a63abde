from __future__ import annotations

from ingest.blocks import BlockKind
from ingest.rows import Table, table_blocks


def texts(*rows: tuple[str, ...], header_rows: int | None = None) -> list[str]:
    return [block.text for block in table_blocks(Table(rows, header_rows))]


def test_each_row_can_be_read_alone() -> None:
    assert texts(("Permit", "Fee"), ("Study", "$150"), ("Work", "$155")) == [
        "Permit: Study; Fee: $150",
        "Permit: Work; Fee: $155",
    ]


def test_a_row_of_figures_is_no_header() -> None:
    assert texts(("2024", "150"), ("2025", "155")) == ["2024: 150", "2025: 155"]


def test_labels_with_values_need_no_header() -> None:
    assert texts(("Fee:", "$150"), ("Time:", "8 weeks")) == ["Fee: $150", "Time: 8 weeks"]


def test_a_line_above_the_header_is_its_caption() -> None:
    blocks = table_blocks(Table((("Fees in 2026", ""), ("Permit", "Fee"), ("Study", "$150"))))
    assert [(b.kind, b.text) for b in blocks] == [
        (BlockKind.PARAGRAPH, "Fees in 2026"),
        (BlockKind.ROW, "Permit: Study; Fee: $150"),
    ]


def test_stacked_headers_become_one() -> None:
    rows = (("Permit", "Fee", ""), ("", "Adult", "Child"), ("Study", "$150", "$75"))
    assert texts(*rows, header_rows=2) == ["Permit: Study; Fee, Adult: $150; Fee, Child: $75"]


def test_empty_cells_say_nothing() -> None:
    assert texts(("Permit", "Fee", "Note"), ("Study", "", "online")) == ["Permit: Study; Note: online"]


def test_a_cell_that_ends_as_a_sentence_keeps_its_full_stop() -> None:
    rows = (("Permit", "Rule"), ("Study", "You need a letter. Bring it."))
    assert texts(*rows) == ["Permit: Study; Rule: You need a letter. Bring it."]


def test_one_column_is_a_list_of_paragraphs() -> None:
    assert [b.kind for b in table_blocks(Table((("A",), ("B",))))] == [BlockKind.PARAGRAPH] * 2


def test_years_name_columns_of_fees() -> None:
    table = Table((("Permit", "2025", "2026"), ("Study", "$150", "$160")))
    assert [block.text for block in table_blocks(table)] == ["Permit: Study; 2025: $150; 2026: $160"]


def test_a_year_among_years_is_a_value() -> None:
    table = Table((("Founded", "1999"), ("Closed", "2005")))
    assert [block.text for block in table_blocks(table)] == ["Founded: 1999", "Closed: 2005"]


def test_a_header_of_two_rows_above_figures_and_again_further_down() -> None:
    names = ("", "Study", "Work")
    table = Table(
        (("In dollars", "First half", ""), names, ("Ontario", "150", "155"), ("Quebec", "90", "90"),
         ("In dollars", "Second half", ""), names, ("Ontario", "160", "165"))
    )  # fmt: skip
    assert [block.text for block in table_blocks(table)] == [
        "In dollars: Ontario; First half, Study: 150; First half, Work: 155",
        "In dollars: Quebec; First half, Study: 90; First half, Work: 90",
        "In dollars: Ontario; Second half, Study: 160; Second half, Work: 165",
    ]


def test_equal_figures_side_by_side_are_all_said() -> None:
    table = Table((("7", "7", "x", "x"), ("1", "2", "3", "4")), header_rows=0)
    assert table_blocks(table)[0].text == "7; 7; x"
