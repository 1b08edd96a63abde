"""What ragas says of the same replies, beside our own verdicts; the only module that imports ragas."""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Sequence

from core.errors import ConfigurationError
from core.types import Answer
from evals.metrics import Result

__all__ = ["cited_document_precision"]


def cited_document_precision(results: Sequence[Result]) -> float:
    """The mean share of cited documents that the case names, by ragas's IDBasedContextPrecision; needs no model.

    Raises `ConfigurationError` without the extra `evals`, and `ValueError` when a score is no number.
    """
    os.environ.setdefault("RAGAS_DO_NOT_TRACK", "true")
    try:
        from ragas.dataset_schema import SingleTurnSample
        from ragas.metrics import IDBasedContextPrecision
    except ImportError as error:
        raise ConfigurationError("ragas is not installed; install the extra: pip install '.[evals]'") from error
    samples = [
        SingleTurnSample(
            retrieved_context_ids=sorted(
                {citation.document_id.split("/", 1)[1] for citation in result.reply.citations}
            ),
            reference_context_ids=sorted(result.case.documents),
        )
        for result in results
        if isinstance(result.reply, Answer) and result.case.documents
    ]
    metric = IDBasedContextPrecision()
    scores = [float(asyncio.run(metric.single_turn_ascore(sample))) for sample in samples]
    if not scores or any(math.isnan(score) for score in scores):
        raise ValueError(f"ragas gave no number for {sum(map(math.isnan, scores))} of {len(scores)} answers")
    return sum(scores) / len(scores)
