"""The time by Zoho's clock, heard now or kept from an earlier process."""

from __future__ import annotations

from typing import Any

from outbox_office import Troubled
from sandbox_caller import Clock

from zoho.outbox.server_clock import ServerClock
from zoho.outbox.sqlite_store import SqliteStore


class Heard:
    """A client that was told how far Zoho's clock is ahead."""

    def __init__(self, offset: float | None) -> None:
        self.clock_offset = offset


def clock_of(store: Any, clock: Clock, offset: float | None) -> ServerClock:
    return ServerClock(store=store, zoho=Heard(offset), clock=clock)  # type: ignore[arg-type]


def test_before_the_first_answer_ever_it_is_this_machines(store: SqliteStore, clock: Clock) -> None:
    assert clock_of(store, clock, None).now() == clock()


def test_what_the_last_answer_told_counts(store: SqliteStore, clock: Clock) -> None:
    clock_of(store, clock, 90.0).remember()
    assert clock_of(store, clock, -30.0).now() == clock() - 30.0


def test_a_process_that_heard_nothing_goes_by_what_an_earlier_one_heard(
    store: SqliteStore, clock: Clock
) -> None:
    clock_of(store, clock, 90.25).remember()
    assert clock_of(store, clock, None).now() == clock() + 90.25


def test_small_changes_are_not_worth_a_write(store: SqliteStore, clock: Clock) -> None:
    trouble = Troubled(store)
    heard = clock_of(trouble, clock, 90.0)
    heard.remember()
    heard._zoho.clock_offset = 91.9  # type: ignore[misc]
    heard.remember()
    assert trouble.called.count("set_note") == 1
    heard._zoho.clock_offset = 92.1  # type: ignore[misc]
    heard.remember()
    assert trouble.called.count("set_note") == 2
    assert clock_of(store, clock, None).now() == clock() + 92.1


def test_nothing_heard_is_nothing_kept(store: SqliteStore, clock: Clock) -> None:
    clock_of(store, clock, 90.0).remember()
    clock_of(store, clock, None).remember()
    assert clock_of(store, clock, None).now() == clock() + 90.0


def test_a_note_that_is_no_number_is_none(store: SqliteStore, clock: Clock) -> None:
    store.set_note("clock offset", "soon")
    assert clock_of(store, clock, None).now() == clock()
