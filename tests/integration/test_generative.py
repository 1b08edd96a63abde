"""The writer with a model, against a real HTTP server that speaks the OpenAI protocol and misbehaves on request."""

import time
from collections.abc import Callable
from datetime import date

import pytest
from pydantic import SecretStr

from chains.drafts import Unanswerable
from chains.generative import GenerativeWriter
from chains.grounding import ground
from core.breaker import Breaker
from core.chat_model import build_chat_model
from core.errors import ModelUnavailable
from core.settings import Settings
from core.types import Chunk, DocumentMeta, Passage, Question
from tests.llm_server import LlmServer, Reply, llm_server, sentences

TEXT = "You can work up to 24 hours a week if your permit allows it. You must pay the fee before you apply."
FIRST, SECOND = TEXT[:60], TEXT[61:]
PASSAGE = Passage(
    Chunk("c", "d", "v", 0, TEXT, 0, len(TEXT), sentences=((0, 60), (61, len(TEXT)))), DocumentMeta("Work", "CA"), 1.0
)
ASKED = Question("Can I work?", as_of=date(2026, 11, 20))
GOOD = sentences((FIRST, [(1, FIRST)]), (SECOND, [(1, SECOND)]))
LATE = GOOD.index(SECOND) // 12 + 1  # a piece within the second sentence


def _writer(
    server: LlmServer, *, timeout_s: float = 60.0, stall_s: float = 20.0, breaker: Breaker | None = None
) -> GenerativeWriter:
    settings = Settings(
        _env_file=None, llm_model="openai:scripted", openai_api_key=SecretStr("k"), openai_base_url=server.url,
        llm_timeout_s=timeout_s, llm_stall_s=stall_s,
    )  # type: ignore[call-arg]  # fmt: skip
    model = build_chat_model(settings)
    assert model is not None
    return GenerativeWriter(model, breaker=breaker or Breaker(), timeout_s=timeout_s, stall_s=stall_s)


def _write(
    writer: GenerativeWriter, cancelled: Callable[[], bool] = lambda: False
) -> tuple[list[str], Exception | None]:
    """The sentences that arrived and the error, if any, that ended them."""
    texts: list[str] = []
    try:
        for draft in writer.write(ASKED, [PASSAGE], cancelled=cancelled):
            texts.append(draft.text)
    except (ModelUnavailable, Unanswerable) as error:
        return texts, error
    return texts, None


def test_sentences_arrive_while_the_model_still_writes() -> None:
    with llm_server(Reply(GOOD, stall_after=LATE, stall_s=10)) as server:
        assert next(_writer(server, stall_s=5.0).write(ASKED, [PASSAGE])).text == FIRST
        request = server.requests[0]
    assert (request["stream"], request["temperature"], request["response_format"]) == (True, 0, {"type": "json_object"})


def test_the_same_check_holds_for_a_model_that_lies() -> None:
    lie = sentences((FIRST.replace("24", "40"), [(1, FIRST)]), ("A visa is certain.", [(1, "A visa is certain.")]))
    with llm_server(Reply(lie)) as server:
        shown = list(ground(_writer(server).write(ASKED, [PASSAGE]), [PASSAGE]))
    assert [(sentence.text, sentence.replaced) for sentence in shown] == [(FIRST, True)]


@pytest.mark.parametrize(
    "first",
    [
        Reply(status=429, retry_after="0"),
        Reply(status=500),
        Reply(GOOD, drop_after=2),
        Reply(GOOD, drop_after=2, reset=True),
    ],
    ids=["429", "500", "drop", "reset"],
)
def test_a_passing_failure_before_the_first_sentence_is_tried_again(first: Reply) -> None:
    with llm_server(first, Reply(GOOD)) as server:
        assert _write(_writer(server)) == ([FIRST, SECOND], None)
        assert len(server.requests) == 2


def test_retry_after_is_honoured_within_the_deadline() -> None:
    with llm_server(Reply(status=429, retry_after="1"), Reply(GOOD)) as server:
        began = time.monotonic()
        assert _write(_writer(server))[0] == [FIRST, SECOND]
    assert time.monotonic() - began >= 1.0


def test_a_retry_after_beyond_the_deadline_is_not_waited_for() -> None:
    with llm_server(Reply(status=429, retry_after="60")) as server:
        began = time.monotonic()
        texts, error = _write(_writer(server, timeout_s=50.0))
        assert (texts, len(server.requests)) == ([], 1)
    assert isinstance(error, ModelUnavailable)
    assert time.monotonic() - began < 25.0  # half of what waiting until the deadline would take


@pytest.mark.parametrize(
    "reply",
    [Reply(GOOD[:-40]), Reply(GOOD, drop_after=LATE), Reply(GOOD, drop_after=LATE, reset=True)],
    ids=["half a JSON", "drop", "reset"],
)
def test_what_was_complete_before_a_break_is_kept(reply: Reply) -> None:
    with llm_server(reply) as server:
        texts, error = _write(_writer(server))
        assert (texts, len(server.requests)) == ([FIRST], 1)
    assert isinstance(error, ModelUnavailable)
    assert error.partial


@pytest.mark.parametrize("status", [400, 401, 404])
def test_a_permanent_failure_is_told_at_once(status: int) -> None:
    breaker = Breaker(failures=1)
    with llm_server(Reply(status=status)) as server:
        texts, error = _write(_writer(server, breaker=breaker))
        assert (texts, len(server.requests)) == ([], 1)
    assert isinstance(error, ModelUnavailable)
    assert (error.partial, error.transient, breaker.is_open) == (False, False, False)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(GOOD, stall_after=0),
        Reply(GOOD, stall_after=2),
        Reply(GOOD, pause_s=2.0),
        Reply(GOOD, comments=500, pause_s=0.05),
    ],
    ids=["no first word", "stall", "trickle", "keep-alive lines only"],
)
def test_a_slow_server_holds_nobody_beyond_the_limits(reply: Reply) -> None:
    with llm_server(reply) as server:
        began = time.monotonic()
        texts, error = _write(_writer(server, timeout_s=1.0, stall_s=0.3))
        assert time.monotonic() - began < 15.0  # what is scripted takes 25 seconds or more
        assert (texts, len(server.requests)) == ([], 1)
    assert isinstance(error, ModelUnavailable)


@pytest.mark.parametrize("text", ["Sure, here you go!", "{}", '{"sentences": []}', ""])
def test_a_reply_that_is_none_is_not_asked_for_again(text: str) -> None:
    with llm_server(Reply(text)) as server:
        texts, error = _write(_writer(server))
        assert (texts, len(server.requests)) == ([], 1)
    assert isinstance(error, ModelUnavailable)
    assert not error.partial


def test_no_answer_in_the_passages_is_an_outcome() -> None:
    with llm_server(Reply(sentences(unanswerable=True))) as server:
        assert isinstance(_write(_writer(server))[1], Unanswerable)


def test_a_server_without_json_mode_is_asked_without_it() -> None:
    with llm_server(Reply(status=400, error="Unknown parameter: response_format"), Reply(GOOD)) as server:
        assert _write(_writer(server)) == ([FIRST, SECOND], None)
        assert "response_format" not in server.requests[1]


def test_a_server_that_is_down_is_left_alone_after_five_failures() -> None:
    with llm_server(Reply(status=500)) as server:
        writer = _writer(server)
        _write(writer), _write(writer)
        texts, error = _write(writer)
        assert (texts, len(server.requests)) == ([], 5)
    assert isinstance(error, ModelUnavailable)


def test_nobody_listening_is_an_unavailable_model() -> None:
    server = LlmServer("http://127.0.0.1:9/v1", [])
    error = _write(_writer(server))[1]
    assert isinstance(error, ModelUnavailable)
    assert error.transient


def test_a_cancelled_question_ends_at_once() -> None:
    with llm_server(Reply(GOOD, stall_after=0)) as server:
        began = time.monotonic()
        assert _write(_writer(server), lambda: time.monotonic() - began > 0.1) == ([], None)
    assert time.monotonic() - began < 15.0  # the server says nothing for 30
