"""`assistant train` and `assistant models`: start a run, look at versions, go back to one."""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from api.command_line import ExitCode, current_settings, open_application, print_json
from api.routes.training_runs import ModelOut, RunOut
from api.server_link import ServerLink, find_server
from training.version_tables import RunStatus

__all__ = ["models_app", "train"]

models_app = typer.Typer(help="Model versions: what was trained in, and the way back.", no_args_is_help=True)
out = Console()

_BY = "command-line"
_POLL_S = 0.5
_ENDED = (RunStatus.DONE.value, RunStatus.FAILED.value)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def train(as_json: AsJson = False) -> None:
    """Train in what was approved, hold it against the current version and promote it if nothing gets worse."""
    server = find_server(current_settings())
    if server is not None:
        run = _watched(server, server.post("/training/runs"))
    else:
        with open_application(current_settings()) as application:
            run = RunOut.model_validate(application.training.start(_BY)).model_dump(mode="json")
    if as_json:
        print_json(run)
    else:
        _print_run(run)
    if run["status"] == RunStatus.FAILED:
        raise typer.Exit(ExitCode.FAILED)


@models_app.command("list")
def list_models(as_json: AsJson = False) -> None:
    """Every version, the newest first."""
    models = _models()
    if as_json:
        print_json({"items": models})
        return
    table = Table("", "version", "status", "answers", "new", "promoted", "by", box=None, pad_edge=False)
    for model in models:
        mark = "current" if model["is_current"] else ""
        promoted = (model["promoted_at"] or "")[:16].replace("T", " ")
        counts = (str(len(model["examples"])), str(len(model["added"])))
        table.add_row(mark, model["id"], model["status"], *counts, promoted, model["created_by"])
    out.print(table)


@models_app.command("current")
def current_model(as_json: AsJson = False) -> None:
    """The version that answers now."""
    [model] = [one for one in _models() if one["is_current"]]
    if as_json:
        print_json(model)
    else:
        _print_model(model)


@models_app.command("activate")
def activate_model(
    version_id: Annotated[str, typer.Argument(help="The version, as v3; v0 is what there was before any training.")],
    as_json: AsJson = False,
) -> None:
    """Answer by this version from now on, an older or a newer one."""
    server = find_server(current_settings())
    if server is not None:
        model = server.post(f"/models/{version_id}/activate")
    else:
        with open_application(current_settings()) as application:
            model = _dumped(application.versions.activate(version_id, _BY))
    if as_json:
        print_json(model)
    else:
        _print_model(model)


def _models() -> list[dict[str, Any]]:
    server = find_server(current_settings())
    if server is not None:
        items: list[dict[str, Any]] = server.get("/models")["items"]
        return items
    with open_application(current_settings()) as application:
        return [_dumped(version) for version in application.versions.listed()]


def _dumped(version: object) -> dict[str, Any]:
    return ModelOut.model_validate(version).model_dump(mode="json")


def _watched(server: ServerLink, run: dict[str, Any]) -> dict[str, Any]:
    out.print(run["message"])
    while run["status"] not in _ENDED:
        time.sleep(_POLL_S)
        run = server.get(f"/training/runs/{run['id']}")
    return run


def _print_run(run: dict[str, Any]) -> None:
    report = run["report"] or {}
    out.print(f"Run {run['id']}: {run['status']}", f"version {run['version_id']}" if run["version_id"] else "")
    if report:
        out.print(f"{report['accepted']} answers trained in, {report['refused']} set aside", end="")
        out.print(f", {report['cases']} cases held against the version before.")
    for example_id, why in report.get("set_aside", {}).items():
        out.print(f"  {example_id}: {why}", highlight=False)
    if run["reason"]:
        out.print(run["reason"], highlight=False)


def _print_model(model: dict[str, Any]) -> None:
    which = "answers now" if model["is_current"] else model["status"]
    out.print(f"{model['id']}: {which}, {len(model['examples'])} approved answers, {len(model['added'])} of them new")
