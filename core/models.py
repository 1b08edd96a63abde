"""The embedding model: text to vectors with onnxruntime, and the interface its double shares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
from langchain_core.embeddings import Embeddings

from core.errors import InvalidInput
from core.model_cache import ExportedModel, find_or_export

if TYPE_CHECKING:
    import numpy.typing as npt
    from tokenizers import Encoding

    from core.settings import Settings

    Vector = npt.NDArray[np.float32]

__all__ = ["EmbeddedPassage", "OnnxEmbeddings", "PassageEmbeddings", "Span", "build_embeddings", "normalised"]

Span = tuple[int, int]

_BATCH_TOKENS = 2048
_MAX_BATCH = 32
_ENCODED = 16
"""Texts whose tokens are kept from being counted until they are embedded."""
_COUNTED = 1024
"""Texts whose tokens are remembered: a question is counted several times on its way, and so are its words."""


@dataclass(frozen=True, slots=True)
class EmbeddedPassage:
    """A passage's vector, float32 [dimension], and its sentences' vectors, float32 [n, dimension]; all of length 1."""

    vector: Vector
    sentences: Vector


@runtime_checkable
class PassageEmbeddings(Protocol):
    """What retrieval and ingest need of an embedding model; all vectors are float32 and of length 1."""

    @property
    def dimension(self) -> int: ...

    @property
    def max_tokens(self) -> int:
        """Tokens that fit into one passage, the special ones counted."""
        ...

    @property
    def identity(self) -> str:
        """Names the vectors: an index made under another identity cannot be used."""
        ...

    def count_tokens(self, text: str) -> int: ...

    def embed_query_vector(self, text: str) -> Vector:
        """The vector [dimension] of a question; raises `InvalidInput` when it is longer than the window."""
        ...

    def embed_passages(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[EmbeddedPassage]:
        """Vectors of `texts` and of the sentences at `spans`, which are code points within their own text.

        Raises `InvalidInput` when a text is longer than the window.
        """
        ...


class OnnxEmbeddings(Embeddings):
    """An exported sentence-transformers model; safe to use from several threads."""

    def __init__(self, model: ExportedModel, *, threads: int = 2) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._model = model
        self._session = onnxruntime.InferenceSession(str(model.graph), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(model.tokenizer))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._encoded: Callable[[str], Encoding] = lru_cache(maxsize=_ENCODED)(self._tokenizer.encode)
        self._counted = lru_cache(maxsize=_COUNTED)(lambda text: len(self._encoded(text)))

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
        return self._counted(text)

    def embed_query_vector(self, text: str) -> Vector:
        encoding = self._encoded(text)
        self._require_within(text, encoding)
        _, vectors = self._run([encoding], with_tokens=False)
        first: Vector = vectors[0]
        return first

    def embed_query(self, text: str) -> list[float]:
        return [float(value) for value in self.embed_query_vector(text)]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        passages = self.embed_passages(texts, [()] * len(texts))
        return [[float(value) for value in passage.vector] for passage in passages]

    def embed_passages(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[EmbeddedPassage]:
        encodings = self._encode(texts)
        embedded: dict[int, EmbeddedPassage] = {}
        for batch in _batches([len(encoding) for encoding in encodings]):
            with_tokens = any(spans[position] for position in batch)
            tokens, vectors = self._run([encodings[position] for position in batch], with_tokens=with_tokens)
            for row, position in enumerate(batch):
                states = tokens[row, : len(encodings[position])] if with_tokens else tokens
                sentences = _pool(states, encodings[position].offsets, spans[position], whole=vectors[row])
                embedded[position] = EmbeddedPassage(vectors[row].copy(), sentences)
        return [embedded[position] for position in range(len(texts))]

    def _encode(self, texts: Sequence[str]) -> list[Encoding]:
        encodings: list[Encoding] = self._tokenizer.encode_batch(list(texts))
        for text, encoding in zip(texts, encodings, strict=True):
            self._require_within(text, encoding)
        return encodings

    def _require_within(self, text: str, encoding: Encoding) -> None:
        if len(encoding) > self.max_tokens:
            raise InvalidInput(
                f"a text of {len(encoding)} tokens is longer than the encoder's window of {self.max_tokens}, "
                f"so its end would be lost: {text[:60]!r}…; split it first"
            )

    def _run(self, encodings: Sequence[Encoding], *, with_tokens: bool) -> tuple[Vector, Vector]:
        length = max(len(encoding) for encoding in encodings)
        ids = np.full((len(encodings), length), self._model.pad_id, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding)] = encoding.ids
            mask[row, : len(encoding)] = 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        feed = {name: inputs[name] for name in self._model.inputs}
        if with_tokens:
            tokens, vectors = self._session.run(["tokens", "vector"], feed)
            return tokens, vectors
        [vectors] = self._session.run(["vector"], feed)
        return np.empty((0, self.dimension), dtype=np.float32), vectors


def build_embeddings(settings: Settings) -> OnnxEmbeddings:
    """The model of the settings, exported first when need be; raises `ConfigurationError` when it cannot be had."""
    model = find_or_export(settings.embedding_model, settings.models_dir)
    return OnnxEmbeddings(model, threads=settings.embedding_threads)


def normalised(vectors: Vector) -> Vector:
    """`vectors` [..., dimension] scaled to length 1; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vector = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return scaled


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Positions grouped so that texts of like length share a batch, and hardly anything is padded."""
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lengths.__getitem__):
        longest = lengths[position]
        if batch and (len(batch) == _MAX_BATCH or longest * (len(batch) + 1) > _BATCH_TOKENS):
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch


def _pool(states: Vector, offsets: Sequence[Span], spans: Sequence[Span], *, whole: Vector) -> Vector:
    """The mean of the token states within each span, of length 1; a span without a token gets the `whole` vector."""
    if not spans:
        return np.empty((0, whole.shape[-1]), dtype=np.float32)
    begins, ends = np.asarray(offsets, dtype=np.int64).T
    wanted = np.asarray(spans, dtype=np.int64)
    # Special tokens have the empty offset (0, 0) and so never count.
    inside = (begins < wanted[:, 1:]) & (ends > wanted[:, :1]) & (ends > begins)
    pooled = normalised(inside.astype(np.float32) @ states)
    pooled[~inside.any(axis=1)] = whole
    return pooled
