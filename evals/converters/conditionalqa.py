"""ConditionalQA: a person's situation and question over GOV.UK pages, every sentence of evidence marked."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from pathlib import Path

from evals.converters.rows import JoinedText, read_rows
from evals.neutral import Asked, Gold, GoldKind, RetrievalSet, Section, SetDocument, split_questions

__all__ = ["convert", "convert_visa_sentences"]

_TAG = re.compile(r"<[^>]+>")
_SITE = "https://www.gov.uk/"


def convert(source: Path) -> RetrievalSet:
    """From a folder with `train.json` and `evidence_pool.jsonl`.

    A page is made of the evidence found on it, in its order: whole pages are not part of the pool. A document's id is
    the page's path, so that pages on visas can be told by it.
    """
    places: dict[tuple[str, str], Gold] = {}
    pages: dict[str, _Page] = {}
    for row in read_rows(source / "evidence_pool.jsonl"):
        page = pages.setdefault(row["url"], _Page(row["url"].removeprefix(_SITE)))
        if (place := page.add(row["html"])) is not None:
            places[row["url"], row["html"]] = place
    questions = []
    for row in json.loads((source / "train.json").read_text(encoding="utf-8")):
        gold = tuple(places[row["url"], part] for part in row["evidences"] if (row["url"], part) in places)
        answerable = not row["not_answerable"]
        if row["url"] not in pages or answerable != bool(gold):
            continue
        text = f"{row['scenario']} {row['question']}".strip()
        questions.append((Asked(row["id"], text, answerable=answerable, gold=gold), [pages[row["url"]].id]))
    return RetrievalSet(
        name="conditionalqa",
        source="https://github.com/haitian-sun/ConditionalQA, v1_0/train.json",
        licence="BSD-2-Clause; page texts Open Government Licence v3.0",
        may_train=True,
        gold=GoldKind.SPAN,
        documents=tuple(page.document() for page in pages.values()),
        questions=split_questions(questions),
    )


def convert_visa_sentences(source: Path) -> RetrievalSet:
    """From the same folder: every sentence of evidence on pages about visas is a document of its own to be found."""
    whole = convert(source)
    pages = {page.id: page for page in whole.documents if "visa" in page.id}
    sentences: dict[Gold, SetDocument] = {}
    questions = []
    for asked in whole.questions:
        if not asked.gold or not asked.gold_documents <= pages.keys():
            continue
        for place in asked.gold:
            page = pages[place.document]
            made = SetDocument(f"{page.id}#{place.start}", page.title, page.text[place.start : place.end])
            sentences.setdefault(place, made)
        gold = tuple(Gold(sentences[place].id) for place in asked.gold)
        questions.append((replace(asked, gold=gold), sorted(asked.gold_documents)))
    return replace(
        whole, name="conditionalqa-visa-sentences", gold=GoldKind.DOCUMENT, documents=tuple(sentences.values()),
        questions=split_questions(questions),
    )  # fmt: skip


class _Page:
    def __init__(self, page_id: str) -> None:
        self.id = page_id
        self._text = JoinedText(separator="\n\n")
        self._headings: list[tuple[str, int]] = []

    def add(self, element: str) -> Gold | None:
        """Append an element of the page; gives its place, or None when it holds no text."""
        text = " ".join(html.unescape(_TAG.sub(" ", element)).split())
        if not text:
            return None
        start, end = self._text.add(text, lead="- " if element.startswith("<li") else "")
        if re.match(r"<h\d", element):
            self._headings.append((text, start))
        return Gold(self.id, start, end)

    def document(self) -> SetDocument:
        text = self._text.text
        ends = [*(start for _, start in self._headings), len(text)][1:]
        sections = tuple(
            Section(heading, start, end) for (heading, start), end in zip(self._headings, ends, strict=True)
        )
        title = self.id.rsplit("/", 1)[-1].replace("-", " ").capitalize()
        return SetDocument(self.id, title, text, sections=sections)
