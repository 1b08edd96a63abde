"""The `assistant` command."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from api.command_line import ExitCode, current_settings, duration, fail, open_application, print_json, use_settings
from api.lazy_commands import Later, lazy_group
from api.server_link import find_server, server_state
from core.errors import AssistantError
from core.settings import Settings
from core.types import Scope

__all__ = ["app", "main"]

_LATER = {
    "ingest": Later("api.cli_knowledge:ingest", "Index documents; unchanged ones cost nothing."),
    "reindex": Later("api.cli_knowledge:reindex", "Build both indexes anew from the database."),
    "check": Later("api.cli_check:check", "Look for mistakes in the documents."),
    "fetch": Later("api.cli_fetch:fetch", "Fetch the official pages of sources.yaml."),
    "eval": Later("api.cli_evals:evaluate", "Ask the eval cases and judge the replies."),
    "train": Later("api.cli_training:train", "Train in what was approved, if the evals agree."),
    "documents": Later("api.cli_documents:documents_app", "The documents that answers come from."),
    "training": Later("api.cli_examples:training_app", "Answers that experts propose and approvers decide on."),
    "models": Later("api.cli_training:models_app", "Model versions: what was trained in, and the way back."),
    "assistance": Later("api.cli_assistance:assistance_app", "Requests for a person."),
    "key": Later("api.cli_keys:key_app", "API keys for programs."),
    "bench": Later("api.cli_bench:bench_app", "Measure on sets with marked answers."),
}
app = typer.Typer(
    name="assistant", cls=lazy_group(_LATER), no_args_is_help=False, add_completion=False, rich_markup_mode=None,
    pretty_exceptions_enable=False,
)  # fmt: skip
token_app = typer.Typer(help="Tokens for programs and staff.", no_args_is_help=True)
app.add_typer(token_app, name="token")
out = Console()


def main() -> None:
    """Run the command; an expected error is one line and an exit code, never a traceback."""
    try:
        app()
    except AssistantError as error:
        fail(error.detail)
    except KeyboardInterrupt:
        Console(stderr=True).print("\nStopped. What was done is kept; run the same command to go on.")
        sys.exit(ExitCode.INTERRUPTED)


@app.callback(invoke_without_command=True)
def overview(
    context: typer.Context,
    data_dir: Annotated[
        Path | None, typer.Option("--data-dir", help="Folder of database and indexes, instead of DATA_DIR.")
    ] = None,
    knowledge_base: Annotated[
        Path | None, typer.Option("--knowledge-base", help="Folder of documents, instead of KNOWLEDGE_BASE.")
    ] = None,
) -> None:
    """Answers immigration questions from your documents, every sentence with its exact quote."""
    given = {"data_dir": data_dir, "knowledge_base": knowledge_base}
    try:
        use_settings(Settings(**{name: path for name, path in given.items() if path is not None}))  # type: ignore[arg-type]
    except ValidationError as error:
        fail("; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()))
    if context.invoked_subcommand is None:
        out.print(context.get_help(), highlight=False)
        out.print(server_state(current_settings()), markup=False, highlight=False, soft_wrap=True)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on, instead of HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on, instead of PORT.")] = None,
) -> None:
    """Serve the pages and the HTTP interface, and keep the documents indexed."""
    # Nothing that is imported and opened becomes garbage; looking for some takes a tenth of the start.
    gc.disable()
    from api.serving import serve as run

    changed = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    run(current_settings().model_copy(update=changed))


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotation marks.")],
    jurisdiction: Annotated[str | None, typer.Option(help="Country code, as CA; all when left out.")] = None,
    as_of: Annotated[str | None, typer.Option(help="The day whose rules are wanted, as 2026-11-20.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the reply as one JSON object.")] = False,
) -> None:
    """Answer one question, here or by the running server."""
    from api.printing import print_reply

    body = {"question": question, "jurisdiction": jurisdiction, "as_of": as_of}
    sent = {name: value for name, value in body.items() if value is not None}
    server = find_server(current_settings())
    if server is not None:
        reply = server.post("/chat", sent)
    else:
        from api import cli_knowledge

        with open_application(current_settings()) as application:
            cli_knowledge.index_when_empty(application)
            reply = cli_knowledge.ask_here(application, sent)
    if as_json:
        print_json(reply)
    else:
        print_reply(out, reply)


@token_app.command("create")
def create_token(
    scope: Annotated[list[Scope], typer.Option(help="What it may do; give it once for each scope.")],
    expires: Annotated[str, typer.Option(help="How long it holds: 30d, 12h or 45m.")] = "30d",
    subject: Annotated[str, typer.Option(help="Whom it is for; shown in logs.")] = "operator",
) -> None:
    """Make a token for `Authorization: Bearer …`; it is shown once and kept nowhere."""
    from core.identity import Identities, load_signing_key

    identities = Identities(load_signing_key(current_settings()))
    typer.echo(identities.issue_token(subject, scope, expires_in=duration(expires)))
