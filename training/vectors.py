"""Approved questions as vectors of their own: embedded once for each embedding model, kept in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from retrieval.served import KnownQuestions
from training.manifest import Member
from training.question_vectors import stored, unstored, vector_of
from training.version_tables import QuestionVectorRow

if TYPE_CHECKING:
    from core.database import Database
    from core.models import PassageEmbeddings, Vector

__all__ = ["QuestionVectors"]

_AT_ONCE = 500


class QuestionVectors:
    """The vectors of examples' questions; one that is missing is made when it is asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, members: Sequence[Member], embeddings: PassageEmbeddings) -> KnownQuestions:
        """The questions of a version's members as one matrix."""
        if not members:
            return KnownQuestions()
        vectors = self._stored(members, embeddings.identity)
        fresh = {
            member.example_id: vector_of(embeddings, member.question)
            for member in members
            if member.example_id not in vectors
        }
        self._store(fresh, embeddings.identity)
        vectors |= fresh
        rows = np.stack([vectors[member.example_id] for member in members])
        return KnownQuestions(
            tuple(f"{member.document_version}-{0:05d}" for member in members), rows, embeddings.identity
        )

    def _stored(self, members: Sequence[Member], embedding: str) -> dict[str, Vector]:
        found: dict[str, Vector] = {}
        with self._database.read() as connection:
            for at in range(0, len(members), _AT_ONCE):
                some = members[at : at + _AT_ONCE]
                chosen = select(QuestionVectorRow.example_id, QuestionVectorRow.vector).where(
                    QuestionVectorRow.embedding == embedding,
                    QuestionVectorRow.example_id.in_([member.example_id for member in some]),
                )
                found |= {row.example_id: unstored(row.vector) for row in connection.execute(chosen)}
        return found

    def _store(self, fresh: dict[str, Vector], embedding: str) -> None:
        """Write vectors; where another process wrote one meanwhile, those that are still missing are made next time."""
        if not fresh:
            return
        rows = [
            {"example_id": example_id, "embedding": embedding, "vector": stored(vector)}
            for example_id, vector in fresh.items()
        ]
        with suppress(IntegrityError), self._database.session() as session:
            session.execute(insert(QuestionVectorRow), rows)
