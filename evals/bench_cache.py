"""Passage vectors kept from run to run, by the text they are of: a set is embedded once, not at every measurement."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from core.models import EmbeddedPassage, PassageEmbeddings, Span

if TYPE_CHECKING:
    from core.models import Vector

__all__ = ["KeptEmbeddings"]

_TABLE = "CREATE TABLE IF NOT EXISTS passages (key TEXT PRIMARY KEY, vector BLOB, sentences BLOB)"


class KeptEmbeddings:
    """An embedding model that remembers the passages it was given in a file; questions are embedded anew each time."""

    def __init__(self, model: PassageEmbeddings, path: Path) -> None:
        self._model = model
        self._lock = Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._kept = sqlite3.connect(path, check_same_thread=False, timeout=60)
        with self._kept:
            self._kept.execute(_TABLE)

    @property
    def dimension(self) -> int:
        return self._model.dimension

    @property
    def max_tokens(self) -> int:
        return self._model.max_tokens

    @property
    def identity(self) -> str:
        return self._model.identity

    def count_tokens(self, text: str) -> int:
        return self._model.count_tokens(text)

    def embed_query_vector(self, text: str) -> Vector:
        return self._model.embed_query_vector(text)

    def embed_passages(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[EmbeddedPassage]:
        keys = [self._key(text, own) for text, own in zip(texts, spans, strict=True)]
        with self._lock:
            found = {key: passage for key in keys if (passage := self._read(key)) is not None}
        missing = [at for at, key in enumerate(keys) if key not in found]
        made = self._model.embed_passages([texts[at] for at in missing], [spans[at] for at in missing])
        fresh = {keys[at]: passage for at, passage in zip(missing, made, strict=True)}
        with self._lock, self._kept:
            rows = [(key, passage.vector.tobytes(), passage.sentences.tobytes()) for key, passage in fresh.items()]
            self._kept.executemany("INSERT OR REPLACE INTO passages VALUES (?, ?, ?)", rows)
        found |= fresh
        return [found[key] for key in keys]

    def close(self) -> None:
        self._kept.close()

    def _key(self, text: str, spans: Sequence[Span]) -> str:
        content = json.dumps([self._model.identity, text, [list(span) for span in spans]])
        return hashlib.sha256(content.encode()).hexdigest()

    def _read(self, key: str) -> EmbeddedPassage | None:
        row = self._kept.execute("SELECT vector, sentences FROM passages WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        vector, sentences = (np.frombuffer(blob, dtype=np.float32) for blob in row)
        return EmbeddedPassage(vector.copy(), sentences.reshape(-1, self.dimension).copy())
