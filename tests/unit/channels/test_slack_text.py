import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.slack_text import escape, plain


@given(st.text())
def test_what_was_escaped_reads_as_it_was_written(text: str) -> None:
    assert plain(escape(text)) == text.strip()


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("see <https://gov.example/form|the form>", "see the form (https://gov.example/form)"),
        ("see <https://gov.example/form>", "see https://gov.example/form"),
        ("see <http://gov.example|gov.example>", "see http://gov.example"),
        ("mail <mailto:a@b.org|a@b.org>", "mail a@b.org"),
        ("<@U123> and <@U123|ann> and <#C1|visa>", "@U123 and @ann and #visa"),
        ("<!here> please, <!subteam^S1|@team>", "@here please, @team"),
        ("fees &lt; 100 &amp;amp; more", "fees < 100 &amp; more"),
    ],
)
def test_links_and_mentions_read_as_words(said: str, read: str) -> None:
    assert plain(said) == read
