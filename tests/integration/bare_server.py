"""The application over an empty folder, without a port in between: for tests of who may do what."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.application import Application
from api.bootstrap import build_application
from core.hash_embeddings import HashEmbeddings
from core.types import Scope
from tests.conftest import make_settings

__all__ = ["EXPOSED", "bare_application", "bearer", "browser"]

EXPOSED = "https://assistant.example"


@contextmanager
def bare_application(folder: Path, **changes: object) -> Iterator[Application]:
    """Built, not started; others can reach it unless `host` says otherwise."""
    documents = folder / "documents"
    documents.mkdir(parents=True, exist_ok=True)
    unlimited = dict.fromkeys(("limit_asks", "limit_writes", "limit_reads"), "1000000/minute")
    fields = {"host": "0.0.0.0", "knowledge_base": documents, **unlimited, **changes}
    application = build_application(
        make_settings(folder / "data", **fields), durable=False, embeddings=HashEmbeddings()
    )
    try:
        yield application
    finally:
        application.stop()


def browser(application: Application | FastAPI, base_url: str = EXPOSED) -> TestClient:
    """A caller of its own, with its own cookies."""
    app = application if isinstance(application, FastAPI) else create_app(application)
    return TestClient(app, base_url=base_url, follow_redirects=False)


def bearer(application: Application, *scopes: Scope, subject: str = "ana") -> dict[str, str]:
    """The header of a local token."""
    token = application.identities.issue_token(subject, scopes, expires_in=timedelta(hours=1))
    return {"Authorization": f"Bearer {token}"}
