"""How many questions are worked on at once where nobody has set it."""

from __future__ import annotations

import pytest

from api.bootstrap import workers_for
from core.settings import Settings


@pytest.mark.parametrize(
    ("given", "has_model", "workers"),
    [
        ({}, False, 3),
        ({}, True, 8),
        ({"database_url": "postgresql://127.0.0.1/assistant"}, False, 8),
        ({"chroma_url": "http://127.0.0.1:8001"}, False, 8),
        ({"answer_workers": 5}, True, 5),
    ],
)
def test_who_waits_for_others_works_on_more_at_once(given: dict[str, object], has_model: bool, workers: int) -> None:
    settings = Settings.model_validate({"_env_file": None, **given})
    assert workers_for(settings, has_model=has_model) == workers
