"""What there is to be asked about: how many documents, of which countries."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from core.database import Database
from core.languages import base_language
from core.types import GENERAL_JURISDICTION
from retrieval.served import TRAINED_ROOT
from retrieval.tables import ChunkRow, VersionRow, VersionStatus

__all__ = ["Catalogue", "CatalogueReader"]

_FRESH_S = 30.0
"""How long a count is reused while this process changes nothing; another process's change may be told that late."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Documents in force, and how many of them speak of each country; a table may speak of several.

    `languages` are those that the documents are in, the one of most documents first.
    """

    documents: int
    by_jurisdiction: tuple[tuple[str, int], ...]
    languages: tuple[str, ...] = ()

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        """The countries that can be asked about, the one with most documents first."""
        return tuple(code for code, _ in self.by_jurisdiction if code != GENERAL_JURISDICTION)


class CatalogueReader:
    """Counts what is live, anew when `generation` has changed: it opens every answer and reads every chunk."""

    def __init__(
        self, database: Database, *, generation: Callable[[], int], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._generation = generation
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: tuple[date, int, float, Catalogue] | None = None

    def __call__(self, as_of: date) -> Catalogue:
        """What is in force on that day."""
        with self._lock:
            now, generation = self._clock(), self._generation()
            if self._kept is not None:
                day, counted_at, moment, catalogue = self._kept
                if (day, counted_at) == (as_of, generation) and now - moment < _FRESH_S:
                    return catalogue
            catalogue = self._count(as_of)
            self._kept = (as_of, generation, now, catalogue)
            return catalogue

    def _count(self, as_of: date) -> Catalogue:
        code = func.coalesce(ChunkRow.jurisdiction, VersionRow.jurisdiction)
        live = (
            VersionRow.status == VersionStatus.LIVE,
            # A trained pair is nobody's document, and may belong to a version that is not current.
            VersionRow.document_id.not_like(f"{TRAINED_ROOT}%"),
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
        by_tag = select(VersionRow.language, func.count()).where(*live).group_by(VersionRow.language)
        with self._database.read() as connection:
            documents = connection.scalar(select(func.count()).select_from(VersionRow).where(*live)) or 0
            counts = [(str(row[0]), int(row[1])) for row in connection.execute(by_code)]
            tags = [(str(row[0]), int(row[1])) for row in connection.execute(by_tag)]
        spoken: Counter[str] = Counter()
        for tag, count in tags:
            spoken[base_language(tag)] += count
        return Catalogue(
            documents,
            tuple(sorted(counts, key=lambda count: (-count[1], count[0]))),
            tuple(sorted(spoken, key=lambda code: (-spoken[code], code))),
        )
