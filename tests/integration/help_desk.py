"""A server with scripted channels and the shipped topics, over an empty folder of documents."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from core.identity import Identities, load_signing_key
from core.settings import Settings
from core.types import Scope
from tests.conftest import ROOT, make_settings, served
from tests.scripted_channel import ScriptedChannel

__all__ = ["HelpDesk", "help_desk"]


@dataclass(frozen=True, slots=True)
class HelpDesk:
    """`call` is made by the local person, or by the holder of a token with `scopes`."""

    settings: Settings
    address: str
    slack: ScriptedChannel
    email: ScriptedChannel
    client: httpx.Client

    def call(
        self, method: str, path: str, *, scopes: tuple[Scope, ...] | None = None, subject: str = "maria",
        **arguments: Any,
    ) -> httpx.Response:  # fmt: skip
        headers = dict(arguments.pop("headers", {}))
        if scopes is not None:
            headers["Authorization"] = f"Bearer {self.token(*scopes, subject=subject)}"
        return self.client.request(method, path, headers=headers, **arguments)

    def token(self, *scopes: Scope, subject: str = "maria") -> str:
        identities = Identities(load_signing_key(self.settings))
        return identities.issue_token(subject, scopes, expires_in=timedelta(minutes=5))

    def ask(self, topic: str = "sales", description: str = "Please help me.", **fields: Any) -> dict[str, Any]:
        """A request of the local person; its receipt."""
        body = {"topic": topic, "description": description, **fields}
        receipt: dict[str, Any] = self.call("POST", "/assistance", json=body).raise_for_status().json()
        return receipt

    def wait_for(self, request_id: str, status: str) -> dict[str, Any]:
        """A request as staff see it, once it has that status."""
        deadline = time.monotonic() + 20
        while True:
            found: dict[str, Any] = self.call(
                "GET", f"/assistance/{request_id}", scopes=(Scope.ASSISTANCE_READ,)
            ).json()
            if found["status"] == status:
                return found
            assert time.monotonic() < deadline, found
            time.sleep(0.02)


@contextmanager
def help_desk(folder: Path, *, durable: bool = False, **changes: object) -> Iterator[HelpDesk]:
    """Serve with a Slack and a mail that take everything until they are told otherwise."""
    documents = folder / "documents"
    documents.mkdir(parents=True)
    fields = {"knowledge_base": documents, "assistance_config": ROOT / "assistance.yaml", **changes}
    settings = make_settings(folder / "data", **fields)
    slack, email = ScriptedChannel("slack"), ScriptedChannel("email")
    with (
        served(settings, durable=durable, channels={"slack": slack, "email": email}) as address,
        httpx.Client(base_url=address, timeout=30, follow_redirects=False) as client,
    ):
        yield HelpDesk(settings, address, slack, email, client)
