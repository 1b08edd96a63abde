"""Everything that is kept about a person, over all parts: counted, exported, erased."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from api.assistance_schemas import AssistanceOut
from assistance.desk import Desk
from assistance.telegram_people import TelegramPeople
from chains.feedback import Feedbacks
from chains.personal import PersonalConversations
from core.database import Database
from training.people import TrainingRecords

__all__ = ["PersonalPart", "PersonalRecords", "open_personal"]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PersonalPart:
    """One kind of record: each function takes a principal's subject, the last one a moment, or None where age is no
    reason to erase."""

    name: str
    count: Callable[[str], int]
    export: Callable[[str], list[dict[str, Any]]]
    erase: Callable[[str], int]
    erase_before: Callable[[datetime], int] | None = None


class PersonalRecords:
    """The parts in the order in which they are erased; erasing may be repeated after a crash."""

    def __init__(self, parts: Sequence[PersonalPart], database: Database) -> None:
        self._parts = parts
        self._database = database

    def counts(self, principal: str) -> dict[str, int]:
        """How many records there are of each kind."""
        return {part.name: part.count(principal) for part in self._parts}

    def export(self, principal: str) -> dict[str, list[dict[str, Any]]]:
        """Every record, as it is kept."""
        return {part.name: part.export(principal) for part in self._parts}

    def erase(self, principal: str) -> dict[str, int]:
        """Delete every record for good; how many there were of each kind."""
        erased = {part.name: part.erase(principal) for part in self._parts}
        self._database.compact()
        log.info("person.erased", **erased)
        return erased

    def erase_older_than(self, days: int) -> dict[str, int]:
        """Delete for good what nobody has touched for so many days; how many records there were of each kind."""
        moment = datetime.now(UTC) - timedelta(days=days)
        aged = [(part.name, part.erase_before) for part in self._parts]
        erased = {name: erase_before(moment) for name, erase_before in aged if erase_before is not None}
        if any(erased.values()):
            self._database.compact()
            log.info("retention.erased", days=days, **erased)
        return erased


def open_personal(database: Database, desk: Desk, *, forget_turns: Callable[[Sequence[str]], None]) -> PersonalRecords:
    """Every part there is; what rests on turns goes before them."""
    talked = PersonalConversations(database, forget_turns=forget_turns)
    feedbacks, taught, chats = Feedbacks(database), TrainingRecords(database), TelegramPeople(database)
    parts = [
        PersonalPart("examples", taught.count, taught.export, taught.erase),
        PersonalPart("requests", lambda who: len(desk.export(who)), _requests(desk), desk.erase, desk.erase_before),
        PersonalPart("feedback", feedbacks.count, feedbacks.export, feedbacks.erase),
        PersonalPart("conversations", talked.count, talked.export, talked.erase, talked.erase_before),
        PersonalPart("telegram", chats.count, chats.export, chats.erase),
    ]
    return PersonalRecords(parts, database)


def _requests(desk: Desk) -> Callable[[str], list[dict[str, Any]]]:
    """As their owner reads them: whom staff asked what among themselves is not theirs."""
    return lambda who: [AssistanceOut.of(request).model_dump(mode="json") for request in desk.export(who)]
