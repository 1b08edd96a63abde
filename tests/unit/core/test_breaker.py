import pytest

from core.breaker import Breaker


class Clock:
    """A clock that a test moves."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(failures=5, rest_s=30, clock=clock)


def _fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.failed()


def test_opens_at_the_fifth_failure_in_a_row(breaker: Breaker) -> None:
    _fail(breaker, 4)
    assert not breaker.is_open
    _fail(breaker, 1)
    assert breaker.admit() == 30


def test_a_success_starts_the_count_anew(breaker: Breaker) -> None:
    _fail(breaker, 4)
    breaker.succeeded()
    _fail(breaker, 4)
    assert breaker.admit() == 0


def test_after_the_rest_one_caller_may_try(breaker: Breaker, clock: Clock) -> None:
    _fail(breaker, 5)
    clock.now += 30
    assert breaker.admit() == 0
    assert breaker.admit() == 30


def test_a_failed_trial_opens_it_again(breaker: Breaker, clock: Clock) -> None:
    _fail(breaker, 5)
    clock.now += 30
    breaker.admit()
    breaker.failed()
    assert breaker.admit() == 30


def test_a_good_trial_closes_it(breaker: Breaker, clock: Clock) -> None:
    _fail(breaker, 5)
    clock.now += 30
    breaker.admit()
    breaker.succeeded()
    assert [breaker.admit(), breaker.admit()] == [0, 0]
