"""What Prometheus reads."""

from __future__ import annotations

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.dependencies import App, MetricsReader

__all__ = ["router"]

router = APIRouter(tags=["health"])


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def read_metrics(application: App, principal: MetricsReader) -> Response:
    """Counters and times in the text format of Prometheus."""
    application.gauge()
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
