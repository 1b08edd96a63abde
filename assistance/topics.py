"""Topics: where a request for each goes, and in which words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from string import Formatter

from assistance.hours import Hours
from core.errors import AssistantError

__all__ = ["DEFAULT_TEMPLATE", "OTHER", "TEMPLATE_FIELDS", "InvalidTopic", "Route", "Topic", "Topics", "fill"]

OTHER = "other"
DEFAULT_TEMPLATE = "New assistance request: {description}"
TEMPLATE_FIELDS = frozenset({"id", "topic", "title", "description", "question", "contact", "language", "created_at"})


class InvalidTopic(AssistantError):
    """The topic is not one of the configuration's; the known ones go out beside the message."""

    status = 400
    type = "invalid-topic"
    title = "This topic is not known"

    def __init__(self, topics: tuple[str, ...]) -> None:
        super().__init__("Invalid topic")
        self.topics = topics

    @property
    def members(self) -> Mapping[str, object]:
        return {"topics": list(self.topics)}


@dataclass(frozen=True, slots=True)
class Route:
    """A channel and the place in it, as its own settings write it; None leaves the place to the channel."""

    channel: str
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """What people can ask a person about. `routes` are tried in their order; `titles` by language."""

    id: str
    titles: Mapping[str, str]
    description: str
    routes: tuple[Route, ...] = ()
    hours: Hours | None = None
    language: str | None = None
    template: str = DEFAULT_TEMPLATE

    def title(self, language: str | None = None) -> str:
        """The title in `language`, as "es" or "es-MX", else in English, else the first one."""
        wanted = (language or "en").replace("_", "-").split("-")[0].lower()
        return self.titles.get(wanted) or self.titles.get("en") or next(iter(self.titles.values()))


@dataclass(frozen=True, slots=True)
class Topics:
    """All topics of one reading of the configuration, in its order."""

    by_id: Mapping[str, Topic] = field(default_factory=dict)

    def find(self, name: str) -> Topic:
        """The topic of that name, whatever its case; raises `InvalidTopic`."""
        topic = self.by_id.get(name.strip().casefold())
        if topic is None:
            raise InvalidTopic(tuple(self.by_id))
        return topic

    def get(self, topic_id: str) -> Topic | None:
        return self.by_id.get(topic_id)

    def __iter__(self) -> Iterator[Topic]:
        return iter(self.by_id.values())


def fill(template: str, values: Mapping[str, str]) -> str:
    """The template with its fields filled; a line all of whose fields are empty is left out."""
    lines = []
    for line in template.strip("\n").split("\n"):
        names = [name for _, name, _, _ in Formatter().parse(line) if name]
        if not names or any(values[name] for name in names):
            lines.append(line.format_map(values))
    return "\n".join(lines).strip()
