"""BM25 over the chunks' terms, in tantivy: on disk, incremental, the same ranking beside SQLite and PostgreSQL."""

from __future__ import annotations

import math
import shutil
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import tantivy

from retrieval.tokenise import STEMMED_LANGUAGES, TERMS_VERSION, query_terms, terms

__all__ = ["KeywordEntry", "KeywordIndex", "WeightedTerms"]

WeightedTerms = Mapping[tuple[str, ...], float]
"""A question's tokens, each as its stems by language, with the weight of its BM25."""

_HEAP_BYTES = 15_000_000  # the least that tantivy takes for one thread
_BIG_LIMIT = 10_000_000
_VERSION_FILE = "terms-version"


@dataclass(frozen=True, slots=True)
class KeywordEntry:
    """What is indexed of a chunk: its `text` after its title and section, which helps BM25 on every set measured."""

    id: str
    text: str
    language: str
    jurisdiction: str


class KeywordIndex:
    """One process may write at a time; searching needs no lock.

    An index of terms that were made in another way is empty when it is opened, and is filled from SQL like a lost one.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writing = threading.Lock()
        self._open()

    def upsert(self, entries: Iterable[KeywordEntry]) -> None:
        """Add chunks, in place of those of the same id, and make them searchable."""
        with self._writing:
            writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
            for entry in entries:
                writer.delete_documents_by_term("id", entry.id)
                writer.add_document(_document(entry))
            self._commit(writer)

    def delete(self, ids: Sequence[str]) -> None:
        if not ids:
            return
        with self._writing:
            writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
            for chunk_id in ids:
                writer.delete_documents_by_term("id", chunk_id)
            self._commit(writer)

    def query(self, wanted: WeightedTerms, k: int, *, jurisdictions: Sequence[str] = ()) -> list[tuple[str, float]]:
        """The `k` chunks of the highest BM25, best first; only those of `jurisdictions` when any are given."""
        if not wanted:
            return []
        query = _boolean([_boost(self._any_of(stems), weight) for stems, weight in wanted.items()])
        return self._search(_within(query, self._term_set("jurisdiction", jurisdictions)), k)

    def rarity(self, stems: Sequence[str]) -> float:
        """BM25's idf of a token: high when few chunks hold any of its stems."""
        holding = max((self._searcher.doc_freq("body", stem) for stem in stems), default=0)
        return math.log1p((self._searcher.num_docs - holding + 0.5) / (holding + 0.5))

    def holding_stem(self, stem: str) -> int:
        """How many chunks hold a stem."""
        return int(self._searcher.doc_freq("body", stem))

    def resembling(self, stem: str, *, distance: int, k: int, language: str | None = None) -> list[str]:
        """At most `k` chunks that hold a stem which differs in at most `distance` letters; two swapped are one.

        Only those in `language` where one is given.
        """
        query = tantivy.Query.fuzzy_term_query(
            self._schema, "body", stem, distance=distance, transposition_cost_one=True
        )
        only = None if language is None else self._term_set("language", [language])
        return [chunk_id for chunk_id, _ in self._search(_within(query, only), k)]

    def weigh(self, text: str) -> dict[tuple[str, ...], float]:
        """The tokens of a question, stemmed as the languages of the indexed chunks need, each of weight 1."""
        return dict.fromkeys(query_terms(text, self._languages), 1.0)

    def existing(self, ids: Sequence[str]) -> set[str]:
        """Those of `ids` that the index holds."""
        if not ids:
            return set()
        return {chunk_id for chunk_id, _ in self._search(self._term_set("id", ids), len(ids))}

    def ids(self) -> list[str]:
        """The id of every entry; one that was doubled would stand here twice."""
        return [chunk_id for chunk_id, _ in self._search(tantivy.Query.all_query(), _BIG_LIMIT)]

    def count(self, jurisdictions: Collection[str] = ()) -> int:
        """How many chunks there are; only those of `jurisdictions` when any are given."""
        if not jurisdictions:
            return int(self._searcher.num_docs)
        return sum(int(self._searcher.doc_freq("jurisdiction", code)) for code in set(jurisdictions))

    def clear(self) -> None:
        """Begin anew with an empty index; removed words leave the disk."""
        with self._writing:
            shutil.rmtree(self._folder)
            self._open()

    def refresh(self) -> None:
        """See what another process has committed."""
        self._index.reload()
        self._searcher = self._index.searcher()
        known = [code for code in STEMMED_LANGUAGES if self._searcher.doc_freq("language", code)]
        self._languages = known or ["en"]

    def _open(self) -> None:
        version = self._folder / _VERSION_FILE
        if self._folder.exists() and not (version.exists() and version.read_text() == str(TERMS_VERSION)):
            shutil.rmtree(self._folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        version.write_text(str(TERMS_VERSION))
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, path=str(self._folder))
        self._index.config_reader(reload_policy="manual")
        self._sweep()
        self.refresh()

    def _sweep(self) -> None:
        """Remove the files of a commit that was killed: the next one would choose the same names, and fail."""
        writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        writer.garbage_collect_files()
        writer.wait_merging_threads()

    def _commit(self, writer: tantivy.IndexWriter) -> None:
        writer.commit()
        # Also lets go of the writer's lock on the folder.
        writer.wait_merging_threads()
        self.refresh()

    def _search(self, query: tantivy.Query | None, k: int) -> list[tuple[str, float]]:
        searcher = self._searcher
        limit = max(1, min(k, searcher.num_docs))
        hits = searcher.search(query or tantivy.Query.empty_query(), limit, count=False).hits
        return [(str(searcher.doc(address).get_first("id")), float(score)) for score, address in hits]

    def _any_of(self, stems: Sequence[str]) -> tantivy.Query:
        queries = [tantivy.Query.term_query(self._schema, "body", stem, index_option="freq") for stem in stems]
        return queries[0] if len(queries) == 1 else tantivy.Query.disjunction_max_query(queries)

    def _term_set(self, field: str, values: Sequence[str]) -> tantivy.Query | None:
        return tantivy.Query.term_set_query(self._schema, field, list(values)) if values else None


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("language", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("jurisdiction", tokenizer_name="raw", index_option="basic")
    return builder.build()


def _document(entry: KeywordEntry) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("id", entry.id)
    document.add_text("body", " ".join(terms(entry.text, entry.language)))
    document.add_text("language", entry.language.lower().split("-")[0])
    document.add_text("jurisdiction", entry.jurisdiction)
    return document


def _boolean(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _boost(query: tantivy.Query, weight: float) -> tantivy.Query:
    return query if weight == 1.0 else tantivy.Query.boost_query(query, weight)


def _within(query: tantivy.Query, only: tantivy.Query | None) -> tantivy.Query:
    if only is None:
        return query
    silent = tantivy.Query.const_score_query(only, 0.0)
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, silent), (tantivy.Occur.Must, query)])
