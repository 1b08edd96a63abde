"""Rules on approved answers: what a file is, what it rests on, and when a person stood for it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

from core.types import Kind
from ingest.check.document import CheckedDocument
from ingest.check.finding import Code, Finding
from ingest.references import document_id_of

__all__ = ["check_approvals"]


def check_approvals(documents: Sequence[CheckedDocument]) -> Iterator[Finding]:
    """A `kind` that is none, an approved answer that names no source or no day, and sources that are not there."""
    by_id = {document.id: document for document in documents}
    for document in documents:
        kind = _line(document, "kind")
        if kind and kind not in list(Kind):
            message = f"{kind!r} is no kind of document, so the file is not read"
            yield document.finding_at("kind", Code.UNKNOWN_KIND, message, f"write {' or '.join(Kind)}")
        elif kind == Kind.APPROVED:
            yield from _approved(document, by_id)


def _approved(document: CheckedDocument, by_id: Mapping[str, CheckedDocument]) -> Iterator[Finding]:
    named = [name for part in _line(document, "cites").split(",") if (name := part.strip())]
    if not named:
        message = "the approved answer says nothing of what it rests on, so the file is not read"
        yield document.finding_at("cites", Code.CITES_MISSING, message, "add `cites: ` and the documents it rests on")
    if not document.says("reviewed_on"):
        message = "nobody knows when the answer was approved, so the file is not read"
        fix = "add `reviewed_on: ` and the day on which a person approved it"
        yield document.finding_at("reviewed_on", Code.APPROVED_UNREVIEWED, message, fix)
    for name in named:
        target = document_id_of(name, document.file)
        if target not in by_id:
            close = difflib.get_close_matches(target, by_id, n=1)
            fix = f"did you mean {close[0]}?" if close else "name the file that the answer rests on"
            message = f"there is no document {target!r}, so the approved answer is never served"
            yield document.finding_at("cites", Code.CITES_NOTHING, message, fix)


def _line(document: CheckedDocument, key: str) -> str:
    value = document.said[key].value if key in document.said else ""
    return value.strip() if isinstance(value, str) else str(value or "")
