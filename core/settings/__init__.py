"""Every option of the assistant, from the environment or a `.env` file."""

from __future__ import annotations

from core.settings.assistance import AssistanceSettings
from core.settings.channels import ChannelSettings
from core.settings.identity import IdentitySettings
from core.settings.limits import LimitSettings
from core.settings.service import ServiceSettings
from core.settings.telemetry import TelemetrySettings
from core.settings.training import TrainingSettings

__all__ = ["Settings"]


class Settings(
    TrainingSettings, TelemetrySettings, LimitSettings, AssistanceSettings, ChannelSettings, IdentitySettings,
    ServiceSettings,
):  # fmt: skip
    """Reads and checks the configuration; a bad value raises `pydantic.ValidationError` before anything starts."""
