"""A set's documents as files for the pipeline, one plain text each with its title and language beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from evals.neutral import SetDocument

__all__ = ["write_documents"]


def write_documents(folder: Path, documents: Sequence[SetDocument], *, titles: bool = True) -> dict[str, str]:
    """Write them into `folder`, which is made; gives the store's id of each once that folder is ingested.

    Without `titles` every document is called the same, so that the name tells nothing.
    """
    folder.mkdir(parents=True)
    ids = {}
    for number, document in enumerate(documents):
        name = f"{number:06d}.txt"
        (folder / name).write_text(document.text, encoding="utf-8")
        title = " ".join(document.title.split()) if titles else "Document"
        about = f"title: {json.dumps(title, ensure_ascii=False)}\nlanguage: {document.language}\n"
        (folder / f"{name}.meta.yaml").write_text(about, encoding="utf-8")
        ids[document.id] = f"{folder.name}/{name}"
    return ids
