"""Half-typed leads on the disk: new ones, and changes to those that may be edited."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from outbox_office import begin, lead, new_key

from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import EDITABLE, Mode, State
from zoho.outbox.store import FRESH, Attempt, Row

TYPED = {"Last_Name": "Lovel", "Email": "ada@"}
ME, OTHER = "session-0", "session-1"


def keep(store: SqliteStore, key: str, typed: dict[str, str] = TYPED, **more: object) -> bool:
    given = {"field": "Email", "holder": ME, "editing": False, "at": 1.0, **more}
    return store.drafts.keep(key, typed, **given)  # type: ignore[arg-type]


def only(store: SqliteStore) -> Row:
    (row,) = store.drafts.all()
    return row


def put_into(path: Path, key: str, state: State) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("UPDATE leads SET state = ? WHERE key = ?", (state, key))


# New leads


def test_what_is_typed_is_found_by_the_next_start(path: Path, store: SqliteStore) -> None:
    key = new_key()
    assert keep(store, key)
    store.close()
    again = SqliteStore(path)
    row = only(again)
    again.close()
    assert (row.key, row.state, row.typed, row.field, row.holder) == (key, State.DRAFT, TYPED, "Email", ME)
    assert (row.created_at, row.org) == (1.0, None)


def test_what_is_typed_on_takes_the_place_of_what_was(store: SqliteStore) -> None:
    key = new_key()
    keep(store, key)
    assert keep(store, key, {"Last_Name": "Lovelace"}, field="Last_Name", holder=None, at=2.0)
    row = only(store)
    assert (row.typed, row.values, row.field, row.holder) == (
        {"Last_Name": "Lovelace"},
        {"Last_Name": "Lovelace"},
        "Last_Name",
        None,
    )
    assert (row.created_at, row.updated_at) == (1.0, 2.0)


def test_a_form_that_was_emptied_is_no_draft(store: SqliteStore) -> None:
    key = new_key()
    keep(store, key)
    keep(store, key, {})
    assert store.drafts.all() == []
    assert store.get(key) is None


def test_the_one_typed_in_last_comes_first(store: SqliteStore) -> None:
    keys = [new_key() for _ in range(3)]
    for at, key in enumerate(keys):
        keep(store, key, at=float(at))
    keep(store, keys[0], at=9.0)
    assert [row.key for row in store.drafts.all()] == [keys[0], keys[2], keys[1]]


def test_a_draft_becomes_the_lead_of_its_key(store: SqliteStore) -> None:
    key = new_key()
    keep(store, key)
    row = store.add(key, lead(), org="org", lane=FRESH, at=5.0)
    assert (row.key, row.state, row.values, row.org) == (key, State.QUEUED, lead(), "org")
    assert (row.typed, row.field, row.holder) == (None, None, None)
    assert store.drafts.all() == []
    assert [one.key for one in store.queued("org", lane=FRESH, limit=9)] == [key]


@pytest.mark.parametrize("state", sorted(set(State) - {State.DRAFT}))
def test_a_lead_that_is_past_being_typed_is_left_as_it_is(
    path: Path, store: SqliteStore, state: State
) -> None:
    key = new_key()
    store.add(key, lead(), org="org", lane=FRESH, at=1.0)
    put_into(path, key, state)
    before = store.get(key)
    assert not keep(store, key, at=9.0)
    assert store.get(key) == before


def test_a_draft_is_sent_by_nobody(store: SqliteStore) -> None:
    key = new_key()
    keep(store, key)
    assert store.bind("org") == 0
    assert store.bind("org", keys=[key]) == 0
    assert only(store).org is None
    assert store.queued("org", lane=FRESH, limit=9) == []
    assert store.waiting("org") == 0


# Changes to leads that are in the outbox


@pytest.mark.parametrize("state", State)
def test_only_what_may_be_edited_is_changed(path: Path, store: SqliteStore, state: State) -> None:
    key = new_key()
    store.add(key, lead(), org="org", lane=FRESH, at=1.0)
    put_into(path, key, state)
    before = store.get(key)
    assert before is not None
    may = state in EDITABLE - {State.DRAFT}
    assert keep(store, key, editing=True, at=9.0) == may
    after = store.get(key)
    assert after is not None
    assert (after.values, after.state, after.updated_at) == (before.values, before.state, before.updated_at)
    assert (after.typed == TYPED) == may
    assert len(store.drafts.all()) == may


def test_a_change_to_a_lead_that_is_not_there_makes_none(store: SqliteStore) -> None:
    assert not keep(store, new_key(), editing=True)
    assert store.rows() == []


def test_a_lead_that_is_saved_with_its_changes_is_no_draft_any_more(store: SqliteStore) -> None:
    key = new_key()
    store.add(key, lead(), org="org", lane=FRESH, at=1.0)
    keep(store, key, editing=True)
    assert store.edit(key, lead("Byron"), at=2.0)
    assert store.drafts.all() == []


@pytest.mark.parametrize("holder", [ME, None], ids=["in a form", "put aside"])
@pytest.mark.parametrize("saved", [True, False], ids=["saved", "dropped"])
def test_what_is_being_changed_is_not_sent_before_that_is_over(
    store: SqliteStore, holder: str | None, saved: bool
) -> None:
    row = store.add(new_key(), lead(), org="org", lane=FRESH, at=1.0)
    other = store.add(new_key(), lead(), org="org", lane=FRESH, at=2.0)
    keep(store, row.key, editing=True, holder=holder)
    attempt = Attempt("me", Mode.KEYED, 1.0, None, None)
    assert begin(store, row, attempt) is None, "read before it was changed"
    assert store.queued("org", lane=FRESH, limit=9) == [other]
    assert store.waiting("org") == 1
    over = store.edit(row.key, lead("Byron"), at=3.0) if saved else store.drafts.drop(row.key)
    assert over
    (first, _) = store.queued("org", lane=FRESH, limit=9)
    assert (first.key, first.values["Last_Name"]) == (row.key, "Byron" if saved else "Lovelace")
    assert store.waiting("org") == 2
    assert begin(store, first, attempt) is not None


def test_what_was_sent_while_it_was_changed_is_no_draft_and_is_brought_to_its_end(
    path: Path, store: SqliteStore
) -> None:
    row = store.add(new_key(), lead(), org="org", lane=FRESH, at=1.0)
    keep(store, row.key, editing=True)
    put_into(path, row.key, State.UNKNOWN)
    assert store.drafts.all() == []
    assert store.counts(since=0).parked == 0
    unclear = store.get(row.key)
    assert unclear is not None
    assert begin(store, unclear, Attempt("me", Mode.KEYED, 2.0, None, None)) is not None


def test_dropped_a_changed_lead_stays_as_it_was(store: SqliteStore) -> None:
    key = new_key()
    store.add(key, lead(), org="org", lane=FRESH, at=1.0)
    before = store.get(key)
    keep(store, key, editing=True)
    assert store.drafts.drop(key)
    assert store.get(key) == before
    assert not store.drafts.drop(new_key())


# Who has it in its form


def test_of_two_sessions_one_takes_it(store: SqliteStore) -> None:
    keep(store, new_key(), holder=None)
    seen = only(store)
    assert store.drafts.take(seen, ME)
    assert not store.drafts.take(seen, OTHER)
    assert only(store).holder == ME


def typed_on(store: SqliteStore, key: str) -> None:
    keep(store, key, {"Last_Name": "Lovelace"}, holder=None)


def saved(store: SqliteStore, key: str) -> None:
    store.add(key, lead(), org="org", lane=FRESH, at=5.0)


def dropped(store: SqliteStore, key: str) -> None:
    store.drafts.drop(key)


@pytest.mark.parametrize("change", [typed_on, saved, dropped])
def test_what_has_changed_since_it_was_read_is_not_taken(
    store: SqliteStore, change: Callable[[SqliteStore, str], None]
) -> None:
    key = new_key()
    keep(store, key, holder=None)
    seen = only(store)
    change(store, key)
    before = store.get(key)
    assert not store.drafts.take(seen, ME)
    assert store.get(key) == before


def test_a_session_that_has_ended_lets_its_drafts_go(store: SqliteStore) -> None:
    keys = [new_key() for _ in range(3)]
    for key, holder in zip(keys, (ME, OTHER, None), strict=True):
        keep(store, key, holder=holder)
    assert store.counts(since=0).parked == 1
    assert store.drafts.let_go([OTHER]) == 1
    assert {row.key: row.holder for row in store.drafts.all()} == {keys[0]: ME, keys[1]: None, keys[2]: None}
    assert store.counts(since=0).parked == 2
    assert store.drafts.let_go([]) == 0


def test_parked_counts_changes_too(store: SqliteStore) -> None:
    key = new_key()
    store.add(key, lead(), org="org", lane=FRESH, at=1.0)
    keep(store, key, editing=True, holder=ME)
    assert store.counts(since=0).parked == 0
    keep(store, key, editing=True, holder=None)
    assert store.counts(since=0).parked == 1
