"""GOV.UK's Content API: the text of a page without its furniture, https://content-api.publishing.service.gov.uk."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import httpx

from ingest.fetch.problems import PageProblem, PageRefused

__all__ = ["ContentItem", "api_address", "page_of_item", "parse_item"]

_API = "/api/content"
_HEADING = re.compile(r"<(/?)h([1-5])(?=[\s>])", re.IGNORECASE)
_TEXT_FIELDS = ("introductory_paragraph", "introduction", "body", "summary", "licence_overview", "need_to_know",
                "more_information", "what_you_need_to_know", "other_ways_to_apply")  # fmt: skip
_MOVED, _GONE = ("redirect",), ("gone", "vanish")


@dataclass(frozen=True, slots=True)
class ContentItem:
    """What a content item says; `parts` are titles and HTML, `withdrawn` the publisher's explanation as HTML."""

    address: str
    title: str
    description: str
    locale: str | None
    updated_at: str
    parts: tuple[tuple[str, str], ...]
    withdrawn: str | None


def api_address(address: str) -> str:
    """Where the content of a GOV.UK page is."""
    url = httpx.URL(address)
    return str(url.copy_with(path=f"{_API}{url.path.rstrip('/') or '/'}", query=None, fragment=None))


def parse_item(body: bytes, *, address: str) -> ContentItem:
    """The item that the API sent from `address`; raises `PageRefused` for one that moved, is gone or has no text."""
    try:
        item = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise PageRefused(PageProblem.FAILING, f"GOV.UK sends JSON that cannot be read: {error}") from error
    if not isinstance(item, dict):
        raise PageRefused(PageProblem.FAILING, "GOV.UK sends something else than a content item")
    _refuse_what_is_gone(item)
    details = _mapping(item.get("details"))
    parts = tuple(_parts(details))
    if not parts:
        kind = _text(item.get("document_type")) or "page"
        raise PageRefused(PageProblem.UNREADABLE, f"GOV.UK gives no text for a {kind!r}; try `reader: page`")
    url = httpx.URL(address)
    return ContentItem(
        address=str(url.copy_with(path=_text(item.get("base_path")) or url.path.removeprefix(_API))),
        title=_text(item.get("title")),
        description=_text(item.get("description")),
        locale=_text(item.get("locale")) or None,
        updated_at=_text(item.get("public_updated_at")),
        parts=parts,
        withdrawn=_withdrawn(item),
    )


def page_of_item(item: ContentItem) -> str:
    """The item as an HTML page: its title, what it is about, and each part under its own heading."""
    language = f' lang="{escape(item.locale)}"' if item.locale else ""
    notice = f"<h2>Withdrawn</h2>{item.withdrawn}" if item.withdrawn else ""
    description = f"<p>{escape(item.description)}</p>" if item.description else ""
    sections = "\n".join(_section(title, text) for title, text in item.parts)
    return (
        f"<!doctype html>\n<html{language}>\n<head>\n<meta charset=\"utf-8\">\n<title>{escape(item.title)}</title>\n"
        f'<meta name="dcterms.modified" content="{escape(item.updated_at)}">\n</head>\n<body>\n<main>\n'
        f"<h1>{escape(item.title)}</h1>\n{notice}\n{description}\n{sections}\n</main>\n</body>\n</html>\n"
    )  # fmt: skip


def _section(title: str, text: str) -> str:
    if not title:
        return text
    lower = _HEADING.sub(lambda tag: f"<{tag[1]}h{int(tag[2]) + 1}", text)
    return f"<h2>{escape(title)}</h2>\n{lower}"


def _refuse_what_is_gone(item: Mapping[str, object]) -> None:
    kinds = (_text(item.get("document_type")), _text(item.get("schema_name")))
    if any(kind in _MOVED for kind in kinds):
        targets = [_text(_mapping(entry).get("destination")) for entry in _sequence(item.get("redirects"))]
        raise PageRefused(PageProblem.REDIRECTED, f"GOV.UK leads on to {', '.join(targets) or 'another page'}")
    if any(kind in _GONE for kind in kinds):
        raise PageRefused(PageProblem.VANISHED, "GOV.UK says it is gone")


def _parts(details: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What stands before the parts of a guide, then its parts."""
    for field in _TEXT_FIELDS:
        if text := _html(details.get(field)):
            yield "", text
    for entry in _sequence(details.get("parts")):
        part = _mapping(entry)
        if text := _html(part.get("body")):
            yield _text(part.get("title")), text


def _withdrawn(item: Mapping[str, object]) -> str | None:
    notice = _mapping(item.get("withdrawn_notice"))
    if not notice and item.get("withdrawn") is not True:
        return None
    day = _text(notice.get("withdrawn_at"))[:10]
    said = _html(notice.get("explanation"))
    return f"<p>GOV.UK withdrew this page{f' on {escape(day)}' if day else ''}.</p>{said}"


def _html(value: object) -> str:
    """A body is HTML, or the same text in several formats."""
    for entry in _sequence(value):
        variant = _mapping(entry)
        if variant.get("content_type") == "text/html":
            return _text(variant.get("content"))
    return _text(value)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()
