from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from core.types import AbstentionReason
from evals.dataset import Case, Slice
from evals.outcome import Outcome, Verdict
from evals.regressions import Breakage, Subject, TriedOne, sample, try_each
from evals.replacing import replaced
from evals.thresholds import load_thresholds
from tests.unit.evals.making import outcome


class _Thing:
    size = 1

    def name(self) -> str:
        return "own"


def test_a_replaced_attribute_is_back_afterwards_on_instance_class_and_module() -> None:
    thing = _Thing()
    with replaced((thing, "name", lambda: "other"), (_Thing, "size", 2)):
        assert (thing.name(), _Thing.size) == ("other", 2)
    assert (thing.name(), _Thing.size, vars(thing)) == ("own", 1, {})


def test_replacing_twice_is_undone_in_order() -> None:
    thing = _Thing()
    with replaced((thing, "size", 2)):
        with replaced((thing, "size", 3)):
            assert thing.size == 3
        assert thing.size == 2
    assert vars(thing) == {}


def test_what_is_not_there_cannot_be_replaced_and_nothing_stays_changed() -> None:
    thing = _Thing()
    with pytest.raises(AttributeError, match="colour"), replaced((thing, "size", 2), (thing, "colour", "red")):
        pass
    assert thing.size == 1


class _System:
    """Answers ten cases, some of them wrongly."""

    wrong = 0

    def run(self) -> list[Outcome]:
        return [outcome(str(n), Verdict.WRONG if n < self.wrong else Verdict.CORRECT) for n in range(10)]


def _breaking(system: _System, wrong: int) -> Callable[[Subject], AbstractContextManager[None]]:
    @contextmanager
    def apply(_: Subject) -> Iterator[None]:
        with replaced((system, "wrong", wrong)):
            yield

    return apply


def _thresholds(tmp_path: Path, text: str) -> Any:
    (tmp_path / "thresholds.yaml").write_text(text)
    return load_thresholds(tmp_path / "thresholds.yaml")


def test_a_breakage_is_caught_when_the_gate_fails(tmp_path: Path) -> None:
    system = _System()
    breakages = [Breakage("bad", "", _breaking(system, 5)), Breakage("harmless", "", _breaking(system, 0))]
    thresholds = _thresholds(tmp_path, "wrong: {most: 0.2}\n")
    tried = try_each(breakages, cast(Any, None), system.run, thresholds=thresholds, may_escape=1)
    assert [one.is_caught for one in tried.results] == [True, False]
    assert tried.holds
    assert not try_each(breakages, cast(Any, None), system.run, thresholds=thresholds).holds
    assert system.wrong == 0


def test_a_drop_within_the_thresholds_is_caught_by_the_baseline(tmp_path: Path) -> None:
    system = _System()
    thresholds = _thresholds(tmp_path, "wrong: {most: 0.9}\nagainst_baseline: {harm: 0.05}\n")
    tried = try_each([Breakage("bad", "", _breaking(system, 1))], cast(Any, None), system.run, thresholds=thresholds)
    assert tried.results[0].failed[0].startswith("harm rose by 0.100")


def test_a_sample_holds_every_slice() -> None:
    cases = [Case(f"d{n:02}", "Q?", slices=frozenset({Slice.DIRECT})) for n in range(60)]
    cases += [
        Case("x1", "Q?", slices=frozenset({Slice.FORM, Slice.DATED})),
        Case("y1", "Q?", slices=frozenset({Slice.UNLAWFUL}), refusals=frozenset({AbstentionReason.UNLAWFUL})),
    ]
    chosen = sample(cases, 6)
    assert 6 <= len(chosen) <= 8
    assert {name for case in chosen for name in case.slices} == {name for case in cases for name in case.slices}
    assert sample(cases, 100) == cases


def test_a_breakage_whose_replies_end_in_errors_is_not_caught() -> None:
    assert TriedOne("lost", ("harm is 1",), correct=0.0, wrong=0.0, harm=1.0).is_caught
    assert not TriedOne("broken", ("harm is 1",), correct=0.0, wrong=0.0, harm=1.0, raised=0.2).is_caught
