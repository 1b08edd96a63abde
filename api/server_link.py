"""The command line beside a running server: it asks the server instead of opening the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

import httpx

from core.errors import AssistantError, StoreBusy
from core.settings import Settings
from core.types import Scope
from retrieval.lock import StoreLock

__all__ = ["ServerLink", "ServerRefused", "find_server", "server_state"]

Params = Mapping[str, str | int | Sequence[str]]

_TIMEOUT = httpx.Timeout(None, connect=3.0)  # a large sync may take its time
_ALL_SCOPES = (
    Scope.CHAT, Scope.KNOWLEDGE_READ, Scope.KNOWLEDGE_WRITE, Scope.REQUEST_ASSISTANCE, Scope.ASSISTANCE_READ,
    Scope.ASSISTANCE_REPLY, Scope.TRAINING_PROPOSE, Scope.TRAINING_APPROVE, Scope.TRAINING_START,
)  # fmt: skip


class ServerRefused(AssistantError):
    """The running server answered with an error; its own words are kept."""

    type = "server-refused"
    title = "The running server refused"


class ServerLink:
    """Calls the server that has this data folder open, as somebody who can read its signing key."""

    def __init__(self, address: str, settings: Settings) -> None:
        from core.identity import Identities, load_signing_key  # with them comes SQLAlchemy, half a second

        token = Identities(load_signing_key(settings)).issue_token(
            "command-line", _ALL_SCOPES, expires_in=timedelta(hours=1)
        )
        self.address = address
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, params: Params | None = None) -> Any:
        """The JSON at `path`; raises `ServerRefused`."""
        return self._call("GET", path, params=params)

    def post(self, path: str, body: Mapping[str, object] | None = None) -> Any:
        """The JSON answer to `body`; raises `ServerRefused`."""
        return self._call("POST", path, json=body or {})

    def delete(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """The JSON answer to a removal; raises `ServerRefused`."""
        return self._call("DELETE", path, params=params)

    def send(self, method: str, path: str, *, file: Path | None = None, fields: Mapping[str, str]) -> Any:
        """The JSON answer to a form, with a file in it if one is given; raises `ServerRefused`."""
        form: dict[str, tuple[str | None, BinaryIO | str]] = {name: (None, text) for name, text in fields.items()}
        if file is None:
            return self._call(method, path, files=form)
        with file.open("rb") as content:
            return self._call(method, path, files={**form, "file": (file.name, content)})

    def _call(self, method: str, path: str, **arguments: Any) -> Any:
        try:
            with httpx.Client(
                base_url=self.address, headers=self._headers, timeout=_TIMEOUT, trust_env=False
            ) as client:
                response = client.request(method, path, **arguments)
        except httpx.HTTPError as error:
            raise ServerRefused(
                f"the server at {self.address} has this data folder open but does not answer ({error}); "
                "wait a moment, or stop that process"
            ) from error
        if response.is_error:
            raise ServerRefused(_detail(response))
        return response.json() if response.content else None


def find_server(settings: Settings) -> ServerLink | None:
    """The server that has the embedded store open; None when the store is free or is a Chroma server anyway.

    Raises `StoreBusy` when another process has it that does not serve.
    """
    if settings.chroma_url is not None:
        return None
    holder = StoreLock(settings.data_dir / "store.lock").holder()
    if holder is None:
        return None
    if holder.address is None:
        raise StoreBusy(
            f"the store in {str(settings.data_dir)!r} is open in process {holder.pid}, which does not serve (yet); "
            "wait until it ends, or use another --data-dir"
        )
    return ServerLink(holder.address, settings)


def server_state(settings: Settings) -> str:
    """One sentence on whether a server runs and what it answers from."""
    try:
        server = find_server(settings)
        if server is None:
            return f"No server has {settings.data_dir} open. Start one with: assistant serve"
        return f"Serving {server.get('/catalogue')['documents']} documents at {server.address}"
    except AssistantError as error:
        return error.detail


def _detail(response: httpx.Response) -> str:
    try:
        return str(response.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"status {response.status_code} from the server"
