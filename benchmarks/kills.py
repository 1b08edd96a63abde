"""Random `kill -9`, and what was lost, doubled or left half: `python -m benchmarks.kills --only KIND`."""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from benchmarks.kill_assistance import DeliveryRound
from benchmarks.kill_ingest import IngestRound, SyncRound
from benchmarks.kill_server import ServerRound
from benchmarks.kill_training import TrainingRound
from core.settings import Settings
from core.telemetry import configure_logging

DATA = Path("data/bench/kills")
_ROUNDS = "rounds"


class Round(Protocol):
    """Kills once or a few times each time it is run, and names what it found.

    `kills` is the name under which it counts them; the counts of `figures` may be anything, those of `faults` are 0.
    """

    @property
    def kills(self) -> str: ...

    @property
    def figures(self) -> Sequence[str]: ...

    @property
    def faults(self) -> Sequence[str]: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *details: object) -> None: ...

    def run(self, chance: random.Random) -> Mapping[str, int]: ...


_KINDS: Mapping[str, Callable[[Path, str | None], Round]] = {
    "ingest": lambda home, _: IngestRound(home),
    "serve": lambda home, _: ServerRound(home),
    "sync": lambda home, _: SyncRound(home),
    "deliver": lambda home, postgres: DeliveryRound(home, postgres=postgres),
    "train": lambda home, postgres: TrainingRound(home, postgres=postgres),
}


def main() -> int:
    arguments = _arguments()
    home: Path = arguments.data.resolve()
    home.mkdir(parents=True, exist_ok=True)
    configure_logging(Settings(log_level="ERROR"))
    state = home / "state.json"
    tally: Counter[str] = Counter(json.loads(state.read_text()) if state.exists() else {})
    console = Console()
    console.print(f"The seed is {arguments.seed}: a run with it draws the same moments.")
    if tally[_ROUNDS]:
        console.print(f"Going on after round {tally[_ROUNDS]}; delete {home} to begin anew.")
    with ExitStack() as stack:
        rounds = [stack.enter_context(_KINDS[name](home, arguments.postgres)) for name in arguments.only]
        _go_on(tally, state, arguments, rounds)
    console.print(_table(tally, rounds))
    return int(any(tally[name] for one in rounds for name in one.faults))


def _go_on(tally: Counter[str], state: Path, arguments: argparse.Namespace, rounds: Sequence[Round]) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    until = time.monotonic() + arguments.minutes * 60
    with Progress(*columns) as bar:
        task = bar.add_task("Killing", total=arguments.kills, completed=_killed(tally, rounds))
        while _killed(tally, rounds) < arguments.kills and time.monotonic() < until:
            # Each round draws from its own seed, so that a run that was stopped goes on as it would have.
            chance = random.Random(f"{arguments.seed}-{tally[_ROUNDS]}")
            tally.update(rounds[tally[_ROUNDS] % len(rounds)].run(chance))
            tally[_ROUNDS] += 1
            state.write_text(json.dumps(tally))
            bar.update(task, completed=_killed(tally, rounds))


def _killed(tally: Counter[str], rounds: Sequence[Round]) -> int:
    return sum(tally[name] for name in {one.kills for one in rounds})


def _table(tally: Counter[str], rounds: Sequence[Round]) -> Table:
    table = Table("after all rounds", "count", box=None, pad_edge=False)
    names = [_ROUNDS, *(name for one in rounds for name in (one.kills, *one.figures, *one.faults))]
    for name in dict.fromkeys(names):
        table.add_row(name, str(tally[name]))
    return table


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="kills in all, those of earlier runs counted")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="end earlier when they are over")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=DATA, help="folder to work in; it is kept for the next run")
    parser.add_argument("--postgres", help="a server to make databases on, for `deliver` and `train`; SQLite without")
    parser.add_argument("--only", nargs="+", choices=tuple(_KINDS), default=["ingest", "serve"])
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
