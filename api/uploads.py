"""A file sent as a form: who sends it is known before its first byte is read, and no more is taken than allowed."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Annotated, BinaryIO

from fastapi import Depends, Request
from python_multipart.exceptions import FormParserError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from api.dependencies import App, Editor
from core.errors import InvalidInput
from ingest.filing import translated
from ingest.metadata import KEYS
from ingest.reasons import UnreadableReason, unreadable

__all__ = ["UPLOAD_BODY", "Upload", "Uploaded"]

_FORM_BYTES = 65_536  # the fields and the form's own lines, beside the file
_FIELDS = ("folder", *KEYS)


@dataclass(frozen=True, slots=True)
class Upload:
    """`content` and `name` are None without a file; `said` are the metadata fields that were given."""

    name: str | None
    content: BinaryIO | None
    folder: str
    said: dict[str, str]


async def receive(request: Request, application: App, principal: Editor) -> AsyncGenerator[Upload, None]:
    """The form; raises `InvalidInput`, or `UnreadableDocument` once it is larger than any document may be."""
    limit = application.settings.max_file_mb << 20
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise InvalidInput("send a form: Content-Type multipart/form-data with a field `file`")
    parser = MultiPartParser(
        request.headers, _limited(request, limit), max_files=1, max_fields=len(_FIELDS), max_part_size=_FORM_BYTES
    )
    try:
        with translated("the file could not be received"):
            form = await parser.parse()
    except (MultiPartException, FormParserError) as error:
        raise InvalidInput(f"the form cannot be read: {error}; send one file and each field once") from error
    except ClientDisconnect as error:
        raise InvalidInput("the connection ended before the whole file was there; send it again") from error
    try:
        yield _upload(form)
    finally:
        await form.close()


Uploaded = Annotated[Upload, Depends(receive)]


async def _limited(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    too_large = unreadable(UnreadableReason.TOO_LARGE, f"MAX_FILE_MB allows {limit >> 20} MiB")
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit + _FORM_BYTES:
        raise too_large
    received = 0
    async for block in request.stream():
        received += len(block)
        if received > limit + _FORM_BYTES:
            raise too_large
        yield block


def _upload(form: FormData) -> Upload:
    file = form.get("file")
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    if unknown := [name for name in form if name not in (*_FIELDS, "file")]:
        raise InvalidInput(f"unknown field {unknown[0]!r}; the fields are file, {', '.join(_FIELDS)}")
    folder = fields.pop("folder", "").strip("/")
    if isinstance(file, UploadFile):
        return Upload(file.filename or "", file.file, folder, fields)
    return Upload(None, None, folder, fields)


UPLOAD_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        **{name: {"type": "string"} for name in _FIELDS},
                    },
                }
            }
        },
    }
}
"""For `openapi_extra`: the form is read by hand, so that nobody without a token can send a file."""
