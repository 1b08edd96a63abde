"""Fetched pages on the disk: the text in use, and beside it the one that waits for a decision."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import yaml

from core.errors import UnreadableDocument
from ingest.approval import APPROVAL_KEYS
from ingest.fetch.listing import SourcePage
from ingest.fetch.naming import file_stem
from ingest.fetch.readers import PageFile
from ingest.filing import forget, hidden_beside, put_down, write_whole
from ingest.formats import Format, format_of
from ingest.frontmatter import yaml_pairs
from ingest.metadata import KEYS
from ingest.sources import SIDECAR_SUFFIX

__all__ = ["PageFiles", "WaitingPage"]

_WAITING = ".waiting-"  # hidden, so that no sync reads it
_DRAFTS = ".draft-*"  # as `hidden_beside` names them
_PERSONS_WORD = ("reviewed_on", "review_by")  # kept while the text is the one that a person has compared


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A fetched page that is not in use yet."""

    path: Path
    target: Path

    @property
    def format(self) -> Format:
        found = format_of(self.path)
        assert found is not None, "only formats that are read are written"
        return found


class PageFiles:
    """The folder of fetched pages; ids are made as the pipeline makes them."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def document_id(self, path: Path) -> str:
        return f"{self.root.name}/{path.relative_to(self.root).as_posix()}"

    def path_of(self, document_id: str) -> Path:
        return self.root / document_id.removeprefix(f"{self.root.name}/")

    def expected_id(self, page: SourcePage) -> str:
        """The id that a page gets unless it turns out to be a PDF."""
        return self.document_id(self._target(page, Format.HTML))

    def tidy(self) -> None:
        """Remove what a crash left half written."""
        self.root.mkdir(parents=True, exist_ok=True)
        for draft in self.root.rglob(_DRAFTS):
            draft.unlink(missing_ok=True)

    def wait(self, page: SourcePage, file: PageFile) -> WaitingPage:
        """Write a page that was fetched; nothing in use changes."""
        target = self._target(page, file.format)
        waiting = _waiting(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(_sidecar(waiting), _head(page, address=file.address))
        _write(waiting, file.body)
        return WaitingPage(waiting, target)

    def waiting(self, page: SourcePage) -> WaitingPage | None:
        """The page that waits for a decision, None when there is none."""
        for page_format in (Format.HTML, Format.PDF):
            target = self._target(page, page_format)
            if _waiting(target).is_file():
                return WaitingPage(_waiting(target), target)
        return None

    def put_in_use(self, page: WaitingPage) -> None:
        """The head first: a text that is read without one would hold for no country."""
        if _sidecar(page.path).is_file():
            put_down(_sidecar(page.path), _sidecar(page.target))
        put_down(page.path, page.target)

    def drop_waiting(self, page: SourcePage) -> None:
        """Forget what waits for a decision, if anything does."""
        while (waiting := self.waiting(page)) is not None:
            forget(waiting.path)
            forget(_sidecar(waiting.path))

    def remove(self, document_id: str) -> None:
        """Take a page's files away; the pipeline then takes its text out of the indexes."""
        path = self.path_of(document_id)
        for file in (path, _waiting(path)):
            forget(file)
            forget(_sidecar(file))

    def _target(self, page: SourcePage, page_format: Format) -> Path:
        return self.root / f"{file_stem(page.address)}.{page_format.value}"

    def said_address(self, document_id: str) -> str | None:
        """Where the page in use was found."""
        return str(_pairs(self.path_of(document_id)).get("source_url") or "") or None

    def refresh_head(self, page: SourcePage, document_id: str) -> bool:
        """Carry a changed entry over to a page whose text stayed; whether anything changed."""
        path = self.path_of(document_id)
        before = _pairs(path)
        address = str(before.get("source_url") or page.address)
        kept = {key: before[key] for key in _PERSONS_WORD if before.get(key)}
        after = _head(page, address=address, **kept)
        if not path.is_file() or yaml_pairs(after.decode(), where="") == before:
            return False
        _write(_sidecar(path), after)
        return True


def _head(page: SourcePage, *, address: str, **said: object) -> bytes:
    """Every key, empty where nothing is known: what others say under these names on their page is not ours to believe.

    Their title and language are, where the entry gives none.
    """
    pairs: dict[str, object] = dict.fromkeys((*KEYS, *APPROVAL_KEYS), "")
    pairs |= {"title": page.title, "language": page.language, "jurisdiction": page.jurisdiction, "source_url": address}
    given = {key: value for key, value in {**pairs, **said}.items() if value is not None}
    return yaml.safe_dump(given, allow_unicode=True, sort_keys=True).encode()


def _pairs(path: Path) -> dict[str, object]:
    try:
        return yaml_pairs(_sidecar(path).read_text(encoding="utf-8"), where=path.name)
    except (OSError, UnicodeDecodeError, UnreadableDocument):
        return {}


def _write(path: Path, content: bytes) -> None:
    draft = hidden_beside(path)
    write_whole(draft, BytesIO(content), max_bytes=len(content))
    put_down(draft, path)


def _waiting(target: Path) -> Path:
    return target.with_name(f"{_WAITING}{target.name}")


def _sidecar(path: Path) -> Path:
    return path.with_name(path.name + SIDECAR_SUFFIX)
