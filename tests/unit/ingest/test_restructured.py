from __future__ import annotations

from pathlib import Path

from ingest.restructured import restructured_html


def test_sections_lists_and_literals() -> None:
    page = restructured_html("Fees\n====\n\nYou pay ``150`` or ``155``:\n\n- online\n\nMore\n----\n\nText.\n")
    assert "<h1>Fees</h1>" in page
    assert "<p>You pay 150 or 155:</p>" in page
    assert "<h2>More</h2>" in page
    assert "<li><p>online</p>" in page


def test_no_other_file_and_no_html_comes_in(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    page = restructured_html(f".. include:: {secret}\n\n.. raw:: html\n\n   <b>raw</b>\n\nText.\n")
    assert "the secret" not in page
    assert "<b>raw" not in page
    assert "Text." in page


def test_no_picture_file_is_read(tmp_path: Path) -> None:
    picture = tmp_path / "secret.svg"
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>the secret</text></svg>')
    assert "the secret" not in restructured_html(f".. image:: {picture}\n   :loading: embed\n\nText.\n")
