"""Each converter on a small source of the same form, written for these tests."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from evals.converters import clapnq, clinc, conditionalqa, doc2dial, ircc, scifact, sharc, wice, xquad
from evals.neutral import Asked, GoldKind, RetrievalSet, load_set, write_set
from tests.conftest import ROOT


def _lines(path: Path, rows: Sequence[object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def _marked(found: RetrievalSet, asked: Asked) -> list[str]:
    texts = {document.id: document.text for document in found.documents}
    return [texts[place.document][place.start : place.end] for place in asked.gold]


def _doc2dial(source: Path) -> None:
    text = "Renewing\n\nYou renew by post. It takes ten days. "
    _lines(
        source / "documents.jsonl",
        [{"doc_id": "Renewing#1", "domain": "x", "title": "Renewing", "text": text, "spans": {}}],
    )
    rows = [
        {"id": "a", "question": "How do I renew?", "history_latest_first": [], "answer_text": "You renew by post. "},
        {"id": "b", "question": "How long?", "answer_text": "It takes ten days. ", "history_latest_first": [
            "agent:Anything else?", "agent:By post", "user:How do I renew?", "agent:Hello"]},
    ]  # fmt: skip
    _lines(
        source / "questions.jsonl",
        [{**row, "doc_id": "Renewing#1", "answer_start": text.index(str(row["answer_text"]))} for row in rows],
    )


def test_doc2dial_marks_spans_and_orders_the_history(tmp_path: Path) -> None:
    _doc2dial(tmp_path)
    found = doc2dial.convert(tmp_path)
    first, second = found.questions
    assert [_marked(found, asked) for asked in (first, second)] == [["You renew by post."], ["It takes ten days."]]
    assert second.history == ("", "Hello", "How do I renew?", "By post\nAnything else?")
    assert (found.gold, found.may_train) == (GoldKind.SPAN, True)


def test_doc2dial_refuses_a_speaker_it_does_not_know(tmp_path: Path) -> None:
    _doc2dial(tmp_path)
    path = tmp_path / "questions.jsonl"
    path.write_text(path.read_text().replace("agent:Hello", "narrator:Hello"))
    with pytest.raises(ValueError, match="narrator"):
        doc2dial.convert(tmp_path)


def test_clapnq_marks_chosen_sentences_and_keeps_the_unanswerable(tmp_path: Path) -> None:
    def row(number: str, text: str, chosen: list[list[str]]) -> dict[str, object]:
        passages = [{"title": "Otters", "text": text, "sentences": []}]
        return {
            "id": number,
            "input": "?!",
            "passages": passages,
            "output": [{"selected_sentences": c} for c in chosen],
        }

    otters = "Otters swim . They eat fish . They sleep ."
    _lines(
        tmp_path / "clapnq_dev_answerable.jsonl",
        [row("1", otters, [["Otters swim ."], ["Otters swim .", "They sleep ."]]), row("2", otters, [[]])],
    )
    _lines(tmp_path / "clapnq_dev_unanswerable.jsonl", [row("3", "Otters are old .", [[]])])
    found = clapnq.convert(tmp_path)
    assert [(asked.id, asked.answerable) for asked in found.questions] == [("1", True), ("3", False)]
    assert _marked(found, found.questions[0]) == ["Otters swim .", "They sleep ."]
    assert len(found.documents) == 2


def test_conditionalqa_makes_pages_of_the_evidence(tmp_path: Path) -> None:
    url = "https://www.gov.uk/otter-visa"
    parts = ["<h2>Fees</h2>", "<p>You pay <b>£40</b> &amp; more.</p>", "<li>children</li>"]
    _lines(
        tmp_path / "evidence_pool.jsonl", [{"id": f"e{n}", "url": url, "html": part} for n, part in enumerate(parts)]
    )
    asked = {"url": url, "scenario": "I am an otter.", "question": "What do I pay?"}
    (tmp_path / "train.json").write_text(
        json.dumps([
            {**asked, "id": "1", "not_answerable": False, "evidences": [parts[1], parts[2]]},
            {**asked, "id": "2", "not_answerable": True, "evidences": []},
            {**asked, "id": "3", "not_answerable": False, "evidences": []},
        ])
    )  # fmt: skip
    found = conditionalqa.convert(tmp_path)
    [page] = found.documents
    assert (page.id, page.title, page.sections[0].heading) == ("otter-visa", "Otter visa", "Fees")
    assert [asked.id for asked in found.questions] == ["1", "2"]
    assert _marked(found, found.questions[0]) == ["You pay £40 & more.", "children"]
    assert found.questions[0].question == "I am an otter. What do I pay?"

    sentences = conditionalqa.convert_visa_sentences(tmp_path)
    assert [document.text for document in sentences.documents] == ["You pay £40 & more.", "children"]
    assert [len(asked.gold_documents) for asked in sentences.questions] == [2]


def test_ircc_knows_only_which_answer_belongs_to_which_question(tmp_path: Path) -> None:
    def row(number: str, *answers: str) -> dict[str, object]:
        texts = [{"text": answer, "from": "final"} for answer in answers]
        return {"id": number, "question": f"{number}?", "category": "Otters", "answers": texts}

    _lines(tmp_path / "faq.jsonl", [row("a", "Swim.", "Dive."), row("b", "Dive.")])
    found = ircc.convert(tmp_path)
    assert [document.text for document in found.documents] == ["Swim.", "Dive."]
    assert [asked.gold_documents for asked in found.questions] == [{"a/1", "a/2"}, {"a/2"}]
    assert found.questions[0].split == found.questions[1].split
    assert not found.may_train


def test_scifact_takes_the_judged_claims(tmp_path: Path) -> None:
    _lines(
        tmp_path / "corpus.jsonl",
        [{"_id": "7", "title": "T", "text": "Text."}, {"_id": "8", "title": "", "text": "U."}],
    )
    _lines(tmp_path / "queries.jsonl", [{"_id": "1", "text": "A claim."}, {"_id": "2", "text": "Another."}])
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "train.tsv").write_text("query-id\tcorpus-id\tscore\n1\t7\t1\n1\t8\t0\n")
    found = scifact.convert(tmp_path)
    assert [(asked.id, asked.gold_documents) for asked in found.questions] == [("1", frozenset({"7"}))]
    assert [document.title for document in found.documents] == ["T", "8"]


def test_xquad_looks_for_paragraphs_with_equal_ids_in_every_language(tmp_path: Path) -> None:
    paragraph = {"context": "Las nutrias nadan.", "qas": [{"id": "q", "question": "¿Quién nada?", "answers": []}]}
    path = tmp_path / "xquad.es.json"
    path.write_text(json.dumps({"data": [{"paragraphs": [paragraph, {"context": "Duermen.", "qas": []}]}]}))
    found = xquad.convert(path)
    assert (found.name, [document.id for document in found.documents]) == ("xquad-es", ["1/1", "1/2"])
    assert (found.questions[0].language, found.questions[0].gold_documents) == ("es", frozenset({"1/1"}))


def test_sharc_puts_what_was_asked_back_before_the_question(tmp_path: Path) -> None:
    row: dict[str, object] = {
        "source_url": "https://example.org/r",
        "snippet": "## Otters\n\nThey may swim.",
        "question": "May I swim?",
    }
    asked_back = {"follow_up_question": "Are you an otter?", "follow_up_answer": "Yes"}
    (tmp_path / "dev.json").write_text(
        json.dumps([
            {**row, "utterance_id": "1", "scenario": "I am wet.", "history": [asked_back], "answer": "Yes"},
            {**row, "utterance_id": "2", "scenario": "", "history": [], "answer": "Irrelevant"},
        ])
    )  # fmt: skip
    found = sharc.convert(tmp_path / "dev.json")
    assert [document.title for document in found.documents] == ["Otters"]
    assert found.questions[0].history == ("", "Are you an otter?", "Yes")
    assert [(asked.question, asked.answerable) for asked in found.questions] == [
        ("I am wet. May I swim?", True), ("May I swim?", False),
    ]  # fmt: skip


def test_wice_marks_every_supporting_sentence(tmp_path: Path) -> None:
    evidence = ["(meta data) TITLE: Otters", "They swim.", "They dive."]
    rows: list[dict[str, object]] = [
        {"claim": "They move.", "label": "supported", "supporting_sentences": [[1], [1, 2]], "meta": {"id": "1"}},
        {"claim": "They fly.", "label": "not_supported", "supporting_sentences": [], "meta": {"id": "2"}},
    ]
    _lines(tmp_path / "dev.jsonl", [{**row, "evidence": evidence} for row in rows])
    found = wice.convert(tmp_path / "dev.jsonl")
    assert [document.title for document in found.documents] == ["Otters"]
    assert _marked(found, found.questions[0]) == ["They swim.", "They dive."]
    assert not found.questions[1].answerable


def test_clinc_is_all_off_the_topic(tmp_path: Path) -> None:
    path = tmp_path / "data_full.json"
    path.write_text(
        json.dumps({"val": [["play music", "play_music"], ["visa?", "international_visa"]], "oos_val": [["x", "oos"]]})
    )
    found = clinc.convert(path)
    assert [asked.question for asked in found.questions] == ["play music", "x"]
    assert not any(asked.answerable for asked in found.questions)


def test_the_command_writes_a_set_that_can_be_loaded(tmp_path: Path) -> None:
    _doc2dial(tmp_path / "source")
    command = [sys.executable, "-m", "evals.converters", "doc2dial", str(tmp_path / "source"), str(tmp_path / "set")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert "1 documents, 2 questions, 0 without an answer" in done.stdout
    found = load_set(tmp_path / "set")
    write_set(tmp_path / "again", found)
    assert load_set(tmp_path / "again") == found
