"""Documents one by one: list, read, add, replace, remove."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Header, Query, Response, status

from api.application import Application
from api.dependencies import App, Editor, Reader
from api.document_list import DocumentFilter, DocumentOrder, document_out, documents_out
from api.document_schemas import (
    DocumentDetailOut,
    DocumentOut,
    DocumentsOut,
    DocumentState,
    ErasureOut,
    PassageSummaryOut,
    RemovedOut,
    VersionSummaryOut,
)
from api.editing import Settled
from api.links import follow, linked
from api.uploads import UPLOAD_BODY, Uploaded
from core.errors import InvalidInput
from retrieval.editorial import EditorialReader

__all__ = ["document_detail", "router", "settled_out"]

router = APIRouter(tags=["documents"])

_MAX_LISTED = 1000
_PASSAGES = 100
_ANSWERS: dict[int | str, dict[str, Any]] = {
    202: {"model": DocumentOut, "description": "Stored, and still being indexed; `Location` tells its state."},
    422: {"description": "The file gives no text: a problem with `reason` and what to do in `detail`."},
}
_ON_A_FILE = {
    "read": follow("GET /documents/{document_id}", document_id="id"),
    "replace": follow("PUT /documents/{document_id}", document_id="id"),
    "remove": follow("DELETE /documents/{document_id}", document_id="id"),
    "reread": follow("POST /documents/reread", body={"id": "id"}),
}

IfMatch = Annotated[str | None, Header(description="The `etag` seen; 409 when the file has changed since.")]
Limit = Annotated[int, Query(ge=1, le=_MAX_LISTED)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]


@router.get("/documents", responses=linked(200, read=follow("GET /documents/{document_id}", document_id="items/0/id")))
def list_documents(
    application: App,
    principal: Reader,
    state: Annotated[list[DocumentState] | None, Query(description="One or more; all but `removed` without.")] = None,
    jurisdiction: str | None = None,
    q: Annotated[str, Query(description="Words of the id or the title.")] = "",
    due: Annotated[bool, Query(description="Only those whose review is due.")] = False,
    suspicious: Annotated[bool, Query(description="Only those with passages held back.")] = False,
    folder: Annotated[str, Query(description="The beginning of the id, up to a slash.")] = "",
    sort: DocumentOrder = DocumentOrder.ID,
    limit: Limit = _MAX_LISTED,
    offset: Offset = 0,
) -> DocumentsOut:
    """Every file with its state, and why one that could not be read does not answer."""
    wanted = DocumentFilter(
        states=frozenset(state or ()), jurisdiction=jurisdiction, query=q, due=due, suspicious=suspicious,
        folder=folder, order=sort,
    )  # fmt: skip
    return documents_out(application, wanted, limit=limit, offset=offset)


@router.post(
    "/documents",
    status_code=status.HTTP_201_CREATED,
    openapi_extra=UPLOAD_BODY,
    responses=_ANSWERS | linked(201, **_ON_A_FILE),
)
def add_document(application: App, principal: Editor, upload: Uploaded, response: Response) -> DocumentOut:
    """Add a file; 201 once it is live, 422 with the reason when it cannot be read: nothing is kept then."""
    if upload.content is None or upload.name is None:
        raise InvalidInput("the form has no field `file` with a file in it")
    editing = application.editing
    settled = editing.add(upload.name, upload.content, folder=upload.folder, said=upload.said)
    response.headers["Location"] = _address(settled.document_id)
    return settled_out(application, settled, response)


@router.get("/documents/{document_id:path}")
def read_document(
    application: App,
    principal: Reader,
    document_id: str,
    response: Response,
    version: str | None = None,
    text: Annotated[bool, Query(description="Whether the whole text is wanted.")] = False,
    limit: Annotated[int, Query(ge=0, le=_MAX_LISTED, description="Passages.")] = _PASSAGES,
    offset: Offset = 0,
) -> DocumentDetailOut:
    """One document with its versions, and its passages as they are searched."""
    found = document_detail(application, document_id, version=version, text=text, limit=limit, offset=offset)
    if found.etag is not None:
        response.headers["ETag"] = f'"{found.etag}"'
    return found


@router.put("/documents/{document_id:path}", openapi_extra=UPLOAD_BODY, responses=_ANSWERS)
def replace_document(
    application: App,
    principal: Editor,
    document_id: str,
    upload: Uploaded,
    response: Response,
    if_match: IfMatch = None,
) -> DocumentOut:
    """Replace the file, what is said of it, or both. On 422 nothing has changed and the old version goes on serving."""
    application.editing.require_owned(document_id)
    settled = application.editing.replace(document_id, upload.content, said=upload.said, seen=_etag(if_match))
    return settled_out(application, settled, response)


@router.delete(
    "/documents/{document_id:path}",
    responses=linked(200, restore=follow("POST /documents/restore", body={"id": "id", "undo": "undo"})),
)
def remove_document(
    application: App,
    principal: Editor,
    document_id: str,
    erase: Annotated[
        bool, Query(description="Keep nothing: no undo, and quotes given earlier no longer open.")
    ] = False,
    if_match: IfMatch = None,
) -> RemovedOut:
    """Remove a document; it answers nobody from now on. The file waits in the trash, unless it is erased."""
    editing = application.editing
    editing.require_owned(document_id, to_erase=erase)
    if not erase:
        return RemovedOut(id=document_id, undo=editing.remove(document_id, seen=_etag(if_match)).undo)
    proof = editing.erase(document_id)
    return RemovedOut(id=document_id, proof=ErasureOut.of(proof))


def settled_out(application: Application, settled: Settled, response: Response) -> DocumentOut:
    """The document after an edit, with 202 and its address while it is still being indexed."""
    if not settled.finished:
        response.status_code = status.HTTP_202_ACCEPTED
        response.headers["Location"] = _address(settled.document_id)
    return document_out(application, settled.document_id)


def document_detail(
    application: Application, document_id: str, *, version: str | None, text: bool, limit: int, offset: int = 0
) -> DocumentDetailOut:
    """One document with its versions and a page of passages; raises `NotFound`."""
    item = document_out(application, document_id)
    reader = EditorialReader(application.database)
    versions = reader.versions(document_id)
    shown = version or item.version
    stored = application.store.get_version(document_id, shown) if text and shown else None
    passages = reader.passages(shown, limit=limit, offset=offset) if shown else []
    return DocumentDetailOut(
        **item.model_dump(),
        versions=[VersionSummaryOut.model_validate(each) for each in versions],
        shown=shown,
        passages=[PassageSummaryOut.model_validate(each) for each in passages],
        passages_total=next((each.chunks for each in versions if each.id == shown), 0),
        text=None if stored is None else stored.canonical_text,
    )


def _address(document_id: str) -> str:
    return f"/documents/{quote(document_id)}"


def _etag(if_match: str | None) -> str | None:
    return None if if_match in (None, "*") else if_match.removeprefix("W/").strip('"')
