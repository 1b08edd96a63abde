from __future__ import annotations

import pytest

from core.errors import UnreadableDocument
from ingest.markup import main_content, table_from_html, table_to_html
from ingest.rows import Table


def test_what_is_not_content_leaves() -> None:
    page = """<html><body><header>Site</header><nav>Menu</nav><div hidden>H</div><p style="display: none">N</p>
    <p aria-hidden="true">I</p><script>x()</script><!-- c --><p>Kept.</p><footer>Foot</footer></body></html>"""
    content = main_content(page)
    assert "Kept." in content
    assert not any(word in content for word in ("Site", "Menu", ">H<", ">N<", ">I<", "x()", "Foot", " c "))


def test_text_after_something_hidden_is_kept() -> None:
    assert "after" in main_content("<body><p>before <span hidden>gone</span> after</p></body>")


def test_the_main_element_is_the_content() -> None:
    page = "<body><div>Cookies?</div><main><header><h1>Visas</h1></header><p>You need one.</p></main></body>"
    content = main_content(page)
    assert "Cookies" not in content
    assert "Visas" in content


def test_an_ordered_list_keeps_its_numbers() -> None:
    content = main_content('<body><ol start="3"><li>Apply</li><li><p>Pay</p><p>online</p></li></ol></body>')
    assert "3. Apply" in content
    assert "4. Pay online" in content.replace("  ", " ")


def test_a_term_and_its_definition_become_one_paragraph() -> None:
    content = main_content("<body><dl><dt>PGWP</dt><dd>A work permit.</dd></dl></body>")
    assert "<span>PGWP: </span>A work permit." in content


def test_cells_that_span_leave_their_places() -> None:
    page = """<body><table><tr><th colspan="2">Fee</th><th>Time</th></tr>
    <tr><td rowspan="2">Study</td><td>$150</td><td>8</td></tr><tr><td>$75</td><td>9</td></tr></table></body>"""
    table = table_from_html(main_content(page).removeprefix("<body>").removesuffix("</body>"))
    assert table.cells == (("Fee", "", "Time"), ("Study", "$150", "8"), ("Study", "$75", "9"))
    assert table.header_rows == 1


def test_a_table_that_only_arranges_becomes_its_text() -> None:
    assert "<table" not in main_content("<body><table><tr><td><p>Welcome to our page.</p></td></tr></table></body>")


def test_a_table_survives_the_way_there_and_back() -> None:
    table = Table((("Question", "Answer"), ("a < b?", "yes\n- no & no")))
    assert table_from_html(table_to_html(table)).cells == table.cells


def test_nothing_at_all_is_refused() -> None:
    with pytest.raises(UnreadableDocument):
        main_content("<!-- nothing -->")
