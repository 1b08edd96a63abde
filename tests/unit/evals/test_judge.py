"""ragas over replies: without a model, and with one behind a real HTTP server that speaks OpenAI's protocol."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from core.chat_model import build_chat_model
from core.hash_embeddings import HashEmbeddings
from evals.judge import Judgement, judge_with
from evals.outcome import Outcome, Quoted, Verdict
from tests.conftest import make_settings
from tests.unit.evals.making import outcome

_LLM_METRICS = {"Faithfulness", "AnswerRelevancy", "ContextPrecision", "ContextRecall", "FactualCorrectness"}
_VERDICT = {"statement": "Up to 6 months.", "reason": "said", "verdict": 1}
_CANNED: dict[str, Any] = {
    "StatementGeneratorOutput": {"statements": ["Up to 6 months."]},
    "NLIStatementOutput": {"statements": [_VERDICT]},
    "AnswerRelevanceOutput": {"question": "How long?", "noncommittal": 0},
    "ContextPrecisionOutput": {"reason": "useful", "verdict": 1},
    "ContextRecallOutput": {"classifications": [{"statement": "6 months.", "reason": "said", "attributed": 1}]},
    "ClaimDecompositionOutput": {"claims": ["Up to 6 months."]},
}


@dataclass
class _Server:
    """Replies to each schema with a canned object; the first `failing` requests get a 503, `broken` schemas no JSON."""

    failing: int = 0
    broken: frozenset[str] = frozenset()
    url: str = ""
    requests: list[str] = field(default_factory=list)

    def reply(self, prompt: str) -> str | None:
        self.requests.append(prompt)
        if len(self.requests) <= self.failing:
            return None
        schema = prompt[prompt.rindex("Reply with one JSON object of this schema only: ") :]
        title = next(title for title in _CANNED if f'"title": "{title}"' in schema)
        return "I would rather not." if title in self.broken else json.dumps(_CANNED[title])


@contextmanager
def _serving(server: _Server) -> Iterator[_Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            text = server.reply(body["messages"][-1]["content"])
            message = {"role": "assistant", "content": text}
            reply = {"error": {"message": "busy"}} if text is None else {
                "id": "c", "object": "chat.completion", "created": 0, "model": "m",
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
            }  # fmt: skip
            data = json.dumps(reply).encode()
            self.send_response(503 if text is None else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *arguments: object) -> None:
            """Tests read `requests` instead."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{http.server_port}/v1"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


def _answer(
    id: str, verdict: Verdict = Verdict.CORRECT, *, cites: str = "uk/visit.md", says: str = "6 months"
) -> Outcome:
    quote = Quoted(1, cites, ("Visit", "How long"), "Up to 6 months.", exact=True)
    return replace(
        outcome(id, verdict), documents=("uk/visit.md",), sections=(("uk/visit.md", "How long"),),
        facts=((says, "half a year"),), quotes=(quote,),
    )  # fmt: skip


def _judge(outcomes: list[Outcome], server: _Server, tmp_path: Path, *, limit_s: float = 60.0) -> Judgement:
    model = build_chat_model(make_settings(tmp_path, llm_model="openai:m", openai_base_url=server.url))
    return judge_with(outcomes, model=model, embeddings=HashEmbeddings(), limit_s=limit_s, first_pause_s=0.01)


def test_without_a_model_ids_quotes_and_facts_are_judged() -> None:
    judgement = judge_with([_answer("a"), _answer("b", Verdict.WRONG, cites="us/visit.md", says="nine months")])
    means = {one.metric.split("(")[1].rstrip(")"): one.mean for one in judgement.metrics}
    assert means == {
        "IDBasedContextPrecision": 0.5, "IDBasedContextRecall": 0.5, "QuotedSpansAlignment": 1.0, "StringPresence": 0.5,
    }  # fmt: skip
    assert (judgement.faults, judgement.calls) == ((), 0)


def test_agreement_with_our_verdicts_is_told() -> None:
    judgement = judge_with([_answer("a"), _answer("b", Verdict.WRONG, cites="us/visit.md", says="nine months")])
    kappas = {one.metric.split("(")[1].rstrip(")"): one.kappa for one in judgement.metrics}
    assert kappas["StringPresence"] == 1.0
    assert kappas["QuotedSpansAlignment"] == 0.0


def test_refusals_and_questions_without_an_answer_are_not_judged() -> None:
    judgement = judge_with([outcome("a", Verdict.NEEDLESS_REFUSAL), outcome("b", Verdict.WRONG, answerable=False)])
    assert judgement.metrics == ()


def test_a_score_that_is_no_number_is_a_fault() -> None:
    judgement = judge_with([replace(_answer("a"), quotes=())])
    assert any("IDBasedContextPrecision" in fault and "no number" in fault for fault in judgement.faults)


def test_a_model_gives_every_metric_and_its_tokens_are_counted(tmp_path: Path) -> None:
    with _serving(_Server()) as server:
        judgement = _judge([_answer("a")], server, tmp_path)
    means = {one.metric: one.mean for one in judgement.metrics}
    assert means.keys() >= _LLM_METRICS
    assert means["Faithfulness"] == means["ContextRecall"] == 1.0
    assert judgement.faults == ()
    assert judgement.calls == len(server.requests)
    assert judgement.input_tokens == 100 * judgement.calls
    assert judgement.output_tokens == 10 * judgement.calls


def test_a_model_that_is_busy_is_asked_again(tmp_path: Path) -> None:
    with _serving(_Server(failing=2)) as server:
        judgement = _judge([_answer("a")], server, tmp_path)
    assert judgement.faults == ()
    assert {one.metric for one in judgement.metrics} >= _LLM_METRICS


def test_a_metric_without_its_score_is_a_fault_and_no_pass(tmp_path: Path) -> None:
    with _serving(_Server(broken=frozenset({"ContextRecallOutput"}))) as server:
        judgement = _judge([_answer("a")], server, tmp_path)
    assert "ContextRecall" not in {one.metric for one in judgement.metrics}
    assert [fault.split(":")[0] for fault in judgement.faults] == ["ragas ContextRecall, a"]


def test_a_model_that_is_too_slow_is_a_fault(tmp_path: Path) -> None:
    with _serving(_Server()) as server:
        judgement = _judge([_answer("a")], server, tmp_path, limit_s=0.0001)
    assert any("no score within" in fault for fault in judgement.faults)


@pytest.mark.parametrize("text", ['He said "so" twice.', "“Typographic” marks."])
def test_quotes_with_marks_inside_are_found_in_their_passages(text: str) -> None:
    said = _answer("a")
    quoted = replace(
        said, quotes=(replace(said.quotes[0], quote=text),), passages=(replace(said.passages[0], text=text),)
    )
    judgement = judge_with([quoted])
    assert next(one.mean for one in judgement.metrics if "Quoted" in one.metric) == 1.0
