"""A small knowledge base and the people who teach the assistant, for the tests."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from fastapi.testclient import TestClient

from api.app import create_app
from api.application import Application
from api.bootstrap import build_application
from core.identity import Identities
from core.types import Scope
from tests.conftest import make_settings

__all__ = ["ANSWER", "QUESTION", "RULES", "opened", "person", "teachable"]

RULES = """---
title: Teaching permits
jurisdiction: IS
effective_from: 2026-01-01
reviewed_on: 2026-10-01
---
# Teaching permits in Iceland

## Fee
The fee for a teaching permit is 18,000 krónur. The fee is not paid back.

## Where to apply
You must apply for a teaching permit before you travel to Iceland.
"""
QUESTION = "How much is the fee for a teaching permit in Iceland?"
ANSWER = "The fee for a teaching permit is 18,000 krónur."


def teachable(place: Path, **changes: object) -> Application:
    """The application over a knowledge base of one document, which is indexed."""
    (place / "kb").mkdir(parents=True)
    (place / "kb" / "rules.md").write_text(RULES, encoding="utf-8")
    application = opened(place, **changes)
    assert application.knowledge.sync().unreadable == []
    return application


def opened(place: Path, **changes: object) -> Application:
    """The application over what is in that folder."""
    settings = make_settings(place / "data", knowledge_base=place / "kb", **changes)
    return build_application(settings, durable=False)


def person(application: Application, name: str, *scopes: Scope) -> TestClient:
    """Somebody with a token of these scopes."""
    key = application.identities
    assert isinstance(key, Identities)
    token = key.issue_token(name, scopes, expires_in=timedelta(hours=1))
    headers = {"Authorization": f"Bearer {token}"}
    return TestClient(create_app(application), base_url="http://localhost", headers=headers)
