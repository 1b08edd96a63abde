"""The bot's reading, roles and sending, without the assistant behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, TypeVar

import pytest
from pydantic import SecretStr, ValidationError
from telegram.error import NetworkError, RetryAfter

from api.telegram.reading import Command, Said, chat_of, command_of
from api.telegram.roles import Roles
from api.telegram.sender import Button, Sender
from api.telegram.texts import example_named_in, reply_text
from channels.limits import Limits
from channels.telegram_bot import build_bot
from channels.telegram_text import units
from core.settings import Settings
from core.types import Abstention, AbstentionReason, Citation
from tests.scripted_http import Answer
from tests.telegram_bot_server import BotServer, bot_server
from tests.telegram_server import BOT_TOKEN, flood, telegram_refused

_T = TypeVar("_T")


def _said(text: str) -> Said:
    return Said(1, 2, True, 3, None, "Anna", text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/ask How long?", (Command.ASK, "How long?")),
        ("/ASK@Assistant_Bot  How\nlong? ", (Command.ASK, "How\nlong?")),
        ("/start_train", (Command.START_TRAIN, "")),
        ("/nothing x", (None, "x")),
        ("/ask@another_bot x", None),
        ("How long?", None),
        ("a /ask b", None),
    ],
)
def test_commands_are_read(text: str, found: object) -> None:
    assert command_of(_said(text), "assistant_bot") == found


@pytest.mark.parametrize(
    ("update", "chat"),
    [
        ({"message": {"chat": {"id": -5}, "from": {"id": 7}}}, -5),
        ({"callback_query": {"from": {"id": 7}, "message": {"chat": {"id": -6}}}}, -6),
        ({"callback_query": {"from": {"id": 7}}}, 7),
        ({"edited_message": {}}, 0),
    ],
)
def test_an_update_belongs_to_its_chat(update: dict[str, Any], chat: int) -> None:
    assert chat_of(update) == chat


def test_approvers_are_known_by_id_or_by_name_whatever_its_case() -> None:
    roles = Roles.of(Settings(admin_usernames=" @Anna,ben ,", telegram_admin_ids="5, 6"))
    assert all([roles.may_approve(1, "ANNA"), roles.may_approve(1, "Ben"), roles.may_approve(6, None)])
    assert not any([roles.may_approve(1, None), roles.may_approve(7, "anna2"), roles.may_approve(1, "")])
    assert not Roles.of(Settings()).may_approve(0, "")


def test_where_the_chat_is_closed_only_members_and_approvers_may_ask() -> None:
    closed = Roles.of(Settings(chat_open=False, telegram_user_ids="7", telegram_admin_ids="5"))
    assert [closed.may_ask(user, None) for user in (7, 5, 8)] == [True, True, False]
    assert Roles.of(Settings()).may_ask(8, None)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"telegram_bot": True}, "TELEGRAM_TOKEN"),
        ({"telegram_webhook_secret": "not this one"}, "letters, digits"),
        ({"telegram_webhook_url": "https://example.org"}, "TELEGRAM_WEBHOOK_SECRET"),
        ({"telegram_admin_ids": "5,anna"}, "'anna' is no Telegram user id"),
    ],
)
def test_a_bot_that_could_not_work_is_refused_at_the_start(settings: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Settings(**settings)  # type: ignore[arg-type]


def test_only_posts_of_proposals_name_an_example() -> None:
    assert example_named_in('[0123456789ab] Data train (need to be approved) by a (b): "c"') == "0123456789ab"
    assert [example_named_in(text) for text in ("[x] y", "0123456789ab", "see [0123456789ab] ")] == [None] * 3


def _sending(use: Callable[[Sender], Awaitable[_T]], *refusals: Answer) -> tuple[BotServer, _T]:
    """What came of a use of the sender at a Bot API that first refuses."""
    with bot_server() as server:
        server.refuse["sendMessage"].extend(refusals)

        async def use_it() -> _T:
            bot = build_bot(SecretStr(BOT_TOKEN), server.http.url, limits=Limits())
            try:
                return await use(Sender(bot))
            finally:
                await bot.request.shutdown()

        return server, asyncio.run(use_it())


def test_nine_thousand_characters_come_whole_in_parts_that_hang_together() -> None:
    text = " ".join(f"Sentence {number} says a thing." for number in range(330))[:9000]
    server, first = _sending(lambda sender: sender.say(5, text, answers=77, button=Button("Ask", "person:1")))
    assert len(server.written) == 3
    assert all(units(one.text) <= 4096 for one in server.written)
    assert "".join("".join(one.text for one in server.written).split()) == "".join(text.split())
    assert [one.answers for one in server.written] == [77, first, first]
    assert [one.button for one in server.written] == [None, None, "person:1"]


def test_a_short_wait_is_kept_and_a_long_one_is_told() -> None:
    server, sent = _sending(lambda sender: sender.say(5, "Hello"), flood(0))
    assert (sent, [one.text for one in server.written]) == (1, ["Hello"])
    with pytest.raises(RetryAfter):
        _sending(lambda sender: sender.say(5, "Hello"), flood(600))


def test_whoever_cannot_be_reached_is_no_error() -> None:
    blocked = telegram_refused(403, "Forbidden: bot was blocked by the user")
    assert _sending(lambda sender: sender.say(5, "Hello"), blocked)[1] is None


def test_a_failing_server_is_tried_again_and_then_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.telegram.sender._PAUSES_S", (0.0, 0.0))
    broken = telegram_refused(502, "Bad Gateway")
    assert _sending(lambda sender: sender.say(5, "Hello"), broken, broken)[1] is not None
    with pytest.raises(NetworkError):
        _sending(lambda sender: sender.say(5, "Hello"), broken, broken, broken)


def test_a_refusal_shows_what_comes_nearest_and_asks_for_the_rest() -> None:
    quoted = Citation(
        1, "kb/fees.md", "v", "Fees", "CA", "https://www.canada.ca/fees", None, ("Fees", "What is it?"), 0, 9,
        "It is 150.", None, None, date(2026, 10, 3),
    )  # fmt: skip
    refused = Abstention(
        AbstentionReason.NOT_COVERED,
        "I am not sure.",
        (),
        0.5,
        suggestions=("What is it?", "Who pays?"),
        nearest=quoted,
    )
    assert reply_text(refused) == (
        "I am not sure.\n\nThe nearest question that the documents answer\nWhat is it?\n\nIt is 150.\n\n"
        "Fees, Canada, checked on 3 October 2026\nhttps://www.canada.ca/fees\n\n"
        "Or did you mean one of these?\n- Who pays?"
    )
