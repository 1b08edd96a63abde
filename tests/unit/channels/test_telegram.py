import threading

import pytest
from pydantic import SecretStr

from channels.errors import Misconfigured, Permanent, Transient
from channels.limits import Limits
from channels.telegram import TelegramChannel, delivery_mark
from channels.telegram_bot import build_bot
from channels.telegram_text import parts, units
from tests.scripted_http import Answer, ScriptedHttp, json_answer
from tests.telegram_server import BOT_TOKEN, flood, telegram_refused, telegram_sent, telegram_server
from tests.unit.channels.sending import CALM, limits_for, message, send

TO = message(to="-100123")
MARK = delivery_mark("delivery-1")


def channel(server: ScriptedHttp, *, limits: Limits = CALM) -> TelegramChannel:
    return TelegramChannel(SecretStr(BOT_TOKEN), server.url, limits=limits)


def test_a_message_arrives_in_its_chat_and_tells_where_it_is() -> None:
    with telegram_server() as server:
        sent = send(channel(server), TO)
    assert sent.reference == "-100123:1"
    assert [asked.path for asked in server.asked] == [f"/bot{BOT_TOKEN}/sendMessage"]
    arrived = telegram_sent(server.asked[0])
    assert (arrived["chat_id"], arrived["text"]) == ("-100123", f"New assistance request: may I work?\n\n{MARK}")


def test_a_repeat_carries_the_same_mark_and_another_delivery_another() -> None:
    assert delivery_mark("delivery-1") == MARK
    assert delivery_mark("delivery-2") != MARK


def test_peoples_words_are_no_markup() -> None:
    with telegram_server() as server:
        send(channel(server), message(to="-1", text="<b>*bold* [bank](https://evil.example) _x_"))
    arrived = telegram_sent(server.asked[0])
    assert arrived["text"].startswith("<b>*bold* [bank](https://evil.example) _x_\n")
    assert "parse_mode" not in arrived
    assert arrived["link_preview_options"] == {"is_disabled": True}


def test_a_later_message_answers_the_first() -> None:
    with telegram_server() as server:
        send(channel(server), message(to="-1", thread="-100123:77"))
    arrived = telegram_sent(server.asked[0])
    assert arrived["chat_id"] == "-100123"
    assert arrived["reply_parameters"] == {"message_id": 77, "allow_sending_without_reply": True}


def test_a_long_text_comes_in_parts_that_hang_together() -> None:
    paragraphs = "\n\n".join(f"Paragraph {number}. " + "word " * 150 for number in range(14))
    with telegram_server() as server:
        sent = send(channel(server), message(to="-1", text=paragraphs))
    arrived = [telegram_sent(asked) for asked in server.asked]
    assert len(arrived) == 3
    assert all(units(each["text"]) <= 4096 for each in arrived)
    assert all(each["text"].startswith("Paragraph") for each in arrived)
    assert [each.get("reply_parameters", {}).get("message_id") for each in arrived] == [None, 1, 1]
    assert sent.reference == "-1:1"
    assert "".join("".join(each["text"] for each in arrived).removesuffix(MARK).split()) == "".join(paragraphs.split())


@pytest.mark.parametrize(
    ("answer", "reason", "wait"),
    [
        (flood(23), "flood", 23),
        (telegram_refused(429, "Too Many Requests"), "unreachable", None),
        (telegram_refused(500, "Internal Server Error"), "unreachable", None),
        (Answer(502, b"<html>Bad Gateway"), "unreachable", None),
        (Answer(200, b"<html>proxy"), "garbled", None),
        (json_answer({"ok": True}), "garbled", None),
        (json_answer([]), "garbled", None),
        (json_answer({"ok": True, "result": {}}), "garbled", None),
        (Answer(hang=True), "timeout", None),
        (Answer(reset=True), "unreachable", None),
    ],
)
def test_what_may_pass_is_transient(answer: Answer, reason: str, wait: int | None) -> None:
    with telegram_server(answer) as server, pytest.raises(Transient) as caught:
        send(channel(server, limits=limits_for(answer)), TO)
    assert (caught.value.reason, caught.value.retry_after_s) == (reason, wait)


@pytest.mark.parametrize(
    ("answer", "reason", "said"),
    [
        (telegram_refused(403, "Forbidden: bot was kicked from the group chat"), "forbidden", "kicked"),
        (telegram_refused(400, "Bad Request: chat not found"), "bad_request", "Chat not found"),
        (
            json_answer({"ok": False, "error_code": 400, "parameters": {"migrate_to_chat_id": -1009}}, 400),
            "chat_migrated",
            "-1009",
        ),
    ],
)
def test_what_telegram_refuses_for_good_is_permanent(answer: Answer, reason: str, said: str) -> None:
    with telegram_server(answer) as server, pytest.raises(Permanent, match=said) as caught:
        send(channel(server), TO)
    assert caught.value.reason == reason


@pytest.mark.parametrize("status", [401, 404])
def test_a_bad_token_is_the_operators_to_mend_and_stays_untold(status: int) -> None:
    answer = telegram_refused(status, "Unauthorized")
    with telegram_server(answer) as server, pytest.raises(Misconfigured, match="TELEGRAM_TOKEN") as caught:
        send(channel(server), TO)
    assert BOT_TOKEN not in f"{caught.value} {caught.value.__cause__!r} {channel(server)!r}"


@pytest.mark.parametrize("changes", [{"text": " \n"}, {"thread": "nonsense"}, {"thread": "-1:x"}])
def test_a_message_that_cannot_be_placed_is_permanent(changes: dict[str, str]) -> None:
    with telegram_server() as server, pytest.raises(Permanent):
        send(channel(server), message(to="-1", **changes))


def test_one_channel_serves_several_event_loops() -> None:
    with telegram_server() as server:
        shared = channel(server)
        threads = [threading.Thread(target=send, args=(shared, TO)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(server.asked) == 4


@pytest.mark.parametrize("token", ["", "abc", "123456789"])
def test_a_token_that_is_none_is_said(token: str) -> None:
    with pytest.raises(Misconfigured, match="@BotFather"):
        TelegramChannel(SecretStr(token), "https://api.telegram.org", limits=CALM).check()


def test_the_bot_can_be_used_for_other_calls() -> None:
    with telegram_server() as server:
        bot = build_bot(SecretStr(BOT_TOKEN), server.url, limits=CALM)
        assert bot.base_url == f"{server.url}/bot{BOT_TOKEN}"


def test_a_text_without_pauses_is_cut_at_the_limit_and_emoji_count_twice() -> None:
    assert [units(part) for part in parts("😀" * 5000)] == [4096, 4096, 1808]


def test_words_stay_whole_where_they_can() -> None:
    assert list(parts("one two three four", most=9)) == ["one two", "three", "four"]
