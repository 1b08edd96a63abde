"""What a bench ranks of a message that was looked up in several queries."""

from datetime import date
from typing import cast

from core.types import Chunk, DocumentMeta, Passage
from evals.bench import search_again
from retrieval.query import Query
from retrieval.retriever import HybridRetriever


def _passage(name: str, score: float) -> Passage:
    chunk = Chunk(
        id=f"{name}-0", document_id=f"kb/{name}.md", version_id=name, ordinal=0, text=name, start=0, end=len(name),
        section=(), sentences=(),
    )  # fmt: skip
    return Passage(chunk, DocumentMeta(title=name), score)


class _Scripted:
    """A retriever that finds what it is told to, by the text of the query."""

    def __init__(self, found: dict[str, list[Passage]]) -> None:
        self._found = found

    def search(self, query: Query) -> list[Passage]:
        return self._found[query.text]


def test_what_several_queries_found_stands_once_at_its_best() -> None:
    found = {
        "both": [_passage("fee", 0.9), _passage("time", 0.4)],
        "the time": [_passage("time", 1.0), _passage("fee", 0.2)],
    }
    queries = [Query(text, as_of=date(2026, 1, 1)) for text in found]
    ranked = search_again(cast(HybridRetriever, _Scripted(found)), queries, deep=False)
    assert [(one.chunk.version_id, one.score) for one in ranked] == [("time", 1.0), ("fee", 0.9)]
