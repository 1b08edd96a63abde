"""A small store with approved examples, and what must hold of versions, runs and examples whatever was killed."""

from __future__ import annotations

from collections import Counter
from datetime import date

from api.application import Application
from core.types import Answer, AnswerMode, Question
from retrieval.served import SHIPPED
from tests.approving import approve, current_version_of
from training.states import ExampleStatus
from training.version_tables import RunStatus

__all__ = ["QUESTIONS", "approve_all", "check_whole_version", "is_at_rest"]

_TODAY = date(2026, 11, 21)
QUESTIONS = {
    "Can my wife work in Iceland if I have a teaching permit?": "Yes. She may work in any job once she is there.",
    "Can I change my employer in Iceland with my teaching permit?": "Yes. Tell the directorate about the new one.",
}
_WAITING = (ExampleStatus.PENDING, ExampleStatus.PROCESSING)


def approve_all(application: Application) -> list[str]:
    cited = current_version_of(application, "kb/keep.md")
    return [approve(application.examples, *pair, cited, jurisdiction="IS") for pair in QUESTIONS.items()]


def is_at_rest(application: Application) -> bool:
    """Whether no run is at work."""
    return not application.training_runs.unfinished()


def check_whole_version(application: Application, example_ids: list[str]) -> None:
    """All examples are trained and served, or none is; none is lost or trained twice."""
    statuses = {application.examples.get(one).status for one in example_ids}
    model = application.versions.look_again()
    added = Counter(one for version in application.versions.listed() for one in version.added)
    assert set(added.values()) <= {1}, "an example was trained twice"
    if model.id == SHIPPED.id:
        assert statuses <= set(_WAITING)
        assert model.pairs == frozenset()
    else:
        assert statuses == {ExampleStatus.DONE}
        assert sorted(application.versions.get(model.id).examples) == sorted(example_ids)
        assert application.versions.get(model.id).status is RunStatus.DONE
    _check_answers(application, trained=model.id != SHIPPED.id)


def _check_answers(application: Application, *, trained: bool) -> None:
    for question, answer in QUESTIONS.items():
        reply = application.chain.invoke(Question(question, as_of=_TODAY, jurisdiction="IS"))
        served = isinstance(reply, Answer) and reply.mode is AnswerMode.APPROVED
        assert served is trained
        if served:
            assert "".join(reply.text.split()) == "".join(answer.split())
