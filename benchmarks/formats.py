"""What each file of a folder gives: words or a reason, seconds, memory. `python -m benchmarks.formats --data DIR`."""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.memory import PeakMemory
from core.errors import UnreadableDocument
from core.settings import Settings
from ingest.formats import advice_for, format_of
from ingest.parser import Parser
from ingest.reasons import UnreadableReason, unreadable

__all__ = ["Outcome", "outcome_of"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one file; `reason` is None where it gave text."""

    name: str
    kind: str
    words: int
    reason: str | None
    detail: str
    seconds: float
    peak_mib: float


def outcome_of(path: Path, parser: Parser) -> Outcome:
    """Read one file as a sync does."""
    began, words, reason, detail = time.perf_counter(), 0, None, ""
    with PeakMemory() as memory:
        try:
            words = _words(path, parser)
        except UnreadableDocument as error:
            reason, detail = error.reason, error.detail
    kind = format_of(path) or "other"
    return Outcome(path.name, kind, words, reason, detail, time.perf_counter() - began, memory.mib)


def _words(path: Path, parser: Parser) -> int:
    file_format = format_of(path)
    if file_format is None:
        raise unreadable(UnreadableReason.UNSUPPORTED, advice_for(path))
    if path.stat().st_size == 0:
        raise unreadable(UnreadableReason.EMPTY)
    return sum(len(block.text.split()) for block in parser.parse(path, file_format))


def main() -> int:
    arguments = _arguments()
    files = sorted(path for folder in arguments.data for path in folder.rglob("*") if path.is_file())
    with Parser(Settings()) as parser:
        parser.start()
        outcomes = [outcome_of(path, parser) for path in files]
    for line in [*_by_format(outcomes), "", *_with_reasons(outcomes), "", *_slowest(outcomes)]:
        print(line)
    if arguments.all:
        print("\n" + "\n".join(_table("File", ["Words", "Reason", "s", "MiB"], map(_row, outcomes))))
    return 0


def _by_format(outcomes: Sequence[Outcome]) -> Iterator[str]:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.kind].append(outcome)
    rows = [_summary(kind, groups[kind]) for kind in sorted(groups)] + [_summary("**all**", outcomes)]
    return _table("Format", ["Files", "Text", "Reason", "Words", "Seconds", "Peak MiB"], rows)


def _summary(kind: str, outcomes: Sequence[Outcome]) -> list[str]:
    read = sum(outcome.reason is None for outcome in outcomes)
    words, seconds = sum(outcome.words for outcome in outcomes), sum(outcome.seconds for outcome in outcomes)
    peak = max(outcome.peak_mib for outcome in outcomes)
    return [
        kind,
        f"{len(outcomes)}",
        f"{read}",
        f"{len(outcomes) - read}",
        f"{words:,}",
        f"{seconds:.1f}",
        f"{peak:.0f}",
    ]


def _with_reasons(outcomes: Sequence[Outcome]) -> Iterator[str]:
    rows = [[f"`{o.name}`", f"`{o.reason}`", o.detail.replace("|", "\\|")] for o in outcomes if o.reason is not None]
    return _table("File without text", ["Reason", "What its editor reads"], rows)


def _slowest(outcomes: Sequence[Outcome]) -> Iterator[str]:
    slowest = sorted(outcomes, key=lambda outcome: -outcome.seconds)[:8]
    return _table("The slowest", ["Words", "Reason", "s", "MiB"], map(_row, slowest))


def _row(outcome: Outcome) -> list[str]:
    seconds, peak = f"{outcome.seconds:.2f}", f"{outcome.peak_mib:.0f}"
    return [f"`{outcome.name}`", f"{outcome.words:,}", outcome.reason or "", seconds, peak]


def _table(first: str, others: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {first} | {' | '.join(others)} |"
    yield f"|---{'|---' * len(others)}|"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.formats", description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="folders of files of any format")
    parser.add_argument("--all", action="store_true", help="list every file as well")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
