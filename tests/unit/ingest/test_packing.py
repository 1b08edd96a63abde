from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.packing import Limits, Piece, pack, split_to_fit

LIMITS = Limits(words=10, tokens=20, chars=200, count_tokens=lambda text: len(text.split()))


def pieces(*words: int, costs: tuple[float, ...] = ()) -> list[Piece]:
    costs = costs or (0.0,) * len(words)
    return [Piece(10 * n, 10 * n + 9, w, w, break_cost=c) for n, (w, c) in enumerate(zip(words, costs, strict=True))]


def test_as_few_passages_as_fit() -> None:
    assert pack(pieces(4, 4, 4, 4), LIMITS) == [(0, 19), (20, 39)]


def test_a_break_goes_where_it_harms_least() -> None:
    assert pack(pieces(4, 3, 3, 3, costs=(0, 0.9, 0, 0.9)), LIMITS) == [(0, 19), (20, 39)]


def test_a_lead_in_goes_along_with_what_follows() -> None:
    assert pack(pieces(8, 2, 4, costs=(0, 0, 1.5)), LIMITS) == [(0, 9), (10, 29)]


def test_another_page_begins_another_passage() -> None:
    page = [Piece(0, 9, 2, 2, break_cost=0), Piece(10, 19, 2, 2, break_cost=0, page_turn=True)]
    assert pack(page, LIMITS) == [(0, 9), (10, 19)]


@given(st.lists(st.integers(1, 10), min_size=1, max_size=30))
def test_no_passage_is_too_long_and_none_is_lost(words: list[int]) -> None:
    made = pieces(*words)
    spans = pack(made, LIMITS)
    assert [spans[0][0], spans[-1][1]] == [made[0].start, made[-1].end]
    for start, end in spans:
        assert sum(piece.words for piece in made if start <= piece.start < end) <= 10


def test_a_long_sentence_is_cut_at_a_clause() -> None:
    text = "You may apply when you are abroad and well; you may also apply when you are here"
    parts = [text[start:end] for start, end in split_to_fit(text, (0, len(text)), LIMITS)]
    assert parts == ["You may apply when you are abroad and well;", "you may also apply when you are here"]


@given(st.text(alphabet="ab ;,", max_size=300))
def test_parts_fit_and_lose_nothing_but_space(text: str) -> None:
    parts = [text[start:end] for start, end in split_to_fit(text, (0, len(text)), LIMITS)]
    assert all(len(part) <= 1 or LIMITS.allow(part) for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
