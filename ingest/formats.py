"""The formats that can be read, told by file name, and what to save others as."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath

__all__ = ["Format", "advice_for", "format_of", "suffixes_of"]


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
    RTF = "rtf"
    OPENDOCUMENT = "opendocument"
    EPUB = "epub"
    RST = "rst"
    ORG = "org"
    JSON = "json"
    XML = "xml"
    XLS = "xls"
    MSG = "msg"
    IMAGE = "image"


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
    ".rtf": Format.RTF,
    ".odt": Format.OPENDOCUMENT,
    ".ods": Format.OPENDOCUMENT,
    ".odp": Format.OPENDOCUMENT,
    ".epub": Format.EPUB,
    ".rst": Format.RST,
    ".org": Format.ORG,
    ".json": Format.JSON,
    ".jsonl": Format.JSON,
    ".ndjson": Format.JSON,
    ".xml": Format.XML,
    ".xls": Format.XLS,
    ".msg": Format.MSG,
    ".png": Format.IMAGE,
    ".jpg": Format.IMAGE,
    ".jpeg": Format.IMAGE,
    ".tif": Format.IMAGE,
    ".tiff": Format.IMAGE,
    ".bmp": Format.IMAGE,
}

_ADVICE = {
    ".doc": "open it in Word and save it as .docx",
    ".ppt": "open it in PowerPoint and save it as .pptx",
    ".pages": "export it as .docx",
    ".numbers": "export it as .xlsx",
    ".key": "export it as .pptx",
    ".xlsb": "open it in Excel and save it as .xlsx",
    ".wpd": "open it in a word processor and save it as .docx",
    ".heic": "save it as .jpg",
    ".webp": "save it as .png",
    ".gif": "save it as .png",
    ".yaml": "rename it to .txt when people are to read it",
    ".yml": "rename it to .txt when people are to read it",
    ".zip": "unpack it and put in the files it holds",
    ".rar": "unpack it and put in the files it holds",
    ".7z": "unpack it and put in the files it holds",
}


def format_of(path: PurePath) -> Format | None:
    """The format of `path` by its suffix, None when it is not one that can be read."""
    return _SUFFIXES.get(path.suffix.lower())


def advice_for(path: PurePath) -> str:
    """The ending of a file that cannot be read, and what to save it as where that is known."""
    suffix = path.suffix.lower()
    advice = f": {_ADVICE[suffix]}" if suffix in _ADVICE else ""
    return f"{suffix or 'no ending'}{advice}"


def suffixes_of(file_format: Format) -> tuple[str, ...]:
    """The endings that are read as `file_format`."""
    return tuple(suffix for suffix, known in _SUFFIXES.items() if known is file_format)
