"""Approved answers and the versions made of them."""

from __future__ import annotations

from pydantic import Field

from core.settings.section import Section

__all__ = ["TrainingSettings"]


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
        description="Seconds between two looks at changed sources of approved answers and at unanswered questions.",
    )
