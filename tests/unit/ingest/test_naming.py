"""Names that a document may have."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput, UnreadableDocument
from ingest.naming import checked_folder, checked_name


@given(st.text(max_size=300), st.text(max_size=60))
def test_whatever_is_sent_a_name_that_passes_is_one_visible_file_of_its_folder(stem: str, folder: str) -> None:
    root = Path("/kb")
    try:
        path = root.joinpath(*checked_folder(folder), checked_name(f"{stem}.md"))
    except InvalidInput:
        return
    assert path.resolve().is_relative_to(root)
    assert path.suffix == ".md"
    assert not any(part.startswith(".") for part in path.parts[1:])
    assert len(path.name.encode()) <= 200
    assert all(unicodedata.category(char) != "Cc" for char in str(path))


@given(st.from_regex(r"[\w][\w ,'()\-]{0,40}[\w)]", fullmatch=True))
def test_ordinary_names_of_every_script_pass(stem: str) -> None:
    name = f"{stem}.pdf"
    assert checked_name(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    "name", ["", ".md", "~$a.docx", "a/b.md", "a\\b.md", " a.md", "a\u202e.md", "a\n.md", "SOURCES.yaml", "a.meta.yaml"]
)
def test_a_name_that_hides_or_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        checked_name(name)


def test_a_kind_of_file_that_cannot_be_read_is_named() -> None:
    with pytest.raises(UnreadableDocument) as caught:
        checked_name("setup.exe")
    assert caught.value.reason == "unsupported"


def test_a_joiner_that_belongs_to_a_word_is_kept() -> None:
    assert checked_name("می\u200cخواهم.md") == "می\u200cخواهم.md"


def test_folders_have_an_end() -> None:
    assert checked_folder("") == ()
    assert checked_folder("canada/forms") == ("canada", "forms")
    with pytest.raises(InvalidInput, match="8 is the most"):
        checked_folder("/".join("abcdefghi"))
