"""An optional second look at the first passages: a sentence-transformers cross-encoder that reads question and text."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from core.errors import ConfigurationError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder as Model

__all__ = ["CrossEncoder"]

Floats = npt.NDArray[np.float64]


class CrossEncoder:
    """Judges passages by a model that is loaded at the first question, since it brings torch and takes seconds."""

    def __init__(self, model_name: str) -> None:
        self._name = model_name
        self._model: Model | None = None
        self._loading = threading.Lock()

    def order(self, question: str, texts: Sequence[str]) -> list[int]:
        """The places of `texts`, the one that answers best first; raises `ConfigurationError` without its model."""
        if not texts:
            return []
        judged: Floats = np.asarray(self._loaded().predict([(question, text) for text in texts]), dtype=np.float64)
        if judged.ndim != 1:
            raise ConfigurationError(
                f"RERANKER_MODEL {self._name!r} gives {judged.shape[-1]} figures for a passage; choose a cross-encoder "
                "that gives one, as those that are trained for search do"
            )
        return [int(at) for at in np.argsort(-judged, kind="stable")]

    def _loaded(self) -> Model:
        with self._loading:
            if self._model is None:
                try:
                    from sentence_transformers import CrossEncoder as Loaded

                    self._model = Loaded(self._name, device="cpu")
                except (OSError, ValueError, ImportError) as error:
                    raise ConfigurationError(
                        f"RERANKER_MODEL {self._name!r} cannot be loaded: {error}; name a sentence-transformers "
                        "cross-encoder or its folder, or leave the setting out"
                    ) from error
            return self._model
