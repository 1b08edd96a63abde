"""Whoever is erased is gone from the database, the files and the durable engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.e2e.erased import SECRET
from tests.e2e.erasing import Job
from tests.e2e.nursery import Nursery

ANSWERS: list[Literal["taken", "busy"]] = ["taken", "busy"]


@dataclass(frozen=True, slots=True)
class Case:
    """A data folder of its own, and where its process writes."""

    nursery: Nursery
    log: Path
    job: Job

    @property
    def data_dir(self) -> Path:
        return Path(self.job.data_dir)

    def run(self, job: Job) -> tuple[dict[str, Any], str]:
        """What the process tells at its end, and what it logged."""
        before = self.log.stat().st_size
        code = self.nursery.run(job)
        logged = self.log.read_bytes()[before:].decode("utf-8", "replace")
        assert code == 0, logged
        return json.loads(Path(job.told).read_text()), logged


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("erased") / "log"


@pytest.fixture(scope="module")
def nursery(log: Path) -> Iterator[Nursery]:
    with Nursery("tests.e2e.erasing", log=log) as running:
        yield running


@pytest.fixture
def case(nursery: Nursery, log: Path, tmp_path: Path) -> Case:
    return Case(nursery, log, Job(str(tmp_path / "data"), str(tmp_path / "told.json")))


def test_erased_text_and_the_engines_records_are_really_gone(case: Case) -> None:
    _erase(case)
    files = [path for path in case.data_dir.rglob("*") if path.is_file()]
    assert any(path.name == "assistant.db" for path in files)
    assert [path.name for path in files if SECRET.encode() in path.read_bytes()] == []


@pytest.mark.postgres
def test_the_engines_records_are_gone_from_postgresql(case: Case, postgres_url: str) -> None:
    _erase(case, postgres_url)


@pytest.mark.parametrize("answer", ANSWERS)
def test_whoever_is_erased_while_a_message_is_under_way_is_gone_when_it_ends(
    case: Case, answer: Literal["taken", "busy"]
) -> None:
    _erase_under_way(case, answer)
    files = [path for path in case.data_dir.rglob("*") if path.is_file()]
    assert [path.name for path in files if SECRET.encode() in path.read_bytes()] == []


@pytest.mark.postgres
def test_the_same_holds_on_postgresql(case: Case, postgres_url: str) -> None:
    _erase_under_way(case, "busy", postgres_url)


def _erase_under_way(case: Case, answer: Literal["taken", "busy"], database_url: str | None = None) -> None:
    """What was under way is neither repeated nor written down, what waited behind it is not sent, nothing crashes."""
    told, logged = case.run(replace(case.job, database_url=database_url, answer=answer))
    known = "\n".join(told["known"])
    assert [found for found in told["ids"][1::2] if found not in known] == []
    assert (told["gone"], told["left"], told["sent"]) == ([], [], 1)
    assert "Traceback" not in logged
    assert SECRET not in logged


def _erase(case: Case, database_url: str | None = None) -> None:
    told, _ = case.run(replace(case.job, database_url=database_url))
    known = "\n".join(told["known"])
    assert len(told["ids"]) == 12
    assert [found for found in told["ids"] if found not in known] == []
    assert told["left"] == []
