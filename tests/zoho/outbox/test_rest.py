"""When the sender rests, and for how long."""

from __future__ import annotations

from sandbox_caller import Clock

from zoho.outbox.rest import Rest, Waits
from zoho.outbox.store import Pause

DOWN = Pause(0.0, "The line is down.", "Nothing to do.")
STOP = Pause(None, "Sign in.", "In Settings.")


def rest(clock: Clock, jitter: float = 1.0) -> Rest:
    return Rest(Waits(first_retry=1.0, longest_retry=300.0), clock=clock, jitter=lambda: jitter)


def lengths(resting: Rest, clock: Clock, number: int) -> list[float]:
    found: list[float] = []
    for _ in range(number):
        until = resting.begin(DOWN, grows=True, line_down=True).until
        assert until is not None
        found.append(until - clock.now)
    return found


def test_a_line_that_stays_down_is_tried_less_and_less_often(clock: Clock) -> None:
    assert lengths(rest(clock), clock, 11) == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_a_thousand_failures_overflow_nothing(clock: Clock) -> None:
    assert lengths(rest(clock), clock, 1000)[-1] == 300


def test_jitter_shortens_by_half_at_most(clock: Clock) -> None:
    assert lengths(rest(clock, jitter=0.0), clock, 3) == [0.5, 1, 2]


def test_success_starts_the_lengths_anew(clock: Clock) -> None:
    resting = rest(clock)
    lengths(resting, clock, 5)
    assert resting.end()
    assert not resting.end()
    assert lengths(resting, clock, 1) == [1]


def test_it_is_over_when_its_time_is(clock: Clock) -> None:
    resting = rest(clock)
    assert not resting.active
    resting.begin(DOWN, grows=True, line_down=True)
    assert resting.active
    clock.forward(1.0)
    assert not resting.active
    assert resting.end()  # still to be told


def test_new_work_tries_a_line_that_was_down_but_the_lengths_go_on_growing(clock: Clock) -> None:
    resting = rest(clock)
    lengths(resting, clock, 3)
    resting.try_line()
    assert not resting.active
    assert lengths(resting, clock, 1) == [8]
    resting.try_line()
    assert resting.end()


def test_new_work_ends_no_other_pause(clock: Clock) -> None:
    resting = rest(clock)
    resting.begin(Pause(clock.now + 60, "Slow down.", "Nothing to do."))
    resting.try_line()
    assert resting.active
    resting.begin(DOWN, grows=True)
    resting.try_line()
    assert resting.active


def test_a_stop_lasts_until_somebody_acts(clock: Clock) -> None:
    resting = rest(clock)
    resting.begin(STOP)
    clock.forward(1e9)
    assert resting.active
    assert resting.outlasts(1e12)
    resting.end()
    assert not resting.active
    assert not resting.outlasts(0)


def test_which_pause_outlasts_a_moment(clock: Clock) -> None:
    resting = rest(clock)
    resting.begin(Pause(clock.now + 60, "Slow down.", "Nothing to do."))
    assert resting.outlasts(clock.now + 59)
    assert not resting.outlasts(clock.now + 60)
