"""Whether the process lives and whether it can answer."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from api.dependencies import App, Pinger, Visitor

__all__ = ["router"]

router = APIRouter(tags=["health"])


class HealthOut(BaseModel):
    """`asides` are parts that answers do not need: whatever they say, the server is ready."""

    status: Literal["ok", "starting", "failing"]
    checks: dict[str, str]
    asides: dict[str, str] = {}


@router.get("/health/live")
async def live() -> HealthOut:
    """The process answers; nothing else is looked at."""
    return HealthOut(status="ok", checks={})


@router.get("/health/ready", responses={503: {"model": HealthOut}})
def ready(application: App, response: Response) -> HealthOut:
    """Database, index and documents are there: questions can be answered."""
    checks = application.checks()
    if all(state == "ok" for state in checks.values()):
        return HealthOut(status="ok", checks=checks, asides=application.asides())
    response.status_code = 503
    status: Literal["starting", "failing"] = "starting" if "starting" in checks.values() else "failing"
    return HealthOut(status=status, checks=checks, asides=application.asides())


@router.get("/heartbeat", status_code=204)
async def heartbeat() -> None:
    """Open to everybody."""


@router.get("/heartbeat/private", status_code=204)
def heartbeat_private(principal: Visitor) -> None:
    """Open to any valid token."""


@router.get("/heartbeat/scoped", status_code=204)
def heartbeat_scoped(principal: Pinger) -> None:
    """Open to a token with the scope `ping`."""
