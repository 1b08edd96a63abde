from __future__ import annotations

from ingest.layout import Word, lines_in_reading_order


def words(text: str, *, x: float, top: float, size: float = 10) -> list[Word]:
    placed = []
    for word in text.split():
        placed.append(Word(word, x, x + 5 * len(word), top, top + size, size, bold=False))
        x += 5 * len(word) + 3
    return placed


def test_words_of_a_line_are_read_from_left_to_right() -> None:
    page = words("the fee", x=72, top=100) + words("You pay", x=20, top=101)
    assert [line.text for line in lines_in_reading_order(page)] == ["You pay the fee"]


def test_columns_are_read_one_after_the_other() -> None:
    left = [word for row in range(8) for word in words("left side has text that fills", x=20, top=100 + 14 * row)]
    right = [word for row in range(8) for word in words("right side has text that fills", x=220, top=100 + 14 * row)]
    lines = [line.text.split()[0] for line in lines_in_reading_order(left + right)]
    assert lines == ["left"] * 8 + ["right"] * 8


def test_a_title_across_columns_stays_above_them() -> None:
    title = words("A title that runs across the whole width of both of the columns here", x=20, top=60)
    left = [word for row in range(8) for word in words("left side has text that fills", x=20, top=100 + 14 * row)]
    right = [word for row in range(8) for word in words("right side has text that fills", x=220, top=100 + 14 * row)]
    assert lines_in_reading_order(title + left + right)[0].text.startswith("A title")


def test_short_values_beside_labels_are_no_columns() -> None:
    page = [
        w
        for row in range(8)
        for w in words("Fee", x=20, top=100 + 14 * row) + words(f"${row}", x=220, top=100 + 14 * row)
    ]
    assert [line.text for line in lines_in_reading_order(page)][:2] == ["Fee $0", "Fee $1"]


def test_a_word_in_two_fonts_is_one_word() -> None:
    page = [Word("Pay", 20, 35, 100, 110, 10, bold=True), Word("ment", 35.2, 55, 100, 110, 10, bold=False)]
    assert lines_in_reading_order(page)[0].text == "Payment"
