"""From a question nobody could answer to an expert's answer for everybody, and back, over HTTP and the Bot API."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.application import Application
from core.types import Scope
from tests.conftest import serving
from tests.integration.telegram_chat import ANNA, BOSS, GROUP, STAFF, built
from tests.integration.training import RULES
from tests.telegram_bot_server import BotServer, Written, bot_server

ASKED = "Can I bring my dog to Iceland?"
OTHERWISE = "Am I allowed to bring my dog to Iceland?"
ANSWER = "Yes, once the dog has spent 14 days in quarantine."
DOCUMENT = "kb/rules.md"


@dataclass(frozen=True, slots=True)
class World:
    """`client` is a passer-by without a token, `expert` may propose, roll back and look, also at requests."""

    application: Application
    bot: BotServer
    client: httpx.Client
    expert: httpx.Client
    rules: Path

    def ask(self, question: str) -> dict[str, Any]:
        reply: dict[str, Any] = self.client.post("/chat", json={"question": question}).raise_for_status().json()
        return reply


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with bot_server() as bot:
        application = built(bot, tmp_path / "world", training_sweep_s=0.2)
        token = application.identities.issue_token(
            "expert",
            [Scope.TRAINING_PROPOSE, Scope.TRAINING_APPROVE, Scope.ASSISTANCE_READ],
            expires_in=timedelta(minutes=5),
        )
        headers = {"Authorization": f"Bearer {token}"}
        with (
            serving(application) as address,
            httpx.Client(base_url=address, timeout=30) as client,
            httpx.Client(base_url=address, timeout=30, headers=headers) as expert,
        ):
            yield World(application, bot, client, expert, tmp_path / "world" / "kb" / "rules.md")


def test_what_an_expert_knows_is_answered_to_all_and_taken_back_when_its_source_changes(world: World) -> None:
    request_id = _ask_in_telegram_and_be_passed_on(world)
    example_id = _propose_from_the_reply(world, request_id)
    _approve_and_train(world, example_id)
    reply = _until(lambda: world.ask(OTHERWISE), lambda found: found["mode"] == "approved")
    assert (reply["answer"], reply["model_version"]) == (ANSWER, "v1")
    world.bot.says(ANNA, f"/ask {OTHERWISE}", chat=-55)
    assert "was reviewed by a person" in world.bot.wait_for(ANSWER, chat=-55).text
    _change_the_source(world, example_id)
    assert world.ask(OTHERWISE)["abstained"]
    assert world.expert.post("/models/v0/activate").is_success
    assert world.expert.get("/models/current").json()["id"] == "v0"
    assert world.ask(OTHERWISE)["model_version"] == "v0"


def _ask_in_telegram_and_be_passed_on(world: World) -> str:
    """Ask, be refused, ask for a person, be answered by one in the staff chat; the request's id."""
    world.bot.says(ANNA, f"/ask {ASKED}")
    refusal = world.bot.wait_for("I will not guess", chat=ANNA.private)
    world.bot.presses(ANNA, refusal)
    receipt = world.bot.wait_for("Receipt: ", chat=ANNA.private)
    handed = world.bot.wait_for("New assistance request", chat=STAFF)
    _until(lambda: _is_delivered(world, handed), bool)
    world.bot.says(BOSS, ANSWER, chat=STAFF, to=handed)
    world.bot.wait_for(ANSWER, chat=ANNA.private)
    return receipt.text.rpartition("Receipt: ")[2]


def _is_delivered(world: World, handed: Written) -> bool:
    return world.application.assistance.desk.request_in("telegram", f"{STAFF}:{handed.message_id}") is not None


def _propose_from_the_reply(world: World, request_id: str) -> str:
    body = {"request_id": request_id}
    first = world.expert.post("/training/examples/from-reply", json=body)
    again = world.expert.post("/training/examples/from-reply", json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    made = first.json()
    assert (made["id"], made["question"], made["answer"]) == (again.json()["id"], ASKED, ANSWER)
    return str(made["id"])


def _approve_and_train(world: World, example_id: str) -> None:
    post = world.bot.wait_for(f"[{example_id}] Data train (need to be approved) by token:expert", chat=GROUP)
    world.bot.says(BOSS, f"/approve {DOCUMENT}", chat=GROUP, to=post)
    world.bot.wait_for("Approved.", chat=GROUP)
    world.bot.says(BOSS, "/start_train", chat=GROUP)
    world.bot.wait_for("Your train session has been started with the id: 1", chat=GROUP)
    run = _until(lambda: world.expert.get("/training/runs/1").json(), lambda found: found["ended_at"] is not None)
    assert (run["status"], run["version_id"]) == ("DONE", "v1")
    assert world.expert.get(f"/training/examples/{example_id}").json()["example"]["status"] == "DONE"


def _change_the_source(world: World, example_id: str) -> None:
    world.rules.write_text(RULES.replace("18,000", "19,000"), encoding="utf-8")
    found = _until(lambda: world.application.examples.get(example_id), lambda one: one.status == "SUSPENDED")
    assert found.reason
    world.bot.wait_for("A document that this answer rests on has changed", chat=BOSS.private)


def _until(look: Callable[[], Any], holds: Callable[[Any], bool]) -> Any:
    deadline = time.monotonic() + 20
    while not holds(found := look()):
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
    return found
