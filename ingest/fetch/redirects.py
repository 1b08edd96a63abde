"""Where an answer leads on to, one hop at a time."""

from __future__ import annotations

import httpx

from ingest.fetch.exchange import Answer
from ingest.fetch.problems import PageProblem, PageRefused

__all__ = ["MAX_HOPS", "next_address"]

MAX_HOPS = 5
"""RFC 9309, section 2.3.1.2, for robots.txt; no page of a public body was seen to need more."""

_REDIRECTS = (301, 302, 303, 307, 308)


def next_address(address: str, answer: Answer) -> str | None:
    """The address that `answer` to `address` leads to, None when it does not; raises `PageRefused` for a bad one."""
    if answer.status not in _REDIRECTS:
        return None
    location = answer.headers.get("location", "")
    try:
        before = httpx.URL(address)
        after = before.join(location).copy_with(fragment=None)
    except httpx.InvalidURL as error:
        raise PageRefused(PageProblem.FAILING, f"it leads to {location!r}, which is no address") from error
    if not location:
        raise PageRefused(PageProblem.FAILING, f"it answers {answer.status} without saying where to go")
    if before.scheme == "https" and after.scheme == "http":
        raise PageRefused(PageProblem.FORBIDDEN_ADDRESS, f"it leads from https to {str(after)!r}")
    return str(after)
