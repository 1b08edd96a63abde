"""What the command line does to examples, beside a running server and without one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from fastapi.encoders import jsonable_encoder
from pydantic import ValidationError

from api.command_line import current_settings, open_application
from api.gap_schemas import GapOut, GapsOut
from api.server_link import ServerLink, find_server
from api.training_schemas import DoneOut, ExampleOut, ExamplesOut, ProposalIn, ReviewOut
from core.errors import InvalidInput
from training.checking import Proposal
from training.gaps import GapStatus
from training.listing import Wanted
from training.states import ExampleStatus

if TYPE_CHECKING:
    from api.application import Application

__all__ = ["Desk", "LocalDesk", "ServerDesk", "training_desk"]

_BY = "token:command-line"
"""The name under which a server knows the command line, so that both ways leave one name in the log."""


class Desk(Protocol):
    """Every answer is the JSON of the HTTP interface; errors are `AssistantError`."""

    def propose(self, fields: Mapping[str, object]) -> Any: ...
    def listing(self, status: ExampleStatus | None, query: str, limit: int) -> Any: ...
    def show(self, example_id: str) -> Any: ...
    def approve(self, example_id: str) -> Any: ...
    def reject(self, example_id: str, reason: str) -> Any: ...
    def gaps(self, status: GapStatus) -> Any: ...


class ServerDesk:
    """Asks the server that has the data folder open."""

    def __init__(self, server: ServerLink) -> None:
        self._server = server

    def propose(self, fields: Mapping[str, object]) -> Any:
        return self._server.post("/training/examples", fields)

    def listing(self, status: ExampleStatus | None, query: str, limit: int) -> Any:
        chosen = {"status": status.value} if status else {}
        return self._server.get("/training/examples", {"q": query, "limit": limit, **chosen})

    def show(self, example_id: str) -> Any:
        return self._server.get(f"/training/examples/{example_id}")

    def approve(self, example_id: str) -> Any:
        return self._server.post(f"/training/examples/{example_id}/approve")

    def reject(self, example_id: str, reason: str) -> Any:
        return self._server.post(f"/training/examples/{example_id}/reject", {"reason": reason})

    def gaps(self, status: GapStatus) -> Any:
        return self._server.get("/training/gaps", {"status": status.value})


class LocalDesk:
    """Works in this process, which has the store open."""

    def __init__(self, application: Application) -> None:
        self._proposals = application.proposals
        self._gaps = application.gaps

    def propose(self, fields: Mapping[str, object]) -> Any:
        try:
            body = ProposalIn.model_validate(fields)
        except ValidationError as error:
            told = (f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors(include_url=False))
            raise InvalidInput("; ".join(told)) from error
        done = self._proposals.propose(Proposal(**body.model_dump()), _BY)
        return jsonable_encoder(ExampleOut.of(done.example))

    def listing(self, status: ExampleStatus | None, query: str, limit: int) -> Any:
        statuses = frozenset({status} if status else ())
        page = self._proposals.listing.find(Wanted(statuses=statuses, query=query, limit=limit))
        items = [ExampleOut.of(item) for item in page.items]
        return jsonable_encoder(ExamplesOut(items=items, total=page.total, next=page.next))

    def show(self, example_id: str) -> Any:
        return jsonable_encoder(ReviewOut.of(self._proposals.review(example_id)))

    def approve(self, example_id: str) -> Any:
        done = self._proposals.approve(example_id, _BY)
        return jsonable_encoder(DoneOut.of(done, "Approved; the next training takes it in."))

    def reject(self, example_id: str, reason: str) -> Any:
        if not reason.strip():
            raise InvalidInput("a rejection needs a reason, which the proposer reads")
        return jsonable_encoder(DoneOut.of(self._proposals.examples.reject(example_id, _BY, reason), "Rejected."))

    def gaps(self, status: GapStatus) -> Any:
        self._gaps.collect()
        return jsonable_encoder(GapsOut(items=[GapOut.of(gap) for gap in self._gaps.listed(status)]))


@contextmanager
def training_desk() -> Iterator[Desk]:
    """The running server, else this process."""
    settings = current_settings()
    server = find_server(settings)
    if server is not None:
        yield ServerDesk(server)
        return
    with open_application(settings) as application:
        yield LocalDesk(application)
