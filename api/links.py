"""What may follow an answer: OpenAPI links, so that a client knows which part of it leads where."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

__all__ = ["Answers", "Link", "follow", "linked"]

Link = dict[str, Any]
Answers = dict[int | str, dict[str, Any]]


def linked(status: int, **links: Link) -> Answers:
    """The `responses` of a route whose answer of that status leads on."""
    return {status: {"links": links}}


def follow(operation: str, *, body: dict[str, str] | None = None, **parameters: str) -> Link:
    """A link to an operation, as `GET /turns/{turn_id}`.

    Values are places in the answer, as `items/0/id`, or expressions of OpenAPI, as `$request.path.turn_id`.
    """
    method, _, path = operation.partition(" ")
    # A JSON pointer (RFC 6901) within a fragment (RFC 3986), as OpenAPI 3.1 wants it.
    pointer = quote(path.replace("~", "~0").replace("/", "~1"), safe="~")
    link: Link = {"operationRef": f"#/paths/{pointer}/{method.lower()}"}
    if parameters:
        link["parameters"] = {name: _taken(place) for name, place in parameters.items()}
    if body:
        link["requestBody"] = {name: _taken(place) for name, place in body.items()}
    return link


def _taken(place: str) -> str:
    return place if place.startswith("$") else f"$response.body#/{place}"
