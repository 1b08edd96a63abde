"""The commands about API keys; they work beside a running server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from api.command_line import current_settings, duration, print_json
from core.database import Database
from core.identity import LOCAL_SUBJECT, ApiKey, ApiKeys
from core.types import Scope

__all__ = ["key_app"]

key_app = typer.Typer(help="API keys for programs.", no_args_is_help=True)
out = Console()


@key_app.command("create")
def create(
    scope: Annotated[list[Scope], typer.Option(help="What it may do; give it once for each scope.")],
    name: Annotated[str, typer.Option(help="What it is for; shown in the list.")],
    expires: Annotated[str, typer.Option(help="How long it holds: 90d, 12h, 45m or never.")] = "90d",
) -> None:
    """Make a key for `X-API-Key: …` or `Authorization: Bearer …`; it is shown once and kept nowhere."""
    if not 0 < len(name.strip()) <= 100:
        raise typer.BadParameter("give a name of 1 to 100 characters", param_hint="--name")
    expires_in = None if expires == "never" else duration(expires)
    with _keys() as keys:
        _, text = keys.create(name.strip(), scope, expires_in=expires_in, created_by=LOCAL_SUBJECT)
    typer.echo(text)


@key_app.command("list")
def list_keys(as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False) -> None:
    """List all keys, revoked ones too."""
    from api.routes.keys import KeyOut

    with _keys() as keys:
        found = keys.listed()
    if as_json:
        print_json([KeyOut.of(key).model_dump(mode="json") for key in found])
        return
    for key in found:
        out.print(f"{key.id}  {escape(key.name)}: {', '.join(sorted(key.scopes))}; {_state(key)}", highlight=False)
    if not found:
        out.print("There is no API key.")


@key_app.command("revoke")
def revoke(key_id: Annotated[str, typer.Argument(help="The key's id, as `assistant key list` shows it.")]) -> None:
    """Take a key back, from the next call on."""
    with _keys() as keys:
        keys.revoke(key_id)
    out.print(f"revoked {escape(key_id)}", highlight=False)


@contextmanager
def _keys() -> Iterator[ApiKeys]:
    database = Database(current_settings().sqlalchemy_url)
    try:
        database.migrate()
        yield ApiKeys(database)
    finally:
        database.close()


def _state(key: ApiKey) -> str:
    if key.revoked_at is not None:
        return f"revoked {key.revoked_at:%Y-%m-%d}"
    until = "until it is revoked" if key.expires_at is None else f"until {key.expires_at:%Y-%m-%d %H:%M} UTC"
    used = "never used" if key.last_used_at is None else f"last used {key.last_used_at:%Y-%m-%d}"
    return f"holds {until}, {used}"
