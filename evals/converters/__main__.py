"""`python -m evals.converters NAME SOURCE TARGET`: bring a public set into the neutral format."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from evals.converters import clapnq, clinc, conditionalqa, doc2dial, ircc, scifact, sharc, wice, xquad
from evals.neutral import RetrievalSet, write_set

__all__ = ["main"]

_CONVERTERS: dict[str, Callable[[Path], RetrievalSet]] = {
    "clapnq": clapnq.convert,
    "clinc": clinc.convert,
    "conditionalqa": conditionalqa.convert,
    "conditionalqa-visa-sentences": conditionalqa.convert_visa_sentences,
    "doc2dial": doc2dial.convert,
    "ircc": ircc.convert,
    "scifact": scifact.convert,
    "sharc": sharc.convert,
    "wice": wice.convert,
    "xquad": xquad.convert,
}


def main() -> None:
    """Convert one set and say what came out."""
    parser = argparse.ArgumentParser(prog="python -m evals.converters", description=__doc__)
    parser.add_argument("name", choices=sorted(_CONVERTERS), help="which set")
    parser.add_argument("source", type=Path, help="its folder, or its file for xquad, sharc and wice")
    parser.add_argument("target", type=Path, help="folder for the neutral set")
    given = parser.parse_args()
    made = _CONVERTERS[given.name](given.source)
    write_set(given.target, made)
    absent = sum(not asked.answerable for asked in made.questions)
    halves = Counter(asked.split.value for asked in made.questions)
    sys.stdout.write(
        f"{made.name}: {len(made.documents)} documents, {len(made.questions)} questions, {absent} without an answer; "
        + ", ".join(f"{half} {count}" for half, count in sorted(halves.items()))
        + "\n"
    )


if __name__ == "__main__":
    main()
