"""The HTTP application over a built `Application`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from api.application import Application
from api.door import Door
from api.errors import PROBLEMS, install_error_handlers
from api.limits import RequestLimits
from api.middleware import RequestContext
from api.routes import (
    assistance,
    assistance_staff,
    catalogue,
    channels,
    chat,
    conversations,
    documents,
    due,
    feedback,
    gaps,
    health,
    keys,
    legacy,
    maintenance,
    me,
    metrics,
    pages,
    signin,
    sources,
    suspicions,
    training,
    training_runs,
)  # fmt: skip

__all__ = ["create_app"]

_STATIC = Path(__file__).parent / "web" / "static"
_LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]


def create_app(application: Application | None) -> FastAPI:
    """The routes over `application`, which starts and stops with the server; None gives the interface alone."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        assert application is not None
        # In a thread: starting and stopping waits, and the durable engine's calls are refused within the loop.
        await asyncio.to_thread(application.start)
        try:
            yield
        finally:
            await asyncio.to_thread(application.stop)

    app = FastAPI(
        title="Immigration assistant",
        version="1",
        description="Answers immigration questions from your documents: every sentence rests on an exact quote.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        responses=PROBLEMS,
    )
    app.state.application = application
    install_error_handlers(app)
    for module in (
        chat, conversations, feedback, assistance_staff, assistance, channels, legacy, catalogue, maintenance, due,
        suspicions, sources, documents, training, training_runs, gaps, keys, signin, me, health, metrics,
        pages,
    ):  # fmt: skip
        app.include_router(module.router)
    app.mount("/static", GZipMiddleware(StaticFiles(directory=_STATIC)), name="static")
    if application is not None:
        app.add_middleware(Door, places=application.runner.places)
    if application is not None and application.settings.is_loopback:
        # A foreign page that points its own name at this machine must not read the local person's conversations.
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=_LOOPBACK_HOSTS)
    if application is not None:
        app.add_middleware(RequestLimits, settings=application.settings, rates=application.rates)
        application.tracing.watch_app(app)
    app.add_middleware(RequestContext)
    return app
