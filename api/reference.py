"""The generated pages of the documentation: `python -m api.reference` writes them, a test compares them."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import AliasChoices, SecretStr
from pydantic.fields import FieldInfo

from core.settings import Settings

__all__ = ["openapi_json", "settings_markdown", "write_reference"]

_HEAD = """# Settings

Every option is an environment variable or a line in a file `.env` beside the process; nothing has to be set. A value
that cannot be right stops the start with a sentence that says which one and why. Written by `make docs` from
`core/settings/`.

| Variable | Default | What it does |
|---|---|---|
"""


def settings_markdown() -> str:
    """`docs/settings.md`."""
    rows = [_row(name, field) for name, field in Settings.model_fields.items()]
    return _HEAD + "\n".join(rows) + "\n"


def openapi_json() -> str:
    """`docs/openapi.json`: what the HTTP interface promises."""
    from api.app import create_app

    return json.dumps(create_app(None).openapi(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def write_reference(folder: Path) -> None:
    """Write both into `folder`."""
    (folder / "settings.md").write_text(settings_markdown(), encoding="utf-8")
    (folder / "openapi.json").write_text(openapi_json(), encoding="utf-8")


def _row(name: str, field: FieldInfo) -> str:
    alias = field.validation_alias
    names = [str(choice).upper() for choice in alias.choices] if isinstance(alias, AliasChoices) else [name.upper()]
    value = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    default = "" if value is None else f"`{value}`"
    return f"| {' or '.join(f'`{each}`' for each in names)} | {default} | {field.description} |"


if __name__ == "__main__":
    write_reference(Path(__file__).parents[1] / "docs")
