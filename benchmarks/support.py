"""What the verifier catches and what it wrongly rejects on public sets: `python -m benchmarks.support --data DIR`.

DIR holds `summedits` (claims about one text, altered or not) and `sharc-dev` (rules, and yes-or-no questions about them
in a situation).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chains.grounding.support import unsupported

_MOST_CHARS = 20_000
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_QUESTION = re.compile(
    r"(can|may|must|should|will|do|does|are|is|am) (i|you|we|it|this|they|my \w+) (.+?)\?*", re.IGNORECASE
)


@dataclass(slots=True)
class Tally:
    """Claims that their source carries and claims that it does not, and how many of each were told rightly."""

    name: str
    carried: int = 0
    kept: int = 0
    altered: int = 0
    caught: int = 0

    def count(self, *, carried: bool, shown: bool) -> None:
        self.carried += carried
        self.kept += carried and shown
        self.altered += not carried
        self.caught += not carried and not shown

    def __str__(self) -> str:
        kept, caught = self.kept / max(1, self.carried), self.caught / max(1, self.altered)
        return (
            f"{self.name:28} caught {self.caught:4} of {self.altered:4} ({caught:6.1%})"
            f"  kept {self.kept:4} of {self.carried:4} ({kept:6.1%})"
            f"  wrongly rejected {1 - kept:6.1%}  balanced accuracy {(kept + caught) / 2:.3f}"
        )


Pair = tuple[str, str, bool]
"""A claim, its source, and whether the source carries it."""


def summedits(folder: Path) -> Iterator[tuple[str, Pair]]:
    """Each domain's claims with their text; label 1 says that nothing was altered."""
    for path in sorted(folder.glob("summedits_*.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            yield path.stem, (str(row["summary"]), str(row["doc"])[:_MOST_CHARS], int(row["label"]) == 1)


def sharc(file: Path) -> Iterator[tuple[str, Pair]]:
    """What each rule makes of a situation, as a statement and as its opposite.

    The source is the rule and what the person answered when asked back; the answer tells which statement it carries.
    """
    for row in json.loads(file.read_text(encoding="utf-8")):
        answer = row["answer"]
        told = [_statement(turn["follow_up_question"], turn["follow_up_answer"]) for turn in row["history"]]
        source = "\n".join([row["snippet"], *(line for line in told if line)])
        for said in ("Yes", "No") if answer in ("Yes", "No") else ():
            if claim := _statement(row["question"], said):
                yield "sharc", (claim, source, said == answer)


def _statement(question: str, answer: str) -> str | None:
    """A yes-or-no question with its answer as a sentence about "you"; None where it is of another form."""
    found = _QUESTION.fullmatch(question.strip())
    if found is None:
        return None
    verb, subject, rest = (part.lower() for part in found.groups())
    verb, subject = {"am": "are"}.get(verb, verb), "you" if subject == "i" else subject
    return f"{subject} {verb}{'' if answer == 'Yes' else ' not'} {rest}.".capitalize()


def measure(pairs: Iterator[tuple[str, Pair]]) -> list[Tally]:
    """One tally a part of the set, and one of all."""
    tallies: dict[str, Tally] = {}
    everything = Tally("all")
    for name, (claim, source, carried) in pairs:
        sources = [part.strip(" *#") for part in _SENTENCE.split(source) if part.strip(" *#")]
        shown = unsupported(claim, sources) is None
        for tally in (tallies.setdefault(name, Tally(name)), everything):
            tally.count(carried=carried, shown=shown)
    return [*tallies.values(), *([everything] if len(tallies) > 1 else [])]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.support", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with summedits and sharc-dev")
    folder: Path = parser.parse_args().data
    for tally in [*measure(summedits(folder / "summedits")), *measure(sharc(folder / "sharc-dev" / "sharc1_dev.json"))]:
        print(tally)
    return 0


if __name__ == "__main__":
    sys.exit(main())
