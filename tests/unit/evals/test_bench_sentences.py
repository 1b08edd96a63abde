"""The yardsticks of choosing a sentence, on sentences whose words and vectors disagree."""

from __future__ import annotations

from core.types import Chunk, DocumentMeta, Passage
from evals.bench_places import Place
from evals.bench_sentences import nearest, wordiest

_TEXT = "The permit permit fee is due. You pay 40 crowns at the harbour office."
_SECOND = _TEXT.index("You pay")


def _passage(*cosines: float, start: int = 100) -> Passage:
    spans = ((start, start + _SECOND - 1), (start + _SECOND, start + len(_TEXT)))
    chunk = Chunk("v-0", "kb/a.md", "v", 0, _TEXT, start, start + len(_TEXT), sentences=spans)
    return Passage(chunk, DocumentMeta("Permits"), 1.0, sentence_scores=cosines)


def test_words_and_vectors_each_choose_by_their_own_measure() -> None:
    found = [_passage(0.2, 0.7)]
    first, second = Place("kb/a.md", 100, 100 + _SECOND - 1), Place("kb/a.md", 100 + _SECOND, 100 + len(_TEXT))
    assert wordiest("What is the permit fee?", found) == first
    assert wordiest("Where is the harbour office?", found) == second
    assert nearest(found) == second
    assert nearest([_passage(0.9, 0.7)]) == first


def test_a_rare_word_outweighs_one_that_every_sentence_has() -> None:
    text = "Permit permit permit. Permit office. Permit fee."
    spans = ((0, 21), (22, 36), (37, 48))
    chunk = Chunk("v-0", "kb/a.md", "v", 0, text, 0, len(text), sentences=spans)
    found = [Passage(chunk, DocumentMeta("Permits"), 1.0, sentence_scores=(0.1, 0.1, 0.1))]
    assert wordiest("permit fee", found) == Place("kb/a.md", 37, 48)


def test_where_nothing_was_found_nothing_is_chosen() -> None:
    assert wordiest("What is the fee?", []) is None
    assert nearest([]) is None
