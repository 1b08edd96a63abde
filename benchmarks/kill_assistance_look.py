"""What was left of requests for a person after a kill and after the recovery, held against what was promised."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select

from assistance.states import DeliveryStatus, Status
from assistance.tables import DeliveryRow, NoteRow, RequestRow
from benchmarks.kill_assistance_clients import Told
from benchmarks.kill_assistance_staff import Staff
from core.database import Database

__all__ = ["FAULTS", "FIGURES", "Look"]

FAULTS = (
    "requests lost", "additions lost", "other receipts", "requests doubled", "said delivered but not taken",
    "dead without a reason", "dead though not refused", "not settled", "out of order", "taken by two channels",
    "sent twice without a kill", "one message sent twice by one kill more than once",
    "kills after which several messages came twice",
)  # fmt: skip
FIGURES = (
    "requests acknowledged", "additions acknowledged", "messages taken", "failures of channels", "dead letters",
    "sent twice under their id", "kills after which one message came twice",
)  # fmt: skip

_GIVEN_UP = "given up after"


@dataclass(frozen=True, slots=True)
class _Delivery:
    id: str
    request_id: str
    note_id: str
    ordinal: int
    status: str
    reason: str | None


class Look:
    """Each fault is counted once, however often it is seen."""

    def __init__(self, database_url: str, told: Told, staff: Staff) -> None:
        self._database = Database(database_url)
        self._told = told
        self._staff = staff
        self._faults: set[tuple[str, str]] = set()
        self._figures: Counter[str] = Counter()
        self._seen = 0
        self._sent_from: dict[str, int] = {}

    def close(self) -> None:
        self._database.close()

    def as_left(self) -> Counter[str]:
        """While nobody is at work: what was acknowledged is there, and nothing is said that did not happen."""
        requests, deliveries = self._requests(), self._deliveries()
        keys = Counter(key for key, _ in requests.values())
        texts = self._added()
        dead = [one for one in deliveries if one.status == DeliveryStatus.DEAD]
        return (
            self._new("requests lost", set(self._told.acknowledged.values()) - requests.keys())
            + self._new("additions lost", (text for _, text in self._told.added if text not in texts))
            + self._new("other receipts", (str(number) for number in range(self._told.other_receipts)))
            + self._new("requests doubled", (key for key, count in keys.items() if count > 1))
            + self._new("said delivered but not taken", self._untaken(deliveries))
            + self._new("dead without a reason", (one.id for one in dead if not one.reason))
            + self._new("dead though not refused", (one.id for one in dead if not self._was_refused(one)))
        )

    def when_settled(self, killed: Collection[int]) -> Counter[str]:
        """After a recovery that was let to its end, from the lives `killed` before it."""
        deliveries = self._deliveries()
        found = self.as_left()
        found += self._new("not settled", self._unsettled(deliveries))
        found += self._new("out of order", self._out_of_order(deliveries))
        found += self._new("taken by two channels", self._in_two_channels(deliveries))
        return found + self._twice(killed) + self._new_figures(deliveries)

    def _requests(self) -> dict[str, tuple[str, str]]:
        """The key and the status of each request."""
        query = select(RequestRow.id, RequestRow.idempotency_key, RequestRow.status)
        with self._database.read() as connection:
            return {row.id: (row.idempotency_key, row.status) for row in connection.execute(query)}

    def _added(self) -> set[str]:
        with self._database.read() as connection:
            return set(connection.scalars(select(NoteRow.text)))

    def _deliveries(self) -> list[_Delivery]:
        query = select(
            DeliveryRow.id, DeliveryRow.request_id, DeliveryRow.note_id, NoteRow.ordinal, DeliveryRow.status,
            DeliveryRow.reason,
        ).join(NoteRow, NoteRow.id == DeliveryRow.note_id)  # fmt: skip
        with self._database.read() as connection:
            return [_Delivery(*row) for row in connection.execute(query)]

    def _untaken(self, deliveries: Iterable[_Delivery]) -> list[str]:
        said = [one.id for one in deliveries if one.status == DeliveryStatus.DELIVERED]
        return [one for one in said if one not in self._staff.times]

    def _was_refused(self, delivery: _Delivery) -> bool:
        return self._staff.refuses_for_good(delivery.id) or (delivery.reason or "").startswith(_GIVEN_UP)

    def _unsettled(self, deliveries: Iterable[_Delivery]) -> list[str]:
        """Requests that still wait, and notes that were neither delivered nor given up by every channel."""
        waiting = [one for one, (_, status) in self._requests().items() if status == Status.WAITING]
        notes = defaultdict(list)
        for one in deliveries:
            notes[one.note_id].append(one.status)
        ended = (DeliveryStatus.DELIVERED, DeliveryStatus.DEAD, DeliveryStatus.NOT_NEEDED)
        return waiting + [
            note
            for note, statuses in notes.items()
            if not set(statuses) <= set(ended)
            or (statuses.count(DeliveryStatus.DELIVERED) != 1 and set(statuses) != {DeliveryStatus.DEAD})
        ]

    def _out_of_order(self, deliveries: Iterable[_Delivery]) -> list[str]:
        """Requests of which a later note was first taken before an earlier one."""
        first: dict[str, int] = {}
        for place, taken in enumerate(self._staff.taken):
            first.setdefault(taken.delivery_id, place)
        places = defaultdict(list)
        for one in deliveries:
            if one.id in first:
                places[one.request_id].append((one.ordinal, first[one.id]))
        return [request for request, found in places.items() if sorted(found) != sorted(found, key=lambda one: one[1])]

    def _in_two_channels(self, deliveries: Iterable[_Delivery]) -> list[str]:
        notes = Counter(one.note_id for one in deliveries if one.id in self._staff.times)
        return [note for note, count in notes.items() if count > 1]

    def _twice(self, killed: Collection[int]) -> Counter[str]:
        """What came again since the last look: each time is to be the doing of a kill, and each kill may do it once."""
        by_kill: Counter[int] = Counter()
        pairs: Counter[tuple[int, str]] = Counter()
        found: Counter[str] = Counter()
        for taken in self._staff.taken[self._seen :]:
            before = self._sent_from.get(taken.delivery_id)
            self._sent_from[taken.delivery_id] = taken.life
            if before is None:
                continue
            if before == taken.life or before not in killed:
                found["sent twice without a kill"] += 1
                continue
            by_kill[before] += 1
            pairs[before, taken.delivery_id] += 1
        self._seen = len(self._staff.taken)
        found["one message sent twice by one kill more than once"] = sum(count - 1 for count in pairs.values())
        found["sent twice under their id"] = by_kill.total()
        found["kills after which one message came twice"] = sum(count == 1 for count in by_kill.values())
        found["kills after which several messages came twice"] = sum(count > 1 for count in by_kill.values())
        return found

    def _new_figures(self, deliveries: Iterable[_Delivery]) -> Counter[str]:
        now = Counter({
            "requests acknowledged": len(self._told.acknowledged),
            "additions acknowledged": len(self._told.added),
            "messages taken": len(self._staff.times),
            "failures of channels": self._staff.failed.total(),
            "dead letters": sum(one.status == DeliveryStatus.DEAD for one in deliveries),
        })  # fmt: skip
        before, self._figures = self._figures, now
        return now - before

    def _new(self, name: str, ids: Iterable[str]) -> Counter[str]:
        fresh = {(name, one) for one in ids} - self._faults
        self._faults |= fresh
        return Counter({name: len(fresh)})
