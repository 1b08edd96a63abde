"""One document made ready for the store: read, parsed and cut into passages, everything but its vectors."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from core.passages import Window
from core.types import Chunk, DocumentMeta
from ingest.blocks import Block, BlockKind
from ingest.canonical import canonicalise
from ingest.chunk import chunk_document
from ingest.reasons import UnreadableReason, unreadable
from ingest.sources import PARSER_VERSION, SourceDocument
from retrieval.records import Outlined

__all__ = ["PreparedDocument", "prepare", "version_id"]

_VERSION_HEX = 20  # 80 bits: a billion versions meet by chance once in a million tries
_MAX_TITLE_CHARS = 200


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """A version to be: `chunks` are spans of `canonical_text`."""

    source: SourceDocument
    version_id: str
    meta: DocumentMeta
    canonical_text: str
    outline: tuple[Outlined, ...]
    chunks: tuple[Chunk, ...]


def prepare(source: SourceDocument, blocks: Sequence[Block], window: Window) -> PreparedDocument:
    """The document's passages under its title, which is the one said, else its first heading, else its file's name."""
    canonical = canonicalise(blocks)
    seen = [placed.block for placed in canonical.placed]
    meta = source.meta if source.meta.title else replace(source.meta, title=_title(seen, source.file.path))
    version = version_id(source.id, source.content_hash, meta, canonical.text)
    chunks = chunk_document(canonical, window, document_id=source.id, version_id=version, title=meta.title)
    if not chunks:
        raise unreadable(UnreadableReason.EMPTY)
    outline = tuple(Outlined(at.block.kind.value, at.block.level or 0, at.content, at.end) for at in canonical.placed)
    return PreparedDocument(source, version, meta, canonical.text, outline, tuple(chunks))


def version_id(document_id: str, content_hash: str, meta: DocumentMeta, text: str) -> str:
    """Names a version by all that it came from and says: equal input gives the same, two documents never do.

    The text counts too: the same bytes give another one once tesseract is installed.
    """
    said = json.dumps(asdict(meta), default=str, sort_keys=True)
    parts = "\0".join((document_id, content_hash, said, PARSER_VERSION, text))
    return hashlib.sha256(parts.encode()).hexdigest()[:_VERSION_HEX]


def _title(blocks: Sequence[Block], path: Path) -> str:
    headings = (b.text for b in blocks if b.level and b.kind in (BlockKind.HEADING, BlockKind.QUESTION))
    title = next(headings, "") or re.sub(r"[_\s]+", " ", path.stem)
    return " ".join(title.split())[:_MAX_TITLE_CHARS]
