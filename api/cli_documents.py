"""The commands about single documents: list, show, add, describe, remove, bring back, erase, read again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from api import cli_suspicions
from api.cli_check import due
from api.command_line import ExitCode, current_settings, fail, open_application, print_json
from api.document_list import DocumentFilter
from api.document_schemas import DocumentState
from api.editor_desk import Desk, LocalDesk, ServerDesk
from api.server_link import find_server
from core.errors import AssistantError
from core.types import Scope

__all__ = ["documents_app"]

out = Console()
err = Console(stderr=True)
documents_app = typer.Typer(help="The documents that answers come from.", invoke_without_command=True)
cli_suspicions.register(documents_app)
documents_app.command("due")(due)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]
DocumentId = Annotated[str, typer.Argument(help="A document's id, as `assistant documents` lists it.")]
Said = Annotated[
    list[str] | None, typer.Option("--set", help="Something to say of it, as `jurisdiction=CA`; once for each key.")
]

_STATES = {
    DocumentState.LIVE: "[green]live[/]", DocumentState.STALE: "[yellow]older version answers[/]",
    DocumentState.UNREADABLE: "[yellow]not read[/]", DocumentState.INDEXING: "being read",
    DocumentState.WAITING: "waiting", DocumentState.REMOVED: "removed",
}  # fmt: skip
_PAGE_TOKEN_HOLDS = timedelta(hours=12)  # a working day; the page then asks for another


@documents_app.callback()
def list_documents(
    context: typer.Context,
    state: Annotated[list[DocumentState] | None, typer.Option(help="Only these; once for each state.")] = None,
    country: Annotated[str | None, typer.Option(help="Only of this country, as CA.")] = None,
    query: Annotated[str, typer.Option("--query", "-q", help="Only those with these words in id or title.")] = "",
    as_json: AsJson = False,
) -> None:
    """List every file: whether it answers questions, and if not, why."""
    if context.invoked_subcommand is not None:
        return
    with _desk() as desk:
        listing = desk.listing(DocumentFilter(states=frozenset(state or ()), jurisdiction=country, query=query))
    if as_json:
        print_json(listing)
        return
    document = Column("document", overflow="fold")  # an id that is cut can neither be copied nor searched for
    table = Table(document, "state", "country", "passages", "checked by a person", box=None, pad_edge=False)
    for item in listing["items"]:
        passages, checked = (str(item["chunks"]), item["reviewed_on"] or "not yet") if item["version"] else ("", "")
        table.add_row(escape(item["id"]), _state(item), item["jurisdiction"] or "", passages, checked)
    out.print(table)
    for item in listing["items"]:
        if item["detail"]:
            out.print(f"{_state(item)} {escape(item['id'])}: {escape(item['detail'])}", highlight=False)


@documents_app.command("show")
def show_document(
    document: DocumentId,
    version: Annotated[str | None, typer.Option(help="A version; the current one when left out.")] = None,
    text: Annotated[
        bool, typer.Option("--text", help="Print the canonical text alone, to the last character.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show one document as the assistant sees it; quotes are counted in this text."""
    with _desk() as desk:
        found = desk.text(document, version)
    if as_json:
        print_json(found)
    elif text:
        typer.echo(found["text"], nl=False)
    else:
        out.print(f"[bold]{escape(found['title'])}[/]  version {found['version']}, {found['status']}\n")
        out.print(found["text"], markup=False, highlight=False)


@documents_app.command("add")
def add_documents(
    files: Annotated[list[Path], typer.Argument(help="Files to copy into the knowledge base.")],
    folder: Annotated[str, typer.Option(help="Folder below the knowledge base, made when it is not there.")] = "",
    said: Said = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace documents of the same name.")] = False,
    as_json: AsJson = False,
) -> None:
    """Add files and say what became of each; one that cannot be read is not kept."""
    fields = _pairs(said or [])
    for file in files:
        if not file.is_file():
            fail(f"there is no file {str(file)!r}; give files that exist")
    with _desk() as desk:
        results = []
        for file in files:
            results.append(_added(desk, file, folder, fields, replace=replace))
            if not as_json:
                _tell_added(results[-1])
    if as_json:
        print_json(results)
    if any("error" in result for result in results):
        raise typer.Exit(ExitCode.SOME_UNREADABLE)


@documents_app.command("describe")
def describe_document(document: DocumentId, said: Said = None, as_json: AsJson = False) -> None:
    """Say something of a document without touching its file, as `--set reviewed_on=2026-11-20`."""
    if not said:
        fail("nothing was said; give at least one --set key=value")
    with _desk() as desk:
        _tell(desk.describe(document, _pairs(said)), as_json)


@documents_app.command("remove")
def remove_documents(documents: Annotated[list[str], typer.Argument(help="Ids.")], as_json: AsJson = False) -> None:
    """Take documents out of answers; `assistant documents restore` brings them back within 30 days."""
    with _desk() as desk:
        results = [desk.remove(document) for document in documents]
    if as_json:
        print_json(results)
        return
    for result in results:
        out.print(f"removed {escape(result['id'])}", highlight=False)


@documents_app.command("restore")
def restore_document(document: DocumentId, as_json: AsJson = False) -> None:
    """Bring a removed document back."""
    with _desk() as desk:
        _tell(desk.restore(document), as_json)


@documents_app.command("reread")
def reread_document(document: DocumentId, as_json: AsJson = False) -> None:
    """Read a document's file anew though it did not change."""
    with _desk() as desk:
        _tell(desk.reread(document), as_json)


@documents_app.command("erase")
def erase_document(
    document: DocumentId,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase a document and its text in every version for good, and search the data folder for what may be left."""
    if not yes:
        typer.confirm(f"Erase {document}? There is no undo, and quotes given earlier will no longer open.", abort=True)
    with _desk() as desk, err.status("Erasing…") if err.is_terminal else nullcontext():
        result = desk.erase(document)
    if as_json:
        print_json(result)
        return
    out.print(f"erased {escape(result['id'])}", highlight=False)
    if proof := result["proof"]:
        _print_proof(proof)


@documents_app.command("page")
def page_link() -> None:
    """Print a link to the documents page that signs an editor in; whoever has it may edit for 12 hours."""
    from core.identity import Identities, load_signing_key

    settings = current_settings()
    server = find_server(settings)
    if server is None:
        fail("no server has this data folder open, so there is no page; start one with: assistant serve")
    scopes = (Scope.KNOWLEDGE_READ, Scope.KNOWLEDGE_WRITE)
    token = Identities(load_signing_key(settings)).issue_token("editor", scopes, expires_in=_PAGE_TOKEN_HOLDS)
    typer.echo(f"{server.address}/app/documents#token={token}")


@contextmanager
def _desk() -> Iterator[Desk]:
    """The running server, else this process."""
    settings = current_settings()
    server = find_server(settings)
    if server is not None:
        yield ServerDesk(server, root=settings.knowledge_base.resolve().name)
        return
    with open_application(settings) as application:
        yield LocalDesk(application)


def _added(desk: Desk, file: Path, folder: str, fields: dict[str, str], *, replace: bool) -> dict[str, Any]:
    """The document, or its `error`: one bad file must not keep the others out."""
    try:
        found: dict[str, Any] = desk.add(file, folder=folder, said=fields, replace=replace)
    except AssistantError as error:
        return {"file": file.name, "error": error.detail}
    return found


def _tell_added(result: dict[str, Any]) -> None:
    if "error" in result:
        words = f"[yellow]not added[/] {escape(result['file'])}: {escape(result['error'])}"
    else:
        words = f"{_state(result)} {escape(result['id'])}, {result['chunks']} passages"
    out.print(words, highlight=False, soft_wrap=True)


def _tell(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(found)
    else:
        out.print(f"{_state(found)} {escape(found['id'])}", highlight=False)


def _state(item: dict[str, Any]) -> str:
    return _STATES[DocumentState(item["state"])]


def _print_proof(proof: dict[str, Any]) -> None:
    gone = f"gone: {proof['versions']} version(s), {proof['passages']} passage(s)"
    if not proof["probes"]:
        out.print(f"{gone}; nothing was looked for, because other documents hold the same text.", highlight=False)
        return
    left = ", ".join(escape(name) for name in proof["found_in"])
    found = f"[yellow]still in {left}[/], where answers that people were given quote it" if left else "none was found"
    out.print(
        f"{gone}; {proof['probes']} pieces looked for in {proof['files']} files: {found}.",
        highlight=False,
        soft_wrap=True,
    )


def _pairs(said: list[str]) -> dict[str, str]:
    pairs = {}
    for item in said:
        key, separator, value = item.partition("=")
        if not separator:
            fail(f"{item!r} is no key=value; write it as jurisdiction=CA")
        pairs[key.strip()] = value.strip()
    return pairs
