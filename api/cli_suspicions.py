"""The commands about suspicious passages: list them, release one, take a release back."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console
from rich.markup import escape

from api.command_line import current_settings, open_application, print_json
from api.server_link import find_server
from core.identity import LOCAL_SUBJECT

__all__ = ["register"]

out = Console()

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]
_PATH = "/documents/suspicious"


def register(documents: typer.Typer) -> None:
    """Add these commands to those about documents."""
    documents.command("suspicious")(list_suspicious)
    documents.command("release")(release)


def list_suspicious(as_json: AsJson = False) -> None:
    """List the passages that look like orders to an assistant; they answer nobody until they are released."""
    from api.routes.suspicions import suspicious_out

    server = find_server(current_settings())
    if server is not None:
        found = server.get(_PATH)
    else:
        with open_application(current_settings()) as application:
            found = suspicious_out(application).model_dump(mode="json")
    if as_json:
        print_json(found)
        return
    for item in found["items"]:
        _print(item)
    if not found["items"]:
        out.print("No passage is suspicious.")


def release(
    chunk: Annotated[str, typer.Argument(help="A passage's id, as `assistant documents suspicious` lists it.")],
    undo: Annotated[bool, typer.Option("--undo", help="Keep it out of answers again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Let a suspicious passage answer questions; read it first."""
    from api.routes.suspicions import release_out, withdraw_out

    server = find_server(current_settings())
    if server is not None:
        path = f"{_PATH}/{quote(chunk, safe='')}/release"
        item = server.delete(path) if undo else server.post(path)
    else:
        with open_application(current_settings()) as application:
            done = withdraw_out(application, chunk) if undo else release_out(application, chunk, by=LOCAL_SUBJECT)
            item = done.model_dump(mode="json")
    if as_json:
        print_json(item)
    else:
        _print(item)


def _print(item: dict[str, Any]) -> None:
    state = f"[green]released by {escape(item['released_by'])}[/]" if item["released_by"] else "[yellow]held back[/]"
    where = " > ".join([item["document_id"], *item["section"]])
    out.print(f"{state} {item['chunk_id']}  {escape(where)}\n  {item['detail']}", highlight=False)
    out.print(f"  {' '.join(item['text'].split())[:300]}\n", markup=False, highlight=False)
