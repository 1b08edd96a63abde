"""The file of topics: what is refused, and what happens when it changes while it is used."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from assistance.configuration import parse_topics
from assistance.live_topics import LiveTopics
from assistance.topics import fill
from core.errors import ConfigurationError
from tests.conftest import ROOT

ONE = "topics: {%s: {title: A title, description: A description., channels: [{channel: slack, to: '#%s'}]}}"


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("", "valid dictionary"),
        ("topics: {", "no YAML"),
        ("topics: {}", "at least 1"),
        ("topics: {a: {title: A}}", "topics.a.description"),
        ("topics: {a: {title: A, description: B, chanels: []}}", "chanels"),
        ("topics: {a: {title: A, description: B, template: '{who}'}}", "{who} is no field"),
        ("topics: {a: {title: A, description: B, template: '{id.x}'}}", "{id.x} is no field"),
        ("topics: {a: {title: A, description: B, template: '{'}}", "cannot be read"),
        ("topics: {a: {title: A, description: B}, A: {title: A, description: B}}", "only in their case"),
        ("topics: {'a b': {title: A, description: B}}", "pattern"),
    ],
)
def test_a_wrong_file_is_refused_and_the_place_named(content: str, named: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        parse_topics(content.encode())
    assert named in raised.value.detail


def test_the_shipped_file_is_right() -> None:
    topics = parse_topics((ROOT / "assistance.yaml").read_bytes())
    assert [topic.routes[0].channel for topic in topics][:2] == ["slack", "email"]
    assert topics.find(" VISA ").title("es-MX") == "Visa o permiso"
    assert topics.find("visa").title("tr") == "Vize veya izin"
    assert topics.find("visa").title("nl") == "Visa or permit"


def test_lines_with_nothing_to_say_are_left_out() -> None:
    values = {"description": "Help {contact}.", "contact": "", "title": "Visa"}
    assert fill("{description}\nContact: {contact}\nThanks", values) == "Help {contact}.\nThanks"


def test_a_changed_file_holds_from_then_on(tmp_path: Path) -> None:
    path = tmp_path / "assistance.yaml"
    path.write_text(ONE % ("visa", "a"))
    live = LiveTopics(path, every_s=0)
    before = live.current()
    path.write_text(ONE % ("visa", "b"))
    assert [topic.routes[0].to for topic in (before.find("visa"), live.current().find("visa"))] == ["#a", "#b"]


def test_a_bad_file_changes_nothing_and_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "assistance.yaml"
    path.write_text(ONE % ("visa", "a"))
    live = LiveTopics(path, every_s=0)
    with capture_logs() as logged:
        for _ in range(3):
            path.write_text("topics: [")
            assert list(live.current().by_id) == ["visa"]
            assert live.error is not None
    assert [line["event"] for line in logged] == ["assistance.bad_topics"]
    path.unlink()
    assert list(live.current().by_id) == ["visa"]
    assert "put it back" in (live.error or "")
    path.write_text(ONE % ("visa", "a"))
    assert live.error is None


def test_the_file_is_looked_at_once_a_second(tmp_path: Path) -> None:
    now = 0.0
    path = tmp_path / "assistance.yaml"
    path.write_text(ONE % ("a", "a"))
    live = LiveTopics(path, clock=lambda: now)
    path.write_text(ONE % ("b", "b"))
    now = 0.9
    assert list(live.current().by_id) == ["a"]
    now = 1.0
    assert list(live.current().by_id) == ["b"]


def test_without_a_file_there_is_other_and_a_wrong_one_stops_the_start(tmp_path: Path) -> None:
    assert list(LiveTopics(tmp_path / "none.yaml").current().by_id) == ["other"]
    (tmp_path / "bad.yaml").write_text("topics: 1")
    with pytest.raises(ConfigurationError):
        LiveTopics(tmp_path / "bad.yaml")
