"""The verifier's promise, lie by lie; `benchmarks/lies.py` measures the same over the whole knowledge base."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chains.drafts import DraftQuote, DraftSentence
from chains.grounding import UnsupportedReason, ground, verify
from tests.unit.chains.conftest import MakePassage

WORK = "You can work up to 24 hours a week if your permit allows it."
EXEMPT = "You do not need to pay the fee if you are under 18."
SPONSOR = "Your sponsor must earn at least $38,000 a year and must not have been refused before."
SPOUSE = "Your spouse may apply for an open work permit only if you are in a degree program."
MOST = "Most students must apply before they travel to Canada."
VALID = "Since 8 November 2024, Form IMM 5710 is valid for two years."
STAY = "A visitor can usually stay for up to six months on each visit."
REMOTE = "Work is not permitted on a visitor visa, except for remote work for an employer outside the country."


def _draft(text: str, *quotes: str) -> DraftSentence:
    return DraftSentence(text, tuple(DraftQuote(1, quote) for quote in quotes))


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        (WORK, WORK),
        (WORK, "If your permit allows it, you may work for up to twenty-four hours each week."),
        (EXEMPT, "You don't have to pay the fee if you are under 18."),
        (EXEMPT, "If you are under 18, you do not need to pay the fee."),
        (SPONSOR, "Your sponsor has to earn at least 38,000 Canadian dollars per year."),
        (SPOUSE, "Your spouse can apply for an open work permit only if you are in a degree program."),
        (MOST, "Before they travel to Canada, most students have to apply."),
        (VALID, "Form IMM 5710 has been valid for 2 years since November 8, 2024."),
        (STAY, "You can usually stay for 6 months or less on each visit as a visitor."),
        (REMOTE, "You cannot work on a visitor visa, except for remote work for an employer outside the country."),
        (REMOTE, f"According to the document, {REMOTE[0].lower()}{REMOTE[1:].replace('permitted', 'allowed')}"),
    ],
)
def test_a_faithful_rewrite_is_supported(make_passage: MakePassage, source: str, claim: str) -> None:
    assert verify(_draft(claim, source), [make_passage("Ask first.", source)]).reason is None


LIES = {
    "invented figure": (WORK, "You can work up to 40 hours a week if your permit allows it."),
    "added figure": (MOST, "Most students must apply within 10 days before they travel to Canada."),
    "part of another figure": ("It opened in 2018.", "It opened at 18."),
    "changed unit": (WORK, "You can work up to 24 hours a month if your permit allows it."),
    "changed currency": (SPONSOR, "Your sponsor must earn at least US$38,000 a year."),
    "changed date": (VALID, "Since 8 October 2024, Form IMM 5710 is valid for two years."),
    "changed form code": (VALID, "Since 8 November 2024, Form IMM 5709 is valid for two years."),
    "dropped not": (EXEMPT, "You need to pay the fee if you are under 18."),
    "added not": (WORK, "You cannot work up to 24 hours a week if your permit allows it."),
    "no need is no ban": (EXEMPT, "You must not pay the fee if you are under 18."),
    "may to must": (SPOUSE, "Your spouse must apply for an open work permit only if you are in a degree program."),
    "must to may": (MOST, "Most students may apply before they travel to Canada."),
    "may to does": (SPOUSE, "Your spouse gets an open work permit only if you are in a degree program."),
    "other actor": (SPONSOR, "You must earn at least $38,000 a year."),
    "other actor from elsewhere": (
        SPOUSE,
        "You may apply for an open work permit only if your spouse is in a degree program.",
    ),
    "dropped condition": (WORK, "You can work up to 24 hours a week."),
    "dropped exception": (REMOTE, "Work is not permitted on a visitor visa."),
    "dropped only": (SPOUSE, "Your spouse may apply for an open work permit if you are in a degree program."),
    "added condition": (MOST, "Most students must apply before they travel to Canada if they work."),
    "condition told as a fact": (WORK, "Your permit allows it."),
    "at least to at most": (SPONSOR, "Your sponsor must earn at most $38,000 a year."),
    "dropped up to": (STAY, "A visitor can usually stay for six months on each visit."),
    "before to after": (MOST, "Most students must apply after they travel to Canada."),
    "other country": (MOST, "Most students must apply before they travel to Australia."),
    "outside to inside": (REMOTE, REMOTE.replace("outside", "inside")),
    "most to all": (MOST, "All students must apply before they travel to Canada."),
    "dropped most": (MOST, "Students must apply before they travel to Canada."),
    "dropped usually": (STAY, "A visitor can stay for up to six months on each visit."),
    "invented thing": (MOST, "Most students must apply with a lawyer before they travel to Canada."),
    "yes for no": (EXEMPT, "Yes, you do not need to pay the fee if you are under 18."),
    "nothing said": (MOST, "Yes."),
}


@pytest.mark.parametrize(("source", "lie"), LIES.values(), ids=LIES.keys())
def test_a_lie_is_not_supported(make_passage: MakePassage, source: str, lie: str) -> None:
    verdict = verify(_draft(lie, source), [make_passage("Ask first.", source)])
    assert not verdict.supported
    assert verdict.quotes


@pytest.mark.parametrize(
    ("quotes", "reason"),
    [
        ((), UnsupportedReason.NO_QUOTE),
        (("You can work as long as you like.",), UnsupportedReason.QUOTE_NOT_FOUND),
        (("24 hours a",), UnsupportedReason.QUOTE_TOO_SHORT),
    ],
)
def test_without_a_quote_that_stands_there_nothing_is_supported(
    make_passage: MakePassage, quotes: tuple[str, ...], reason: UnsupportedReason
) -> None:
    assert verify(_draft(WORK, *quotes), [make_passage(WORK)]).reason is reason


def test_a_quote_clipped_before_its_condition_does_not_lose_it(make_passage: MakePassage) -> None:
    clipped = "You can work up to 24 hours a week"
    assert verify(_draft(f"{clipped}.", clipped), [make_passage(WORK)]).reason is UnsupportedReason.CONDITION


def test_a_heading_cannot_be_quoted(make_passage: MakePassage) -> None:
    passage = make_passage(WORK)
    bare = replace(passage, chunk=replace(passage.chunk, sentences=()))
    assert verify(_draft(WORK, WORK), [bare]).reason is UnsupportedReason.NOT_A_STATEMENT


def test_in_another_language_only_the_sources_own_words_pass(make_passage: MakePassage) -> None:
    passage = make_passage("Vous devez payer les frais avant de partir.")
    french = replace(passage, meta=replace(passage.meta, language="fr"))
    own, changed = "Vous devez payer les frais avant de partir.", "Vous devez payer les frais après votre départ."
    assert verify(_draft(own, own), [french]).supported
    assert verify(_draft(changed, own), [french]).reason is UnsupportedReason.LANGUAGE


def test_a_lie_gives_way_to_the_sources_own_sentence(make_passage: MakePassage) -> None:
    lie = _draft("You can work up to 40 hours a week if your permit allows it.", WORK)
    (shown,) = ground([lie], [make_passage(WORK)])
    assert (shown.text, shown.replaced) == (WORK, True)


def test_an_item_of_a_list_is_not_shown_without_its_not(make_passage: MakePassage) -> None:
    text = "A visitor cannot:\n- Claim public funds here."
    passage = make_passage(text)
    item = "Claim public funds here."
    chunk = replace(passage.chunk, sentences=((passage.chunk.end - len(item), passage.chunk.end),))
    (shown,) = ground([_draft(item, item)], [replace(passage, chunk=chunk)])
    assert (shown.text, shown.replaced) == ("A visitor cannot: Claim public funds here.", False)


def test_a_list_is_shown_whole_with_what_introduces_it_said_once(make_passage: MakePassage) -> None:
    items = ("Be a permanent resident.", "Have filed taxes for three years.", "Prove your English if you are under 55.")
    text = "The rules say that you must:\n- " + "\n- ".join(items)
    passage = make_passage(text)
    starts = [passage.chunk.start + passage.chunk.text.index(item) for item in items]
    spans = tuple((start, start + len(item)) for start, item in zip(starts, items, strict=True))
    listed = replace(passage, chunk=replace(passage.chunk, sentences=spans))
    (shown,) = ground([_draft(text, *items)], [listed])
    assert (shown.text, shown.replaced) == (text, False)
    assert {quote.text for quote in shown.quotes} >= set(items)


def test_a_list_whose_items_were_changed_is_not_the_source_s_own(make_passage: MakePassage) -> None:
    items = ("Be a permanent resident.", "Have filed taxes for three years.")
    text = "The rules say that you must:\n- " + "\n- ".join(items)
    passage = make_passage(text)
    starts = [passage.chunk.start + passage.chunk.text.index(item) for item in items]
    spans = tuple((start, start + len(item)) for start, item in zip(starts, items, strict=True))
    listed = replace(passage, chunk=replace(passage.chunk, sentences=spans))
    assert not verify(_draft(text.replace("three", "two"), *items), [listed]).supported


def test_a_sentence_without_ground_is_left_out(make_passage: MakePassage) -> None:
    assert (
        list(ground([_draft("You will surely get a visa.", "You will surely get a visa.")], [make_passage(WORK)])) == []
    )


def test_a_source_about_something_else_does_not_stand_in(make_passage: MakePassage) -> None:
    assert list(ground([_draft("Passports are blue.", WORK)], [make_passage(WORK)])) == []


def test_nothing_is_said_twice(make_passage: MakePassage) -> None:
    lie = "You can work up to 40 hours a week if your permit allows it."
    shown = list(ground([_draft(WORK, WORK), _draft(lie, WORK), _draft(WORK, WORK)], [make_passage(WORK)]))
    assert [sentence.text for sentence in shown] == [WORK]


def test_sentences_are_given_on_as_they_arrive(make_passage: MakePassage) -> None:
    asked: list[str] = []

    def drafts() -> Iterator[DraftSentence]:
        for text in (WORK, MOST):
            asked.append(text)
            yield _draft(text, text)

    shown = ground(drafts(), [make_passage(WORK, MOST)])
    assert next(shown).text == WORK
    assert asked == [WORK]
