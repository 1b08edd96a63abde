"""Every route, called anonymously, with the wrong scope, with the right one, and for what is somebody else's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount, Route

from api.app import create_app
from api.application import Application
from assistance.records import NewRequest
from chains.stored import Ask
from core.types import Scope
from tests.integration.bare_server import bare_application, bearer, browser
from tests.integration.routes_table import ROUTES, Access

NOT_ALLOWED = (401, 403)
BESIDE = [(name, scope) for name, rule in ROUTES.items() for scope in rule.beside]
STAFF = [name for name, rule in ROUTES.items() if rule.scope is not None]
CALLABLE = [name for name, rule in ROUTES.items() if rule.access not in (Access.SAME_SITE, Access.SIGNED)]
OWNED = [name for name, rule in ROUTES.items() if rule.owned]


@dataclass(frozen=True, slots=True)
class Place:
    """A server that others can reach, where Ana (`token:ana`) has asked once."""

    application: Application
    app: FastAPI
    ids: dict[str, str]

    def call(self, route: str, *scopes: Scope, subject: str | None = None) -> tuple[int, dict[str, object]]:
        """Status and problem of a call with no more in it than its line says; without a subject, nobody's."""
        method, path = route.split(" ")
        for name, value in self.ids.items():
            path = re.sub(rf"{{{name}(:path)?}}", value, path)
        headers = {} if subject is None else bearer(self.application, *scopes, subject=subject)
        said = {name: self.ids.get(str(value)[1:-1], value) for name, value in ROUTES[route].body}
        answer = browser(self.app).request(method, path, headers=headers, json=said or None)
        is_problem = answer.headers.get("content-type", "").startswith("application/problem+json")
        return answer.status_code, answer.json() if is_problem else {}


@pytest.fixture
def place(opened: FastAPI) -> Place:
    """Asked anew for each test, as one of the calls erases it."""
    turn, _ = opened.state.application.conversations.accept("token:ana", Ask("How do I apply?", as_of=date(2026, 1, 1)))
    receipt, _ = opened.state.application.assistance.desk.accept(
        "token:ana", NewRequest(topic="other", description="Please help.")
    )
    ids = {
        "conversation_id": turn.conversation_id, "turn_id": turn.id, "request_id": receipt.id,
        "document_id": "none.md", "chunk_id": "none",
    }  # fmt: skip
    return Place(opened.state.application, opened, ids)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    with bare_application(tmp_path_factory.mktemp("authorization")) as application:
        yield create_app(application)


def _routes(routes: Iterable[BaseRoute]) -> Iterator[str]:
    for route in routes:
        if isinstance(route, Route):
            yield from (f"{method} {route.path}" for method in (route.methods or set()) - {"HEAD"})
        elif not isinstance(route, Mount):
            yield from _routes(route.original_router.routes)  # type: ignore[attr-defined]


def test_every_route_has_a_line_and_every_line_a_route() -> None:
    app = create_app(None)
    assert sorted(_routes(app.routes)) == sorted(ROUTES)
    assert [route.path for route in app.routes if isinstance(route, Mount)] == ["/static"]


@pytest.mark.parametrize("route", ROUTES)
def test_anonymous(place: Place, route: str) -> None:
    status, _ = place.call(route)
    rule = ROUTES[route]
    if rule.access in (Access.OPEN, Access.PERSON):
        assert status not in NOT_ALLOWED
    else:
        assert status == {Access.SAME_SITE: 403, Access.SIGNED: 404}.get(rule.access, 401)
    if rule.owned:
        assert status == 404


@pytest.mark.parametrize("route", STAFF)
def test_every_scope_but_the_one_that_is_needed(place: Place, route: str) -> None:
    rule = ROUTES[route]
    status, problem = place.call(route, *(set(Scope) - {rule.scope, *rule.also, Scope.ADMIN}), subject="ana")
    assert (status, problem["scope"]) == (403, rule.scope)


@pytest.mark.parametrize(("route", "scope"), BESIDE)
def test_every_scope_but_one_that_is_needed_beside(place: Place, route: str, scope: Scope) -> None:
    status, problem = place.call(route, *(set(Scope) - {scope, Scope.ADMIN}), subject="ana")
    assert (status, problem["scope"]) == (403, scope)


@pytest.mark.parametrize("route", CALLABLE)
def test_the_scope_that_is_needed_and_no_other(place: Place, route: str) -> None:
    rule = ROUTES[route]
    for scope in (rule.scope, *rule.also):
        status, _ = place.call(route, *([scope] if scope else []), *rule.beside, subject="ana")
        assert status not in NOT_ALLOWED
        assert not (rule.owned and scope is rule.scope and status == 404)


@pytest.mark.parametrize("route", OWNED)
def test_what_is_somebody_elses_is_not_there_not_even_for_admin(place: Place, route: str) -> None:
    rule = ROUTES[route]
    assert rule.scope is not None
    for scope in (rule.scope, *(() if rule.also else (Scope.ADMIN,))):
        assert place.call(route, scope, subject="ben")[0] == 404
    assert place.application.conversations.turn("token:ana", place.ids["turn_id"])
