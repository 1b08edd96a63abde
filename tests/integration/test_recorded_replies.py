"""A run of evals with a language model, recorded from a real server and played again without it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import assistant
from tests.conftest import copied
from tests.llm_server import Reply, llm_server, sentences

CASE = "everyday-058"
"""Refused without a model, though its passages hold the answer."""
DEPOSIT = "If your German visa is refused, you can close the blocked account and get the deposit back."
EVAL = ("eval", "--no-judge", "--case", CASE)


@pytest.fixture(scope="module")
def data_dir(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is served lies where evals keep theirs, so that nothing is indexed anew."""
    folder = tmp_path_factory.mktemp("evals")
    copied(indexed, folder / "data").rename(folder / "data" / "evals")
    return folder / "data"


@pytest.fixture(scope="module")
def replies(data_dir: Path) -> Path:
    """The file of a run with a server that answers rightly."""
    file = data_dir / "replies.jsonl"
    with llm_server(Reply(sentences((DEPOSIT, [(1, DEPOSIT)])))) as server:
        done = assistant(
            *EVAL, "--record", str(file), "--today", "2026-11-21", data_dir=data_dir,
            LLM_MODEL="openai:scripted", OPENAI_API_KEY="x", OPENAI_BASE_URL=server.url,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return file


def _verdict(replies: Path, data_dir: Path, results: Path) -> dict[str, Any]:
    done = assistant(*EVAL, "--replies", str(replies), "--json", str(results), data_dir=data_dir)
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = json.loads(results.read_text())
    return read


def test_what_was_recorded_is_judged_again_without_the_model(replies: Path, data_dir: Path, tmp_path: Path) -> None:
    run = _verdict(replies, data_dir, tmp_path / "run.json")
    assert run["writer"] == "openai:scripted, as recorded on 2026-11-21"
    (case,) = run["cases"]
    assert (case["id"], case["verdict"], case["text"]) == (CASE, "correct", DEPOSIT)


def test_a_case_whose_prompt_is_another_now_is_left_out(replies: Path, data_dir: Path, tmp_path: Path) -> None:
    head, line = replies.read_text().splitlines()
    stale = tmp_path / "stale.jsonl"
    stale.write_text(f"{head}\n{json.dumps(json.loads(line) | {'prompt': '0' * 16})}\n")
    done = assistant(*EVAL, "--replies", str(stale), data_dir=data_dir)
    assert done.returncode == 1
    assert "1 cases are left out" in " ".join(done.stderr.split())
    assert "record them anew" in done.stderr


def test_recording_needs_a_model(data_dir: Path, tmp_path: Path) -> None:
    done = assistant(*EVAL, "--record", str(tmp_path / "none.jsonl"), data_dir=data_dir)
    assert done.returncode == 1
    assert "set LLM_MODEL" in done.stderr


def test_below_the_bar_of_the_setting_the_model_is_not_asked(replies: Path, data_dir: Path, tmp_path: Path) -> None:
    results = tmp_path / "run.json"
    command = (*EVAL, "--replies", str(replies), "--json", str(results))
    assert assistant(*command, data_dir=data_dir, LLM_READS_FROM="0.6").returncode == 0
    assert json.loads(results.read_text())["cases"][0]["verdict"] == "offered"


def test_the_replies_of_another_day_or_model_are_not_written_over(replies: Path, data_dir: Path) -> None:
    before = replies.read_text()
    done = assistant(
        *EVAL, "--record", str(replies), data_dir=data_dir, LLM_MODEL="openai:scripted", OPENAI_API_KEY="x"
    )
    assert done.returncode == 1
    assert "in a file of their own" in " ".join(done.stderr.split())
    assert replies.read_text() == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--replies", "a.jsonl", "--record", "a.jsonl"), "leave one of them out"),
        (("--check", "--replies", "a.jsonl"), "--check asks without recorded replies"),
        (("--regressions", "--record", "a.jsonl"), "--regressions asks without recorded replies"),
        (("--replies", "a.jsonl", "--today", "2026-11-21"), "leave --today out"),
        (("--record", "no/such/folder.jsonl"), "cannot be written"),
        (("--replies", "no-such-file.jsonl"), "cannot be read"),
    ],
)
def test_options_that_would_be_ignored_are_refused(options: tuple[str, ...], said: str, data_dir: Path) -> None:
    done = assistant("eval", *options, data_dir=data_dir, LLM_MODEL="openai:scripted", OPENAI_API_KEY="x")
    assert done.returncode == 1
    assert said in " ".join(done.stderr.split())
