"""One question is one trace, from the caller's own through the model, sent to a real collector over OTLP."""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.conftest import KNOWLEDGE_BASE, MODEL_CACHE, copied
from tests.llm_server import LlmServer, Reply, llm_server, sentences
from tests.scripted_http import ScriptedHttp, scripted_http

QUESTION = "My aunt comes to the United Kingdom as a Standard Visitor: how long may each visit last?"
QUOTE = "A Standard Visitor can usually stay in the United Kingdom for up to six months on each visit."
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.fixture(scope="module")
def traced(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[Span], LlmServer, str]]:
    """The spans of one question that a traced caller asked, the model's server, and what the server logged."""
    data_dir = copied(indexed, tmp_path_factory.mktemp("traces"))
    with scripted_http() as collector, llm_server(Reply(sentences((QUOTE, [(1, QUOTE)])))) as model:
        variables = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            "OPENAI_BASE_URL": model.url,
            "LLM_MODEL": "openai:m",
        }
        with _server(data_dir, **variables) as (address, log):
            headers = {"traceparent": CALLER}
            answer = httpx.post(f"{address}/chat", json={"question": QUESTION}, headers=headers, timeout=60)
            assert answer.json()["mode"] == "generative"
        yield _spans(collector), model, log.read_text(encoding="utf-8")


@contextmanager
def _server(data_dir: Path, **variables: str) -> Iterator[tuple[str, Path]]:
    """A process of its own, since a process has one provider of traces, and the file it logs into."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ, "MODEL_CACHE_DIR": str(MODEL_CACHE), "KNOWLEDGE_BASE": str(KNOWLEDGE_BASE), "PORT": str(port),
        "LOG_FORMAT": "json", **variables,
    }  # fmt: skip
    command = [sys.executable, "-m", "api", "--data-dir", str(data_dir), "serve"]
    log = data_dir.parent / "server.log"
    with log.open("wb") as written, subprocess.Popen(command, env=environment, stderr=written) as process:
        try:
            _await(f"http://127.0.0.1:{port}/health/ready")
            yield f"http://127.0.0.1:{port}", log
        finally:
            process.terminate()


def _await(address: str) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        with suppress(httpx.HTTPError):
            if httpx.get(address).is_success:
                return
        time.sleep(0.1)
    raise TimeoutError(address)


def _spans(collector: ScriptedHttp) -> list[Span]:
    found: list[Span] = []
    for asked in collector.asked:
        body = gzip.decompress(asked.body) if asked.headers.get("content-encoding") == "gzip" else asked.body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            found += [span for scope in resource.scope_spans for span in scope.spans]
    return [span for span in found if span.trace_id.hex() == TRACE]


def _attributes(span: Span) -> dict[str, Any]:
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


def _path_to_root(span: Span, spans: list[Span]) -> list[str]:
    by_id = {one.span_id: one for one in spans}
    names = [span.name]
    while span.parent_span_id in by_id:
        span = by_id[span.parent_span_id]
        names.append(span.name)
    return names


def test_every_step_stands_below_the_callers_request(traced: tuple[list[Span], LlmServer, str]) -> None:
    spans, _, _ = traced
    for step in ("retrieve", "chat m"):
        span = next(one for one in spans if one.name == step)
        assert _path_to_root(span, spans) == [step, "turn", "POST /chat"]


def test_the_database_is_in_the_trace(traced: tuple[list[Span], LlmServer, str]) -> None:
    spans, _, _ = traced
    statements = [one for one in spans if _attributes(one).get("db.system") == "sqlite"]
    assert any("retrieve" in _path_to_root(one, spans) for one in statements)


def test_the_models_server_is_told_the_trace(traced: tuple[list[Span], LlmServer, str]) -> None:
    spans, model, _ = traced
    call = next(one for one in spans if one.name == "chat m")
    assert {headers["traceparent"] for headers in model.headers} == {f"00-{TRACE}-{call.span_id.hex()}-01"}


def test_a_call_of_the_model_is_told_in_the_terms_of_generative_ai(traced: tuple[list[Span], LlmServer, str]) -> None:
    spans, _, _ = traced
    said = _attributes(next(one for one in spans if one.name == "chat m"))
    assert said["gen_ai.operation.name"] == "chat"
    assert said["gen_ai.request.model"] == "m"
    assert said["gen_ai.provider.name"] == "openai"


def test_no_text_of_a_person_leaves_with_the_trace(traced: tuple[list[Span], LlmServer, str]) -> None:
    spans, _, _ = traced
    assert len(spans) > 4
    assert not any("aunt" in str(span) for span in spans)


def test_the_log_names_the_trace(traced: tuple[list[Span], LlmServer, str]) -> None:
    _, _, logged = traced
    lines = [json.loads(line) for line in logged.splitlines() if line.startswith("{")]
    assert any(line.get("trace_id") == TRACE for line in lines)
