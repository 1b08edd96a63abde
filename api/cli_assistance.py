"""The commands about requests for a person: list, show, reply, send again; the running server is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.assistance_schemas import AssistancePageOut, AssistanceReplyOut, StaffRequestOut
from api.command_line import current_settings, open_application, print_json
from api.server_link import ServerLink, find_server
from assistance.reading import RequestFilter
from assistance.states import Status

if TYPE_CHECKING:
    from api.application import Application

__all__ = ["assistance_app"]

out = Console()
assistance_app = typer.Typer(help="Requests for a person.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]
RequestId = Annotated[str, typer.Argument(help="A request's id, as `assistant assistance list` shows it.")]


@dataclass(frozen=True, slots=True)
class _Desk:
    """Asks the server that has the data folder open, else does it here."""

    server: ServerLink | None
    application: Application | None

    def ask(self, remote: Callable[[ServerLink], Any], here: Callable[[Application], Any]) -> Any:
        if self.server is not None:
            return remote(self.server)
        assert self.application is not None
        return here(self.application).model_dump(mode="json")


@contextmanager
def _desk() -> Iterator[_Desk]:
    server = find_server(current_settings())
    if server is not None:
        yield _Desk(server, None)
        return
    with open_application(current_settings()) as application:
        yield _Desk(None, application)


@assistance_app.command("list")
def list_requests(
    status: Annotated[list[Status] | None, typer.Option(help="Only these; once for each status.")] = None,
    topic: Annotated[str | None, typer.Option(help="Only of this topic.")] = None,
    query: Annotated[str, typer.Option("--query", "-q", help="Only those with these words.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
    as_json: AsJson = False,
) -> None:
    """List requests, the newest first."""
    wanted = RequestFilter(statuses=frozenset(status or ()), topic=topic, query=query, limit=limit)
    params: dict[str, Any] = {"status": [item.value for item in status or ()], "q": query, "limit": limit}
    if topic is not None:
        params["topic"] = topic
    with _desk() as desk:
        page = desk.ask(
            lambda server: server.get("/assistance", params),
            lambda here: AssistancePageOut.of(here.assistance.desk.reader.listing(wanted)),
        )
    if as_json:
        print_json(page)
        return
    table = Table("request", "status", "topic", "since", "channels", box=None, pad_edge=False)
    for item in page["items"]:
        since = item["created_at"][:16].replace("T", " ")
        table.add_row(item["id"], item["status"], escape(item["topic"]), since, escape(", ".join(item["channels"])))
    out.print(table)
    out.print(f"{len(page['items'])} of {page['total']}", highlight=False)


@assistance_app.command("show")
def show_request(request: RequestId, as_json: AsJson = False) -> None:
    """Show one request with its deliveries and replies."""
    with _desk() as desk:
        found = desk.ask(
            lambda server: server.get(f"/assistance/{request}"),
            lambda here: StaffRequestOut.of(here.assistance.desk.reader.one(request)),
        )
    _tell(found, as_json)


@assistance_app.command("reply")
def reply(
    request: RequestId,
    text: Annotated[str, typer.Argument(help="The answer, in quotation marks.")],
    author: Annotated[str, typer.Option(help="The name that the person sees.")] = "Staff",
    as_json: AsJson = False,
) -> None:
    """Answer a person."""
    with _desk() as desk:
        found = desk.ask(
            lambda server: server.post(f"/assistance/{request}/replies", {"text": text, "author": author}),
            lambda here: AssistanceReplyOut.of(here.assistance.desk.reply(request, author=author, text=text)),
        )
    if as_json:
        print_json(found)
    else:
        out.print(f"Answered as {found['author']}.", markup=False, highlight=False)


@assistance_app.command("retry")
def retry(
    request: RequestId,
    delivery: Annotated[str, typer.Argument(help="A delivery's id, as `show` lists it.")],
    as_json: AsJson = False,
) -> None:
    """Send again what was given up."""
    with _desk() as desk:
        found = desk.ask(
            lambda server: server.post(f"/assistance/{request}/deliveries/{delivery}/retry"),
            lambda here: StaffRequestOut.of(here.assistance.desk.send_again(request, delivery)),
        )
    _tell(found, as_json)


def _tell(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    out.print(f"{found['topic']}, {found['status']}, {found['created_at']}\n", markup=False, highlight=False)
    out.print(found["description"], markup=False, highlight=False)
    for item in found["additions"]:
        out.print(f"\nadded: {item['text']}", markup=False, highlight=False)
    for item in found["replies"]:
        out.print(f"\n{item['author']} ({item['channel']}): {item['text']}", markup=False, highlight=False)
    table = Table("delivery", "channel", "to", "status", "attempts", "reason", box=None, pad_edge=False)
    for item in found["deliveries"]:
        cells = (item["channel"], item["target"] or "", item["status"], str(item["attempts"]), item["reason"] or "")
        table.add_row(item["id"], *map(escape, cells))
    out.print()
    out.print(table)
