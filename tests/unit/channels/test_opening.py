import pytest
from structlog.testing import capture_logs

from channels.errors import Misconfigured
from channels.opening import open_channels
from channels.slack import SlackBot, SlackWebhook
from core.settings import Settings
from tests.unit.channels.sending import message, send


def opened(**fields: object) -> dict[str, object]:
    return dict(open_channels(Settings.model_validate(fields)))


def test_without_settings_there_is_the_log_alone() -> None:
    assert list(opened()) == ["log"]


def test_an_empty_setting_is_an_absent_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLACK_TOKEN", "SLACK_WEBHOOK_URL", "SMTP_HOST", "SMTP_PORT", "EMAIL_FROM", "TELEGRAM_TOKEN"):
        monkeypatch.setenv(name, "")
    assert list(open_channels(Settings())) == ["log"]


def test_every_channel_opens_under_its_name() -> None:
    found = opened(slack_token="xoxb-1", smtp_host="127.0.0.1", telegram_token="1:x", webhook_url="https://x.org/")
    assert list(found) == ["slack", "email", "telegram", "webhook", "log"]


def test_a_bot_token_goes_before_an_incoming_webhook() -> None:
    assert isinstance(opened(slack_webhook_url="https://hooks.slack.com/x")["slack"], SlackWebhook)
    both = opened(slack_token="xoxb-1", slack_webhook_url="https://hooks.slack.com/x")
    assert isinstance(both["slack"], SlackBot)


@pytest.mark.parametrize(
    ("fields", "name", "said"),
    [
        ({"email_from": "a@b.org"}, "email", "SMTP_HOST"),
        ({"smtp_host": "mail.example.org"}, "email", "EMAIL_FROM"),
        ({"webhook_url": "https://x.org/"}, "webhook", "WEBHOOK_SECRET"),
        ({"telegram_token": "x"}, "telegram", "@BotFather"),
    ],
)
def test_what_is_set_in_part_says_what_is_missing(fields: dict[str, object], name: str, said: str) -> None:
    channel = open_channels(Settings.model_validate(fields))[name]
    with pytest.raises(Misconfigured, match=said):
        channel.check()


def test_the_log_takes_everything() -> None:
    log = open_channels(Settings())["log"]
    log.check()
    with capture_logs() as lines:
        assert send(log, message()).reference is None
    assert (lines[0]["delivery_id"], lines[0]["text"]) == ("delivery-1", "New assistance request: may I work?")
