import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from channels.errors import Misconfigured, Transient
from channels.opening import OPENERS, open_channels
from core.settings import Settings
from tests.scripted_http import Answer, scripted_http
from tests.unit.channels.sending import message, send

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # Apprise's own

PAGE = Path(__file__).parents[3] / "docs" / "channels.md"


@pytest.fixture
def example() -> Iterator[ModuleType]:
    """The page's Python block, as a module."""
    (source,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    module = ModuleType("apprise_of_the_page")
    sys.modules[module.__name__] = module
    exec(compile(source, str(PAGE), "exec"), module.__dict__)  # the page is ours
    yield module
    del sys.modules[module.__name__]


def test_the_channel_in_the_docs_reaches_a_server_by_one_more_line(
    example: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scripted_http() as server:
        monkeypatch.setenv("APPRISE_URL", server.url.replace("http://", "json://"))
        channel = open_channels(Settings(), (*OPENERS, example.open_apprise))["apprise"]
        channel.check()
        assert send(channel, message(text="<b>may I work?</b>")).reference is None
    arrived = server.asked[0].json()
    assert (arrived["title"], arrived["message"]) == ("New assistance request: visa", "<b>may I work?</b>")


def test_the_channel_in_the_docs_tells_failure(example: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted_http(Answer(500)) as server:
        monkeypatch.setenv("APPRISE_URL", server.url.replace("http://", "json://"))
        with pytest.raises(Transient, match="Apprise"):
            send(example.open_apprise(Settings()))


def test_the_channel_in_the_docs_says_what_is_wrong(example: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    assert example.open_apprise(Settings()) is None
    monkeypatch.setenv("APPRISE_URL", "nonsense")
    with pytest.raises(Misconfigured, match="APPRISE_URL"):
        example.open_apprise(Settings()).check()


def test_the_page_names_every_channel() -> None:
    page = PAGE.read_text(encoding="utf-8")
    fields = {"slack_token": "xoxb-1", "smtp_host": "x.org", "telegram_token": "1:x", "webhook_url": "https://x.org"}
    names = list(open_channels(Settings.model_validate(fields)))
    assert len(names) == 5
    assert [name for name in names if f"| `{name}`" not in page] == []
