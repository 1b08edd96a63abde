"""What ragas says of the same replies, beside our own verdicts; the only module that imports ragas."""

from __future__ import annotations

import asyncio
import json
import math
import os
import warnings
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from core.chat_model import build_chat_model
from core.errors import ConfigurationError
from core.models import build_embeddings
from evals.facts import plain
from evals.outcome import Outcome, Verdict
from evals.statistics import kappa

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from pydantic import BaseModel

    from core.models import PassageEmbeddings
    from core.settings import Settings

    Shape = TypeVar("Shape", bound=BaseModel)

__all__ = ["Judged", "Judgement", "judge_replies", "judge_with"]

_AT_ONCE = 4
_TRIES = 3
_FIRST_PAUSE_S = 0.5
_CASE_LIMIT_S = 120.0
"""One score takes up to five calls of the model, one after the other."""
_MOST_CASES = 60
"""Answers that a language model judges, spread evenly over the run: some 900 calls."""
_GOOD = 0.5
"""A score from which a metric says yes, where its agreement with our verdicts is taken."""
_FAULTS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """One metric over the answers it could be asked about: its mean, and Cohen's kappa with our verdicts.

    `kappa` is None where one of the two says the same of every answer.
    """

    metric: str
    cases: int
    mean: float
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """Every metric; `faults` are scores that are missing, in words. Tokens are those of the judging model."""

    metrics: tuple[Judged, ...]
    faults: tuple[str, ...] = ()
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


Score = Callable[[], Awaitable[float]]


def judge_replies(outcomes: Sequence[Outcome], settings: Settings) -> Judgement:
    """Judge the answers to questions that have one; by a language model too when `LLM_MODEL` is set.

    Raises `ConfigurationError` without the extra `evals`.
    """
    model = build_chat_model(settings)
    return judge_with(outcomes, model=model, embeddings=build_embeddings(settings) if model else None)


def judge_with(
    outcomes: Sequence[Outcome],
    *,
    model: BaseChatModel | None = None,
    embeddings: PassageEmbeddings | None = None,
    limit_s: float = _CASE_LIMIT_S,
    first_pause_s: float = _FIRST_PAUSE_S,
) -> Judgement:
    """The same with parts that a caller has built; `limit_s` holds for each score, with all its tries."""
    os.environ.setdefault("RAGAS_DO_NOT_TRACK", "true")
    answers = [outcome for outcome in outcomes if outcome.answered and outcome.answerable]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", ResourceWarning)  # ragas leaves a file of its own open
        try:
            plans = _without_model(answers)
            client = None
            if model is not None and embeddings is not None:
                client = _client(model, first_pause_s)
                plans |= _with_model(_spread(answers, _MOST_CASES), client, embeddings)
        except ImportError as error:
            raise ConfigurationError(
                "ragas is not installed; install the extra: pip install '.[evals]', or use --no-judge"
            ) from error
        scores = asyncio.run(_scored(plans, limit_s))
    verdicts = {outcome.id: outcome.verdict is Verdict.CORRECT for outcome in answers}
    judged = [_judged(name, values, verdicts) for name, values in scores.items()]
    return Judgement(
        metrics=tuple(one for one in judged if one is not None),
        faults=_faults(scores),
        calls=client.calls if client else 0,
        input_tokens=client.input_tokens if client else 0,
        output_tokens=client.output_tokens if client else 0,
    )


def _without_model(answers: Sequence[Outcome]) -> dict[str, dict[str, Score]]:
    from ragas.dataset_schema import SingleTurnSample
    from ragas.metrics import IDBasedContextPrecision, IDBasedContextRecall
    from ragas.metrics.collections import QuotedSpansAlignment, StringPresence

    precision, recall = IDBasedContextPrecision(), IDBasedContextRecall()
    aligned, present = QuotedSpansAlignment(casefold=False, min_span_words=1), StringPresence()

    def cited_documents(outcome: Outcome) -> Score:
        sample = SingleTurnSample(
            retrieved_context_ids=sorted({quote.document for quote in outcome.quotes}),
            reference_context_ids=list(outcome.documents),
        )
        return lambda: precision.single_turn_ascore(sample)

    def cited_sections(outcome: Outcome) -> Score:
        cited = {f"{quote.document}#{plain(heading)}" for quote in outcome.quotes for heading in quote.section}
        wanted: list[str | int] = [f"{document}#{plain(heading)}" for document, heading in outcome.sections]
        sample = SingleTurnSample(retrieved_context_ids=sorted(cited), reference_context_ids=wanted)
        return lambda: recall.single_turn_ascore(sample)

    def quotes_aligned(outcome: Outcome) -> Score:
        marked = " ".join(f'"{_unmarked(quote.quote)}"' for quote in outcome.quotes)
        passages = [_unmarked(passage.text) for passage in outcome.passages]

        async def score() -> float:
            return float((await aligned.ascore(response=marked, retrieved_contexts=passages)).value)

        return score

    def facts_present(outcome: Outcome) -> Score:
        async def score() -> float:
            said = plain(outcome.text)
            found = [
                max([float((await present.ascore(reference=plain(w), response=said)).value) for w in wordings])
                for wordings in outcome.facts
            ]
            return sum(found) / len(found)

        return score

    return {
        "cited documents wanted (IDBasedContextPrecision)": {o.id: cited_documents(o) for o in answers if o.documents},
        "wanted sections cited (IDBasedContextRecall)": {o.id: cited_sections(o) for o in answers if o.sections},
        "quotes within passages (QuotedSpansAlignment)": {o.id: quotes_aligned(o) for o in answers},
        "facts said (StringPresence)": {o.id: facts_present(o) for o in answers if o.facts},
    }


def _with_model(answers: Sequence[Outcome], client: Any, embeddings: PassageEmbeddings) -> dict[str, dict[str, Score]]:
    from ragas.metrics import collections as ragas

    metrics: dict[str, tuple[Any, tuple[str, ...]]] = {
        "Faithfulness": (ragas.Faithfulness(llm=client), ("user_input", "response", "retrieved_contexts")),
        "AnswerRelevancy": (
            ragas.AnswerRelevancy(llm=client, embeddings=_embeddings(embeddings)), ("user_input", "response"),
        ),
        "ContextPrecision": (ragas.ContextPrecision(llm=client), ("user_input", "reference", "retrieved_contexts")),
        "ContextRecall": (ragas.ContextRecall(llm=client), ("user_input", "retrieved_contexts", "reference")),
        "FactualCorrectness": (ragas.FactualCorrectness(llm=client), ("response", "reference")),
    }  # fmt: skip

    def score(metric: Any, fields: Mapping[str, object]) -> Score:
        async def run() -> float:
            return float((await metric.ascore(**fields)).value)

        return run

    plans: dict[str, dict[str, Score]] = {}
    for name, (metric, needed) in metrics.items():
        concerned = [outcome for outcome in answers if "reference" not in needed or outcome.facts]
        plans[name] = {
            outcome.id: score(metric, {field: _sample(outcome)[field] for field in needed}) for outcome in concerned
        }
    return plans


def _sample(outcome: Outcome) -> dict[str, object]:
    turns = [question for question, _ in outcome.history]
    return {
        "user_input": "\n".join([*turns, outcome.question]),
        "response": outcome.text,
        "retrieved_contexts": [passage.text for passage in outcome.passages],
        "reference": "\n".join(f"{wordings[0]}." for wordings in outcome.facts),
    }


def _client(model: BaseChatModel, first_pause_s: float) -> Any:
    """Our chat model as ragas wants one: it writes one JSON object of a given shape, tried again when it does not."""
    from ragas.llms.base import InstructorBaseRagasLLM

    class Client(InstructorBaseRagasLLM):
        calls = input_tokens = output_tokens = 0

        def generate(self, prompt: str, response_model: type[Shape]) -> Shape:
            return asyncio.run(self.agenerate(prompt, response_model))

        async def agenerate(self, prompt: str, response_model: type[Shape]) -> Shape:
            for attempt in range(_TRIES):
                try:
                    return await self._once(prompt, response_model)
                except Exception:
                    if attempt == _TRIES - 1:
                        raise
                    await asyncio.sleep(first_pause_s * 2**attempt)
            raise AssertionError("the last try returns or raises")

        async def _once(self, prompt: str, response_model: type[Shape]) -> Shape:
            schema = json.dumps(response_model.model_json_schema())
            self.calls += 1
            reply = await model.ainvoke(f"{prompt}\n\nReply with one JSON object of this schema only: {schema}")
            usage = getattr(reply, "usage_metadata", None) or {}
            self.input_tokens += usage.get("input_tokens", 0)
            self.output_tokens += usage.get("output_tokens", 0)
            text = reply.text
            return response_model.model_validate_json(text[text.find("{") : text.rfind("}") + 1])

    return Client()


def _embeddings(embeddings: PassageEmbeddings) -> Any:
    from ragas.embeddings.base import BaseRagasEmbedding

    class Encoder(BaseRagasEmbedding):
        def embed_text(self, text: str, **_: Any) -> list[float]:
            vector: list[float] = embeddings.embed_query_vector(text).tolist()
            return vector

        async def aembed_text(self, text: str, **_: Any) -> list[float]:
            return await asyncio.to_thread(self.embed_text, text)

    return Encoder()


async def _scored(plans: Mapping[str, Mapping[str, Score]], limit_s: float) -> dict[str, dict[str, float | str]]:
    """Each score, or in words why there is none; a few at once."""
    free = asyncio.Semaphore(_AT_ONCE)

    async def one(score: Score) -> float | str:
        async with free:
            try:
                value = await asyncio.wait_for(score(), limit_s)
            except TimeoutError:
                return f"no score within {limit_s:g} s"
            except Exception as error:
                return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no further word'}"
            return value if math.isfinite(value) else "the score is no number"

    return {
        name: dict(zip(plan, await asyncio.gather(*map(one, plan.values())), strict=True))
        for name, plan in plans.items()
    }


def _judged(name: str, scores: Mapping[str, float | str], verdicts: Mapping[str, bool]) -> Judged | None:
    known = {case: value for case, value in scores.items() if isinstance(value, float)}
    if not known:
        return None
    agreement = kappa([value >= _GOOD for value in known.values()], [verdicts[case] for case in known])
    return Judged(name, len(known), sum(known.values()) / len(known), agreement)


def _faults(scores: Mapping[str, Mapping[str, float | str]]) -> tuple[str, ...]:
    missing = [
        f"ragas {name}, {case}: {value}"
        for name, values in scores.items()
        for case, value in values.items()
        if isinstance(value, str)
    ]
    more = len(missing) - _FAULTS_SHOWN
    return (*missing[:_FAULTS_SHOWN], *([f"ragas: {more} more scores are missing"] if more > 0 else []))


def _spread(answers: Sequence[Outcome], most: int) -> list[Outcome]:
    if len(answers) <= most:
        return list(answers)
    return [answers[at * len(answers) // most] for at in range(most)]


def _unmarked(text: str) -> str:
    return "".join("'" if letter in '"“”' else letter for letter in text)
