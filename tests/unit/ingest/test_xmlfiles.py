from __future__ import annotations

from ingest.xmlfiles import read_xml


def test_data_becomes_records() -> None:
    xml = b'<fees currency="CAD"><fee><name>Study</name><sum>150</sum></fee><fee><name>Work</name></fee></fees>'
    fees = [{"name": "Study", "sum": "150"}, {"name": "Work"}]
    assert read_xml(xml) == {"fees": {"currency": "CAD", "fee": fees}}


def test_a_document_becomes_html() -> None:
    xml = (
        b"<topic><title>Fees</title><prolog><author>A</author></prolog><body><p>You <b>pay</b>:</p>"
        b"<ul><li>online</li></ul><section><title>More</title><p>Text.</p></section></body></topic>"
    )
    assert read_xml(xml) == (
        "<html><body><div><h1>Fees</h1><div><p>You pay:</p><ul><li>online</li></ul>"
        "<div><h2>More</h2><p>Text.</p></div></div></div></body></html>"
    )


def test_a_table_keeps_its_header_and_its_name_is_no_heading() -> None:
    xml = (
        b"<doc><para>x</para><table><title>Fees</title><tgroup><thead><row><entry>Permit</entry></row></thead>"
        b"<tbody><row><entry>Study</entry></row></tbody></tgroup></table></doc>"
    )
    page = read_xml(xml)
    assert isinstance(page, str)
    assert "<table><p>Fees</p>" in page
    assert "<tr><th>Permit</th></tr>" in page
