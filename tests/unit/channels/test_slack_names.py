"""The name of whoever answers in Slack, from a local server that speaks its protocol."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr

from channels.limits import Limits
from channels.slack import SlackBot
from channels.slack_names import SlackNames, open_slack_names
from tests.conftest import make_settings
from tests.scripted_http import Answer, ScriptedHttp, json_answer
from tests.slack_server import refused, slack_server, too_many

LIMITS = Limits(connect_s=2.0, total_s=5.0, allow_plain=True)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def names(server: ScriptedHttp, clock: Clock) -> SlackNames:
    bot = SlackBot(SecretStr("xoxb-1234567890"), f"{server.url}/api/", limits=LIMITS)
    return SlackNames(bot, clock=clock)


def test_the_name_that_somebody_shows_is_asked_for_once_a_day() -> None:
    with slack_server() as server:
        clock = Clock()
        known = names(server, clock)
        assert [asyncio.run(known.of("U0ANN")) for _ in range(3)] == ["Ann"] * 3
        assert [asked.path for asked in server.asked] == ["/api/users.info?user=U0ANN"]
        clock.now += 24 * 3600
        assert asyncio.run(known.of("U0ANN")) == "Ann"
        assert len(server.asked) == 2


@pytest.mark.parametrize(
    "answer",
    [refused("missing_scope"), refused("user_not_found"), too_many(), Answer(500, b"oops"),
     json_answer({"ok": True, "user": {"profile": {"display_name": " "}}}), json_answer({"ok": True})],
)  # fmt: skip
def test_without_a_name_the_id_stands_and_it_is_asked_again(answer: Answer) -> None:
    with slack_server(answer) as server:
        clock = Clock()
        known = names(server, clock)
        assert [asyncio.run(known.of("U0ANN")) for _ in range(2)] == ["U0ANN"] * 2
        assert len(server.asked) == 1
        clock.now += 60
        assert asyncio.run(known.of("U0ANN")) == "Ann"


def test_a_slack_that_hangs_holds_the_event_up_for_two_seconds_at_most() -> None:
    with slack_server(Answer(hang=True)) as server:
        assert asyncio.run(asyncio.wait_for(names(server, Clock()).of("U0ANN"), 4)) == "U0ANN"


def test_names_need_the_bot(tmp_path: Path) -> None:
    assert open_slack_names(make_settings(tmp_path)) is None
    assert open_slack_names(make_settings(tmp_path, slack_token="xoxb-1234567890")) is not None
