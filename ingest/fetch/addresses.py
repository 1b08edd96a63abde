"""Which addresses may be fetched from: public ones only, whatever a name resolves to."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

import httpx

from ingest.fetch.problems import PageProblem, PageRefused

__all__ = ["AddressRules", "Resolve", "is_public", "resolve_by_system"]

Resolve = Callable[[str, int], Sequence[str]]
"""Every IP address of a host and port; raises `OSError`."""

_GLOBAL_UNICAST = IPv6Network("2000::/3")  # all that IANA gives out, RFC 4291 section 2.4
_SPECIAL = tuple(
    ip_network(block)
    for block in (
        "168.63.129.16/32",  # what a machine in Azure asks its host, answered from within alone
        "192.0.0.0/24",  # protocol assignments, RFC 6890
        "192.88.99.0/24",  # 6to4 relays, RFC 7526
        "2001::/23",  # protocol assignments with Teredo and ORCHID, RFC 2928
        "2001:db8::/32",  # documentation, RFC 3849
        "2002::/16",  # 6to4: carries any IPv4 address, RFC 3056
        "3fff::/20",  # documentation, RFC 9637
    )
)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open Internet.

    IPv4 addresses inside IPv6 ones (mapped, 6to4, Teredo, NAT64) are not: a translator would lead to any IPv4 address.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if any(ip.version == block.version and ip in block for block in _SPECIAL):
        return False
    if isinstance(ip, IPv6Address):
        return ip in _GLOBAL_UNICAST and ip.scope_id is None
    return _is_public_v4(ip)


def _is_public_v4(ip: IPv4Address) -> bool:
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """The answers of the operating system, IPv4 first: a machine without a way into IPv6 is still common."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return sorted({str(entry[4][0]) for entry in found}, key=lambda answer: ":" in answer)


class AddressRules:
    """Refuses what must not be reached, by address before anything is looked up and by IP address after.

    `permitted` replaces `is_public`, and `any_port` lifts the limit to the ports of the web, for tests.
    """

    def __init__(
        self,
        *,
        resolve: Resolve = resolve_by_system,
        permitted: Callable[[str], bool] = is_public,
        any_port: bool = False,
    ) -> None:
        self._resolve = resolve
        self._permitted = permitted
        self._any_port = any_port

    def check(self, address: str) -> httpx.URL:
        """An address that may be tried, in parts; raises `PageRefused`."""
        try:
            url = httpx.URL(address)
        except httpx.InvalidURL as error:
            raise _forbidden(f"{address!r} is not an address: {error}") from error
        if url.scheme not in ("http", "https") or not url.host:
            raise _forbidden(f"{address!r} does not begin with https:// and a name")
        if url.userinfo:
            raise _forbidden(f"the address of {url.host!r} holds a user name or password")
        if url.port is not None and not self._any_port:
            raise _forbidden(f"{address!r} names port {url.port}; only 443 for https and 80 for http are used")
        return url

    def ip_addresses(self, host: str, port: int) -> Sequence[str]:
        """Every IP address of `host`; raises `PageRefused` when a single one of them is not public."""
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise PageRefused(PageProblem.FAILING, f"the name {host!r} is not known: {error}") from error
        refused = [answer for answer in found if not self._permitted(answer)]
        if refused or not found:
            raise _forbidden(f"{host!r} leads to {', '.join(refused) or 'nowhere'}")
        return found


def _forbidden(detail: str) -> PageRefused:
    return PageRefused(PageProblem.FORBIDDEN_ADDRESS, detail)
