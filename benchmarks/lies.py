"""What share of planted lies is caught and of faithful rewrites rejected: `python -m benchmarks.lies`."""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.plant import LIES
from benchmarks.rewrite import REWRITES
from chains.grounding import DraftQuote, DraftSentence, verify
from core.types import Chunk, DocumentMeta, Passage

CAUGHT_BAR = 0.99
REJECTED_BAR = 0.10
_HEADING = re.compile(r"#+\s+(.*)")
_BLOCK_MARK = re.compile(r"^(?:[-*]|\d+[.)])\s+")
_SENTENCE = re.compile(r"\S.*?(?:[.!?:](?=\s|$)|$)", re.DOTALL)


@dataclass(slots=True)
class Tally:
    """How often a kind was tried and went as it should, and up to a few that did not."""

    tried: int = 0
    good: int = 0
    bad: list[str] = field(default_factory=list)

    def count(self, good: bool, example: str) -> None:
        self.tried += 1
        self.good += good
        if not good:
            self.bad.append(example)


def read_passages(folder: Path) -> Iterator[Passage]:
    """One passage for each section of each Markdown file, with offsets into the section's own text."""
    for path in sorted(folder.rglob("*.md")):
        front, _, body = path.read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")
        meta = {key: value for key, _, value in (line.partition(": ") for line in front.splitlines())}
        document = DocumentMeta(
            meta.get("title", path.stem), meta.get("jurisdiction", "ZZ"), meta.get("language", "en")
        )
        for heading, text in _sections(body):
            if text:
                spans = _statements(text)
                chunk = Chunk(f"{path}#{heading}", str(path), "1", 0, text, 0, len(text), (heading,), sentences=spans)
                yield Passage(chunk, document, 1.0)


def _sections(body: str) -> Iterator[tuple[str, str]]:
    heading, lines = "", list[str]()
    for line in [*body.splitlines(), "# "]:
        if found := _HEADING.match(line):
            yield heading, "\n".join(lines).strip()
            heading, lines = found[1], []
        else:
            lines.append(_BLOCK_MARK.sub("", line, count=1))


def _statements(text: str) -> tuple[tuple[int, int], ...]:
    spans = []
    for line in re.finditer(r"[^\n]+", text):
        for match in _SENTENCE.finditer(line.group()):
            if not match.group().endswith("?") and "|" not in match.group():
                spans.append((line.start() + match.start(), line.start() + match.end()))
    return tuple(spans)


def sentences(passages: Sequence[Passage]) -> Iterator[tuple[int, str]]:
    """Every whole statement of the passages, with the index of its passage."""
    for index, passage in enumerate(passages):
        for start, end in passage.chunk.sentences:
            text = passage.chunk.text[start:end]
            if (
                len(text.split()) >= 6
                and text.endswith(".")
                and text[0].isupper()
                and _introduced(passage, start) is None
            ):
                yield index, text


def _introduced(passage: Passage, start: int) -> str | None:
    before = passage.chunk.text[:start].rstrip()
    return (
        "item"
        if before.rsplit("\n\n", 1)[-1].endswith(":") or re.search(r":\n\n(?:[^\n]+\n)*$", passage.chunk.text[:start])
        else None
    )


def measure(passages: Sequence[Passage], *, seed: int) -> tuple[dict[str, Tally], dict[str, Tally]]:
    """Plant every kind of lie and rewrite into every sentence it fits."""
    chance = random.Random(seed)
    lies: dict[str, Tally] = defaultdict(Tally)
    rewrites: dict[str, Tally] = defaultdict(Tally)
    everything = list(sentences(passages))
    for index, text in everything:
        around = [passages[index], *chance.sample(list(passages), k=min(4, len(passages)))]
        rewrites["verbatim"].count(_supported(text, text, around), text)
        for kind, plant in LIES.items():
            if (lie := plant(text, chance)) and lie != text:
                lies[kind].count(not _supported(lie, text, around), f"{text}\n    -> {lie}")
        for kind, rewrite in REWRITES.items():
            if (said := rewrite(text, chance)) and said != text:
                rewrites[kind].count(_supported(said, text, around), f"{text}\n    -> {said}")
        half = " ".join(text.split()[: max(4, len(text.split()) // 2)])
        rewrites["clipped quote"].count(_supported(text, half, around), text)
        _quotes(text, chance.choice(everything)[1], around, lies)
    return lies, rewrites


def _quotes(text: str, other: str, around: Sequence[Passage], lies: dict[str, Tally]) -> None:
    words = text.split()
    altered = " ".join([*words[: len(words) // 2], "certainly", *words[len(words) // 2 :]])
    lies["altered quote"].count(not _supported(text, altered, around), altered)
    if other != text and other not in {passage.chunk.text for passage in around}:
        lies["unrelated quote"].count(not _supported(text, other, around) or text in other, f"{text} <- {other}")
        lies["quote of another passage"].count(not _supported(other, text, around), f"{other} <- {text}")


def _supported(claim: str, quote: str, passages: Sequence[Passage]) -> bool:
    return verify(DraftSentence(claim, (DraftQuote(1, quote),)), passages).supported


def table(title: str, tallies: dict[str, Tally], verb: str) -> None:
    print(f"\n{title:28} {'tried':>7} {verb:>9} {'share':>8}")
    for kind, tally in sorted(tallies.items(), key=lambda item: item[1].good / item[1].tried):
        print(f"{kind:28} {tally.tried:7} {tally.good:9} {tally.good / tally.tried:8.1%}")
    tried, good = sum(tally.tried for tally in tallies.values()), sum(tally.good for tally in tallies.values())
    print(f"{'all':28} {tried:7} {good:9} {good / tried:8.1%}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("knowledge_base"))
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--show", type=int, default=0, help="print this many failures of each kind")
    arguments = parser.parse_args()
    passages = list(read_passages(arguments.folder))
    began = time.perf_counter()
    lies, rewrites = measure(passages, seed=arguments.seed)
    seconds = time.perf_counter() - began
    table("lie", lies, "caught")
    table("faithful rewrite", rewrites, "accepted")
    tried = sum(tally.tried for tally in (*lies.values(), *rewrites.values()))
    print(f"\n{len(passages)} passages, {tried} sentences checked, {1e6 * seconds / tried:.0f} µs each")
    for kind, tally in [*lies.items(), *rewrites.items()]:
        for example in tally.bad[: arguments.show]:
            print(f"\n[{kind}] {example}")
    rejected = 1 - sum(tally.good for tally in rewrites.values()) / sum(tally.tried for tally in rewrites.values())
    return int(rejected > REJECTED_BAR or any(tally.good < CAUGHT_BAR * tally.tried for tally in lies.values()))


if __name__ == "__main__":
    sys.exit(main())
