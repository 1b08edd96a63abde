from __future__ import annotations

import pytest

from core.errors import UnreadableDocument
from ingest.jsonfiles import read_json


def test_figures_stay_as_they_are_written() -> None:
    assert read_json('{"fee": 12.50, "code": 1e3, "open": true, "none": null}') == {
        "fee": "12.50", "code": "1e3", "open": "yes", "none": "",
    }  # fmt: skip


def test_one_record_a_line() -> None:
    assert read_json('{"a": 1}\n\n{"a": 2}\n') == [{"a": "1"}, {"a": "2"}]


@pytest.mark.parametrize(
    ("text", "reason"), [('{"a": ', "malformed"), ("", "empty"), ("[" * 100_000, "too_large"), ("words", "malformed")]
)
def test_what_cannot_be_read_has_a_reason(text: str, reason: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read_json(text)
    assert caught.value.reason == reason
