from __future__ import annotations

import pytest

from retrieval.ranking import Candidate, dense_trust, fuse, history_dense_weights, with_history


def test_the_best_of_both_comes_first_with_the_highest_possible_score() -> None:
    both = Candidate("both", dense=0.8, keyword=9.0)
    [first, *_] = fuse([Candidate("near", dense=0.7, keyword=0.0), both, Candidate("words", dense=0.1, keyword=8.0)])
    assert first[0] == both
    assert first[1] == pytest.approx(1.0)


def test_scores_lie_between_nought_and_one() -> None:
    candidates = [Candidate(str(step), dense=step / 10 - 0.3, keyword=float(step % 3)) for step in range(10)]
    assert all(0 <= score <= 1 for _, score in fuse(candidates))


def test_a_large_lead_counts_more_than_a_rank() -> None:
    clear = Candidate("clear", dense=0.40, keyword=12.0)
    close = [Candidate(f"close{step}", dense=0.41 + step / 1000, keyword=1.0) for step in range(3)]
    assert fuse([*close, clear, Candidate("far", dense=0.0, keyword=0.0)])[0][0] == clear


def test_without_trust_in_the_encoder_keywords_decide() -> None:
    near, words = Candidate("near", dense=0.9, keyword=1.0), Candidate("words", dense=0.1, keyword=2.0)
    assert fuse([near, words])[0][0] == near
    assert fuse([near, words], dense_trust=0.0)[0][0] == words


def test_equals_keep_one_order() -> None:
    pair = [Candidate("b", dense=0.5, keyword=1.0), Candidate("a", dense=0.5, keyword=1.0)]
    assert [found.id for found, _ in fuse(pair)] == ["a", "b"]


def test_nothing_ranks_to_nothing() -> None:
    assert fuse([]) == []


@pytest.mark.parametrize(
    ("text", "tokens", "trust"),
    [
        ("How do I renew my study permit?", 8, 1.0),
        ("Schengen visa?", 5, 1.0),
        ("¿Dónde puedo renovar mi permiso de estudios?", 17, 0.4),
        ("¿Dónde puedo renovar mi permiso de estudios?", 10, 1.0),
        ("如何续签签证?", 7, 0.0),
        ("如何续签签证?", 4, 1.0),
        ("Как продлить визу?", 16, 0.0),
        ("12-34", 3, 1.0),
        ("", 0, 1.0),
    ],
)
def test_an_encoder_that_cuts_a_text_to_pieces_is_not_trusted_with_it(text: str, tokens: int, trust: float) -> None:
    assert dense_trust(text, tokens) == pytest.approx(trust)


def test_older_turns_count_less() -> None:
    assert history_dense_weights(3) == pytest.approx([0.4 * 0.64, 0.4 * 0.8, 0.4])
    assert history_dense_weights(0) == []


def test_terms_of_older_turns_are_added_weakly_and_never_weaken_the_question() -> None:
    own: dict[tuple[str, ...], float] = {("fee",): 1.0}
    weighed = with_history(own, [{("permit",): 1.0}, {("fee",): 1.0, ("visa",): 1.0}])
    assert weighed == {("fee",): 1.0, ("visa",): pytest.approx(0.35), ("permit",): pytest.approx(0.28)}
