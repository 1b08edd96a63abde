"""The formats that can be read, told by file name."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath

__all__ = ["Format", "format_of"]


class Format(StrEnum):
    """What a file is read as."""

    MARKDOWN = "markdown"
    TEXT = "text"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    PPTX = "pptx"
    CSV = "csv"
    XLSX = "xlsx"
    EML = "eml"


_SUFFIXES = {
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".txt": Format.TEXT,
    ".text": Format.TEXT,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".pdf": Format.PDF,
    ".docx": Format.DOCX,
    ".pptx": Format.PPTX,
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".xlsx": Format.XLSX,
    ".eml": Format.EML,
}


def format_of(path: PurePath) -> Format | None:
    """The format of `path` by its suffix, None when it is not one that can be read."""
    return _SUFFIXES.get(path.suffix.lower())
