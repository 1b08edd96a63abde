"""Who may approve and train in Telegram."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from core.settings import Settings

__all__ = ["Roles"]


@dataclass(frozen=True, slots=True)
class Roles:
    """Ids hold for good; names are compared whatever their case, and pass to whoever takes them next."""

    ids: frozenset[int]
    usernames: frozenset[str]

    @classmethod
    def of(cls, settings: Settings) -> Self:
        ids = (part.strip() for part in settings.telegram_admin_ids.split(","))
        names = (part.strip().lstrip("@").casefold() for part in settings.admin_usernames.split(","))
        return cls(frozenset(int(part) for part in ids if part), frozenset(filter(None, names)))

    def may_approve(self, user_id: int, username: str | None) -> bool:
        return user_id in self.ids or (username is not None and username.casefold() in self.usernames)
