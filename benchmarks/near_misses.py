"""Near misses and other words of approved questions, asked of the whole chain: `python -m benchmarks.near_misses`."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from api.application import Application
from api.bootstrap import build_application
from benchmarks.corpus import KNOWLEDGE_BASE
from chains.answer import AnswerChain
from core.settings import Settings
from core.telemetry import configure_logging
from core.types import GENERAL_JURISDICTION, Answer, AnswerMode, Question
from evals.near_misses import near_misses, other_words
from evals.neutral import load_set
from ingest.pairs import Pair, PairIngestor
from retrieval.records import LiveChunk
from retrieval.served import KnownQuestions, ServedModel
from training.manifest import Member
from training.vectors import QuestionVectors

WORK = Path("data/bench/near_misses")


@dataclass(frozen=True, slots=True)
class Trained:
    """An approved pair as it is stored."""

    pair: Pair
    version: str


def main() -> None:
    options = _options()
    configure_logging(Settings(log_level="ERROR"))
    console = Console()
    settings = Settings(data_dir=options.work, knowledge_base=KNOWLEDGE_BASE, log_level="ERROR")
    application = build_application(settings, durable=False)
    application.start(sync=False)
    try:
        application.knowledge.sync()
        trained = _train(application, _pairs(application, options.data, options.most))
        chain = application.chain.pinned(_model(application, trained))
        console.print(f"{len(trained)} approved pairs")
        console.print(_misses(application, chain, trained))
        console.print(_hits(application, chain, trained))
    finally:
        application.stop()


def _pairs(application: Application, data: Path | None, most: int) -> list[Pair]:
    """The questions that the knowledge base answers as pairs, and those of a set, which rest on any document."""
    pairs: dict[str, Pair] = {}
    documents = [one for one in application.store.documents() if one.version_id and "/" in one.id]
    for document in documents:
        assert document.version_id is not None
        units: dict[tuple[str, int | None], list[LiveChunk]] = {}
        for item in application.store.chunks_of(document.version_id):
            if item.chunk.question and not document.id.startswith("approved/"):
                units.setdefault((item.chunk.question, item.chunk.unit), []).append(item)
        for (question, _), items in units.items():
            answer = "\n".join(item.chunk.text.removeprefix(question).strip() for item in items)
            place = items[0].chunk.jurisdiction or items[0].meta.jurisdiction
            meta = replace(items[0].meta, title=question[:200], jurisdiction=place, supersedes=None)
            pairs.setdefault(question, Pair(f"kb{len(pairs)}", question, answer, meta, (document.version_id,)))
    if data is not None:
        [cited] = documents[:1]
        assert cited.version_id is not None
        assert cited.meta is not None
        meta = replace(cited.meta, jurisdiction="CA", supersedes=None, language="en")
        for asked in load_set(data).questions:
            pair = Pair(
                asked.id, asked.question, "Yes.", replace(meta, title=asked.question[:200]), (cited.version_id,)
            )
            pairs.setdefault(asked.question, pair)
    return list(pairs.values())[:most]


def _train(application: Application, pairs: Sequence[Pair]) -> list[Trained]:
    put = PairIngestor(application.store).put(pairs)
    return [Trained(pair, put[pair.id]) for pair in pairs]


def _model(application: Application, trained: Sequence[Trained]) -> ServedModel:
    members = [Member(one.pair.id, one.pair.question, one.version) for one in trained]
    known: KnownQuestions = QuestionVectors(application.database).known(members, application.store.embeddings)
    return ServedModel("bench", frozenset(one.version for one in trained), known)


def _misses(application: Application, chain: AnswerChain, trained: Sequence[Trained]) -> Table:
    asked, served = Counter[str](), Counter[str]()
    examples = []
    for one in trained:
        for miss in near_misses(one.pair.question, country=one.pair.meta.jurisdiction):
            asked[miss.detail] += 1
            if _is_served(application, chain, miss.text, one):
                served[miss.detail] += 1
                examples.append(f"{one.pair.question!r} -> {miss.text!r}")
    table = Table("changed", "asked", "falsely served", title="Near misses", caption="\n".join(examples[:10]) or None)
    for detail in sorted(asked):
        table.add_row(detail, str(asked[detail]), str(served[detail]))
    table.add_row("all", str(asked.total()), f"{served.total()} ({served.total() / max(1, asked.total()):.2%})")
    return table


def _hits(application: Application, chain: AnswerChain, trained: Sequence[Trained]) -> Table:
    table = Table("asked", "served word for word", "share", title="The same question")
    own = [_is_served(application, chain, one.pair.question, one) for one in trained]
    table.add_row(f"{len(own)} as approved", str(sum(own)), f"{sum(own) / len(own):.1%}")
    others = [_is_served(application, chain, text, one) for one in trained for text in other_words(one.pair.question)]
    table.add_row(f"{len(others)} in other words", str(sum(others)), f"{sum(others) / len(others):.1%}")
    return table


def _is_served(application: Application, chain: AnswerChain, text: str, one: Trained) -> bool:
    place = one.pair.meta.jurisdiction
    chosen = None if place == GENERAL_JURISDICTION else place
    reply = chain.invoke(Question(text, as_of=application.today(), jurisdiction=chosen))
    if not isinstance(reply, Answer) or reply.mode is not AnswerMode.APPROVED:
        return False
    return reply.citations[0].version == one.version


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.near_misses", description=__doc__)
    parser.add_argument("--data", type=Path, help="a set in the neutral format whose questions are approved too")
    parser.add_argument("--most", type=int, default=250, help="approved pairs")
    parser.add_argument("--work", type=Path, default=WORK, help="folder of the index; it is kept for the next run")
    return parser.parse_args()


if __name__ == "__main__":
    main()
