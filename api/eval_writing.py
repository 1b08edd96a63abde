"""Who writes the answers of a run of evals: nobody, the model of the settings, or its replies as they were recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from core.chat_model import build_chat_model
from core.errors import InvalidInput
from core.settings import Settings
from evals.baseline import BASELINE
from evals.dataset import Case
from evals.outcome import Outcome
from evals.thresholds import THRESHOLDS

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from evals.replies import RecordedModel, Recorder

__all__ = ["EvalWriting", "open_writing"]

_JUDGED_IN = "en"
"""Cases in other languages say what is answered without a model, from the few documents in those languages."""


@dataclass(slots=True)
class EvalWriting:
    """A run's `model`, None for answers in the documents' own sentences, and what is to be known of what it replied.

    `name` is the model's, in words.
    """

    model: BaseChatModel | None = None
    name: str = ""
    recorded: RecordedModel | None = None
    recorder: Recorder | None = None
    stale: set[str] = field(default_factory=set)
    taken: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def day(self) -> date | None:
        """The day of which the run has to be; None for any."""
        return self.recorded.recorded.day if self.recorded else None

    @property
    def thresholds(self) -> Path:
        return THRESHOLDS if self.model is None else THRESHOLDS.with_name("thresholds-model.yaml")

    @property
    def baseline(self) -> Path:
        return BASELINE if self.model is None else BASELINE.with_name("baseline-model.json")

    def of(self, cases: Sequence[Case]) -> list[Case]:
        """Those that can be judged: with a model the English ones, recorded those that have replies."""
        if self.model is None:
            return list(cases)
        named = self.recorded.recorded.cases if self.recorded else None
        return [case for case in cases if case.language == _JUDGED_IN and (named is None or case.id in named)]

    def heard(self, outcome: Outcome) -> None:
        """To be called after each case: keeps what was replied, and whether a prompt of it was not recorded."""
        if self.recorded is not None and self.recorded.has_missed():
            self.stale.add(outcome.id)
        if self.recorder is not None and (taken := self.recorder.take()):
            self.taken[outcome.id] = taken

    def fitting(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Those whose prompts were all recorded; raises `InvalidInput` where none is left."""
        left = [outcome for outcome in outcomes if outcome.id not in self.stale]
        if not left:
            raise InvalidInput("No recorded reply fits its prompt any more; record them anew with --record FILE")
        return left

    def write(self, path: Path, day: date) -> None:
        """Write down what was replied."""
        from evals.replies import Recorded, write_replies

        write_replies(path, Recorded(self.name, day, self.taken))


def open_writing(settings: Settings, *, replies: Path | None = None, record: bool = False) -> EvalWriting:
    """Raises `InvalidInput` for a file of replies that is none, or when there is no model to record."""
    if replies is not None:
        from evals.replies import RecordedModel, load_replies

        recorded = load_replies(replies)
        played = RecordedModel(recorded=recorded)
        return EvalWriting(played, f"{recorded.model}, as recorded on {recorded.day}", recorded=played)
    model = build_chat_model(settings)
    if not record:
        return EvalWriting(model, settings.llm_model or "")
    if model is None:
        raise InvalidInput("--record writes down what a language model replies; set LLM_MODEL")
    from evals.replies import Recorder

    recorder = Recorder()
    model.callbacks = [recorder]
    return EvalWriting(model, settings.llm_model or "", recorder=recorder)
