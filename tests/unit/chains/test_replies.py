import json

import pytest

from chains.drafts import DraftQuote, DraftSentence
from chains.replies import MAX_REPLY_CHARS, ReplyReader
from core.errors import ModelUnavailable
from tests.llm_server import sentences

GOOD = sentences(('Say "yes" {once}.', [(1, "yes }")]), ("And more.", [(2, "more")]))
FIRST = DraftSentence('Say "yes" {once}.', (DraftQuote(1, "yes }"),))


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_sentences_come_as_soon_as_they_are_complete(size: int) -> None:
    reader, seen = ReplyReader(), {}
    for start in range(0, len(GOOD), size):
        for draft in reader.feed(GOOD[start : start + size]):
            seen[draft.text] = start
    assert list(seen) == [FIRST.text, "And more."]
    assert size > 100 or seen[FIRST.text] <= GOOD.index("}]}") + 3 < seen["And more."]
    assert not reader.finish()


@pytest.mark.parametrize("wrapped", [f"```json\n{GOOD}\n```", f"Here you are: {GOOD} Good luck!", f"\n\n{GOOD}\n"])
def test_what_stands_around_the_object_is_passed_over(wrapped: str) -> None:
    reader = ReplyReader()
    assert next(reader.feed(wrapped)) == FIRST


def test_an_empty_reply_may_say_that_there_is_no_answer() -> None:
    reader = ReplyReader()
    assert list(reader.feed(sentences(unanswerable=True))) == []
    assert reader.finish()


@pytest.mark.parametrize("text", ["", "Sure!", "{}", "[1, 2]", '{"sentences": []}', GOOD[:-2], '{"sentences": "no"}'])
def test_anything_else_is_no_reply(text: str) -> None:
    reader = ReplyReader()
    list(reader.feed(text))
    with pytest.raises(ModelUnavailable):
        reader.finish()


@pytest.mark.parametrize("bad", [1, None, "words", {"text": 5}, {"text": " "}, {"quotes": []}])
def test_a_sentence_of_another_shape_is_passed_over(bad: object) -> None:
    good = {"text": "Fine.", "quotes": ["plain words", {"quote": 3}, {"passage": True, "quote": "q"}]}
    drafts = list(ReplyReader().feed(json.dumps({"sentences": [bad, good]})))
    assert drafts == [DraftSentence("Fine.", (DraftQuote(None, "plain words"), DraftQuote(None, "q")))]


def test_a_reply_without_end_is_cut_off() -> None:
    with pytest.raises(ModelUnavailable, match="longer"):
        list(ReplyReader().feed("x" * (MAX_REPLY_CHARS + 1)))
