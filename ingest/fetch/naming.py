"""Where a fetched page lies on the disk, told by its address."""

from __future__ import annotations

import hashlib
import re

import httpx

__all__ = ["canonical", "file_stem"]

_PLAIN_PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_PAGE_ENDING = re.compile(r"\.(?:html?|pdf)$", re.IGNORECASE)
_MAX_CHARS = 180  # file systems allow names of 255 bytes, and a sidecar's ending has to fit as well
_SLUG_CHARS = 80


def file_stem(address: str) -> str:
    """The path below the root without an ending: as in the address, or a slug with a hash where that is no file name.

    `https://www.gov.uk/skilled-worker-visa/your-job` gives `www.gov.uk/skilled-worker-visa/your-job`.
    """
    url = httpx.URL(address)
    host = url.raw_host.decode("ascii").strip("[]").replace(":", "-") + (f"_{url.port}" if url.port else "")
    parts = _PAGE_ENDING.sub("", url.path).strip("/").split("/")
    folders_are_no_pages = not any(_PAGE_ENDING.search(part) for part in parts[:-1])
    is_plain = all(_PLAIN_PART.fullmatch(part) for part in parts) and folders_are_no_pages
    if is_plain and not url.query and all(len(part) <= _MAX_CHARS for part in parts):
        return "/".join([host, *parts])
    slug = re.sub(r"[^a-z0-9]+", "-", url.path.lower()).strip("-")[:_SLUG_CHARS] or "page"
    return f"{host}/{slug}-{hashlib.sha256(address.encode()).hexdigest()[:8]}"


def canonical(address: str) -> str:
    """What two addresses of one page have in common: not the scheme, a leading `www.` or a trailing slash."""
    url = httpx.URL(address)
    query = f"?{url.query.decode()}" if url.query else ""
    return f"{url.host.removeprefix('www.')}:{url.port or ''}{url.path.rstrip('/')}{query}"
