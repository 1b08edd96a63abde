"""One document in many formats through the real child process: each gives the same."""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from core.errors import UnreadableDocument
from core.settings import Settings
from ingest.blocks import BlockKind
from ingest.parser import Parser
from tests.integration.reading import read, said

H, P, L, R, Q, A = (
    BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.ROW, BlockKind.QUESTION, BlockKind.ANSWER,
)  # fmt: skip
STUDY = [
    (H, "Study"),
    (P, "You need:"),
    (L, "a passport"),
    (L, "a photo"),
    (R, "Permit: Study; Fee: $150"),
    (R, "Permit: Work; Fee: $155"),
]
RTF = (
    r"{\rtf1\ansi\pard\outlinelevel0 Study\par\pard You need:\par{\listtext\'b7\tab}a passport\par"
    r"{\listtext\'b7\tab}a photo\par\trowd\cellx1\cellx2 Permit\cell Fee\cell\row Study\cell $150\cell\row "
    r"Work\cell $155\cell\row }"
)
HTML = (
    "<h1>Study</h1><p>You need:</p><ul><li>a passport</li><li>a photo</li></ul><table><tr><th>Permit</th><th>Fee</th>"
    "</tr><tr><td>Study</td><td>$150</td></tr><tr><td>Work</td><td>$155</td></tr></table>"
)
ORG = "* Study\nYou need:\n- a passport\n- a photo\n\n| Permit | Fee |\n|---+---|\n| Study | $150 |\n| Work | $155 |\n"
RST = (
    "Study\n=====\n\nYou need:\n\n- a passport\n- a photo\n\n====== ====\nPermit Fee\n====== ====\nStudy  $150\n"
    "Work   $155\n====== ====\n"
)
XML = (
    "<topic><title>Study</title><body><p>You need:</p><ul><li>a passport</li><li>a photo</li></ul><simpletable>"
    "<sthead><stentry>Permit</stentry><stentry>Fee</stentry></sthead><strow><stentry>Study</stentry><stentry>$150"
    "</stentry></strow><strow><stentry>Work</stentry><stentry>$155</stentry></strow></simpletable></body></topic>"
)


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser(Settings()) as parser:
        yield parser


@pytest.mark.parametrize(
    ("name", "text"), [("a.rtf", RTF), ("a.html", HTML), ("a.org", ORG), ("a.rst", RST), ("a.xml", XML)]
)
def test_one_document_is_the_same_in_every_format(parser: Parser, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    blocks = read(parser, tmp_path / name)
    assert said(blocks) == STUDY
    assert [block.lead_in for block in blocks[2:4]] == ["You need:"] * 2


def test_opendocument_and_epub(parser: Parser, tmp_path: Path) -> None:
    names = "xmlns:t='urn:t' xmlns:office='urn:o'"
    items = "".join(f"<t:list-item><t:p>{item}</t:p></t:list-item>" for item in ("a passport", "a photo"))
    rows = "".join(
        f"<t:table-row>{''.join(f'<t:table-cell><t:p>{cell}</t:p></t:table-cell>' for cell in row)}</t:table-row>"
        for row in (("Permit", "Fee"), ("Study", "$150"), ("Work", "$155"))
    )
    body = f"<t:h>Study</t:h><t:p>You need:</t:p><t:list>{items}</t:list><t:table>{rows}</t:table>"
    with zipfile.ZipFile(tmp_path / "a.odt", "w") as archive:
        archive.writestr("content.xml", f"<office:doc {names}><office:body>{body}</office:body></office:doc>")
    package = '<package><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/><itemref idref="c"/></package>'
    with zipfile.ZipFile(tmp_path / "a.epub", "w") as archive:
        archive.writestr("META-INF/container.xml", '<container><rootfile full-path="a.opf"/></container>')
        archive.writestr("a.opf", package)
        archive.writestr("c.xhtml", f"<html><body>{HTML}</body></html>")
    assert said(read(parser, tmp_path / "a.odt")) == STUDY
    assert said(read(parser, tmp_path / "a.epub")) == STUDY


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.tsv"])
def test_questions_with_answers_in_data(parser: Parser, tmp_path: Path, name: str) -> None:
    record = {"question": "Is it free?", "answer": "No, you pay $5.", "country": "CA"}
    texts = {
        "a.json": json.dumps({"faq": [record]}),
        "a.jsonl": f"{json.dumps(record)}\n{json.dumps(record)}\n",
        "a.tsv": "\n".join("\t".join(cells) for cells in (record, record.values())),
    }
    (tmp_path / name).write_text(texts[name])
    blocks = [block for block in read(parser, tmp_path / name) if block.kind in (Q, A)]
    assert said(blocks)[:2] == [(Q, "Is it free?"), (A, "No, you pay $5.")]
    assert {block.jurisdiction for block in blocks} == {"CA"}
    assert [block.unit for block in blocks][:2] == [1, 1]


def test_an_old_sheet(parser: Parser, tmp_path: Path) -> None:
    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def label(row: int, column: int, text: str) -> bytes:
        return record(4, struct.pack("<HH", row, column) + bytes(3) + bytes([len(text)]) + text.encode())

    rows = [("Permit", "Fee"), ("Study", "$150"), ("Work", "$155")]
    cells = [label(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row)]
    (tmp_path / "a.xls").write_bytes(record(9, struct.pack("<HH", 2, 16)) + b"".join(cells) + record(10, b""))
    assert said(read(parser, tmp_path / "a.xls")) == STUDY[4:]


def test_a_mail_in_an_encoding_that_only_mails_name(parser: Parser, tmp_path: Path) -> None:
    message = EmailMessage()
    message["Subject"] = "Fees"
    message.set_content("שלום לכם", charset="iso-8859-8")
    mail = message.as_bytes().replace(b"iso-8859-8", b"iso-8859-8-i")
    (tmp_path / "a.eml").write_bytes(mail)
    assert [block.text for block in read(parser, tmp_path / "a.eml")] == ["Fees", "שלום לכם"]


def test_one_csv_is_the_same_in_every_encoding(parser: Parser, tmp_path: Path) -> None:
    text = "Permit;Fee\nStudie für Schüler;150 €\nArbeit;155 €\n"
    found = []
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32-le", "cp1252"):
        (tmp_path / "a.csv").write_bytes(text.encode(encoding))
        found.append(said(read(parser, tmp_path / "a.csv")))
    assert found == [[(R, "Permit: Studie für Schüler; Fee: 150 €"), (R, "Permit: Arbeit; Fee: 155 €")]] * len(found)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.rtf", b"no rtf", "malformed"),
        ("a.rtf", b"{\\rtf1 }", "empty"),
        ("a.odt", b"no zip", "malformed"),
        ("a.epub", b"no zip", "malformed"),
        ("a.json", b"{", "malformed"),
        ("a.json", b"[]", "empty"),
        ("a.xml", b"<a/>", "empty"),
        ("a.xml", b"<a>", "malformed"),
        ("a.xls", b"no sheet", "malformed"),
        ("a.msg", b"no mail", "malformed"),
        ("a.png", b"no picture", "malformed"),
        ("a.html", b"<div>" * 10_000, "too_large"),
    ],
)
def test_a_file_that_gives_no_text_has_a_reason(
    parser: Parser, tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UnreadableDocument) as caught:
        read(parser, tmp_path / name)
    assert caught.value.reason == reason
