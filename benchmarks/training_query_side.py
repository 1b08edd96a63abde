"""Query sides fine-tuned on approved pairs, the passages' vectors left as they are: a linear map, and the encoder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from core.models import normalised

if TYPE_CHECKING:
    from torch import Tensor

    from benchmarks.training_pairs import Encode
    from core.models import Vector

__all__ = ["fine_tuned_encoder", "linear_map"]

_SEED = 20261128
_BATCH = 32
_LINEAR_EPOCHS, _LINEAR_RATE, _TO_IDENTITY = 20, 1e-3, 0.1


def linear_map(questions: Vector, answers: Vector) -> Vector:
    """A matrix [dimension, dimension] near the identity that brings questions nearer to their answers."""
    import torch

    torch.manual_seed(_SEED)
    change = torch.zeros(questions.shape[1], questions.shape[1], requires_grad=True)
    optimiser = torch.optim.AdamW([change], lr=_LINEAR_RATE, weight_decay=_TO_IDENTITY)
    asked = torch.from_numpy(questions)

    def vectors(rows: Sequence[int]) -> Tensor:
        chosen = asked[list(rows)]
        return torch.nn.functional.normalize(chosen + chosen @ change, dim=1)

    _climb(vectors, answers, optimiser, epochs=_LINEAR_EPOCHS)
    learned: Vector = (torch.eye(len(change)) + change).detach().numpy()
    return learned


def fine_tuned_encoder(path: str, questions: Sequence[str], answers: Vector, *, epochs: int, rate: float) -> Encode:
    """The encoder at `path` trained to put questions near the vectors that their answers have."""
    import torch
    from sentence_transformers import SentenceTransformer

    torch.manual_seed(_SEED)
    encoder = SentenceTransformer(path, device="cpu")
    optimiser = torch.optim.AdamW(encoder.parameters(), lr=rate)
    encoder.train()

    def vectors(rows: Sequence[int]) -> Tensor:
        found: Tensor = encoder(encoder.preprocess([questions[at] for at in rows]))["sentence_embedding"]
        return found

    _climb(vectors, answers, optimiser, epochs=epochs)
    encoder.eval()

    def encode(texts: Sequence[str]) -> Vector:
        return normalised(np.asarray(encoder.encode(list(texts), show_progress_bar=False), dtype=np.float32))

    return encode


def _climb(vectors: Any, answers: Vector, optimiser: Any, *, epochs: int) -> None:
    """Lower the loss of the vectors of questions beside those of their own answers and of the others in the batch."""
    import torch
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    loss = MultipleNegativesRankingLoss(_as_they_are())
    held = torch.from_numpy(answers)
    random = np.random.default_rng(_SEED)
    for _ in range(epochs):
        for rows in _batches(random.permutation(len(answers)).tolist(), answers):
            both = [{"sentence_embedding": vectors(rows)}, {"sentence_embedding": held[rows]}]
            value = loss(both, torch.empty(0))
            optimiser.zero_grad()
            value.backward()
            optimiser.step()


def _as_they_are() -> Any:
    """A model that gives the vectors that it is given."""
    import torch

    return torch.nn.Identity()


def _batches(order: Sequence[int], answers: Vector) -> Iterator[list[int]]:
    """Rows by batches, none of which holds an answer twice: it would count as a wrong one of its own question."""
    waiting = list(order)
    while waiting:
        batch: dict[bytes, int] = {}
        for row in waiting:
            if len(batch) < _BATCH:
                batch.setdefault(answers[row].tobytes(), row)
        waiting = [row for row in waiting if row not in set(batch.values())]
        if len(batch) > 1:
            yield [*batch.values()]
