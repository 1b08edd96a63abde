from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from core.errors import UnreadableDocument
from ingest.archive import check_archive, opened_archive, xml_root

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def reason_of(xml: str) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        xml_root(xml.encode())
    return caught.value.reason


def test_a_member_that_unpacks_to_a_thousand_times_its_size_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(17 << 20))
    with pytest.raises(UnreadableDocument, match="unpacks to 17 MiB"):
        check_archive(tmp_path / "a.docx")


def test_small_members_may_pack_as_well_as_they_like(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.odt", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", b" " * 100_000)
    with opened_archive(tmp_path / "a.odt") as opened:
        assert opened.namelist() == ["content.xml"]


def test_what_is_no_zip_is_malformed(tmp_path: Path) -> None:
    (tmp_path / "a.epub").write_bytes(b"PK\x03\x04 and then nothing")
    with pytest.raises(UnreadableDocument) as caught, opened_archive(tmp_path / "a.epub"):
        pass
    assert caught.value.reason == "malformed"


def test_an_entity_of_the_document_itself_is_read() -> None:
    assert "".join(xml_root(b'<!DOCTYPE a [<!ENTITY fee "155 $">]><a>It costs &fee;.</a>').itertext()) == (
        "It costs 155 $."
    )


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (f'<!DOCTYPE a [<!ENTITY l0 "lol">{LAUGHS}]><a>&l9;</a>', "too_large"),
        (f'<!DOCTYPE a [<!ENTITY q "{"x" * 50_000}">]><a>{"&q;" * 50_000}</a>', "too_large"),
        ('<!DOCTYPE a [<!ENTITY a "&b;"><!ENTITY b "&a;">]><a>&a;</a>', "too_large"),
        ("<a>" * 1000 + "</a>" * 1000, "too_large"),
        ("<a><b></a>", "malformed"),
    ],
)
def test_an_xml_bomb_ends_as_a_reason(xml: str, reason: str) -> None:
    assert reason_of(xml) == reason


def test_no_entity_brings_another_file_in(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    assert reason_of(f'<!DOCTYPE a [<!ENTITY q SYSTEM "{secret.as_uri()}">]><a>&q;</a>') == "malformed"
