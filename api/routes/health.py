"""Whether the process lives and whether it can answer."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from api.dependencies import App, Pinger, Visitor

__all__ = ["router"]

router = APIRouter(tags=["health"])


class HealthOut(BaseModel):
    """`checks` are needed for an answer; `degraded` says what else does not work as it should, and why."""

    status: Literal["ok", "degraded", "starting", "failing"]
    checks: dict[str, str]
    degraded: dict[str, str] = {}


@router.get("/health/live")
async def live() -> HealthOut:
    """The process answers; nothing else is looked at."""
    return HealthOut(status="ok", checks={})


@router.get("/health/ready", responses={503: {"model": HealthOut}})
def ready(application: App, response: Response) -> HealthOut:
    """Database, index and documents are there: questions can be answered, though something else may be degraded."""
    checks, degraded = application.checks(), application.degraded()
    if all(state == "ok" for state in checks.values()):
        return HealthOut(status="degraded" if degraded else "ok", checks=checks, degraded=degraded)
    response.status_code = 503
    status: Literal["starting", "failing"] = "starting" if "starting" in checks.values() else "failing"
    return HealthOut(status=status, checks=checks, degraded=degraded)


@router.get("/heartbeat", status_code=204)
async def heartbeat() -> None:
    """Open to everybody."""


@router.get("/heartbeat/private", status_code=204)
def heartbeat_private(principal: Visitor) -> None:
    """Open to any valid token."""


@router.get("/heartbeat/scoped", status_code=204)
def heartbeat_scoped(principal: Pinger) -> None:
    """Open to a token with the scope `ping`."""
