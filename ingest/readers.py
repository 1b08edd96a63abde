"""How each format is read: as HTML pages, as blocks or as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.blocks import Block, BlockKind
from ingest.formats import Format
from ingest.frontmatter import split_front_matter
from ingest.limits import ParseLimits
from ingest.mail import Mail, read_mail
from ingest.plaintext import text_blocks
from ingest.printed import PlacedTable
from ingest.records import record_parts
from ingest.rows import Table
from ingest.textfiles import decode

__all__ = ["READERS", "Content", "Page"]

_MAX_NESTING = 100  # quotes and lists within each other; what stands deeper is left out


@dataclass(frozen=True, slots=True)
class Page:
    """An HTML page, as its source."""

    source: str


Content = Page | Block | Table | PlacedTable


def _html(path: Path, _: ParseLimits) -> Iterator[Content]:
    yield Page(decode(path.read_bytes()))


def _markdown(path: Path, _: ParseLimits) -> Iterator[Content]:
    yield _rendered(_body(path))


def _rendered(markdown: str) -> Page:
    from markdown_it import MarkdownIt

    # CommonMark lets a list follow its lead-in without an empty line, as editors write it; python-markdown does not.
    return Page(MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING}).enable("table").render(markdown))


def _text(path: Path, _: ParseLimits) -> Iterable[Content]:
    return text_blocks(_body(path))


def _body(path: Path) -> str:
    _, text = split_front_matter(decode(path.read_bytes()))
    return text


def _richtext(path: Path, _: ParseLimits) -> Iterator[Content]:
    from ingest.richtext import richtext_html

    yield Page(richtext_html(path.read_bytes()))


def _opendocument(path: Path, _: ParseLimits) -> Iterator[Content]:
    from ingest.opendocument import opendocument_html

    yield Page(opendocument_html(path))


def _epub(path: Path, _: ParseLimits) -> Iterator[Content]:
    from ingest.epub import epub_chapters

    return map(Page, epub_chapters(path))


def _restructured(path: Path, _: ParseLimits) -> Iterator[Content]:
    from ingest.restructured import restructured_html

    yield Page(restructured_html(decode(path.read_bytes())))


def _org(path: Path, _: ParseLimits) -> Iterator[Content]:
    from ingest.orgmode import org_markdown

    yield _rendered(org_markdown(decode(path.read_bytes())))


def _json(path: Path, _: ParseLimits) -> Iterable[Content]:
    from ingest.jsonfiles import read_json

    return record_parts(read_json(decode(path.read_bytes())))


def _xml(path: Path, _: ParseLimits) -> Iterable[Content]:
    from ingest.xmlfiles import read_xml

    found = read_xml(path.read_bytes())
    return [Page(found)] if isinstance(found, str) else record_parts(found)


def _pdf(path: Path, limits: ParseLimits) -> Iterable[Content]:
    from ingest.pdf import pdf_content

    return pdf_content(path, limits=limits)


def _image(path: Path, limits: ParseLimits) -> Iterable[Content]:
    from ingest.images import image_content

    return image_content(path, limits=limits)


def _csv(path: Path, _: ParseLimits) -> Iterator[Content]:
    from ingest.spreadsheet import read_csv

    yield read_csv(decode(path.read_bytes()))


def _xlsx(path: Path, _: ParseLimits) -> Iterator[Content]:
    from ingest.spreadsheet import read_xlsx

    return _sheets(read_xlsx(path))


def _xls(path: Path, _: ParseLimits) -> Iterator[Content]:
    from ingest.spreadsheet import read_xls

    return _sheets(read_xls(path))


def _sheets(tables: Iterable[tuple[str | None, Table]]) -> Iterator[Content]:
    for name, table in tables:
        if name:
            yield Block(BlockKind.HEADING, name, level=1)
        yield table


def _eml(path: Path, _: ParseLimits) -> Iterable[Content]:
    return _letter(read_mail(path.read_bytes()))


def _msg(path: Path, _: ParseLimits) -> Iterable[Content]:
    from ingest.outlook import read_outlook

    return _letter(read_outlook(path))


def _letter(mail: Mail) -> Iterable[Content]:
    return [*mail.head, *([Page(mail.body)] if mail.is_html else text_blocks(mail.body))]


READERS: dict[Format, Callable[[Path, ParseLimits], Iterable[Content]]] = {
    Format.MARKDOWN: _markdown,
    Format.TEXT: _text,
    Format.HTML: _html,
    Format.PDF: _pdf,
    Format.CSV: _csv,
    Format.XLSX: _xlsx,
    Format.EML: _eml,
    Format.RTF: _richtext,
    Format.OPENDOCUMENT: _opendocument,
    Format.EPUB: _epub,
    Format.RST: _restructured,
    Format.ORG: _org,
    Format.JSON: _json,
    Format.XML: _xml,
    Format.XLS: _xls,
    Format.MSG: _msg,
    Format.IMAGE: _image,
}
"""For all formats but DOCX and PPTX, which unstructured reads."""
