"""`assistant fetch`: official pages, fetched now, listed, and decided on when they changed too much."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.command_line import ExitCode, current_settings, fail, open_application, print_json
from api.routes.sources import FetchIn, FetchOut, SourceOut, SourcesOut, fetch_out, fetch_sources, sources_out
from api.server_link import find_server
from ingest.fetch.report import FetchOutcome, FetchReport

if TYPE_CHECKING:
    from api.application import Application

__all__ = ["fetch"]

out = Console()
err = Console(stderr=True)


def fetch(
    addresses: Annotated[
        list[str] | None, typer.Argument(help="Pages of sources.yaml; those that are due when left out.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Fetch every page, due or not.")] = False,
    listing: Annotated[bool, typer.Option("--list", help="Fetch nothing; show the pages and their state.")] = False,
    accept: Annotated[str | None, typer.Option(help="Take the new state of this flagged page.")] = None,
    refuse: Annotated[str | None, typer.Option(help="Keep the text of this flagged page as it was.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Fetch official pages of sources.yaml; exit code 3 when some were flagged and stay as they were."""
    chosen = [bool(addresses), everything, listing, accept is not None, refuse is not None]
    if sum(chosen) > 1:
        fail("give addresses, --all, --list, --accept or --refuse, one of them at a time")
    if listing:
        _list(as_json=as_json)
        return
    if accept is not None:
        done = _call("accept", {"address": accept}, lambda application: application.fetcher.accept(accept))
    elif refuse is not None:
        done = _call("refuse", {"address": refuse}, lambda application: application.fetcher.refuse(refuse))
    else:
        asked = FetchIn(addresses=addresses or [], all=everything)
        done = _call("fetch", asked.model_dump(), lambda application: fetch_sources(application, asked))
    print_json(done.model_dump(mode="json")) if as_json else _print(done)
    if done.sync.unreadable or any(page.outcome is FetchOutcome.FLAGGED for page in done.pages):
        raise typer.Exit(ExitCode.SOME_UNREADABLE)


def _list(*, as_json: bool) -> None:
    server = find_server(current_settings())
    if server is not None:
        found = SourcesOut.model_validate(server.get("/sources"))
    else:
        with open_application(current_settings()) as application:
            found = sources_out(application)
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    table = Table("page", "country", "checked", "due", "state", box=None, pad_edge=False)
    for item in found.items:
        days = [f"{moment:%Y-%m-%d %H:%M}" if moment else "" for moment in (item.checked_at, item.due_at)]
        table.add_row(Text(item.address), item.jurisdiction, days[0], days[1] or "now", _state(item))
    out.print(table)
    for item in found.items:
        if item.problem is not None:
            _print_problem(item)
    if not found.scheduled:
        out.print(
            "\nPages are fetched by this command alone; with FETCH_SOURCES=true the server does it when they are due."
        )


def _state(item: SourceOut) -> Text:
    if item.problem is not None:
        return Text(item.problem, "yellow")
    return Text(f"{item.words} words" if item.words else "no text yet")


def _print_problem(item: SourceOut) -> None:
    out.print(Text(f"\n{item.address}\n  {_because(item.sentence, item.detail)}"), soft_wrap=True)
    if item.needs_decision:
        for choice, meaning in (("--accept", "take the new state"), ("--refuse", "keep the old text")):
            out.print(Text(f"  assistant fetch {choice} {item.address}  to {meaning}", "dim"), soft_wrap=True)


def _because(sentence: str | None, detail: str) -> str:
    return f"{sentence} ({detail})" if detail else sentence or ""


def _call(action: str, body: dict[str, object], here: Callable[[Application], FetchReport]) -> FetchOut:
    server = find_server(current_settings())
    with err.status("Fetching…") if err.is_terminal else nullcontext():
        if server is not None:
            return FetchOut.model_validate(server.post(f"/sources/{action}", body))
        with open_application(current_settings()) as application:
            return fetch_out(here(application))


def _print(done: FetchOut) -> None:
    if not done.pages:
        out.print("Nothing is due. Fetch a page by its address, or all with --all.")
    for page in done.pages:
        line = Text.assemble((f"{page.outcome:<10}", _STYLES.get(page.outcome, "")), page.address)
        if page.sentence:
            line.append(f"\n          {_because(page.sentence, page.detail)}", "yellow")
        out.print(line, soft_wrap=True)
    for item in done.sync.unreadable:
        out.print(Text(f"not read  {item.id}: {item.detail}", "yellow"), soft_wrap=True)


_STYLES = {FetchOutcome.FLAGGED: "yellow", FetchOutcome.ADDED: "green", FetchOutcome.CHANGED: "green"}
