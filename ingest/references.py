"""How one document names another: a path, from the knowledge base or from the file itself, made a document's id."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.sources import SourceFile

__all__ = ["document_id_of"]


def document_id_of(reference: str, file: SourceFile) -> str:
    """The id of the document that `file` calls `reference`.

    It may be an id, a path from the root folder or a path from the file's own folder: the first that leads to a file is
    meant. A file that is gone is looked for where the spelling points: `./`, `../` and a bare name stay in its folder.
    """
    reference = reference.replace("\\", "/").strip()
    if "://" in reference:
        return reference
    root, here = file.root.name, posixpath.dirname(file.id)
    if reference.startswith(f"{root}/"):
        spelled = reference
    elif "/" not in reference or reference.startswith("."):
        spelled = f"{here}/{reference}"
    else:
        spelled = f"{root}/{reference.lstrip('/')}"
    candidates = (f"{here}/{reference}", f"{root}/{reference}", reference)
    found = next((c for c in candidates if _is_file(c, file.root)), spelled)
    return posixpath.normpath(found)


def _is_file(document_id: str, root: Path) -> bool:
    path = posixpath.normpath(document_id)
    return path.startswith(f"{root.name}/") and (root.parent / path).is_file()
