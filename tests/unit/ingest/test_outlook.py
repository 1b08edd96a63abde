from __future__ import annotations

import pytest

from ingest.outlook import is_sealed


@pytest.mark.parametrize(
    ("kind", "content_type", "sealed"),
    [
        ("ipm.note", "text/plain", False),
        ("ipm.note.smime", "", True),
        ("ipm.note.smime.multipartsigned", "multipart/signed", False),
        ("ipm.note", "multipart/encrypted; protocol=x", True),
    ],
)
def test_a_sealed_mail_is_told_by_its_kind_or_its_header(kind: str, content_type: str, sealed: bool) -> None:
    assert is_sealed(kind, content_type) is sealed
