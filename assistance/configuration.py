"""The file of topics and channels, checked: YAML in, `Topics` out."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from assistance.hours import parse_hours
from assistance.topics import DEFAULT_TEMPLATE, OTHER, TEMPLATE_FIELDS, Route, Topic, Topics
from core.errors import ConfigurationError

__all__ = ["BUILT_IN", "OTHER_TITLES", "parse_topics"]

_Name = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,39}$")]
_Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
_Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]

OTHER_TITLES = {
    "ar": "شيء آخر", "de": "Etwas anderes", "en": "Something else", "es": "Otra cosa", "fa": "موضوع دیگر",
    "fr": "Autre chose", "hi": "कुछ और", "pt": "Outro assunto", "ru": "Другое", "tr": "Başka bir konu", "uk": "Інше",
    "vi": "Việc khác", "zh": "其他",
}  # fmt: skip
BUILT_IN = Topics({OTHER: Topic(OTHER, OTHER_TITLES, "Anything that fits no other topic.")})
"""What holds where there is no file: everything waits in the inbox."""


class _RouteIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    channel: _Name
    to: _Line | None = None


class _TopicIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: _Line | Annotated[dict[_Language, _Line], Field(min_length=1)]
    description: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
    channels: list[_RouteIn | _Name] = []
    hours: _Line | None = None
    language: _Language | None = None
    template: Annotated[str, StringConstraints(min_length=1, max_length=4000)] = DEFAULT_TEMPLATE

    @field_validator("hours")
    @classmethod
    def _readable_hours(cls, value: str | None) -> str | None:
        if value is not None:
            parse_hours(value, zone="UTC")
        return value

    @field_validator("template")
    @classmethod
    def _known_fields(cls, value: str) -> str:
        try:
            fields = list(Formatter().parse(value))
        except ValueError as error:
            raise ValueError(f"the template cannot be read ({error}); write a brace as {{{{ or }}}}") from error
        for _, name, form, conversion in fields:
            if name is not None and (name not in TEMPLATE_FIELDS or form or conversion):
                raise ValueError(f"{{{name}}} is no field of a template; use {', '.join(sorted(TEMPLATE_FIELDS))}")
        return value


class _FileIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    topics: Annotated[dict[_Name, _TopicIn], Field(min_length=1)]

    @field_validator("topics")
    @classmethod
    def _distinct(cls, value: Mapping[str, _TopicIn]) -> Mapping[str, _TopicIn]:
        if len({name.casefold() for name in value}) < len(value):
            raise ValueError("two topics differ only in their case; give each a name of its own")
        return value


def parse_topics(content: bytes, *, zone: str = "UTC") -> Topics:
    """The topics of a file, whose hours are of `zone` unless they name another.

    Raises `ConfigurationError` naming every place that is wrong.
    """
    try:
        read = _FileIn.model_validate(yaml.safe_load(content))
    except yaml.YAMLError as error:
        raise ConfigurationError(f"the file of topics is no YAML: {' '.join(str(error).split())}") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise ConfigurationError(f"the file of topics cannot be read: {error}") from error
    except ValidationError as error:
        places = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise ConfigurationError(f"the file of topics is wrong at {places}") from error
    return Topics({name.casefold(): _topic(name.casefold(), topic, zone) for name, topic in read.topics.items()})


def _topic(topic_id: str, read: _TopicIn, zone: str) -> Topic:
    routes = [Route(item) if isinstance(item, str) else Route(item.channel, item.to) for item in read.channels]
    return Topic(
        topic_id,
        titles={"en": read.title} if isinstance(read.title, str) else dict(read.title),
        description=read.description, routes=tuple(routes), language=read.language, template=read.template,
        hours=None if read.hours is None else parse_hours(read.hours, zone=zone),
    )  # fmt: skip
