"""Approved answers and the versions made of them."""

from __future__ import annotations

import re

from pydantic import Field, field_validator

from core.settings.section import Section

__all__ = ["TrainingSettings"]

_CRON = re.compile(r"[\w*/,-]+")


class TrainingSettings(Section):
    """Approved answers and the versions made of them."""

    allow_self_approval: bool = Field(
        default=False, description="Whether an approver may approve what they proposed themselves."
    )
    gap_least_people: int = Field(
        default=1,
        ge=1,
        description="How many people must have asked about a matter before staff see their questions; "
        "until then a gap shows counts alone.",
    )
    training_sweep_s: float = Field(
        default=20.0,
        gt=0,
        le=60,
        description="Seconds between two looks at changed sources of approved answers and at unanswered questions; the "
        "latter are put off while somebody waits for an answer, for a quarter of an hour at most.",
    )
    train_schedule: str | None = Field(
        default=None,
        description="When approved answers are trained in by themselves, as cron in UTC, `30 2 * * *` for every night "
        "at half past two. Default: only when somebody starts a run.",
    )

    @field_validator("train_schedule")
    @classmethod
    def _is_cron(cls, value: str | None) -> str | None:
        """Five fields of what cron knows; whether there is such a day is left to the engine."""
        if not value:
            return None
        fields = value.split()
        if len(fields) != 5 or not all(_CRON.fullmatch(field) for field in fields):
            raise ValueError(f"{value!r} is no schedule; write five fields as `30 2 * * *`, or leave it empty")
        return value
