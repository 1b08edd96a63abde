"""Reading the store: what is live, for whom and on which day, and what was said before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, case, func, or_, select

from core.among import among
from core.errors import NotFound
from core.types import DocumentMeta, Kind
from retrieval.records import (
    CHUNK_COLUMNS,
    META_COLUMNS,
    DocumentSummary,
    LiveChunk,
    Outlined,
    StoreCounts,
    StoredVersion,
    View,
    chunk_from,
    meta_from,
    vector_from,
)
from retrieval.served import TRAINED_ROOT, is_trained
from retrieval.supersession import replaced
from retrieval.tables import ChunkRow, CitedRow, DocumentRow, VersionRow, VersionStatus

if TYPE_CHECKING:
    from sqlalchemy import Row

    from core.database import Database
    from core.models import Vector

__all__ = ["StoreReader"]

_PUBLIC = "public"


class StoreReader:
    """Answers from SQL alone, so an index that lags behind can never show what is not live."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # Statements of the way from a question to its answer are built once: building one takes longer than running it.
        self._visible = _visible(VersionRow.document_id.not_in(replaced()))
        self._visible_there = _visible(
            VersionRow.document_id.not_in(replaced(among(VersionRow.jurisdiction, "jurisdictions"))),
            among(_own_jurisdiction(), "jurisdictions"),
        )
        self._live = _chunks().where(among(ChunkRow.id, "ids"), VersionRow.status == VersionStatus.LIVE)

    def visible(
        self, ids: Sequence[str], view: View, *, with_vectors: Collection[str] = ()
    ) -> dict[str, Vector | None]:
        """Those of `ids` that `view` may see now, in their order, each with its vector when it is in `with_vectors`."""
        values: dict[str, Any] = {
            "ids": ids,
            "with_vectors": [*with_vectors],
            "as_of": view.as_of,
            "audiences": (_PUBLIC, view.audience),
        }
        statement = self._visible
        if view.jurisdictions:
            statement = self._visible_there
            values["jurisdictions"] = view.jurisdictions
        with self._database.read() as connection:
            rows = connection.execute(statement, values).all()
        seen = {
            chunk_id: None if vector is None else vector_from(vector)
            for chunk_id, version_id, document_id, vector in rows
            if not is_trained(document_id) or version_id in view.pairs
        }
        return {chunk_id: seen[chunk_id] for chunk_id in ids if chunk_id in seen}

    def live_chunks(self, ids: Sequence[str]) -> dict[str, LiveChunk]:
        """Those of `ids` that are live, with their documents' metadata and sentence vectors."""
        with self._database.read() as connection:
            rows = connection.execute(self._live, {"ids": ids}).all()
        return {live.chunk.id: live for live in map(_live_chunk, rows)}

    def rests_on_current(self, version_id: str, view: View) -> bool:
        """Whether every document and version that an approved answer cites is one that `view` may see now.

        False for one that cites nothing: nobody could tell when it stops being true.
        """
        cited = select(CitedRow.reference).where(CitedRow.version_id == version_id)
        current = select(VersionRow.id, VersionRow.document_id).where(
            or_(VersionRow.id.in_(cited), VersionRow.document_id.in_(cited)),
            VersionRow.status == VersionStatus.LIVE,
            among(VersionRow.audience, "audiences"),
            _in_force(VersionRow),
            VersionRow.document_id.not_in(replaced()),
        )
        with self._database.read() as connection:
            wanted = set(connection.scalars(cited))
            rows = connection.execute(current, {"as_of": view.as_of, "audiences": (_PUBLIC, view.audience)}).all()
        return bool(wanted) and wanted <= {reference for row in rows for reference in row}

    def cited_by(self, version_id: str) -> list[str]:
        """The documents, and versions by id, that an approved answer rests on."""
        chosen = select(CitedRow.reference).where(CitedRow.version_id == version_id).order_by(CitedRow.reference)
        with self._database.read() as connection:
            return list(connection.scalars(chosen))

    def documents(self, *, include_removed: bool = False, only: str | None = None) -> list[DocumentSummary]:
        """Every document in the order of their ids, or the `only` one that is asked for."""
        per_version = select(ChunkRow.version_id, func.count().label("chunks")).group_by(ChunkRow.version_id).subquery()
        chosen = (
            select(
                DocumentRow.__table__,
                VersionRow.content_hash,
                VersionRow.parser_version,
                *META_COLUMNS,
                per_version.c.chunks,
            )
            .outerjoin(VersionRow, VersionRow.id == DocumentRow.current_version_id)
            .outerjoin(per_version, per_version.c.version_id == VersionRow.id)
            .order_by(DocumentRow.id)
        )
        if not include_removed:
            chosen = chosen.where(DocumentRow.removed_at.is_(None))
        if only is not None:
            chosen = chosen.where(DocumentRow.id == only)
        with self._database.read() as connection:
            return [_summary(row) for row in connection.execute(chosen)]

    def versions(self, document_id: str) -> list[StoredVersion]:
        """All versions of a document, newest first."""
        chosen = _versions().where(VersionRow.document_id == document_id).order_by(VersionRow.created_at.desc())
        with self._database.read() as connection:
            return [_stored_version(row) for row in connection.execute(chosen)]

    def get_version(self, document_id: str, version_id: str | None = None) -> StoredVersion:
        """One version with its text, by default the one being served; raises `NotFound`."""
        wanted = VersionRow.id == (version_id or DocumentRow.current_version_id)
        with self._database.read() as connection:
            row = connection.execute(_versions().where(DocumentRow.id == document_id, wanted)).one_or_none()
        if row is None:
            what = f"version {version_id!r} of document {document_id!r}" if version_id else f"document {document_id!r}"
            raise NotFound(f"there is no {what}; it was never stored, was removed or erased")
        return _stored_version(row)

    def current(self, references: Collection[str], view: View) -> dict[str, str]:
        """The version that `view` may see now of each document or version that is named; others are left out."""
        chosen = select(VersionRow.id, VersionRow.document_id).where(
            or_(VersionRow.id.in_(references), VersionRow.document_id.in_(references)),
            VersionRow.status == VersionStatus.LIVE,
            among(VersionRow.audience, "audiences"),
            _in_force(VersionRow),
            VersionRow.document_id.not_in(replaced()),
        )
        with self._database.read() as connection:
            rows = connection.execute(chosen, {"as_of": view.as_of, "audiences": (_PUBLIC, view.audience)}).all()
        seen = {name: version for version, document in rows for name in (document, version)}
        return {name: seen[name] for name in references if name in seen}

    def document_of(self, version_id: str) -> str | None:
        """The document that a version is of; None once it is erased."""
        with self._database.read() as connection:
            return connection.scalar(select(VersionRow.document_id).where(VersionRow.id == version_id))

    def chunks_of(self, *version_ids: str) -> list[LiveChunk]:
        """Versions' chunks in reading order, live or not."""
        among = ChunkRow.version_id.in_(version_ids)
        chosen = _chunks().where(among).order_by(ChunkRow.version_id, ChunkRow.ordinal)
        with self._database.read() as connection:
            return [_live_chunk(row) for row in connection.execute(chosen)]

    def pair_of(self, version_id: str, unit: int) -> list[LiveChunk]:
        """The chunks of one question-and-answer pair in reading order, live or not."""
        chosen = _chunks().where(ChunkRow.version_id == version_id, ChunkRow.unit == unit).order_by(ChunkRow.ordinal)
        with self._database.read() as connection:
            return [_live_chunk(row) for row in connection.execute(chosen)]

    def stored_chunks(self, ids: Sequence[str]) -> list[LiveChunk]:
        """Those of `ids` that SQL holds, whatever their version's status."""
        with self._database.read() as connection:
            return [
                _live_chunk(row) for row in connection.execute(_chunks().where(among(ChunkRow.id, "ids")), {"ids": ids})
            ]

    def indexed(self, root: str) -> dict[str, str | None]:
        """The content hash of every document of a root that was not removed, None while nothing of it is served."""
        chosen = (
            select(DocumentRow.id, VersionRow.content_hash)
            .outerjoin(VersionRow, VersionRow.id == DocumentRow.current_version_id)
            .where(DocumentRow.root == root, DocumentRow.removed_at.is_(None))
        )
        with self._database.read() as connection:
            return {row.id: row.content_hash for row in connection.execute(chosen)}

    def counts(self) -> StoreCounts:
        """Documents and chunks that are being served from the indexes."""
        trained = VersionRow.document_id.like(f"{TRAINED_ROOT}%")
        live = select(VersionRow.id).where(VersionRow.status == VersionStatus.LIVE, ~trained)
        with self._database.read() as connection:
            documents = connection.scalar(select(func.count()).select_from(live.subquery()))
            chunks = connection.scalar(select(func.count()).select_from(ChunkRow).where(ChunkRow.version_id.in_(live)))
        return StoreCounts(documents=documents or 0, chunks=chunks or 0)


def _visible(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Takes `ids`, `with_vectors`, `as_of` and `audiences`, and what the further `conditions` take."""
    wanted_vector = case((among(ChunkRow.id, "with_vectors"), ChunkRow.vector))
    return (
        select(ChunkRow.id, ChunkRow.version_id, ChunkRow.document_id, wanted_vector.label("wanted_vector"))
        .join(VersionRow, VersionRow.id == ChunkRow.version_id)
        .where(
            among(ChunkRow.id, "ids"),
            VersionRow.status == VersionStatus.LIVE,
            ~ChunkRow.is_held_back(),
            among(VersionRow.audience, "audiences"),
            _in_force(VersionRow),
            *conditions,
        )
    )


def _in_force(version: type[VersionRow]) -> ColumnElement[bool]:
    as_of = bindparam("as_of", type_=Date)
    return and_(
        or_(version.effective_from.is_(None), version.effective_from <= as_of),
        or_(version.effective_to.is_(None), version.effective_to >= as_of),
    )


def _own_jurisdiction() -> ColumnElement[str]:
    return func.coalesce(ChunkRow.jurisdiction, VersionRow.jurisdiction)


def _chunks() -> Select[Any]:
    return (
        select(*CHUNK_COLUMNS, ChunkRow.sentence_vectors, DocumentRow.kind, *META_COLUMNS)
        .join(VersionRow, VersionRow.id == ChunkRow.version_id)
        .join(DocumentRow, DocumentRow.id == ChunkRow.document_id)
    )


def _versions() -> Select[Any]:
    version = VersionRow.__table__.c
    own = (version.id, version.document_id, version.content_hash, version.parser_version)
    state = (version.status, version.created_at, version.published_at)
    return select(*own, *state, version.canonical_text, version.outline, *META_COLUMNS, DocumentRow.kind).join(
        DocumentRow, DocumentRow.id == VersionRow.document_id
    )


def _live_chunk(row: Row[Any]) -> LiveChunk:
    # By place: a question reads two dozen rows of thirty columns, and names are looked up slowly.
    of_chunk, (stored, kind, *of_meta) = row[: len(CHUNK_COLUMNS)], row[len(CHUNK_COLUMNS) :]
    chunk = chunk_from(of_chunk)
    count = len(chunk.sentences)
    halves = np.frombuffer(stored, dtype=np.float16)
    vectors = halves.astype(np.float32).reshape(count, -1) if count else np.empty((0, 0), dtype=np.float32)
    return LiveChunk(chunk=chunk, meta=DocumentMeta(*of_meta), kind=Kind(kind), sentence_vectors=vectors)


def _stored_version(row: Row[Any]) -> StoredVersion:
    return StoredVersion(
        id=row.id,
        document_id=row.document_id,
        kind=Kind(row.kind),
        content_hash=row.content_hash,
        parser_version=row.parser_version,
        meta=meta_from(row),
        status=VersionStatus(row.status),
        created_at=row.created_at,
        published_at=row.published_at,
        canonical_text=row.canonical_text,
        outline=tuple(Outlined(*block) for block in row.outline),
    )


def _summary(row: Row[Any]) -> DocumentSummary:
    return DocumentSummary(
        id=row.id,
        kind=Kind(row.kind),
        root=row.root,
        version_id=row.current_version_id,
        content_hash=row.content_hash,
        parser_version=row.parser_version,
        meta=meta_from(row) if row.current_version_id else None,
        chunks=row.chunks or 0,
        created_at=row.created_at,
        updated_at=row.updated_at,
        removed_at=row.removed_at,
    )
