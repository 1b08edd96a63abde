"""What the bot works with: the same parts as behind the HTTP routes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from api.limits import RateLimits
from assistance.opening import Assistance
from assistance.telegram_people import TelegramPeople
from chains.conversation import Conversations
from chains.runner import TurnRunner
from core.settings import Settings
from training.proposals import Proposals
from training.runs import TrainingRuns
from training.versions import Versions
from training.workflows import Training

__all__ = ["Parts"]


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything here blocks; the bot calls it in threads of its own."""

    settings: Settings
    people: TelegramPeople
    rates: RateLimits
    conversations: Conversations
    runner: TurnRunner
    assistance: Assistance
    proposals: Proposals
    training: Training
    runs: TrainingRuns
    versions: Versions
    today: Callable[[], date]
