"""From approved examples to the reply: trained in, held against the documents, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from api.application import Application
from api.bootstrap import build_application
from core.database import Database
from core.types import Answer, AnswerMode, Question, Reply
from evals.dataset import Case, Slice, load_cases
from tests.approving import approve, current_version_of
from tests.conftest import copied, make_settings
from tests.integration.test_approved import RULES
from training.gate import Judged
from training.manifest import DamagedVersion
from training.runs import NothingPending, RunUnderway
from training.states import ExampleStatus
from training.version_tables import ModelVersionRow, RunStatus
from training.versions import Versions

TODAY = date(2026, 11, 21)
COST = "How much does a teaching permit for Iceland cost?"
COST_ANSWER = "A teaching permit costs 18,000 krónur. You need:\n- the money in your account,\n- a card to pay with."
WIFE = "Can my wife work in Iceland if I have a teaching permit?"
WIFE_ANSWER = "Yes. She may work in any job from the day she arrives."


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose documents are indexed; read once, since that starts the parser."""
    folder = tmp_path_factory.mktemp("training")
    (folder / "kb").mkdir()
    (folder / "kb" / "rules.md").write_text(RULES, encoding="utf-8")
    built = build_application(make_settings(folder / "data", knowledge_base=folder / "kb"), durable=False)
    assert built.knowledge.sync().unreadable == []
    built.stop()
    return folder


@pytest.fixture(scope="module")
def few() -> list[Case]:
    """Some of the shipped cases: asking all that fit takes a second or two for each candidate."""
    return [case for case in load_cases() if not case.documents][:12]


@pytest.fixture
def application(data: Path, few: list[Case], tmp_path: Path) -> Iterator[Application]:
    settings = make_settings(copied(data / "data", tmp_path), knowledge_base=data / "kb")
    built = build_application(settings, durable=False)
    built.training_runs.gate.cases = few
    yield built
    built.stop()


@pytest.fixture
def rules(application: Application) -> str:
    """The version of the document that approved answers rest on."""
    return current_version_of(application, "kb/rules.md")


@pytest.fixture
def ask(application: Application) -> Callable[..., Reply]:
    def ask(text: str) -> Reply:
        application.versions.look_again()
        return application.chain.invoke(Question(text, as_of=TODAY))

    return ask


def test_an_approved_answer_is_served_once_it_was_trained_and_no_longer_after_going_back(
    application: Application, rules: str, ask: Callable[..., Reply]
) -> None:
    application.training_runs.gate.cases = None  # all that fit
    example = approve(application.examples, COST, COST_ANSWER, rules, jurisdiction="IS")
    assert ask(COST).mode is not AnswerMode.APPROVED
    run = application.training.start("trainer")
    assert (run.status, run.version_id) == (RunStatus.DONE, "v1")
    reply = ask("What is the price of a teaching permit in Iceland?")
    assert isinstance(reply, Answer)
    assert (reply.mode, reply.model_version) == (AnswerMode.APPROVED, "v1")
    assert " ".join(reply.text.split()) == " ".join(COST_ANSWER.split())
    assert application.examples.get(example).status is ExampleStatus.DONE
    application.versions.activate("v0", "trainer")
    assert (ask(COST).mode is AnswerMode.APPROVED, ask(COST).model_version) == (False, "v0")
    application.versions.activate("v1", "trainer")
    assert ask(COST).mode is AnswerMode.APPROVED
    assert [one.version_id for one in application.versions.activations()] == ["v1", "v0", "v1"]


def test_another_process_answers_by_what_became_current_within_five_seconds(
    application: Application, rules: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("training.versions.time", SimpleNamespace(monotonic=lambda: now[0]))
    database = Database(application.settings.sqlalchemy_url)
    other = Versions(database, application.store, withdrawn=application.examples.withdrawn)
    assert other.current().id == "v0"
    approve(application.examples, COST, COST_ANSWER, rules, jurisdiction="IS")
    application.training.start("trainer")
    for version in ("v1", "v0"):
        application.versions.activate(version, "trainer")
        now[0] += 5
        assert other.current().id == version
    database.close()


def test_a_candidate_is_invisible_until_it_is_promoted(
    application: Application, rules: str, ask: Callable[..., Reply]
) -> None:
    approve(application.examples, WIFE, WIFE_ANSWER, rules, jurisdiction="IS")
    before = ask(WIFE)
    run = application.training_runs.start("trainer")
    documents = application.training_runs.ingest(run.id, application.training_runs.take(run.id))
    application.training_runs.build(run.id, documents)
    assert ask(WIFE) == before
    assert application.catalogue(TODAY).documents == 1
    judged = application.training_runs.judge(run.id, documents)
    assert ask(WIFE) == before
    assert application.training_runs.settle(run.id, documents, judged)
    assert ask(WIFE).mode is AnswerMode.APPROVED


def test_a_near_miss_gets_no_word_of_it(application: Application, rules: str, ask: Callable[..., Reply]) -> None:
    approve(application.examples, WIFE, WIFE_ANSWER, rules, jurisdiction="IS")
    application.training.start("trainer")
    for miss in ("Can my brother work in Iceland if I have a teaching permit?", WIFE.replace("Iceland", "Norway")):
        assert "any job" not in ask(miss).text


def test_answers_that_contradict_the_documents_are_set_aside_and_the_others_promoted(
    application: Application, rules: str, ask: Callable[..., Reply]
) -> None:
    poison = [
        approve(application.examples, question, answer, rules, jurisdiction="IS")
        for question, answer in (
            (COST, "A teaching permit costs 9,000 krónur."),
            ("Do I get the fee for an Iceland teaching permit back?", "The fee is paid back."),
        )
    ]
    good = approve(application.examples, WIFE, WIFE_ANSWER, rules, jurisdiction="IS")
    run = application.training.start("trainer")
    assert run.status is RunStatus.DONE
    assert [application.examples.get(one).status for one in poison] == [ExampleStatus.FAILED] * 2
    assert "18,000" in (application.examples.get(poison[0]).reason or "")
    assert application.examples.get(good).status is ExampleStatus.DONE
    assert "9,000" not in ask(COST).text


def test_a_batch_that_is_all_poison_is_refused_and_does_not_block_the_next_run(
    application: Application, rules: str
) -> None:
    approve(application.examples, COST, "A teaching permit costs 9,000 krónur.", rules, jurisdiction="IS")
    run = application.training.start("trainer")
    assert run.status is RunStatus.FAILED
    assert application.versions.current_id() == "v0"
    approve(application.examples, COST, COST_ANSWER, rules, jurisdiction="IS")
    assert application.training.start("trainer").status is RunStatus.DONE


def test_a_right_figure_waits_until_its_document_says_the_same(
    application: Application, rules: str, ask: Callable[..., Reply]
) -> None:
    application.training_runs.gate.cases = []  # the shipped ones are about other documents
    answer = "A teaching permit costs 20,000 krónur."
    example = approve(application.examples, COST, answer, rules, jurisdiction="IS")
    application.training.start("trainer")
    reason = application.examples.get(example).reason or ""
    assert "it says '20,000', but the document kb/rules.md ('Teaching permits' under 'Fee')" in reason
    assert "says '18,000' ('The fee for a teaching permit is 18,000 krónur.')" in reason
    assert "if the answer is right, correct that document first" in reason
    text = application.knowledge.folder / "rules.md"
    text.write_text(text.read_text(encoding="utf-8").replace("18,000", "20,000"), encoding="utf-8")
    application.knowledge.sync()
    application.proposals.retry(example, "token:boss")
    assert application.training.start("trainer").status is RunStatus.DONE
    assert (ask(COST).mode, ask(COST).text) == (AnswerMode.APPROVED, answer)


def test_what_makes_the_evals_worse_is_found_and_left_out(application: Application, rules: str) -> None:
    case = Case(
        "own-1", "Can I apply for a teaching permit after I arrive in Iceland?", documents=frozenset({"rules.md"}),
        facts=(("before you travel",),), slices=frozenset({Slice.DIRECT}), jurisdiction="IS",
    )  # fmt: skip
    wife = replace(case, id="own-2", question=WIFE, facts=(("any job",),))
    application.training_runs.gate.cases = [case, wife]  # the shipped cases are about other documents
    bad = approve(application.examples, case.question, "At any time, as you like.", rules, jurisdiction="IS")
    good = approve(application.examples, WIFE, WIFE_ANSWER, rules, jurisdiction="IS")
    run = application.training.start("trainer")
    assert application.examples.get(bad).status is ExampleStatus.FAILED
    assert "worse" in (application.examples.get(bad).reason or "")
    assert application.examples.get(good).status is ExampleStatus.DONE
    assert run.report is not None
    assert (run.report["cases"], set(run.report["worse"])) == (2, {"own-1"})
    assert (set(run.report["better"]), run.report["worse_after"]) == ({"own-2"}, {})
    assert run.report["harm_after"] < run.report["harm_before"]
    assert set(run.report["questions"]) == {"own-1", "own-2"}


def test_it_is_no_longer_served_once_its_example_was_revoked(
    application: Application, rules: str, ask: Callable[..., Reply]
) -> None:
    example = approve(application.examples, COST, COST_ANSWER, rules, jurisdiction="IS")
    application.training.start("trainer")
    application.examples.revoke(example, "approver")
    assert ask(COST).mode is not AnswerMode.APPROVED


def test_it_is_no_longer_served_once_the_version_it_cites_was_replaced(
    application: Application, rules: str, ask: Callable[..., Reply], tmp_path: Path
) -> None:
    approve(application.examples, COST, COST_ANSWER, rules, jurisdiction="IS")
    application.training.start("trainer")
    assert ask(COST).mode is AnswerMode.APPROVED
    application.store.remove("kb/rules.md")
    assert ask(COST).mode is not AnswerMode.APPROVED


def test_nothing_to_train_and_a_run_at_work_are_told_in_the_old_words(application: Application, rules: str) -> None:
    with pytest.raises(NothingPending, match="There is no train data to start"):
        application.training.start("trainer")
    approve(application.examples, COST, COST_ANSWER, rules, jurisdiction="IS")
    run = application.training_runs.start("trainer")
    with pytest.raises(RunUnderway, match="There is a pending train data: run 1") as told:
        application.training.start("somebody")
    assert told.value.run_id == run.id


def test_a_run_that_is_overdue_gives_its_examples_back(application: Application, rules: str) -> None:
    example = approve(application.examples, COST, COST_ANSWER, rules, jurisdiction="IS")
    runs = application.training_runs
    run = runs.start("trainer")
    runs.take(run.id)
    runs._clock = lambda: run.created_at + timedelta(minutes=31)
    runs.give_up_overdue()
    assert (runs.get(run.id).status, runs.unfinished()) == (RunStatus.FAILED, [])
    assert application.examples.get(example).status is ExampleStatus.PENDING
    assert runs.settle(run.id, {}, Judged((), {}))
    assert application.versions.current_id() == "v0"


def test_a_version_that_was_changed_is_refused_and_the_one_before_goes_on(
    application: Application, rules: str, ask: Callable[..., Reply]
) -> None:
    approve(application.examples, COST, COST_ANSWER, rules, jurisdiction="IS")
    application.training.start("trainer")
    application.versions.activate("v0", "trainer")
    with application.database.session() as session:
        row = session.get(ModelVersionRow, "v1")
        assert row is not None
        row.manifest = row.manifest.replace("teaching", "working")
    with pytest.raises(DamagedVersion, match="'v1'"):
        application.versions.activate("v1", "trainer")
    assert ask(COST).model_version == "v0"


def test_a_version_that_became_current_meanwhile_is_built_upon(application: Application, rules: str) -> None:
    approve(application.examples, WIFE, WIFE_ANSWER, rules, jurisdiction="IS")
    application.training.start("trainer")
    approve(application.examples, COST, COST_ANSWER, rules, jurisdiction="IS")
    runs = application.training_runs
    run = runs.start("trainer")
    documents = runs.ingest(run.id, runs.take(run.id))
    runs.build(run.id, documents)
    judged = runs.judge(run.id, documents)
    application.versions.activate("v0", "trainer")
    assert not runs.settle(run.id, documents, judged)
    runs.build(run.id, documents)
    assert runs.settle(run.id, documents, runs.judge(run.id, documents))
    assert [len(version.examples) for version in application.versions.listed()] == [1, 1, 0]


def test_every_step_may_run_twice(application: Application, rules: str) -> None:
    example = approve(application.examples, COST, COST_ANSWER, rules, jurisdiction="IS")
    runs = application.training_runs
    run = runs.start("trainer")
    documents: dict[str, str] = {}
    for _ in range(2):
        documents = runs.ingest(run.id, runs.take(run.id)) or documents
        runs.build(run.id, documents)
        judged = runs.judge(run.id, documents)
    assert runs.settle(run.id, documents, judged)
    assert runs.settle(run.id, documents, judged)
    assert application.versions.get("v1").examples == (example,)
    assert len(application.versions.activations()) == 1
