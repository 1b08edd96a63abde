"""Which documents have been replaced by others: in SQL, so that a question and its answer see one state."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from core.among import among
from retrieval.tables import DocumentRow, VersionRow, VersionStatus

__all__ = ["replaced"]


def replaced(*seen: ColumnElement[bool]) -> Select[str]:
    """The ids of documents that one which a reader can see has replaced; takes `as_of` and `audiences`.

    A document is replaced from the first day of its successor, and stays so after the successor's last day: old rules
    do not come back by themselves. Who cannot see the successor keeps the document; `seen` are further conditions on
    `VersionRow` for seeing it. What was replaced by a replaced or removed document stays replaced too.
    """
    as_of = bindparam("as_of", type_=Date)
    first = (
        select(VersionRow.supersedes)
        .where(
            _replaces_another(VersionRow),
            VersionRow.status == VersionStatus.LIVE,
            among(VersionRow.audience, "audiences"),
            or_(VersionRow.effective_from.is_(None), VersionRow.effective_from <= as_of),
            *seen,
        )
        .cte("replaced", recursive=True)
    )
    older = aliased(VersionRow)
    further = (
        select(older.supersedes)
        .join(first, first.c.supersedes == older.document_id)
        .join(DocumentRow, DocumentRow.id == older.document_id)
        .where(_replaces_another(older), _latest(older))
    )
    return select(first.union(further).c.supersedes)


def _replaces_another(version: type[VersionRow]) -> ColumnElement[bool]:
    return and_(version.supersedes.is_not(None), version.supersedes != version.document_id)


def _latest(version: type[VersionRow]) -> ColumnElement[bool]:
    gone = and_(version.status == VersionStatus.REMOVED, DocumentRow.removed_at.is_not(None))
    return or_(version.status == VersionStatus.LIVE, gone)
