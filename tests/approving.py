"""Examples proposed by one person and approved by another, for tests of what becomes of them."""

from __future__ import annotations

from api.application import Application
from training.examples import Examples
from training.records import Draft

__all__ = ["approve", "current_version_of"]


def approve(examples: Examples, question: str, answer: str, *cites: str, jurisdiction: str | None = None) -> str:
    """The id of a new example that waits for training."""
    draft = Draft(question, answer, "en", jurisdiction=jurisdiction)
    example = examples.propose(draft, "expert").example
    examples.approve(example.id, "approver", cites=cites)
    return example.id


def current_version_of(application: Application, document_id: str) -> str:
    """The version of a document that is served."""
    [document] = application.store.documents(only=document_id)
    assert document.version_id is not None
    return document.version_id
