"""Sample questions from a file beside documents into the passages of a question, and kept in step with both."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from api.knowledge import KnowledgeSync
from core.database import Database
from core.hash_embeddings import HashEmbeddings
from core.settings import Settings
from core.types import Passage
from ingest.parser import Parser
from ingest.pipeline import Ingestor, Stopped
from ingest.report import SyncReport
from ingest.sample_keeper import SampleKeeper
from retrieval.erasure import erase
from retrieval.opening import Upkeep, open_store
from retrieval.query import Query
from retrieval.retriever import HybridRetriever
from retrieval.samples import SampleQuestion, SampleStore
from retrieval.store import ChunkStore
from tests.integration.stores import CountingEmbeddings

TODAY = date(2026, 11, 30)
WORK = """# Work in Canada

## May I be employed?

You need a permit before the first day.

## Who is exempt?

Performers need no permit before the first day.
"""
SAMPLES = """document,section,question
work.md,Who is exempt?,i sing with my band on a tour
work.md,,how much do singers earn
work.md,,where do singers live
work.md,,may singers vote
work.md,,which bank lends to singers
work.md,,who insures a guitar
"""
KEPT = 7
"""The lines of these, and the heading over the answer."""


@dataclass(frozen=True)
class Place:
    folder: Path
    database: Database
    store: ChunkStore
    upkeep: Upkeep
    samples: SampleStore
    embeddings: CountingEmbeddings
    ingestor: Ingestor

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def sync(self) -> list[str]:
        return self.ingestor.sync_folder(self.folder).problems

    def ask(self, question: str) -> list[Passage]:
        return HybridRetriever(store=self.store, samples=self.samples).search(Query(question, as_of=TODAY))

    def kept(self, document: str = "kb/work.md") -> set[str]:
        found = self.samples.of([document], self.store.embeddings.identity)
        return {question.text for told in found.values() for question in told.questions}


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser(Settings()) as parser:
        yield parser


@pytest.fixture
def place(tmp_path: Path, parser: Parser) -> Iterator[Place]:
    settings = Settings(data_dir=tmp_path / "data")
    database = Database(settings.sqlalchemy_url)
    database.migrate()
    embeddings, samples = CountingEmbeddings(), SampleStore(database)
    store, upkeep = open_store(settings, database, embeddings)
    (tmp_path / "kb").mkdir()
    ingestor = Ingestor(store, parser, database=database, samples=samples)
    made = Place(tmp_path / "kb", database, store, upkeep, samples, embeddings, ingestor)
    made.write("work.md", WORK)
    yield made
    store.close()
    database.close()


def test_a_section_is_found_by_what_people_ask_of_it(place: Place) -> None:
    question = "sing with my band on tour"
    place.sync()
    assert place.ask(question)[0].chunk.section[-1] == "May I be employed?"
    place.write("sample-questions.csv", SAMPLES)
    assert place.sync() == []
    first, second = place.ask(question)[:2]
    assert first.chunk.section[-1] == "Who is exempt?"
    assert first.samples is not None
    assert first.samples.absent is not None
    assert first.samples.section == first.samples.answered > first.samples.absent > 0
    assert first.score >= second.score


def test_a_section_without_samples_says_nothing(place: Place) -> None:
    place.write("sample-questions.csv", SAMPLES)
    place.sync()
    told = {passage.chunk.section[-1]: passage.samples for passage in place.ask("a permit before the first day")}
    assert told["Who is exempt?"] is not None
    assert told["May I be employed?"] is None


def test_a_question_that_the_encoder_cannot_read_is_not_compared(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.write("sample-questions.csv", SAMPLES)
    place.sync()
    monkeypatch.setattr(place.embeddings, "count_tokens", len)  # each letter is a token of its own
    assert all(passage.samples is None for passage in place.ask("разрешение на работу permit"))


def test_the_heading_over_an_answer_is_a_sample_of_it(place: Place) -> None:
    place.write("sample-questions.csv", SAMPLES)
    place.sync()
    assert {"Who is exempt?", "i sing with my band on a tour", "how much do singers earn"} < place.kept()
    assert len(place.kept()) == KEPT


def test_a_line_at_fault_is_told_with_its_place_and_left_out(place: Place) -> None:
    place.write(
        "sample-questions.csv",
        SAMPLES + "wrok.md,,is this written wrong\nwork.md,Who is it?,who am i\nwork.md,Who is exempt?,\n"
        f"work.md,,{'very ' * 300}long\n",
    )
    document, heading, empty, long = place.sync()
    assert document.startswith("sample-questions.csv, line 8: there is no document 'kb/wrok.md'")
    assert heading.startswith("sample-questions.csv, line 9: 'kb/work.md' has no heading 'Who is it?'")
    assert empty == "sample-questions.csv, line 10: the question is missing; fill it in or take the line out"
    assert long.startswith("sample-questions.csv, line 11: too long")
    assert len(place.kept()) == KEPT
    assert len(place.sync()) == 4, "and they are told again as long as they are there"


def test_a_file_that_is_no_such_table_keeps_no_other_from_being_read(place: Place) -> None:
    place.write("sample-questions.csv", "what,is,this\na,b,c\n")
    place.write("ca/work.md", WORK)
    place.write("ca/sample-questions.csv", SAMPLES)
    [problem] = place.sync()
    assert problem.startswith("sample-questions.csv: ")
    assert "lacks 'document', 'section', 'question'" in problem
    assert len(place.kept("kb/ca/work.md")) == KEPT


def test_only_what_changed_is_embedded_again(place: Place) -> None:
    place.write("study.md", "# Study\n\n## Who is exempt?\n\nPupils are.\n")
    path = place.write("sample-questions.csv", f"{SAMPLES}study.md,Who is exempt?,my child goes to school\n")
    place.sync()
    before = place.embeddings.embedded
    place.sync()
    assert place.embeddings.embedded == before
    SampleKeeper(place.store, place.samples).sync(place.folder, going_on=lambda: None)
    assert place.embeddings.embedded == before, "a new process embeds nothing either"
    path.write_text(path.read_text() + "study.md,,what does a school cost\n")
    place.sync()
    assert place.embeddings.embedded == before + 3, "those of the document that has one more"
    assert len(place.kept("kb/study.md")) == 3


def test_documents_with_the_same_samples_have_each_its_own(place: Place) -> None:
    place.write("sample-questions.csv", SAMPLES)
    place.sync()
    place.write("ca/work.md", WORK)
    place.write("ca/sample-questions.csv", SAMPLES)
    assert place.sync() == []
    assert place.kept() == place.kept("kb/ca/work.md") != set()


def test_what_was_read_before_gives_way_to_what_an_editor_changed(place: Place) -> None:
    path = place.write("sample-questions.csv", SAMPLES)
    place.sync()
    assert "how much do singers earn" in place.kept()
    path.write_text(SAMPLES.replace("singers", "dancers"))
    place.sync()
    assert "how much do singers earn" not in place.kept()
    assert "how much do dancers earn" in place.kept()


def test_a_heading_that_an_editor_changed_loses_its_samples_until_the_file_follows(place: Place) -> None:
    place.write("sample-questions.csv", SAMPLES)
    place.sync()
    path = place.write("work.md", WORK.replace("Who is exempt?", "Who needs none?"))
    [problem] = place.ingestor.refresh([path], place.folder).problems
    assert "has no heading 'Who is exempt?'" in problem
    assert "how much do singers earn" in place.kept()
    assert "i sing with my band on a tour" not in place.kept()


def test_a_section_is_named_by_its_whole_heading(place: Place) -> None:
    place.write("sample-questions.csv", SAMPLES + "work.md,need no permit,may a clown work\nwork.md,exempt,who else\n")
    first, second = place.sync()
    assert "has no heading 'need no permit'; correct it or take the line out" in first
    assert "has no heading 'exempt'" in second


def test_a_document_that_tells_little_of_what_it_lacks_tells_nothing(place: Place) -> None:
    place.write("sample-questions.csv", SAMPLES.replace("work.md,,who insures a guitar\n", ""))
    place.sync()
    told = [passage.samples for passage in place.ask("sing with my band on tour")]
    assert [one.absent for one in told if one is not None] == [None]


@pytest.mark.parametrize("error", [PermissionError("not yours"), FileNotFoundError("gone"), OSError("a disk")])
def test_a_file_that_cannot_be_read_keeps_no_document_from_being_served(
    place: Place, error: OSError, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = place.write("sample-questions.csv", SAMPLES)
    read = Path.read_bytes

    def failing(self: Path) -> bytes:
        if self.name == path.name:
            raise error
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", failing)
    report = place.ingestor.sync_folder(place.folder)
    assert report.added == ["kb/work.md"]
    assert report.problems == [f"sample-questions.csv: {error}"]
    monkeypatch.undo()
    assert place.sync() == []
    assert len(place.kept()) == KEPT


def test_what_a_file_said_before_it_was_spoilt_stays(place: Place) -> None:
    path = place.write("sample-questions.csv", SAMPLES)
    place.sync()
    path.write_text("spoilt")
    [problem] = place.sync()
    assert "the first line lacks" in problem
    assert len(place.kept()) == KEPT


def test_whatever_fails_in_keeping_them_documents_are_served(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.write("sample-questions.csv", SAMPLES)
    monkeypatch.setattr(SampleStore, "replace", lambda *_, **__: 1 // 0)
    report = place.ingestor.sync_folder(place.folder)
    assert report.added == ["kb/work.md"]
    assert report.problems == ["the sample questions could not be brought in; the log of the server says why"]


def test_a_heading_that_is_too_long_for_the_encoder_is_told(place: Place) -> None:
    heading = f"Who is {'very ' * 300}exempt?"
    place.write("work.md", WORK.replace("Who is exempt?", heading))
    place.write("sample-questions.csv", SAMPLES.replace("Who is exempt?", heading))
    [problem] = place.sync()
    assert "too long for the encoder: 'Who is very" in problem


def test_a_document_that_goes_while_the_lines_are_read_is_told_as_gone(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write("sample-questions.csv", SAMPLES)
    place.sync()
    indexed = place.store.indexed("kb")
    place.store.remove("kb/work.md")
    monkeypatch.setattr(place.store, "indexed", lambda _: {**indexed, "kb/gone.md": "hash"})
    path = place.write("sample-questions.csv", SAMPLES + "gone.md,,who is there\n")
    problems = place.ingestor.refresh([path], place.folder).problems
    assert problems == [
        "sample-questions.csv, line 8: there is no document 'kb/gone.md'; correct its name or take the line out"
    ]


def test_a_folder_of_the_same_name_elsewhere_takes_nothing_away(place: Place, tmp_path: Path) -> None:
    place.write("sample-questions.csv", SAMPLES)
    place.sync()
    elsewhere = tmp_path / "other" / "kb"
    elsewhere.mkdir(parents=True)
    (elsewhere / "more.md").write_text("# More\n\nThere is more.\n")
    place.ingestor.refresh([elsewhere / "more.md"], elsewhere)
    assert len(place.kept()) == KEPT


def test_a_file_above_the_folders_of_documents_is_read_and_one_linked_from_outside_is_not(
    place: Place, tmp_path: Path
) -> None:
    place.write("ca/on/work.md", WORK)
    place.write("ca/sample-questions.csv", SAMPLES.replace("work.md", "on/work.md"))
    secret = tmp_path / "secret.csv"
    secret.write_text("document,section,question\nsecret.md,,what is it\n")
    (place.folder / "sample-questions.csv").symlink_to(secret)
    assert place.sync() == []
    assert len(place.kept("kb/ca/on/work.md")) == KEPT


def test_a_folder_of_that_name_holds_no_documents(place: Place) -> None:
    path = place.write("sample-questions.csv/a.md", "# A\n\nThere is something.\n")
    place.sync()
    place.ingestor.refresh([path], place.folder)
    assert [document.id for document in place.store.documents()] == ["kb/work.md"]


def test_two_processes_may_bring_in_the_same(database: Database) -> None:
    samples = {f"kb/{at}.md": [SampleQuestion("who is exempt", None)] for at in range(60)}
    with ThreadPoolExecutor() as pool:
        stores = [SampleStore(database) for _ in range(4)]
        done = [pool.submit(store.replace, "kb", samples, HashEmbeddings()) for store in stores]
        assert max(one.result() for one in done) == 60
    assert len(SampleStore(database).of([*samples], HashEmbeddings().identity)) == 60


def test_a_sync_that_is_ended_keeps_what_was_brought_in(database: Database) -> None:
    samples = {f"kb/{at:02}.md": [SampleQuestion("who is exempt", None)] for at in range(60)}
    calls = iter([None, None, Stopped("ending")])

    def going_on() -> None:
        if (error := next(calls)) is not None:
            raise error

    store = SampleStore(database)
    with pytest.raises(Stopped):
        store.replace("kb", samples, HashEmbeddings(), going_on=going_on)
    assert len(store.of([*samples], HashEmbeddings().identity)) == 40
    assert store.replace("kb", samples, HashEmbeddings()) == 20


def test_a_file_that_is_gone_takes_its_samples_along(place: Place) -> None:
    path = place.write("sample-questions.csv", SAMPLES)
    place.sync()
    path.unlink()
    assert place.ingestor.refresh([path], place.folder).removed == []
    assert place.kept() == set()


def test_an_erased_document_leaves_no_sample_and_no_heading(place: Place, tmp_path: Path) -> None:
    heading = "Who of the travelling musicians is exempt from a permit?"
    place.write("work.md", WORK.replace("Who is exempt?", heading))
    place.write("sample-questions.csv", SAMPLES.replace("Who is exempt?", heading))
    assert place.sync() == []
    (place.folder / "work.md").unlink()
    shown = erase(
        place.store, place.database, place.upkeep, document_id="kb/work.md", data_dir=tmp_path / "data"
    )  # fmt: skip
    assert shown.found_in == ()
    assert place.kept() == set()


def test_the_file_is_no_document(place: Place) -> None:
    place.write("sample-questions.csv", SAMPLES)
    place.sync()
    assert [document.id for document in place.store.documents()] == ["kb/work.md"]


def test_where_another_encoder_takes_over_the_samples_follow(place: Place) -> None:
    place.write("sample-questions.csv", SAMPLES)
    place.sync()
    other = HashEmbeddings(dimension=32)
    upkeep = Upkeep(place.store, place.database, wanted=other, model="hash")
    knowledge = KnowledgeSync(
        place.ingestor, upkeep, place.folder, rescan_s=60,
        sync_folder=place.ingestor.sync_folder, sync_pages=SyncReport,
    )  # fmt: skip
    assert knowledge.sync().problems == []
    assert place.store.embeddings is other
    assert len(place.kept()) == KEPT
