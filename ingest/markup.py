"""HTML made ready for reading: what is not content leaves, and structure takes the forms that survive partitioning."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from html import escape

from lxml import etree, html  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from ingest.hidden_html import is_out_of_sight
from ingest.reasons import UnreadableReason, unreadable
from ingest.rows import Table

__all__ = ["main_content", "table_from_html", "table_to_html"]

_DROPPED = frozenset(
    "script style noscript template svg math iframe object embed canvas video audio map nav footer dialog button input "
    "select textarea".split()
)
_DROPPED_ROLES = ("navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu")
_BLOCKS_IN_ITEM = ("p", "div", "span", "section", "h1", "h2", "h3", "h4", "h5", "h6")
_MAIN_SHARE = 0.3  # a page whose <main> holds less than this of its text uses the element for something else
_MAX_CELL_WORDS = 120  # a cell that is longer than a passage is a column of a page, not a value
_MAX_SPAN = 200  # cells; a larger span is a mistake or an attack


def main_content(source: str) -> str:
    """The content of a page as HTML; raises `UnreadableDocument` when it holds no element at all."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        page = html.document_fromstring(source.encode(), parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise unreadable(UnreadableReason.EMPTY, "no HTML element was found") from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise unreadable(UnreadableReason.TOO_LARGE, "it is nested too deeply")
    body = page.find("body") if page.find("body") is not None else page
    _drop_furniture(body)
    content = _main_element(body)
    for definition_list in list(content.iter("dl")):
        _plain_definitions(definition_list)
    for summary in list(content.iter("summary")):
        _as_bold_line(summary)
    for item in list(content.iter("li")):
        _plain_item(item)
    for line_break in list(content.iter("br")):
        _split_at_double_break(line_break)
    for table in reversed(list(content.iter("table"))):
        _plain_table(table)
    return str(etree.tostring(content, encoding="unicode", method="html"))


def _drop_furniture(body: HtmlElement) -> None:
    for element in list(body.iter()):
        is_furniture = not isinstance(element.tag, str) or element.tag in _DROPPED or _is_page_header(element)
        if element is not body and element.getparent() is not None and (is_furniture or _is_hidden(element)):
            element.drop_tree()


def _is_hidden(element: HtmlElement) -> bool:
    return (
        "hidden" in element.attrib
        or element.get("aria-hidden") == "true"
        or element.get("role") in _DROPPED_ROLES
        or is_out_of_sight(element)
    )


def _is_page_header(element: HtmlElement) -> bool:
    return element.tag == "header" and not any(a.tag in ("main", "article") for a in element.iterancestors())


def _main_element(body: HtmlElement) -> HtmlElement:
    for path in (".//main", ".//*[@role='main']", ".//article"):
        found = body.xpath(path)
        if len(found) == 1 and len(found[0].text_content()) >= _MAIN_SHARE * len(body.text_content()):
            return found[0]
    return body


def _plain_definitions(definition_list: HtmlElement) -> None:
    """Each term and its definition become one paragraph, "Term: definition"; a term that asks becomes a bold line."""
    term: HtmlElement | None = None
    for child in list(definition_list.iter("dt", "dd")):
        if child.tag == "dt":
            term = child
            _as_bold_line(child)
            continue
        child.tag = "div"
        label = term.text_content().strip() if term is not None else ""
        if term is not None and label and not label.endswith(("?", "？", "؟")):
            child.insert(0, _text_node(label.rstrip(":") + ": ", child))
            term.drop_tree()
        term = None
    definition_list.tag = "div"


def _split_at_double_break(line_break: HtmlElement) -> None:
    following = line_break.getnext()
    if following is not None and following.tag == "br" and not (line_break.tail or "").strip():
        line_break.tag = "p"


def _text_node(text: str, parent: HtmlElement) -> HtmlElement:
    node = html.Element("span")
    node.text, node.tail, parent.text = text, parent.text, None
    return node


def _as_bold_line(element: HtmlElement) -> None:
    text = " ".join(element.text_content().split())
    for child in list(element):
        element.remove(child)
    element.tag, element.text = "p", None
    etree.SubElement(element, "b").text = text


def _plain_item(item: HtmlElement) -> None:
    """An item's own paragraphs become one run of text, begun by its number when the list is ordered."""
    for child in list(item.iter(*_BLOCKS_IN_ITEM)):
        inner_list = next((a.tag for a in child.iterancestors("li", "td", "th")), None)
        if inner_list == "li" and not any(True for _ in child.iter("ul", "ol", "table")):
            child.tail = " " + (child.tail or "")
            child.drop_tag()
    parent = item.getparent()
    if parent is not None and parent.tag == "ol" and item.text_content().strip():
        item.text = f"{_number(item, parent)}. {(item.text or '').lstrip()}"


def _number(item: HtmlElement, ordered: HtmlElement) -> int:
    start = ordered.get("start", "1")
    first = int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1
    return first + sum(1 for _ in item.itersiblings("li", preceding=True))


def _plain_table(table: HtmlElement) -> None:
    """A table that only arranges things becomes its paragraphs; in a real one, cells that span rows are repeated."""
    caption = table.find("caption")
    if caption is not None:
        caption.tag = "p"
        table.addprevious(caption)
    rows = [list(row.iterchildren("td", "th")) for row in table.iter("tr")]
    has_header = any(cell.tag == "th" for row in rows for cell in row)
    if table.get("role") == "presentation" or (not has_header and _only_arranges(rows)):
        for element in [table, *table.iter("tbody", "thead", "tr", "td", "th")]:
            element.tag = "div"
        return
    _expand_spans(rows)


def _only_arranges(rows: list[list[HtmlElement]]) -> bool:
    if all(len(row) < 2 for row in rows):
        return True
    return any(len(cell.text_content().split()) > _MAX_CELL_WORDS for row in rows for cell in row)


def _expand_spans(rows: list[list[HtmlElement]]) -> None:
    """Give every row all its columns: an empty cell beside one that spans columns, a copy below one that spans rows."""
    below: dict[int, tuple[int, HtmlElement]] = {}
    for row in rows:
        column = 0
        for cell in row:
            while column in below:
                cell.addprevious(copy.deepcopy(below[column][1]))
                below = _one_row_less(below, column)
                column += 1
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            for _ in range(wide - 1):
                cell.addnext(html.Element(cell.tag))
            if high > 1:
                below[column] = (high - 1, cell)
            column += wide


def _one_row_less(below: dict[int, tuple[int, HtmlElement]], column: int) -> dict[int, tuple[int, HtmlElement]]:
    rows_left, cell = below[column]
    rest = {key: value for key, value in below.items() if key != column}
    return rest | {column: (rows_left - 1, cell)} if rows_left > 1 else rest


def _span(cell: HtmlElement, name: str) -> int:
    value = cell.attrib.pop(name, "1")
    return min(int(value), _MAX_SPAN) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def table_from_html(source: str) -> Table:
    """The cells of one HTML table; the leading rows of header cells only are its header."""
    root = html.fragment_fromstring(source)
    cells: list[tuple[str, ...]] = []
    header_rows = 0
    for row in root.iter("tr"):
        columns = list(row.iterchildren("td", "th"))
        if columns and header_rows == len(cells) and all(cell.tag == "th" for cell in columns):
            header_rows += 1
        cells.append(tuple(_cell_text(cell) for cell in columns))
    return Table(tuple(cells), header_rows=header_rows or None)


def table_to_html(table: Table) -> str:
    """The inverse of `table_from_html`; line ends within a cell are kept."""
    rows = []
    for number, row in enumerate(table.cells):
        tag = "th" if number < (table.header_rows or 0) else "td"
        rows.append("".join(f"<{tag}>{escape(cell).replace(chr(10), '<br/>')}</{tag}>" for cell in row))
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _cell_text(cell: HtmlElement) -> str:
    return "\n".join(" ".join(line.split()) for line in _lines(cell) if line.strip())


def _lines(cell: HtmlElement) -> Iterator[str]:
    for line_break in cell.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    yield from cell.text_content().split("\n")
