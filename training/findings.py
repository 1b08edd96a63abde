"""What the check of a proposal found, as ids and spans: near ones, what supports it, what contradicts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Findings", "Near", "Place"]


@dataclass(frozen=True, slots=True)
class Near:
    """Another example about the same; `same` says that it is the very question, `likeness` is a cosine.

    `differs` says that it is the same question with another answer.
    """

    example_id: str
    likeness: float
    same: bool
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Words of a stored version, by their place, that bear on sentence `sentence` of the answer.

    `said` and `instead` are the words that contradict each other; None where the place supports the sentence.
    """

    sentence: int
    document_id: str
    version_id: str
    start: int
    end: int
    said: str | None = None
    instead: str | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """`unsupported` are sentences of the answer that no current document carries; `nearest` the closest passage."""

    masked: tuple[str, ...] = ()
    near: tuple[Near, ...] = ()
    supports: tuple[Place, ...] = ()
    conflicts: tuple[Place, ...] = ()
    unsupported: tuple[int, ...] = ()
    nearest: Place | None = None

    @property
    def cites(self) -> tuple[str, ...]:
        """The versions that an approval of it would rest on: those that support it, else the closest one."""
        found = tuple(dict.fromkeys(place.version_id for place in self.supports))
        return found or ((self.nearest.version_id,) if self.nearest else ())

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Findings:
        """What `as_json` gave; nothing found where nothing was stored."""
        nearest = stored.get("nearest")
        return cls(
            masked=tuple(stored.get("masked", ())),
            near=tuple(Near(**item) for item in stored.get("near", ())),
            supports=tuple(Place(**item) for item in stored.get("supports", ())),
            conflicts=tuple(Place(**item) for item in stored.get("conflicts", ())),
            unsupported=tuple(stored.get("unsupported", ())),
            nearest=None if nearest is None else Place(**nearest),
        )
