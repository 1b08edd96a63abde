import pytest

from chains.drafts import DraftQuote
from chains.grounding.quotes import locate, says_enough, widen
from core.types import Chunk, DocumentMeta, Passage
from tests.unit.chains.conftest import MakePassage

LIST = "A visitor cannot:\n- Claim public funds.\n- Live in the country.\n\nA visitor can take holidays."


def _listed() -> Passage:
    spans = [
        (LIST.index(part), LIST.index(part) + len(part)) for part in ("Claim public funds.", "Live in the country.")
    ]
    rest = LIST.index("A visitor can take")
    chunk = Chunk("c", "d", "v", 0, LIST, 0, len(LIST), sentences=(*spans, (rest, len(LIST))))
    return Passage(chunk, DocumentMeta("Visitors", "GB"), 1.0)


def test_a_quote_is_an_exact_slice_of_the_canonical_text(make_passage: MakePassage) -> None:
    passage = make_passage("Pay the fee first.", "You must then apply online.")
    found = locate(DraftQuote(1, "then apply online"), [passage])
    assert found is not None
    offset = found.start - passage.chunk.start
    assert found.text == passage.chunk.text[offset : offset + len(found.text)] == "then apply online"
    assert found.end - found.start == len(found.text)


@pytest.mark.parametrize(
    "said",
    [
        "the officer’s “decision” letter – in full",
        'The officer\'s "decision"  letter - in full.',
        'The officer\'s\n"decision" letter — in full',
    ],
)
def test_spacing_marks_dashes_and_the_first_letter_may_differ(make_passage: MakePassage, said: str) -> None:
    passage = make_passage('Keep it: The officer\'s "decision" letter - in full.')
    found = locate(DraftQuote(1, said), [passage])
    assert found is not None
    assert found.text.startswith('The officer\'s "decision" letter - in full')


def test_a_wrong_passage_number_is_mended(make_passage: MakePassage) -> None:
    passages = [make_passage("Pay the fee first."), make_passage("You must then apply online.")]
    found = locate(DraftQuote(1, "You must then apply online."), passages)
    assert found is not None
    assert found.passage_index == 1


@pytest.mark.parametrize("said", ["You must then certainly apply", "18 days of leave", "ou must then apply", "", "."])
def test_words_that_do_not_stand_there_are_not_found(make_passage: MakePassage, said: str) -> None:
    passage = make_passage("You must then apply.", "It took 2018 days of leave.")
    assert locate(DraftQuote(1, said), [passage]) is None


def test_a_clipped_quote_is_widened_to_its_sentence(make_passage: MakePassage) -> None:
    passage = make_passage("Pay first.", "You cannot work unless you have a permit.")
    found = locate(DraftQuote(1, "you have a permit"), [passage])
    assert found is not None
    assert [sentence.text for sentence in widen(found, [passage])] == ["You cannot work unless you have a permit."]


def test_an_item_of_a_list_keeps_the_line_that_introduces_it() -> None:
    found = locate(DraftQuote(1, "Live in the country."), [_listed()])
    assert found is not None
    assert [sentence.text for sentence in widen(found, [_listed()])] == ["A visitor cannot: Live in the country."]


def test_what_follows_a_list_is_not_introduced_by_it() -> None:
    found = locate(DraftQuote(1, "A visitor can take holidays."), [_listed()])
    assert found is not None
    assert [sentence.text for sentence in widen(found, [_listed()])] == ["A visitor can take holidays."]


def test_two_words_say_too_little_unless_they_are_the_sentence(make_passage: MakePassage) -> None:
    passage = make_passage("Apply online.", "You must pay the visa fee before you apply.")
    few, whole = locate(DraftQuote(1, "the visa fee"), [passage]), locate(DraftQuote(1, "Apply online."), [passage])
    assert few is not None
    assert whole is not None
    assert (says_enough(few, [passage]), says_enough(whole, [passage])) == (False, True)
