"""What the command line does to documents, beside a running server and without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from api.document_list import DocumentFilter, document_out, documents_out
from api.document_schemas import ErasureOut, RemovedOut
from api.editing import Settled
from api.routes.maintenance import version_out
from api.server_link import ServerLink

if TYPE_CHECKING:
    from api.application import Application

__all__ = ["Desk", "LocalDesk", "ServerDesk"]

_PAGE = 1000


class Desk(Protocol):
    """Every answer is the JSON of the HTTP interface; errors are `AssistantError`."""

    def listing(self, wanted: DocumentFilter) -> Any: ...
    def text(self, document_id: str, version: str | None) -> Any: ...
    def add(self, file: Path, *, folder: str, said: Mapping[str, str], replace: bool) -> Any: ...
    def describe(self, document_id: str, said: Mapping[str, str]) -> Any: ...
    def remove(self, document_id: str) -> Any: ...
    def restore(self, document_id: str) -> Any: ...
    def reread(self, document_id: str) -> Any: ...
    def erase(self, document_id: str) -> Any: ...


class ServerDesk:
    """Asks the server that has the data folder open; `root` is the name of its knowledge base."""

    def __init__(self, server: ServerLink, *, root: str) -> None:
        self._server = server
        self._root = root

    def listing(self, wanted: DocumentFilter) -> Any:
        query: dict[str, str | int | Sequence[str]] = {
            "state": sorted(wanted.states),
            "q": wanted.query,
            "limit": _PAGE,
        }
        if wanted.jurisdiction is not None:
            query["jurisdiction"] = wanted.jurisdiction
        found = self._server.get("/documents", query)
        while len(found["items"]) < found["total"]:
            page = self._server.get("/documents", {**query, "offset": len(found["items"])})
            if not page["items"]:  # some were removed in between
                break
            found["items"] += page["items"]
        return found

    def text(self, document_id: str, version: str | None) -> Any:
        chosen = {"version": version} if version else {}
        return self._server.get("/documents/text", {"document_id": document_id, **chosen})

    def add(self, file: Path, *, folder: str, said: Mapping[str, str], replace: bool) -> Any:
        target = _id(self._root, folder, file.name)
        if replace and any(item["id"] == target for item in self.listing(DocumentFilter(query=file.name))["items"]):
            return self._server.send("PUT", _path(target), file=file, fields=said)
        return self._server.send("POST", "/documents", file=file, fields={"folder": folder, **said})

    def describe(self, document_id: str, said: Mapping[str, str]) -> Any:
        return self._server.send("PUT", _path(document_id), fields=said)

    def remove(self, document_id: str) -> Any:
        return self._server.delete(_path(document_id))

    def restore(self, document_id: str) -> Any:
        return self._server.post("/documents/restore", {"id": document_id})

    def reread(self, document_id: str) -> Any:
        return self._server.post("/documents/reread", {"id": document_id})

    def erase(self, document_id: str) -> Any:
        return self._server.delete(_path(document_id), {"erase": "true"})


class LocalDesk:
    """Works in this process, which has the store open."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._editing = application.editing

    def listing(self, wanted: DocumentFilter) -> Any:
        return documents_out(self._application, wanted).model_dump(mode="json")

    def text(self, document_id: str, version: str | None) -> Any:
        return version_out(self._application, document_id, version).model_dump(mode="json")

    def add(self, file: Path, *, folder: str, said: Mapping[str, str], replace: bool) -> Any:
        target = _id(self._editing.library.root.name, folder, file.name)
        there = self._editing.owns(target) and self._editing.library.path_of(target).is_file()
        with file.open("rb") as content:
            if replace and there:
                return self._out(self._editing.replace(target, content, said=said))
            return self._out(self._editing.add(file.name, content, folder=folder, said=said))

    def describe(self, document_id: str, said: Mapping[str, str]) -> Any:
        self._editing.require_owned(document_id)
        return self._out(self._editing.replace(document_id, said=said))

    def remove(self, document_id: str) -> Any:
        self._editing.require_owned(document_id)
        return RemovedOut(id=document_id, undo=self._editing.remove(document_id).undo).model_dump(mode="json")

    def restore(self, document_id: str) -> Any:
        self._editing.require_owned(document_id)
        return self._out(self._editing.restore(document_id))

    def reread(self, document_id: str) -> Any:
        self._editing.require_owned(document_id)
        return self._out(self._editing.reread(document_id))

    def erase(self, document_id: str) -> Any:
        self._editing.require_owned(document_id, to_erase=True)
        proof = self._editing.erase(document_id)
        return RemovedOut(id=document_id, proof=ErasureOut.of(proof)).model_dump(mode="json")

    def _out(self, settled: Settled) -> Any:
        return document_out(self._application, settled.document_id).model_dump(mode="json")


def _id(root: str, folder: str, name: str) -> str:
    return "/".join(part for part in (root, folder.strip("/"), name) if part)


def _path(document_id: str) -> str:
    return f"/documents/{quote(document_id)}"
