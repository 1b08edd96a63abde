"""Random `kill -9` of ingest and of the server, and what was lost or doubled: `python -m benchmarks.kills`."""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from benchmarks.kill_ingest import IngestRound, SyncRound
from benchmarks.kill_server import ServerRound
from core.settings import Settings
from core.telemetry import configure_logging

__all__ = ["Tally"]

DATA = Path("data/bench/kills")


@dataclass(slots=True)
class Tally:
    """What was found after all rounds so far; every count but those of rounds and kills has to stay at 0."""

    rounds: int = 0
    ingest_kills: int = 0
    server_kills: int = 0
    chunks_lost: int = 0
    chunks_doubled: int = 0
    ids_unequal: int = 0
    half_documents: int = 0
    turns_accepted: int = 0
    turns_lost: int = 0
    turns_doubled: int = 0
    turns_stuck: int = 0

    def add(self, found: dict[str, int]) -> None:
        for name, count in found.items():
            setattr(self, name, getattr(self, name) + count)

    @property
    def kills(self) -> int:
        return self.ingest_kills + self.server_kills

    @property
    def is_clean(self) -> bool:
        harmless = ("rounds", "ingest_kills", "server_kills", "turns_accepted")
        return all(getattr(self, field.name) == 0 for field in fields(self) if field.name not in harmless)


def main() -> int:
    arguments = _arguments()
    home: Path = arguments.data.resolve()
    home.mkdir(parents=True, exist_ok=True)
    configure_logging(Settings(log_level="ERROR"))
    state = home / "state.json"
    tally = Tally(**json.loads(state.read_text())) if state.exists() else Tally()
    console = Console()
    if tally.rounds:
        console.print(f"Going on after round {tally.rounds}; delete {home} to begin anew.")
    with ExitStack() as stack:
        chosen = [arguments.only] if arguments.only else ["ingest", "serve"]
        rounds = [_entered(stack, _ROUNDS[name](home)).run for name in chosen]
        _go_on(tally, state, arguments, rounds)
    console.print(_table(tally))
    return 0 if tally.is_clean else 1


def _entered(stack: ExitStack, opened: IngestRound | ServerRound) -> IngestRound | ServerRound:
    stack.enter_context(opened)
    return opened


_ROUNDS: Mapping[str, Callable[[Path], IngestRound | ServerRound]] = {
    "ingest": IngestRound,
    "serve": ServerRound,
    "sync": SyncRound,
}


def _go_on(
    tally: Tally,
    state: Path,
    arguments: argparse.Namespace,
    rounds: Sequence[Callable[[random.Random], dict[str, int]]],
) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as bar:
        task = bar.add_task("Killing", total=arguments.kills, completed=tally.kills)
        while tally.kills < arguments.kills:
            # Each round draws from its own seed, so that a run that was stopped goes on as it would have.
            chance = random.Random(f"{arguments.seed}-{tally.rounds}")
            tally.add(rounds[tally.rounds % len(rounds)](chance))
            tally.rounds += 1
            state.write_text(json.dumps(asdict(tally)))
            bar.update(task, completed=tally.kills)


def _table(tally: Tally) -> Table:
    table = Table("after all rounds", "count", box=None, pad_edge=False)
    for name, count in asdict(tally).items():
        table.add_row(name.replace("_", " "), str(count))
    return table


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="kills in all, those of earlier runs counted")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=DATA, help="folder to work in; it is kept for the next run")
    parser.add_argument("--only", choices=tuple(_ROUNDS))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
