"""`column among many texts` in SQL, with all texts as one parameter, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from typing import Any, Self

from sqlalchemy import (
    ARRAY,
    JSON,
    Boolean,
    ColumnElement,
    ColumnExpressionArgument,
    Dialect,
    String,
    TypeDecorator,
    bindparam,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeEngine

__all__ = ["among"]


class _Texts(TypeDecorator[list[str]]):
    """Texts as one value: JSON in SQLite, an array in PostgreSQL."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(String()) if dialect.name == "postgresql" else JSON())

    def process_bind_param(self, value: Any, dialect: Dialect) -> list[str] | None:
        return None if value is None else list(value)


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> Self:
        """Stay as it is: SQLite would be given `… = 1`, for which it uses no index."""
        return self


def among(column: ColumnExpressionArgument[str], name: str) -> ColumnElement[bool]:
    """Whether `column` is one of the texts that are given as the parameter `name`.

    `IN` writes the statement anew for each number of texts, which for a hundred takes as long as looking them up.
    """
    return _Among(column, bindparam(name, type_=_Texts()))


@compiles(_Among)
def _in_json(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, texts = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({texts})))"  # noqa: S608


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, texts = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({column} = ANY({texts}))"
