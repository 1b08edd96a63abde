"""Reading the store: what is live, for whom and on which day, and what was said before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from core.errors import NotFound
from core.types import GENERAL_JURISDICTION, Kind
from retrieval.records import (
    META_COLUMNS,
    DocumentSummary,
    LiveChunk,
    StoreCounts,
    StoredVersion,
    View,
    chunk_from,
    meta_from,
    vector_from,
)
from retrieval.tables import ChunkRow, DocumentRow, VersionRow, VersionStatus

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

    def visible_vectors(self, ids: Sequence[str], view: View) -> dict[str, Vector]:
        """The vectors of those of `ids` that `view` may see now."""
        chosen = (
            select(ChunkRow.id, ChunkRow.vector)
            .join(VersionRow, VersionRow.id == ChunkRow.version_id)
            .where(ChunkRow.id.in_(ids), *_seen_by(view))
        )
        with self._database.read() as connection:
            return {chunk_id: vector_from(vector) for chunk_id, vector in connection.execute(chosen)}

    def live_chunks(self, ids: Sequence[str]) -> dict[str, LiveChunk]:
        """Those of `ids` that are live, with their documents' metadata and sentence vectors."""
        chosen = _chunks().where(ChunkRow.id.in_(ids), VersionRow.status == VersionStatus.LIVE)
        with self._database.read() as connection:
            rows = connection.execute(chosen).all()
        return {row.id: _live_chunk(row) for row in rows}

    def documents(self, *, include_removed: bool = False) -> list[DocumentSummary]:
        """Every document in the order of their ids."""
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

    def chunks_of(self, version_id: str) -> list[LiveChunk]:
        """A version's chunks in reading order, live or not."""
        chosen = _chunks().where(ChunkRow.version_id == version_id).order_by(ChunkRow.ordinal)
        with self._database.read() as connection:
            return [_live_chunk(row) for row in connection.execute(chosen)]

    def counts(self) -> StoreCounts:
        """Documents and chunks that are being served."""
        live = select(VersionRow.id).where(VersionRow.status == VersionStatus.LIVE)
        with self._database.read() as connection:
            documents = connection.scalar(select(func.count()).select_from(live.subquery()))
            chunks = connection.scalar(select(func.count()).select_from(ChunkRow).where(ChunkRow.version_id.in_(live)))
        return StoreCounts(documents=documents or 0, chunks=chunks or 0)


def _seen_by(view: View) -> list[ColumnElement[bool]]:
    conditions = [
        VersionRow.status == VersionStatus.LIVE,
        _in_force(VersionRow, view),
        VersionRow.document_id.not_in(_superseded(view)),
        VersionRow.audience.in_({_PUBLIC, view.audience}),
    ]
    if view.jurisdiction is not None:
        own = func.coalesce(ChunkRow.jurisdiction, VersionRow.jurisdiction)
        conditions.append(own.in_((view.jurisdiction, GENERAL_JURISDICTION)))
    return conditions


def _superseded(view: View) -> Select[str | None]:
    """Ids of documents that another one, in force on that day, stands in for."""
    newer = aliased(VersionRow)
    return select(newer.supersedes).where(
        newer.status == VersionStatus.LIVE, newer.supersedes.is_not(None), _in_force(newer, view)
    )


def _in_force(version: type[VersionRow], view: View) -> ColumnElement[bool]:
    return and_(
        or_(version.effective_from.is_(None), version.effective_from <= view.as_of),
        or_(version.effective_to.is_(None), version.effective_to >= view.as_of),
    )


def _chunks() -> Select[Any]:
    return (
        select(ChunkRow.__table__, *META_COLUMNS, DocumentRow.kind)
        .join(VersionRow, VersionRow.id == ChunkRow.version_id)
        .join(DocumentRow, DocumentRow.id == ChunkRow.document_id)
    )


def _versions() -> Select[Any]:
    version = VersionRow.__table__.c
    own = (version.id, version.document_id, version.content_hash, version.parser_version, version.canonical_text)
    moments = (version.status, version.created_at, version.published_at)
    return select(*own, *moments, *META_COLUMNS, DocumentRow.kind).join(
        DocumentRow, DocumentRow.id == VersionRow.document_id
    )


def _live_chunk(row: Row[Any]) -> LiveChunk:
    chunk = chunk_from(row)
    halves = np.frombuffer(row.sentence_vectors, dtype=np.float16)
    count = len(chunk.sentences)
    vectors = halves.astype(np.float32).reshape(count, -1) if count else np.empty((0, 0), dtype=np.float32)
    return LiveChunk(chunk=chunk, meta=meta_from(row), kind=Kind(row.kind), sentence_vectors=vectors)


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
