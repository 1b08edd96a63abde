"""The generated pages say what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.reference import openapi_json, settings_markdown
from core.settings import Settings

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize(("page", "write"), [("settings.md", settings_markdown), ("openapi.json", openapi_json)])
def test_a_generated_page_is_up_to_date(page: str, write: object) -> None:
    assert callable(write)
    assert (DOCS / page).read_text(encoding="utf-8") == write(), "run `make docs`"


def test_every_setting_is_explained() -> None:
    page = settings_markdown()
    for name, field in Settings.model_fields.items():
        assert field.description
        assert field.description in page, name
