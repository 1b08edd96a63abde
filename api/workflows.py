"""Erasing by age as a durable workflow: once a day and at each start."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from dbos import DBOS

from api.personal import PersonalRecords
from core.durable import workflow

__all__ = ["register_retention"]

_SCHEDULE = "erase-old-records"
_EVERY_DAY = "23 3 * * *"


def register_retention(records: PersonalRecords) -> Callable[[int | None], None]:
    """Register the workflow; the function returned puts it on its schedule, or takes it off where no days are given.

    Call that once after the engine has started. It also runs at once, as a server that is off at night would miss it.
    """
    keep_days: list[int] = []

    @workflow("erase_old_records")
    def erase_old_records(_scheduled_at: datetime, _context: object) -> None:
        erase_old()

    @DBOS.step(name="erase_old")
    def erase_old() -> None:
        # By the setting of now: a run that a crash left must not go by an older one.
        for days in keep_days:
            records.erase_older_than(days)

    def schedule(days: int | None) -> None:
        DBOS.delete_schedule(_SCHEDULE)
        if days is not None:
            keep_days[:] = [days]
            DBOS.create_schedule(schedule_name=_SCHEDULE, workflow_fn=erase_old_records, schedule=_EVERY_DAY)
            DBOS.start_workflow(erase_old_records, datetime.now(UTC), None)

    return schedule
