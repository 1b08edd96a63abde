"""Examples on both databases: the state machine under real concurrency, and the log of what was done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.database import Database
from core.errors import AssistantError, Conflict, Forbidden, InvalidInput, NotFound
from training.examples import Draft, DuplicateExample, Examples
from training.listing import Listing, Wanted
from training.people import TrainingRecords
from training.states import Act, ExampleStatus

CITES = ("version-1",)


@pytest.fixture
def examples(database: Database) -> Examples:
    return Examples(database)


@pytest.fixture
def listing(database: Database) -> Listing:
    return Listing(database)


def _draft(question: str = "How much is a permit?", answer: str = "It costs 150.") -> Draft:
    return Draft(question, answer, "en", jurisdiction="CA")


def _proposed(examples: Examples, question: str = "How much is a permit?", by: str = "ana") -> str:
    return examples.propose(_draft(question), by).example.id


def _pending(examples: Examples, question: str = "How much is a permit?") -> str:
    found = _proposed(examples, question)
    examples.approve(found, "boss", cites=CITES)
    return found


def _at_once(number: int, act: Callable[[int], Any]) -> list[Any]:
    """What each of so many threads got, all let go at one instant; an error of ours is what it got."""
    barrier = threading.Barrier(number)

    def run(at: int) -> Any:
        barrier.wait()
        try:
            return act(at)
        except AssistantError as error:
            return error

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def test_an_approved_proposal_waits_for_training(examples: Examples) -> None:
    found = _pending(examples)
    [waiting] = examples.pending()
    assert (waiting.id, waiting.status, waiting.approved_by) == (found, ExampleStatus.PENDING, "boss")
    assert waiting.cites == CITES


def test_many_approvals_at_once_are_one_approval(examples: Examples, listing: Listing) -> None:
    found = _proposed(examples)
    results = _at_once(6, lambda at: examples.approve(found, f"boss-{at}", cites=CITES))
    winners = [done for done in results if done.changed]
    assert len(winners) == 1
    assert {done.example.approved_by for done in results} == {winners[0].example.approved_by}
    assert [entry.act for entry in listing.audit(found)] == [Act.APPROVE, Act.PROPOSE]


def test_of_an_approval_and_a_rejection_at_once_one_wins_and_one_is_told(examples: Examples, listing: Listing) -> None:
    found = _proposed(examples)
    results = _at_once(
        6,
        lambda at: (
            examples.approve(found, "boss", cites=CITES) if at % 2 else examples.reject(found, "chief", "it is not so")
        ),
    )
    assert sum(not isinstance(one, Conflict) and one.changed for one in results) == 1
    assert sum(isinstance(one, Conflict) for one in results) == 3
    assert len(listing.audit(found)) == 2


def test_two_connections_share_the_examples_between_two_runs(examples: Examples, database: Database) -> None:
    ids = {_pending(examples, f"How much is permit number {number}?") for number in range(6)}
    other = Database(database.url)
    both = [examples, Examples(other)]
    taken = _at_once(2, lambda at: [one.id for one in both[at].begin(f"run-{at}")])
    other.close()
    assert sorted(taken[0] + taken[1]) == sorted(ids)


def test_the_same_proposal_sent_at_once_is_stored_once(examples: Examples, listing: Listing) -> None:
    results = _at_once(6, lambda at: examples.propose(_draft(), f"user-{at}"))
    refused = [one for one in results if isinstance(one, DuplicateExample)]
    assert len(refused) == 5
    assert listing.find(Wanted()).total == 1
    assert str(refused[0]).startswith("Duplicate train data by user-")


def test_a_repeated_key_gives_the_first_proposal(examples: Examples) -> None:
    results = _at_once(4, lambda _: examples.propose(_draft(), "ana", idempotency_key="one"))
    assert len({done.example.id for done in results}) == 1
    assert sum(done.changed for done in results) == 1
    with pytest.raises(InvalidInput, match="was used for another proposal"):
        examples.propose(_draft(answer="It costs 200."), "ana", idempotency_key="one")


def test_other_spacing_case_and_punctuation_do_not_make_another_proposal(examples: Examples) -> None:
    _proposed(examples)
    with pytest.raises(DuplicateExample, match=r"Duplicate train data by ana at \d{4}-\d\d-\d\d"):
        examples.propose(_draft("how much is a  permit", "It costs 150"), "ben")


def test_what_was_rejected_may_be_proposed_again_and_then_not_reopened(examples: Examples) -> None:
    found = _proposed(examples)
    examples.reject(found, "boss", "not now")
    assert examples.propose(_draft(), "ben").changed
    with pytest.raises(DuplicateExample):
        examples.reopen(found, "boss")


def test_nobody_approves_their_own_proposal_unless_it_is_allowed(examples: Examples, database: Database) -> None:
    found = _proposed(examples, by="boss")
    with pytest.raises(Forbidden, match="ALLOW_SELF_APPROVAL"):
        examples.approve(found, "boss", cites=CITES)
    assert Examples(database, allow_self_approval=True).approve(found, "boss", cites=CITES).changed


def test_nothing_is_approved_that_rests_on_no_document(examples: Examples) -> None:
    with pytest.raises(InvalidInput, match="rests on no document"):
        examples.approve(_proposed(examples), "boss", cites=())


def test_a_run_may_begin_and_settle_twice(examples: Examples, listing: Listing) -> None:
    good, bad = _pending(examples), _pending(examples, "How long does a permit take?")
    first = [one.id for one in examples.begin("run")]
    late = _pending(examples, "Who needs a permit at all?")
    assert [one.id for one in examples.begin("run")] == first == [good, bad]
    for _ in range(2):
        examples.settle("run", done=[good], failed={bad: "it made others worse"})
    assert [examples.get(found).status for found in (good, bad, late)] == ["DONE", "FAILED", "PENDING"]
    assert examples.get(bad).reason == "it made others worse"
    assert [entry.act for entry in listing.audit(good)] == [Act.FINISH, Act.BEGIN, Act.APPROVE, Act.PROPOSE]


def test_another_run_settles_nothing_of_this_one(examples: Examples) -> None:
    found = _pending(examples)
    examples.begin("run")
    examples.settle("other", done=[found], failed={})
    assert examples.get(found).status is ExampleStatus.PROCESSING


def test_a_run_that_was_broken_off_leaves_its_examples_to_the_next(examples: Examples) -> None:
    found = _pending(examples)
    examples.begin("run")
    for _ in range(2):
        examples.release("run")
    assert [one.id for one in examples.begin("next")] == [found]


def test_what_was_revoked_during_a_run_stays_revoked(examples: Examples) -> None:
    found = _pending(examples)
    examples.begin("run")
    examples.revoke(found, "boss", "it is wrong")
    examples.settle("run", done=[found], failed={})
    assert examples.get(found).status is ExampleStatus.REVOKED
    assert examples.withdrawn() == {found}


def test_a_suspended_example_that_still_holds_is_trained_anew(examples: Examples) -> None:
    found = _pending(examples)
    examples.begin("run")
    examples.settle("run", done=[found], failed={})
    assert examples.suspend(found, "a source changed").changed
    assert not examples.suspend(found, "a source changed").changed
    assert examples.withdrawn() == {found}
    examples.resume(found, "boss", cites=["version-2"])
    assert [(one.id, one.cites) for one in examples.begin("next")] == [(found, ("version-2",))]


def test_the_log_keeps_who_did_what_and_the_words_before_and_after(examples: Examples, listing: Listing) -> None:
    found = _proposed(examples)
    examples.edit_and_approve(found, "boss", _draft(answer="It costs 155."), cites=CITES)
    latest = listing.audit(found)[0]
    assert latest.before is not None
    assert (latest.actor, latest.act) == ("boss", Act.APPROVE)
    assert (latest.before["answer"], latest.after["answer"]) == ("It costs 150.", "It costs 155.")
    assert (latest.before["status"], latest.after["status"]) == ("PROPOSED", "PENDING")


def test_a_move_that_the_table_does_not_allow_is_refused(examples: Examples) -> None:
    found = _proposed(examples)
    with pytest.raises(Conflict, match="PROPOSED"):
        examples.revoke(found, "boss")
    with pytest.raises(NotFound):
        examples.reject("nothing", "boss", "why")


def test_pages_go_on_where_the_last_one_ended(examples: Examples, listing: Listing) -> None:
    ids = [_proposed(examples, f"How much is permit number {number}?") for number in range(5)]
    seen, after = [], None
    for _ in range(3):
        page = listing.find(Wanted(after=after, limit=2))
        seen += [item.id for item in page.items]
        after = page.next
    assert (sorted(seen), after, page.total) == (sorted(ids), None, 5)


def test_filters_narrow_the_list(examples: Examples, listing: Listing) -> None:
    _pending(examples)
    other = _proposed(examples, "Who may work 100% remotely?", by="ben")
    wanted = [
        Wanted(query="100%"),
        Wanted(proposed_by="ben"),
        Wanted(statuses=frozenset({ExampleStatus.PROPOSED})),
    ]
    assert [[item.id for item in listing.find(one).items] for one in wanted] == [[other]] * 3
    assert listing.find(Wanted(jurisdiction="DE")).total == 0


def test_the_proposer_is_told_in_the_known_words(examples: Examples, listing: Listing) -> None:
    found = _pending(examples)
    [notice] = listing.notices("ana")
    assert (notice.example_id, notice.text) == (found, "Your train data has been approved")
    assert listing.notices("ana", after=notice.id) == listing.notices("boss") == []


def test_the_approver_is_told_of_a_suspension(examples: Examples, listing: Listing) -> None:
    found = _pending(examples)
    examples.begin("run")
    examples.settle("run", done=[found], failed={})
    examples.suspend(found, "kb/fees.md")
    assert listing.notices("boss")[0].text.endswith("kb/fees.md")


def test_an_erased_person_leaves_the_text_and_takes_the_name(database: Database, examples: Examples) -> None:
    records = TrainingRecords(database)
    ids = [_proposed(examples), _proposed(examples, "How long does a permit take?")]
    assert records.count("ana") == len(records.export("ana")) == 2
    assert records.erase("ana") == 2
    assert records.count("ana") == 0
    assert [examples.get(found).question for found in ids] == ["How much is a permit?", "How long does a permit take?"]
    assert "ana" not in {entry.actor for entry in Listing(database).audit()}
