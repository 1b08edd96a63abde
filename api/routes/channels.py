"""What channels post to us, each proven by its channel: answers of staff from Slack and mail, Telegram's updates."""

from __future__ import annotations

import asyncio
import hmac
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response

from api.application import Application
from api.dependencies import App
from channels.email_replies import EmailReplies
from channels.errors import Misconfigured
from channels.messages import InboundReply
from channels.slack_events import Challenge, SlackEvents
from core.errors import Forbidden, NotFound

__all__ = ["router"]

router = APIRouter(prefix="/channels", tags=["channels"])

_BODY: dict[str, Any] = {"requestBody": {"required": True, "content": {"application/json": {"schema": {}}}}}


@router.post("/slack/events", openapi_extra=_BODY)
async def slack_event(request: Request, application: App) -> Response:
    """Slack's Events API: its challenge is answered, a reply in a thread lands at its request, a replay is dropped."""
    body = await request.body()
    found = await asyncio.to_thread(_read_slack, application, request, body)
    if isinstance(found, Challenge):
        return Response(found.text, media_type="text/plain")
    if found is not None:
        names = application.slack_names
        author = found.author if names is None else await names.of(found.author)
        await asyncio.to_thread(application.assistance.desk.take_reply, replace(found, author=author))
    return Response(status_code=200)


@router.post("/email/inbound", status_code=204, openapi_extra=_BODY)
async def inbound_email(request: Request, application: App) -> None:
    """Mail to the reply address, posted by the mail provider; what is no person's answer is dropped."""
    body = await request.body()
    await asyncio.to_thread(_take_email, application, request, body)


@router.post("/telegram/webhook", openapi_extra=_BODY)
async def telegram_update(
    request: Request,
    application: App,
    secret: Annotated[str, Header(alias="X-Telegram-Bot-Api-Secret-Token")] = "",
) -> Response:
    """An update of Telegram's: stored before this answers, then handled once and in the order of its chat."""
    wanted, bot = application.settings.telegram_webhook_secret, application.telegram
    if wanted is None or bot is None:
        raise NotFound("a webhook for Telegram is not set up on this server")
    if not hmac.compare_digest(secret.encode(), wanted.get_secret_value().encode()):
        raise Forbidden("the secret token is not the one that Telegram was told; check TELEGRAM_WEBHOOK_SECRET")
    await asyncio.to_thread(bot.take, await request.body())
    return Response(status_code=200)


def _read_slack(application: Application, request: Request, body: bytes) -> Challenge | InboundReply | None:
    try:
        reader = SlackEvents.of(application.settings)
    except Misconfigured as error:
        raise NotFound("replies from Slack are not set up on this server") from error
    return reader.read(request.headers, body)


def _take_email(application: Application, request: Request, body: bytes) -> None:
    try:
        reader = EmailReplies.of(application.settings)
    except Misconfigured as error:
        raise NotFound("replies by e-mail are not set up on this server") from error
    found = reader.read(request.headers, body)
    if found is not None:
        application.assistance.desk.take_reply(found)
