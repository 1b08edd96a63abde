"""Commands that are imported when they are called: the list of them must not wait for what they need."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperGroup

__all__ = ["Later", "lazy_group"]


@dataclass(frozen=True, slots=True)
class Later:
    """A command that has yet to be imported: `target` is `module:name`, a function or a `Typer`."""

    target: str
    summary: str

    def load(self, name: str) -> Any:
        """Import the command."""
        module, attribute = self.target.split(":")
        found = getattr(importlib.import_module(module), attribute)
        root = typer.Typer(add_completion=False, rich_markup_mode=None)
        if isinstance(found, typer.Typer):
            root.add_typer(found, name=name)
        else:
            root.command(name)(found)
        return typer.main.get_group(root).commands[name]


def lazy_group(later: Mapping[str, Later]) -> type[TyperGroup]:
    """A group with the commands of `later` after those that it has anyway."""

    class LazyGroup(TyperGroup):
        def list_commands(self, ctx: Any) -> list[str]:
            return [*later, *super().list_commands(ctx)]

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            if cmd_name in later and cmd_name not in self.commands:
                self.commands[cmd_name] = later[cmd_name].load(cmd_name)
            return super().get_command(ctx, cmd_name)

        def format_commands(self, ctx: Any, formatter: Any) -> None:
            own = {name: command.get_short_help_str() for name, command in self.commands.items() if name not in later}
            lines = {name: command.summary for name, command in later.items()} | own
            with formatter.section("Commands"):
                formatter.write_dl(list(lines.items()))

    return LazyGroup
