"""When values are purged, and what a purge that fails does."""

from __future__ import annotations

import pytest
from outbox_office import Troubled, lead, new_key
from sandbox_caller import Clock

from zoho.outbox.retention import DAY, Retention
from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import State
from zoho.wire.errors import StorageError


def ended(store: SqliteStore, at: float) -> str:
    key = new_key()
    store.add(key, lead(), org=None, lane=0, at=at)
    assert store.decide(key, State.DISCARDED, at=at)
    return key


def purged(store: SqliteStore, key: str) -> bool:
    row = store.get(key)
    assert row is not None
    return row.purged


def test_values_are_kept_for_so_many_days_and_no_longer(store: SqliteStore, clock: Clock) -> None:
    key = ended(store, clock())
    clock.forward(2.5 * DAY - 1)
    assert Retention(store, clock=clock).keep_to(2.5) == 0
    assert not purged(store, key)
    clock.forward(1)
    assert Retention(store, clock=clock).keep_to(2.5) == 1
    assert purged(store, key)


def test_a_session_that_stays_open_purges_about_hourly(store: SqliteStore, clock: Clock) -> None:
    retention = Retention(store, clock=clock)
    retention.keep_to(7)
    key = ended(store, clock() - 8 * DAY)
    clock.forward(3599)
    assert retention.keep_to(7, ended=True) == 0
    clock.forward(1)
    assert retention.keep_to(7) == 1
    assert purged(store, key)


def test_a_clock_that_is_put_back_keeps_nothing_waiting(store: SqliteStore, clock: Clock) -> None:
    retention = Retention(store, clock=clock)
    retention.keep_to(7)
    clock.forward(-30 * DAY)
    ended(store, clock() - 8 * DAY)
    assert retention.keep_to(7) == 1


def test_with_no_days_it_is_done_at_each_end_and_only_then(store: SqliteStore, clock: Clock) -> None:
    trouble = Troubled(store.history)
    retention = Retention(_Told(trouble), clock=clock)
    retention.keep_to(0)
    key = ended(store, clock())
    assert retention.keep_to(0) == 0
    assert trouble.called == ["purge"]
    assert retention.keep_to(0, ended=True) == 1
    assert purged(store, key)


def test_another_number_of_days_counts_at_once(store: SqliteStore, clock: Clock) -> None:
    retention = Retention(store, clock=clock)
    ended(store, clock() - 3 * DAY)
    assert retention.keep_to(7) == 0
    assert retention.keep_to(2) == 1


def test_a_purge_that_fails_stops_nobody_and_is_tried_again(
    store: SqliteStore, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    trouble = Troubled(store.history)
    trouble.failures["purge"] = 1
    retention = Retention(_Told(trouble), clock=clock)
    key = ended(store, clock() - 8 * DAY)
    assert retention.keep_to(7) == 0
    assert "disk is full" in caplog.text
    assert not purged(store, key)
    clock.forward(3600)
    assert retention.keep_to(7) == 1


def test_asked_for_by_name_a_failure_is_told(store: SqliteStore, clock: Clock) -> None:
    trouble = Troubled(store.history)
    trouble.failures["purge"] = 1
    with pytest.raises(StorageError):
        Retention(_Told(trouble), clock=clock).purge(7)


class _Told:
    """A store of which only the history is used."""

    def __init__(self, history: object) -> None:
        self.history = history

    def __getattr__(self, name: str) -> object:
        raise AssertionError(name)
