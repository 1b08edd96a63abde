"""What is counted and timed, for Prometheus. Labels are closed sets: no id, no address, nothing a person wrote."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

__all__ = [
    "DOCUMENTS", "LIMITED", "MODEL_CALLS", "MODEL_TOKENS", "PASSAGES", "REPLIES", "REPLY_SECONDS", "REQUESTS",
    "REQUEST_SECONDS", "RETRIEVAL_SECONDS", "TURNS_RUNNING",
]  # fmt: skip

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_SLOW = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0)

REQUESTS = Counter("assistant_http_requests", "HTTP requests.", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "assistant_http_request_seconds", "Seconds until a response was whole.", ["method", "route"], buckets=_SLOW
)
LIMITED = Counter("assistant_limited", "Requests that were refused for their number or size.", ["limit"])
TURNS_RUNNING = Gauge("assistant_turns_running", "Questions that are worked on or wait for a worker.")
REPLIES = Counter("assistant_replies", "Settled questions, by who wrote the answer or why there is none.", ["outcome"])
REPLY_SECONDS = Histogram(
    "assistant_reply_seconds", "Seconds from a question's place in the queue to its reply.", buckets=_SLOW
)
RETRIEVAL_SECONDS = Histogram("assistant_retrieval_seconds", "Seconds of one search for passages.", buckets=_FAST)
MODEL_CALLS = Counter("assistant_model_calls", "Calls of the language model.", ["outcome"])
MODEL_TOKENS = Counter("assistant_model_tokens", "Tokens of the language model, where it tells them.", ["direction"])
DOCUMENTS = Gauge("assistant_documents", "Documents that can be quoted.")
PASSAGES = Gauge("assistant_passages", "Passages of those documents.")
