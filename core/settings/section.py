"""What every section of the settings has in common."""

from __future__ import annotations

from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["Section"]


class Section(BaseSettings):
    """Fields from the environment or a `.env` file; a section is only ever read as a part of `Settings`."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True, populate_by_name=True
    )
