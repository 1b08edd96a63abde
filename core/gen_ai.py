"""Calls of the language model in OpenTelemetry's terms for generative AI: the one place that knows these names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from opentelemetry import trace

from core.metrics import MODEL_CALLS, MODEL_TOKENS
from core.tracing import tracer

__all__ = ["ModelCall"]

# https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/, as of semantic conventions 1.38
_OPERATION = "gen_ai.operation.name"
_PROVIDER = "gen_ai.provider.name"
_MODEL = "gen_ai.request.model"
_INPUT, _OUTPUT = "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"
_ERROR = "error.type"


class ModelCall:
    """One call: a span below the current one and its counters. `purpose` is a word of ours, as `write`."""

    def __init__(self, model: BaseChatModel, purpose: str) -> None:
        name = str(getattr(model, "model_name", None) or getattr(model, "model", None) or type(model).__name__)
        attributes = {
            _OPERATION: "chat", _PROVIDER: model._llm_type.removesuffix("-chat"), _MODEL: name,
            "assistant.purpose": purpose,
        }  # fmt: skip
        self._span = tracer().start_span(f"chat {name}", kind=trace.SpanKind.CLIENT, attributes=attributes)
        self._ended = False

    def stream(self, open_stream: Callable[[], Iterable[BaseMessage]]) -> Iterator[BaseMessage]:
        """The pieces of the answer; what is sent for them carries this call's trace, in any thread."""
        with trace.use_span(self._span, end_on_exit=False, record_exception=False, set_status_on_exception=False):
            for piece in open_stream():
                self._count(getattr(piece, "usage_metadata", None))
                yield piece

    def end(self, error: BaseException | None = None) -> None:
        """Call once the answer is whole or has failed; again it does nothing."""
        if self._ended:
            return
        self._ended = True
        outcome = "ok" if error is None else type(error).__name__
        MODEL_CALLS.labels(outcome).inc()
        if error is not None:
            self._span.set_attribute(_ERROR, outcome)
            self._span.set_status(trace.StatusCode.ERROR, outcome)
        self._span.end()

    def _count(self, usage: Any) -> None:
        if not usage:
            return
        for name, attribute, direction in (("input_tokens", _INPUT, "in"), ("output_tokens", _OUTPUT, "out")):
            tokens = int(usage.get(name, 0))
            MODEL_TOKENS.labels(direction).inc(tokens)
            self._span.set_attribute(attribute, tokens)
