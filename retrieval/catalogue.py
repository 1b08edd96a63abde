"""What there is to be asked about: how many documents, of which countries."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from core.database import Database
from core.types import GENERAL_JURISDICTION
from retrieval.tables import ChunkRow, VersionRow, VersionStatus

__all__ = ["Catalogue", "CatalogueReader"]

_FRESH_S = 2.0
"""How long a count is reused: it opens every answer, and nobody waits for it to change within two seconds."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Documents in force, and how many of them speak of each country; a table may speak of several."""

    documents: int
    by_jurisdiction: tuple[tuple[str, int], ...]

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        """The countries that can be asked about, the one with most documents first."""
        return tuple(code for code, _ in self.by_jurisdiction if code != GENERAL_JURISDICTION)


class CatalogueReader:
    """Counts what is live, at most once every two seconds a day asked for."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[date, tuple[float, Catalogue]] = {}

    def __call__(self, as_of: date) -> Catalogue:
        """What is in force on that day."""
        with self._lock:
            kept = self._kept.get(as_of)
            if kept is not None and self._clock() - kept[0] < _FRESH_S:
                return kept[1]
            catalogue = self._count(as_of)
            self._kept = {as_of: (self._clock(), catalogue)}
            return catalogue

    def _count(self, as_of: date) -> Catalogue:
        code = func.coalesce(ChunkRow.jurisdiction, VersionRow.jurisdiction)
        live = (
            VersionRow.status == VersionStatus.LIVE,
            VersionRow.audience == "public",
            or_(VersionRow.effective_from.is_(None), VersionRow.effective_from <= as_of),
            or_(VersionRow.effective_to.is_(None), VersionRow.effective_to >= as_of),
        )
        by_code = (
            select(code, func.count(VersionRow.document_id.distinct()))
            .join(VersionRow, VersionRow.id == ChunkRow.version_id)
            .where(*live)
            .group_by(code)
        )
        with self._database.read() as connection:
            documents = connection.scalar(select(func.count()).select_from(VersionRow).where(*live)) or 0
            counts = [(str(row[0]), int(row[1])) for row in connection.execute(by_code)]
        return Catalogue(documents, tuple(sorted(counts, key=lambda count: (-count[1], count[0]))))
