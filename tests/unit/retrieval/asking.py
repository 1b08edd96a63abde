"""Questions as the retriever words them, without an index."""

from __future__ import annotations

from retrieval.tokenise import query_terms
from retrieval.wording import Wording


def wording(text: str, *, trust: float = 1.0) -> Wording:
    """The words of a question, all equally rare."""
    tokens = tuple(dict.fromkeys(query_terms(text)))
    return Wording(tokens, dict.fromkeys(tokens, 1.0), trust)
