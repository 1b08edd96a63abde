"""What SQL remembers of the indexes: which pair is served, of which model, and how worn it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from retrieval.tables import IndexStateRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from core.database import Database

__all__ = ["IndexState", "add_deleted", "pair_number", "read_state", "write_state"]

_PAIR, _EMBEDDING, _MODEL, _DELETED = "pair", "embedding", "model", "deleted"


@dataclass(frozen=True, slots=True)
class IndexState:
    """`embedding` is the identity of the vectors' model and `model` its setting, None before anything was indexed."""

    pair: int = 1
    embedding: str | None = None
    model: str | None = None
    deleted: int = 0


def read_state(database: Database) -> IndexState:
    with database.read() as connection:
        values = {row.key: row.value for row in connection.execute(select(IndexStateRow.key, IndexStateRow.value))}
    return IndexState(
        pair=int(values.get(_PAIR, 1)),
        embedding=values.get(_EMBEDDING),
        model=values.get(_MODEL),
        deleted=int(values.get(_DELETED, 0)),
    )


def pair_number(database: Database) -> int:
    """The number of the pair that is served."""
    return read_state(database).pair


def write_state(session: Session, state: IndexState) -> None:
    values = {_PAIR: state.pair, _EMBEDDING: state.embedding, _MODEL: state.model, _DELETED: state.deleted}
    for key, value in values.items():
        if value is not None:
            session.merge(IndexStateRow(key=key, value=str(value)))


def add_deleted(session: Session, count: int) -> None:
    """Count chunks that were taken out of the pair: they leave traces in its graph."""
    row = session.get(IndexStateRow, _DELETED) or IndexStateRow(key=_DELETED, value="0")
    row.value = str(int(row.value) + count)
    session.add(row)
