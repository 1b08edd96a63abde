"""Every bomb and trap, made on the spot: what came of it, seconds and peak memory. `python -m benchmarks.bombs`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.formats import outcome_of
from benchmarks.traps import NOTE, TRAPS, lay_links
from core.settings import Settings
from ingest.formats import Format
from ingest.parser import Parser
from ingest.sources import discover

__all__ = ["main"]


def main() -> int:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder, Parser(Settings()) as parser:
        parser.start()
        print("| Trap | KiB | Outcome | Seconds | Peak MiB | The next file is read |")
        print("|---|---|---|---|---|---|")
        for name in arguments.only or TRAPS:
            print(_line(Path(folder), name, parser), flush=True)
        found = _found_links(Path(folder))
    print(f"\nOf four links and pipes that lead out of a folder, around in it or nowhere, a sync reads {found}.")
    return 0


def _line(folder: Path, name: str, parser: Parser) -> str:
    trap, note = folder / name, folder / "note.txt"
    trap.write_bytes(TRAPS[name]())
    note.write_text(NOTE)
    size = trap.stat().st_size >> 10
    outcome = outcome_of(trap, parser)
    trap.unlink()
    goes_on = parser.parse(note, Format.TEXT)[0].text == NOTE
    said = f"`{outcome.reason}`: {outcome.detail}" if outcome.reason else f"{outcome.words:,} words"
    figures = f"{outcome.seconds:.1f} | {outcome.peak_mib:.0f} | {'yes' if goes_on else '**no**'}"
    return f"| {name} | {size:,} | {said} | {figures} |"


def _found_links(folder: Path) -> int:
    secret, root = folder / "secret.txt", folder / "root"
    secret.write_text(NOTE)
    root.mkdir()
    lay_links(root, secret)
    return sum(1 for _ in discover(root))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bombs", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=tuple(TRAPS), help="some of them")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
