from __future__ import annotations

import io

import pdfplumber

from ingest.pdfforms import dynamic_form, form_fields
from tests.pdf_bytes import pdf_of

PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"


def test_fields_that_were_filled_in_are_rows_with_their_labels() -> None:
    catalog = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R 5 0 R 6 0 R] >> >>"
    name = b"<< /FT /Tx /T (f1) /TU (Family name) /V (Okafor) /P 3 0 R >>"
    married = b"<< /T (Married) /Kids [<< /FT /Btn /V /Yes >> << /FT /Btn /V /Off >>] >>"
    pdf = pdf_of(catalog, PAGES, PAGE, name, married, b"<< /FT /Tx /T (empty) >>")
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        [(table, page)] = form_fields(opened)
    assert table.cells == (("Family name:", "Okafor"), ("Married:", "Yes"))
    assert page == 1


def test_a_form_that_only_its_own_viewer_draws_gives_its_captions() -> None:
    catalog = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /XFA [(template) 4 0 R] >> >>"
    template = (
        b'<t:template xmlns:t="urn:t"><t:subform><t:draw><t:value><t:text>Application to study</t:text></t:value>'
        b"</t:draw><t:field><t:caption><t:value><t:text>Family name</t:text></t:value></t:caption>"
        b"<t:items><t:text>Afghanistan</t:text></t:items></t:field></t:subform></t:template>"
    )
    stream = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(template), template)
    with pdfplumber.open(io.BytesIO(pdf_of(catalog, PAGES, PAGE, stream))) as opened:
        blocks = dynamic_form(opened)
    assert [block.text for block in blocks or ()] == ["Application to study", "Family name"]


def test_a_file_without_a_form_has_neither() -> None:
    pdf = pdf_of(b"<< /Type /Catalog /Pages 2 0 R >>", PAGES, PAGE)
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        assert form_fields(opened) == []
        assert dynamic_form(opened) is None
