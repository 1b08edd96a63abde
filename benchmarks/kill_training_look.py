"""What was left of examples, runs and versions after a kill and after the recovery, held against the journal."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import func, select

from benchmarks.kill_training_child import journal
from core.database import Database
from core.settings import Settings
from retrieval.served import SHIPPED
from retrieval.tables import ChunkRow, VersionRow
from training.manifest import DamagedVersion, Manifest, read_manifest
from training.states import Act, ExampleStatus
from training.tables import AuditRow, ExampleRow
from training.version_tables import ActivationRow, ModelVersionRow, RunStatus, TrainingRunRow

__all__ = ["FAULTS", "FIGURES", "Look"]

FAULTS = (
    "half versions", "current version not whole", "examples lost", "approved twice", "trained twice",
    "status and versions disagree", "poison trained", "activations lost", "runs lost", "mixed answers",
    "errors while at work", "stuck runs", "examples not settled", "failed without a reason", "fresh runs that failed",
    "fresh answers not served",
)  # fmt: skip
FIGURES = (
    "examples approved", "examples trained", "examples set aside", "runs promoted", "runs failed", "activations",
    "answers held against their version", "kills with a run at work",
)  # fmt: skip

_WAITING = (ExampleStatus.PENDING, ExampleStatus.PROCESSING)


@dataclass(frozen=True, slots=True)
class _State:
    """Everything there is, as it is stored; `damaged` are versions that do not match their checksum."""

    examples: Mapping[str, tuple[str, str | None]]
    approvals: Counter[str]
    versions: Mapping[str, tuple[str, Manifest]]
    damaged: frozenset[str]
    activations: list[str]
    runs: Mapping[int, tuple[str, int | None]]
    stored: Mapping[str, int]

    @property
    def added(self) -> Iterator[tuple[str, str]]:
        """Version and example, for each that its parent does not hold."""
        held = {name: {one.example_id for one in manifest.members} for name, (_, manifest) in self.versions.items()}
        for name, (parent, _) in self.versions.items():
            yield from ((name, one) for one in held[name] - held.get(parent, set()))


class Look:
    """Each fault is counted once, however often it is seen."""

    def __init__(self, settings: Settings, home: Path) -> None:
        self._database = Database(settings.sqlalchemy_url)
        self._journal = journal(home)
        self._faults: set[tuple[str, str]] = set()
        self._figures: Counter[str] = Counter()

    def close(self) -> None:
        self._database.close()

    def started_s(self) -> float:
        """How long a process takes until it works."""
        seconds = [float(one["started_s"]) for one in self._said() if "started_s" in one]
        return median(seconds[-9:])

    def as_left(self) -> Counter[str]:
        """While nobody is at work: whole versions, and everything that was acknowledged."""
        state, said = self._state(), self._said()
        poison = {one["approved"] for one in said if one.get("poisoned")}
        approved = {one["approved"] for one in said if "approved" in one}
        activated = max((one["times"] for one in said if "activated" in one), default=0)
        times = Counter(example for _, example in state.added)
        faults = {
            "half versions": [*state.damaged, *_half(state)],
            "current version not whole": _current_not_whole(state),
            "examples lost": [one for one in approved if state.examples.get(one, ("",))[0] in ("", "PROPOSED")],
            "approved twice": [one for one, count in state.approvals.items() if count > 1],
            "trained twice": [one for one, count in times.items() if count > 1],
            "status and versions disagree": _disagreeing(state, set(times)),
            "poison trained": poison & set(times),
            "activations lost": [str(number) for number in range(len(state.activations), activated)],
            "runs lost": {str(one["run"]) for one in said if "run" in one} - {str(one) for one in state.runs},
            "mixed answers": [str(number) for number, one in enumerate(said) if one.get("mixed")],
            "errors while at work": [str(number) for number, one in enumerate(said) if "error" in one],
        }
        at_work = sum(lane is not None for _, lane in state.runs.values())
        return self._new(faults) + Counter({"kills with a run at work": at_work})

    def when_settled(self) -> Counter[str]:
        """After a recovery that was let to its end: nothing waits, and a fresh run made a version that answers."""
        state, said = self._state(), self._said()
        fresh = [one for one in said if "fresh_run" in one]
        faults = {
            "stuck runs": [str(one) for one, (_, lane) in state.runs.items() if lane is not None],
            "examples not settled": [one for one, (status, _) in state.examples.items() if status in _WAITING],
            "failed without a reason": [
                one for one, (status, why) in state.examples.items() if status == ExampleStatus.FAILED and not why
            ],
            "fresh runs that failed": [str(one["fresh_run"]) for one in fresh if not one["done"]],
            "fresh answers not served": [str(one["fresh_run"]) for one in fresh if not one["served"]],
        }
        return self.as_left() + self._new(faults) + self._new_figures(state, said)

    def _new_figures(self, state: _State, said: list[dict[str, Any]]) -> Counter[str]:
        statuses = Counter(status for status, _ in state.examples.values())
        runs = Counter(status for status, _ in state.runs.values())
        now = Counter({
            "examples approved": sum("approved" in one for one in said),
            "examples trained": statuses[ExampleStatus.DONE],
            "examples set aside": statuses[ExampleStatus.FAILED],
            "runs promoted": runs[RunStatus.DONE],
            "runs failed": runs[RunStatus.FAILED],
            "activations": len(state.activations),
            "answers held against their version": sum("asked" in one for one in said),
        })  # fmt: skip
        before, self._figures = self._figures, now
        return now - before

    def _new(self, faults: Mapping[str, Iterable[str]]) -> Counter[str]:
        fresh = {(name, one) for name, ids in faults.items() for one in ids} - self._faults
        self._faults |= fresh
        return Counter(name for name, _ in fresh)

    def _said(self) -> list[dict[str, Any]]:
        lines = self._journal.read_text().splitlines() if self._journal.exists() else []
        return [json.loads(line) for line in lines]

    def _state(self) -> _State:
        versions: dict[str, tuple[str, Manifest]] = {}
        damaged = set()
        with self._database.reading() as session:
            for row in session.scalars(select(ModelVersionRow).where(ModelVersionRow.status == RunStatus.DONE)):
                try:
                    versions[row.id] = (row.parent, read_manifest(row.id, row.manifest, row.checksum))
                except DamagedVersion:
                    damaged.add(row.id)
            examples = session.execute(select(ExampleRow.id, ExampleRow.status, ExampleRow.reason))
            approvals = select(AuditRow.example_id).where(AuditRow.act == Act.APPROVE)
            activations = select(ActivationRow.version_id).order_by(ActivationRow.id)
            runs = session.execute(select(TrainingRunRow.id, TrainingRunRow.status, TrainingRunRow.lane))
            chunks = select(ChunkRow.version_id, func.count()).join(VersionRow, VersionRow.id == ChunkRow.version_id)
            return _State(
                examples={one: (status, reason) for one, status, reason in examples},
                approvals=Counter(session.scalars(approvals)),
                versions=versions, damaged=frozenset(damaged), activations=list(session.scalars(activations)),
                runs={one: (status, lane) for one, status, lane in runs},
                stored=dict(session.execute(chunks.group_by(ChunkRow.version_id)).tuples().all()),
            )  # fmt: skip


def _half(state: _State) -> list[str]:
    """Versions some of whose pairs are not stored."""
    return [
        name
        for name, (_, manifest) in state.versions.items()
        if any(not state.stored.get(one.document_version) for one in manifest.members)
    ]


def _current_not_whole(state: _State) -> list[str]:
    current = state.activations[-1] if state.activations else SHIPPED.id
    return [] if current == SHIPPED.id or current in state.versions else [current]


def _disagreeing(state: _State, trained: set[str]) -> list[str]:
    """Examples that are in a version and said to wait, or in none and said to be done."""
    return [one for one, (status, _) in state.examples.items() if (status == ExampleStatus.DONE) != (one in trained)]
