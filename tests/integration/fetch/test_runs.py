"""Runs over the whole list: what is due, what fails and what is taken away."""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import ingest.fetch
from core.errors import ConfigurationError, InvalidInput, NotFound
from ingest.fetch.opening import open_fetcher
from ingest.fetch.problems import PageProblem
from ingest.fetch.report import FetchOutcome
from ingest.report import SyncReport
from tests.integration.fetch.place import ADDRESS, CHANGED, WORDS, Place, flagged, html
from tests.web_server import Page


def test_a_busy_site_is_asked_again_when_it_said(place: Place) -> None:
    place.site.shows("/work", Page(status=429, headers={"Retry-After": "7200"}))
    assert place.fetch() == flagged(PageProblem.BUSY)
    assert place.entry().due_at == place.now + timedelta(hours=2)


def test_only_what_is_due_is_fetched(place: Place) -> None:
    place.site.shows("/work", Page(html()))
    fetched = []
    for days in (0, 6, 1):
        place.now += timedelta(days=days)
        fetched.append((len(place.fetcher.due()), len(place.fetcher.fetch_due().pages)))
    assert fetched == [(1, 1), (0, 0), (1, 1)]


def test_syncing_fetches_nothing(place: Place) -> None:
    (place.folder / "sources.yaml").write_text("broken: [")
    place.fetcher.sync()
    assert (place.synced, place.site.asked) == ([place.fetcher.root], [])


def test_one_page_alone_leaves_the_store_alone(place: Place) -> None:
    place.site.shows("/work", Page(html()))
    assert place.fetcher.fetch_one(ADDRESS + "/").outcome is FetchOutcome.ADDED
    assert place.synced == []


def test_an_entry_that_now_says_more_often_is_followed_at_once(place: Place) -> None:
    place.site.shows("/work", Page(html()))
    place.fetch()
    place.now += timedelta(hours=13)
    place.lists(ADDRESS, every="12h")
    assert len(place.fetcher.fetch_due().pages) == 1


def test_one_failing_page_stops_no_other(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.lists(ADDRESS, "http://visa.example/bad", "http://visa.example/study")
    for path in ("/work", "/bad", "/study"):
        place.site.shows(path, Page(html(title=path)))
    read = place.parser.parse
    monkeypatch.setattr(place.parser, "parse", lambda path, kind: 1 / 0 if "bad" in path.name else read(path, kind))
    outcomes = [page.outcome for page in place.fetcher.fetch_all().pages]
    assert outcomes == [FetchOutcome.ADDED, FetchOutcome.FLAGGED, FetchOutcome.ADDED]


def test_a_page_that_is_no_longer_listed_is_taken_away(place: Place) -> None:
    place.site.shows("/work", Page(html()))
    place.fetch()
    place.lists()
    assert [page.outcome for page in place.fetcher.fetch_due().pages] == [FetchOutcome.REMOVED]
    assert not place.file().exists()


def test_a_list_that_is_missing_or_broken_takes_nothing_away(place: Place) -> None:
    place.site.shows("/work", Page(html()))
    place.fetch()
    (place.folder / "sources.yaml").write_text("address: https://e.org")
    with pytest.raises(InvalidInput):
        place.fetcher.fetch_due()
    (place.folder / "sources.yaml").unlink()
    assert place.fetcher.fetch_due().pages == []
    assert place.file().is_file()


@pytest.mark.parametrize("step", range(5))
def test_a_run_that_died_at_any_step_is_repeated(place: Place, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    place.site.shows(
        "/work", Page(html(), headers={"ETag": '"1"'}), Page(html(WORDS + "New."), headers={"ETag": '"2"'})
    )
    place.fetch()
    with monkeypatch.context() as dying:
        steps = iter(range(5))
        for name in ("files.put_down", "states.PageStates.save"):
            dying.setattr(f"ingest.fetch.{name}", _dies_at(step, steps, operator.attrgetter(name)(ingest.fetch)))
        with pytest.raises(SystemExit):
            place.fetch()
    assert b"</html>" in place.file().read_bytes()
    assert place.fetch() == CHANGED
    assert b"New." in place.file().read_bytes()
    assert sorted(path.name for path in place.file().parent.iterdir()) == ["work.html", "work.html.meta.yaml"]


def _dies_at(step: int, steps: Iterator[int], real: Callable[..., None]) -> Callable[..., None]:
    def act(*arguments: object) -> None:
        if next(steps) == step:
            sys.exit("killed")
        real(*arguments)

    return act


def test_an_address_that_is_not_listed_is_not_fetched(place: Place) -> None:
    with pytest.raises(NotFound, match=r"not in sources\.yaml"):
        place.fetcher.fetch(["http://visa.example/other"])
    assert place.site.asked == []


def test_the_name_of_the_folder_is_kept_for_fetched_pages(place: Place, tmp_path: Path) -> None:
    settings = place.settings.model_copy(update={"knowledge_base": tmp_path / "sources"})
    with pytest.raises(ConfigurationError, match="rename the folder"):
        open_fetcher(settings, place.parser, database=place.database, sync_folder=lambda _: SyncReport())
