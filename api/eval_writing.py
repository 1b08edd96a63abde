"""Who writes the answers of a run of evals: nobody, the model of the settings, or its replies as they were recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

__all__ = ["EvalWriting", "open_writing", "require_sense"]

_JUDGED_IN = "en"
"""Other cases in other languages say what is answered without a model, from the few documents in those languages."""

_MOST_STALE = 0.5


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

    def of(self, cases: Sequence[Case], with_model: Sequence[Case]) -> list[Case]:
        """Those that can be judged: with a model the English ones and those `with_model`, recorded what has replies."""
        if self.model is None:
            return list(cases)
        named = self.recorded.recorded.cases if self.recorded else None
        fit = [*(case for case in cases if case.language == _JUDGED_IN), *with_model]
        return [case for case in fit if named is None or case.id in named]

    @property
    def why_left(self) -> str:
        """Why others are left out, in words."""
        if self.model is None:
            return "are in other languages and take a language model"
        if self.recorded is not None:
            return "have no recorded reply"
        return "are in other languages and say what is answered without a model"

    def heard(self, outcome: Outcome) -> None:
        """To be called after each case: keeps what was replied, and whether a prompt of it was not recorded."""
        if self.recorded is not None and self.recorded.has_missed():
            self.stale.add(outcome.id)
        if self.recorder is not None and (taken := self.recorder.take()):
            self.taken[outcome.id] = taken

    @property
    def is_stale(self) -> bool:
        """Whether what is left of the recorded cases is too little to judge a change by."""
        return self.recorded is not None and len(self.stale) > _MOST_STALE * len(self.recorded.recorded.cases)

    def fitting(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Those whose prompts were all recorded; raises `InvalidInput` where none is left."""
        left = [outcome for outcome in outcomes if outcome.id not in self.stale]
        if not left:
            raise InvalidInput("No recorded reply fits its prompt any more; record them anew with --record FILE")
        return left

    def write(self, path: Path, day: date) -> None:
        """Write down what was replied, and keep what the file has of other cases."""
        from evals.replies import Recorded, write_replies

        if self.taken:
            before = _before(path, self.name, day)
            write_replies(path, Recorded(self.name, day, {**before, **self.taken}))


def _before(path: Path, model: str, day: date) -> Mapping[str, Mapping[str, str]]:
    """What a file holds already; raises `InvalidInput` where that is of another model or day, or no replies at all."""
    from evals.replies import load_replies

    if not path.exists() or not path.stat().st_size:
        return {}
    before = load_replies(path)
    if (before.model, before.day) != (model, day):
        raise InvalidInput(
            f"{str(path)!r} has replies of {before.model} of {before.day}; record others in a file of their own"
        )
    return before.cases


def require_sense(
    settings: Settings, replies: Path | None, record: Path | None, *, day: date, alone: Sequence[str]
) -> None:
    """Raises `InvalidInput` for options of which one would be ignored, and for replies that could not be kept.

    `alone` are the further options that were given, `day` is that of the run.
    """
    if replies is not None and record is not None:
        raise InvalidInput("--replies gives what was recorded, --record asks the model anew; leave one of them out")
    for option in alone:
        if replies is not None and option == "--today":
            raise InvalidInput("recorded replies are of their own day; leave --today out")
        if option != "--today" and (replies is not None or record is not None):
            raise InvalidInput(f"{option} asks without recorded replies; leave --replies and --record out")
    if "--regressions" in alone and settings.llm_model:
        raise InvalidInput("--regressions breaks the system without a model, whose bounds are known; unset LLM_MODEL")
    if record is not None and settings.llm_model:
        _before(record, settings.llm_model, day)
        try:
            record.open("a").close()
        except OSError as error:
            raise InvalidInput(f"{str(record)!r} cannot be written: {error.strerror}") from error


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
