from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Select, select, text

from core.among import among
from core.database import Database
from retrieval.tables import DocumentRow

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def _with_documents(database: Database, *ids: str) -> Select[str]:
    with database.session() as session:
        session.add_all(
            DocumentRow(id=name, kind="document", root="kb", created_at=NOW, updated_at=NOW) for name in ids
        )
    return select(DocumentRow.id).where(among(DocumentRow.id, "ids")).order_by(DocumentRow.id)


def test_finds_what_is_among_the_texts_and_nothing_else(database: Database) -> None:
    chosen = _with_documents(database, "a", "b", 'a "quoted" % name', "d")
    with database.read() as connection:
        for ids in (["b", "nobody's"], [], ["d", 'a "quoted" % name', "d"]):
            found = connection.scalars(chosen, {"ids": ids}).all()
            assert sorted(found) == sorted(set(ids) - {"nobody's"})


def test_is_combined_with_other_conditions(database: Database) -> None:
    chosen = _with_documents(database, "a", "b").where(DocumentRow.root == "kb", ~among(DocumentRow.id, "others"))
    with database.read() as connection:
        assert connection.scalars(chosen, {"ids": ["a", "b"], "others": ["b"]}).all() == ["a"]


def test_sqlite_looks_the_texts_up_in_the_index(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/assistant.db")
    database.migrate()
    chosen = select(DocumentRow.id).where(among(DocumentRow.id, "ids"), DocumentRow.root == "kb")
    statement = str(chosen.compile(database.engine))
    with database.read() as connection:
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN {statement.replace('?', '0')}")).all()
    database.close()
    assert any("SEARCH documents USING" in row.detail for row in plan)
    assert not any("SCAN documents" in row.detail for row in plan)
