"""How much one caller may ask for."""

from __future__ import annotations

import ipaddress

from limits import parse_many
from pydantic import Field, field_validator

from core.settings.section import Section

__all__ = ["LimitSettings"]

_RATE = "as `30/minute` or `30/minute;300/hour`"


class LimitSettings(Section):
    """How much one caller may ask for."""

    limit_asks: str | None = Field(
        default=None,
        description=f"Questions and requests for a person that one address, and one person, may send, {_RATE}. "
        "Default: `30/minute;300/hour`, and none where the server listens on loopback.",
    )
    limit_writes: str | None = Field(
        default=None,
        description=f"Other changes, {_RATE}. Default: `120/minute`, and none where the server listens on loopback.",
    )
    limit_reads: str | None = Field(
        default=None,
        description=f"Everything else but pages' files and health, {_RATE}. Default: `600/minute`, and none where the "
        "server listens on loopback.",
    )
    max_streams: int = Field(
        default=8, ge=1, description="Questions that one address may have answered at once; loopback has no limit."
    )
    max_body_kb: int = Field(
        default=256, ge=16, description="Largest body of a request in KiB; documents have `MAX_FILE_MB`."
    )
    request_timeout_s: float = Field(
        default=90.0, gt=0, description="Seconds for a request; streams and work on documents have limits of their own."
    )
    trusted_proxies: str = Field(
        default="",
        description="Addresses or networks of proxies whose `X-Forwarded-For` is believed, with commas between.",
    )

    @field_validator("limit_asks", "limit_writes", "limit_reads")
    @classmethod
    def _readable_rate(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                parse_many(value)
            except ValueError as error:
                raise ValueError(f"{value!r} is no rate; write it {_RATE}") from error
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _readable_networks(cls, value: str) -> str:
        for part in filter(None, (part.strip() for part in value.split(","))):
            try:
                ipaddress.ip_network(part, strict=False)
            except ValueError as error:
                raise ValueError(f"TRUSTED_PROXIES has {part!r}, which is no address or network") from error
        return value
