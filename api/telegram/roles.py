"""Who may ask, approve and train in Telegram."""

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
    askers: frozenset[int] | None
    """None where everybody may ask."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        names = (part.strip().lstrip("@").casefold() for part in settings.admin_usernames.split(","))
        askers = None if settings.chat_open else _ids(settings.telegram_user_ids)
        return cls(_ids(settings.telegram_admin_ids), frozenset(filter(None, names)), askers)

    def may_ask(self, user_id: int, username: str | None) -> bool:
        """Whether they may ask, and propose answers."""
        return self.askers is None or user_id in self.askers or self.may_approve(user_id, username)

    def may_approve(self, user_id: int, username: str | None) -> bool:
        return user_id in self.ids or (username is not None and username.casefold() in self.usernames)


def _ids(listed: str) -> frozenset[int]:
    return frozenset(int(part) for part in listed.split(",") if part.strip())
