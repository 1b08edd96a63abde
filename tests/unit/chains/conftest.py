"""Passages made by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from core.types import Chunk, DocumentMeta, Passage

MakePassage = Callable[..., Passage]


@pytest.fixture
def make_passage() -> MakePassage:
    """Builds a passage of the given sentences, which stand in its text one after the other from offset 100."""

    def make(
        *sentences: str,
        title: str = "Study permit in Canada",
        jurisdiction: str = "CA",
        section: tuple[str, ...] = (),
        score: float = 1.0,
        dense: float = 0.7,
        coverage: float = 1.0,
        scores: tuple[float, ...] = (),
        reviewed_on: date | None = None,
        review_by: date | None = None,
        unit: int | None = None,
        question: str | None = None,
        ordinal: int = 0,
        url: str | None = "https://www.canada.ca/study",
    ) -> Passage:
        text = " ".join(sentences)
        start, spans, at = 100, [], 100
        for sentence in sentences:
            spans.append((at, at + len(sentence)))
            at += len(sentence) + 1
        chunk = Chunk(
            id=f"v:{ordinal}", document_id=f"kb/{title}.md", version_id=f"v-{title}", ordinal=ordinal, text=text,
            start=start, end=start + len(text), section=section, sentences=tuple(spans), unit=unit, question=question,
        )  # fmt: skip
        meta = DocumentMeta(
            title=title, jurisdiction=jurisdiction, source_url=url, reviewed_on=reviewed_on, review_by=review_by
        )
        return Passage(
            chunk,
            meta,
            score,
            dense=dense,
            coverage=coverage,
            sentence_scores=scores or tuple(dense for _ in sentences),
        )

    return make
