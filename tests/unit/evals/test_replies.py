"""Replies that were recorded are given again to the prompts they belong to, and to no other."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatResult

from chains.prompts import rewriting_prompt, translating_prompt, writing_prompt
from core.errors import InvalidInput
from core.types import Exchange, Question
from evals.replies import Recorded, RecordedModel, Recorder, digest_of, load_replies, write_replies
from tests.unit.evals.making import passage

DAY = date(2026, 12, 1)
ASKED = Question("How long may I stay?", as_of=DAY, history=(Exchange("I visit my aunt.", ""),))
PASSAGES = [passage("kb/uk/visit.md", "You can stay for six months.")]


def _prompts() -> list[list[BaseMessage]]:
    return [
        writing_prompt(ASKED, PASSAGES),
        rewriting_prompt(ASKED),
        rewriting_prompt(Question("¿Cuánto?", as_of=DAY), into="en"),
        translating_prompt(["You can stay."], written_in="en", into="es"),
    ]


def _model(*prompts: list[BaseMessage]) -> RecordedModel:
    replies = {digest_of(prompt): f"reply {number}" for number, prompt in enumerate(prompts)}
    return RecordedModel(recorded=Recorded("a model", DAY, {"case-1": replies}))


def test_a_prompt_is_known_again_whatever_seals_its_data() -> None:
    first, again = map(digest_of, _prompts()), map(digest_of, _prompts())
    assert list(first) == list(again)
    assert len(set(map(digest_of, _prompts()))) == 4


def test_another_passage_question_or_day_is_another_prompt() -> None:
    others = [
        writing_prompt(ASKED, [passage("kb/uk/visit.md", "You can stay for nine months.")]),
        writing_prompt(Question("How long can I stay?", as_of=DAY, history=ASKED.history), PASSAGES),
        writing_prompt(Question(ASKED.text, as_of=date(2026, 12, 2), history=ASKED.history), PASSAGES),
    ]
    assert len({digest_of(prompt) for prompt in (*others, writing_prompt(ASKED, PASSAGES))}) == 4


def test_each_prompt_gets_its_own_reply_whole_or_as_a_stream() -> None:
    model = _model(*_prompts())
    assert [model.invoke(prompt).text for prompt in _prompts()] == [f"reply {number}" for number in range(4)]
    assert "".join(piece.text for piece in model.stream(_prompts()[1])) == "reply 1"
    assert not model.has_missed()


def test_to_another_prompt_it_says_nothing_and_remembers_it_once() -> None:
    model = _model(_prompts()[0])
    assert json.loads(model.invoke(_prompts()[1]).text) == {"sentences": [], "unanswerable": True}
    assert [model.has_missed(), model.has_missed()] == [True, False]


def test_what_a_model_replies_is_heard() -> None:
    model, recorder = _model(*_prompts()), Recorder()
    model.callbacks = [recorder]
    model.invoke(_prompts()[0])
    list(model.stream(_prompts()[2]))
    assert recorder.take() == {digest_of(_prompts()[0]): "reply 0", digest_of(_prompts()[2]): "reply 2"}
    assert recorder.take() == {}


def test_of_a_case_that_failed_nothing_is_kept_unless_it_was_replied_to_in_the_end() -> None:
    model, recorder = _Failing(recorded=_model(_prompts()[0]).recorded), Recorder()
    model.callbacks = [recorder]
    for kept in (False, True):
        model.fails = True
        with pytest.raises(ConnectionError):
            model.invoke(_prompts()[0])
        model.fails = False
        if kept:
            model.invoke(_prompts()[0])
        assert recorder.take() == ({digest_of(_prompts()[0]): "reply 0"} if kept else {})


class _Failing(RecordedModel):
    fails: bool = False

    def _generate(self, *args: Any, **kwargs: Any) -> ChatResult:
        if self.fails:
            raise ConnectionError("gone")
        return super()._generate(*args, **kwargs)


def test_replies_are_read_as_they_were_written(tmp_path: Path) -> None:
    recorded = Recorded("a model", DAY, {"b": {"2": "zwei\n„zwei“", "1": "one"}, "a": {"3": "three"}})
    write_replies(tmp_path / "replies.jsonl", recorded)
    assert load_replies(tmp_path / "replies.jsonl") == recorded
    assert [line[:12] for line in (tmp_path / "replies.jsonl").read_text().splitlines()[1:]] == [
        '{"case": "a"', '{"case": "b"', '{"case": "b"'
    ]  # fmt: skip


@pytest.mark.parametrize("content", ["", "no json", '{"model": "m"}', '{"model": "m", "recorded_on": "today"}', "[]"])
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "replies.jsonl").write_text(content)
    with pytest.raises(InvalidInput, match=r"holds no replies"):
        load_replies(tmp_path / "replies.jsonl")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"replies\.jsonl.*cannot be read"):
        load_replies(tmp_path / "replies.jsonl")
