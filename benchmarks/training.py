"""What approved pairs are worth on questions that were not trained on: `python -m benchmarks.training --data DIR`."""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table

from core.settings import Settings
from core.telemetry import configure_logging
from core.types import DocumentMeta, Passage
from evals.fit.corpus import Indexed, indexed
from evals.fit.listwise import fitted
from evals.fit.shortlists import Shortlist
from evals.neutral import Asked, RetrievalSet, Split, load_set
from ingest.pairs import Pair, PairIngestor
from retrieval.learned import RankingModel, shipped_ranking
from retrieval.retriever import Query
from retrieval.served import DISCOUNT, KnownQuestions, ServedModel, is_trained
from retrieval.tokenise import FUNCTION_WORDS

if TYPE_CHECKING:
    from core.models import Vector

WORK = Path("data/bench/training")
_COUNTS = (0, 50, 100, 250, 500)
_TODAY = datetime.now(UTC).date()
_SEED = 20261128


@dataclass(frozen=True, slots=True)
class Known:
    """Every question of the set as an approved pair, in the order in which they are taken in."""

    asked: Sequence[Asked]
    versions: Sequence[str]
    vectors: Vector
    embedding: str

    def model(self, count: int, *, leave_out: str = "", discount: float = DISCOUNT) -> ServedModel:
        """The first `count` pairs, without that of the question itself where it is not to be known."""
        kept = [at for at in range(count + 1) if at < len(self.asked) and self.asked[at].id != leave_out][:count]
        chunks = tuple(f"{self.versions[at]}-00000" for at in kept)
        questions = KnownQuestions(chunks, self.vectors[kept], self.embedding, discount) if kept else KnownQuestions()
        return ServedModel("bench", frozenset(self.versions[at] for at in kept), questions)


def main() -> None:
    options = _options()
    configure_logging(Settings(log_level="ERROR"))
    console = Console()
    found = load_set(options.data)
    with indexed(found, options.work) as index:
        known, seconds = _take_in(found, index)
        console.print(f"{len(known.asked)} pairs stored, indexed and verified in {seconds:.1f} s")
        asked = [one for one in found.questions if one.split is options.half]
        refit = _refitted(found, index, known)
        tables = [_table("not trained on", index, known, asked, refit, options.discounts, covered=False)]
        tables.append(
            _table("trained, asked in telegraphic words", index, known, asked, refit, options.discounts, covered=True)
        )
    for table in tables:
        console.print(table)


def _take_in(found: RetrievalSet, index: Indexed) -> tuple[Known, float]:
    texts = {one.id: one.text for one in found.documents}
    asked = random.Random(_SEED).sample(found.questions, len(found.questions))
    pairs = [
        Pair(
            one.id, one.question, texts[one.gold[0].document],
            DocumentMeta(title=one.question[:200], jurisdiction="CA", reviewed_on=_TODAY), (one.gold[0].document,),
        )
        for one in asked
    ]  # fmt: skip
    began = time.perf_counter()
    put = PairIngestor(index.store).put(pairs)
    embeddings = index.store.embeddings
    vectors = np.stack([embeddings.embed_query_vector(one.question) for one in asked])
    versions = [put[one.id] for one in asked]
    return Known(asked, versions, vectors, embeddings.identity), time.perf_counter() - began


def _refitted(found: RetrievalSet, index: Indexed, known: Known) -> RankingModel | None:
    """The ranking fitted anew on the approved questions of the development half, each without its own pair."""
    shipped = shipped_ranking()
    if shipped is None:
        return None
    lists = []
    for one in (one for one in found.questions if one.split is Split.DEVELOPMENT):
        model = known.model(len(known.asked), leave_out=one.id)
        examined = index.retriever.examine(Query(one.question, as_of=_TODAY, model=model))
        answers = np.array([_document(index, known, at.live.chunk.document_id) in one.gold_documents
                            for at in examined.found])  # fmt: skip
        fused = np.array([at.fused for at in examined.found])
        if answers.any():
            lists.append(Shortlist("own", one.id, one.split, False, examined.rows, fused, answers, 1, None))
    return RankingModel(fitted([lists]), shipped.spread)


def _table(
    title: str,
    index: Indexed,
    known: Known,
    asked: Sequence[Asked],
    refit: RankingModel | None,
    discounts: Sequence[float],
    *,
    covered: bool,
) -> Table:
    columns = [f"discount {discount:g}" for discount in discounts]
    table = Table("pairs", *columns, "refitted ranking too", title=f"hit@1 / nDCG@10: {title}")
    texts = {one.id: _telegraphic(one.question) if covered else one.question for one in asked}
    retriever = index.retriever.model_copy(update={"ranking": refit})
    tries = [*((index, discount) for discount in discounts), (replace(index, retriever=retriever), DISCOUNT)]
    for count in _COUNTS:
        some = _covered(known, asked, count) if covered and count else asked
        row = []
        for tried, discount in tries if count else [tries[0], tries[-1]]:
            models = {
                one.id: known.model(count, leave_out="" if covered else one.id, discount=discount) for one in some
            }
            row.append(_scores(tried, known, [(one, texts[one.id], models[one.id]) for one in some]))
        if not count:
            row = [row[0]] * len(discounts) + row[1:]
        table.add_row(f"{count} ({len(some)} asked)", *row)
    return table


def _covered(known: Known, asked: Sequence[Asked], count: int) -> list[Asked]:
    trained = {one.id for one in known.asked[:count]}
    return [one for one in asked if one.id in trained]


def _scores(index: Indexed, known: Known, questions: Sequence[tuple[Asked, str, ServedModel]]) -> str:
    hits, gains = [], []
    for asked, text, model in questions:
        passages = index.retriever.search(Query(text, as_of=_TODAY, model=model, k=24))
        ranked = list(dict.fromkeys(_documents(index, known, passages)))[:10]
        ranks = [at for at, document in enumerate(ranked) if document in asked.gold_documents]
        ideal = sum(1 / math.log2(at + 2) for at in range(min(10, len(asked.gold_documents))))
        hits.append(bool(ranks and ranks[0] == 0))
        gains.append(sum(1 / math.log2(at + 2) for at in ranks) / ideal)
    return f"{np.mean(hits):.3f} / {np.mean(gains):.3f}"


def _documents(index: Indexed, known: Known, passages: Sequence[Passage]) -> Iterator[str]:
    return (_document(index, known, passage.chunk.document_id) for passage in passages)


def _document(index: Indexed, known: Known, document_id: str) -> str:
    """The set's document; a pair counts as the one whose answer it holds."""
    if not is_trained(document_id):
        return index._ids[document_id]
    [asked] = [one for one in known.asked if document_id.endswith(f"/{one.id}")]
    return asked.gold[0].document


def _telegraphic(question: str) -> str:
    words = question.lower().rstrip("?").split()
    return " ".join(word for word in words if word.strip("?,.") not in FUNCTION_WORDS) or question


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a set in the neutral format")
    parser.add_argument("--half", type=Split, choices=list(Split), default=Split.HELD_OUT, help="which is asked")
    parser.add_argument("--discounts", type=float, nargs="+", default=[DISCOUNT], help="columns of the tables")
    parser.add_argument("--work", type=Path, default=WORK, help="folder of its index; it is kept for the next run")
    return parser.parse_args()


if __name__ == "__main__":
    main()
