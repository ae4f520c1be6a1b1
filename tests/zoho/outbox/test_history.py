"""Taking values out again: what came to its end, and what names one person."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from outbox_office import begin, finish, new_key

from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import ENDED, Mode, State
from zoho.outbox.store import Attempt, Forgotten, Naming, Outcome, Row

ADA = "ada@example.com"
CANARY = "Countess-Canary"


def row_in(store: SqliteStore, path: Path, state: State, *, at: float = 1.0, **values: object) -> str:
    key = new_key()
    given = {"Last_Name": CANARY, "Email": ADA, **values}
    store.add(key, given, org="org", lane=0, at=at)
    with sqlite3.connect(path, isolation_level=None) as db:
        db.execute("UPDATE leads SET state = ? WHERE key = ?", (state, key))
    db.close()
    return key


def got(store: SqliteStore, key: str) -> Row:
    row = store.get(key)
    assert row is not None
    return row


# Purging


@pytest.mark.parametrize("state", State)
def test_only_what_has_ended_is_purged(store: SqliteStore, path: Path, state: State) -> None:
    key = row_in(store, path, state)
    assert store.history.purge(before=1.0) == (state in ENDED)
    row = got(store, key)
    assert row.purged == (state in ENDED)
    assert (row.values == {}) == (state in ENDED)
    assert row.state is state


def test_a_purged_lead_keeps_key_id_and_times_and_nothing_of_it_is_left_in_the_file(
    store: SqliteStore, path: Path
) -> None:
    row = store.add(new_key(), {"Last_Name": CANARY}, org="org", lane=0, at=1.0)
    sent = begin(store, row, Attempt("me", Mode.KEYED, 2.0, None, None))
    assert sent is not None
    assert finish(store, sent, Outcome(State.SENT, zoho_id="9"), at=3.0)
    assert CANARY.encode() in path.read_bytes()
    assert store.history.purge(before=2.9) == 0
    assert store.history.purge(before=3.0) == 1
    left = got(store, row.key)
    assert (left.zoho_id, left.created_at, left.updated_at, left.attempt) == ("9", 1.0, 3.0, 1)
    assert CANARY.encode() not in path.read_bytes()
    assert store.history.purge(before=3.0) == 0
    assert store.holder_of("9") == row.key


def test_the_key_of_a_purged_lead_is_not_queued_again(store: SqliteStore, path: Path) -> None:
    key = row_in(store, path, State.SENT)
    store.history.purge(before=9.0)
    assert store.add(key, {"Last_Name": "Other"}, org="org", lane=0, at=9.0).state is State.SENT
    assert got(store, key).purged


def test_nothing_to_purge_writes_nothing(store: SqliteStore, path: Path) -> None:
    row_in(store, path, State.QUEUED)
    other = SqliteStore(path)
    version = other.version()
    store.history.purge(before=9.0)
    assert other.version() == version
    other.close()


# Forgetting

UNDER_WAY = {State.SENDING, State.UNKNOWN}


@pytest.mark.parametrize("state", State)
def test_what_names_a_person_is_erased_in_every_state_but_under_way(
    store: SqliteStore, path: Path, state: State
) -> None:
    key = row_in(store, path, state)
    left = state in UNDER_WAY
    found = store.history.naming(ADA)
    assert found == Naming(state in ENDED, state not in ENDED and not left, left)
    assert store.history.forget(ADA, at=8.0) == Forgotten(not left, left)
    row = got(store, key)
    assert row.state is (state if left or state in ENDED else State.DISCARDED)
    assert bool(row.values) == left
    assert (CANARY.encode() in path.read_bytes()) == left
    assert store.history.naming(ADA) == Naming(0, 0, left)


def test_what_had_ended_keeps_its_times(store: SqliteStore, path: Path) -> None:
    # Else a lead of last year would count among those created today.
    key = row_in(store, path, State.SENT)
    store.history.forget(ADA, at=8.0)
    assert got(store, key).updated_at == 1.0
    assert store.counts(since=2.0).today == 0


def test_what_is_given_up_is_never_sent(store: SqliteStore, path: Path) -> None:
    key = row_in(store, path, State.QUEUED)
    before = got(store, key)
    store.history.forget(ADA, at=8.0)
    assert begin(store, before, Attempt("me", Mode.KEYED, 2.0, None, None)) is None
    assert not store.edit(key, {"Last_Name": "Roe"}, at=9.0)
    assert not store.drafts.keep(key, {"Last_Name": "Roe"}, field=None, holder=None, editing=True, at=9.0)


def test_what_is_only_typed_names_a_person_too(store: SqliteStore) -> None:
    key = new_key()
    store.drafts.keep(key, {"Email": f" {ADA}"}, field=None, holder="me", editing=False, at=1.0)
    edited = store.add(new_key(), {"Last_Name": "Roe"}, org=None, lane=0, at=1.0)
    typed = {"Description": f"call {ADA}, soon"}
    store.drafts.keep(edited.key, typed, field=None, holder=None, editing=True, at=1.0)
    assert store.history.forget(ADA, at=8.0) == Forgotten(2, 0)
    assert store.drafts.all() == []


@pytest.mark.parametrize(
    "text",
    [
        ADA,
        "ADA@Example.COM",
        f"Ada <{ADA}>",
        f"'{ADA}'",
        f"She is {ADA}.",
        f"{ADA}, or by phone",
        f"mailto:{ADA}",
    ],
)
def test_the_address_is_found_in_a_text(store: SqliteStore, path: Path, text: str) -> None:
    row_in(store, path, State.SENT, Email=None, Description=text)
    assert store.history.naming(f" {ADA} ") == Naming(1, 0, 0)


@pytest.mark.parametrize(
    "text",
    [
        "xada@example.com",
        "x.ada@example.com",
        "x+ada@example.com",
        "x-ada@example.com",
        "o'ada@example.com",
        "ada@example.com.au",
        "ada@example.community",
        "ada@example.com-pany.org",
        "adaXexample.com",
        "ada@exampleXcom",
    ],
)
def test_another_persons_address_is_none(store: SqliteStore, path: Path, text: str) -> None:
    key = row_in(store, path, State.QUEUED, Email=text)
    assert store.history.naming(ADA) == Naming(0, 0, 0)
    assert store.history.forget(ADA, at=8.0) == Forgotten(0, 0)
    assert got(store, key).state is State.QUEUED


def test_no_address_is_nobodys(store: SqliteStore, path: Path) -> None:
    key = row_in(store, path, State.QUEUED)
    for asked in (store.history.naming, lambda email: store.history.forget(email, at=8.0)):
        with pytest.raises(ValueError, match="no address"):
            asked(" ")
    assert got(store, key).state is State.QUEUED


def test_a_lead_that_names_the_address_in_its_reason_alone_is_erased(store: SqliteStore, path: Path) -> None:
    given = {"Last_Name": "Roe"}
    why = f"not the one of {ADA}"
    row = store.add(new_key(), given, org="org", lane=0, at=1.0, reason=why)
    other = store.add(new_key(), given, org="org", lane=0, at=1.0, reason="a branch")
    assert store.history.naming(ADA) == Naming(0, 1, 0)
    assert store.history.forget(ADA, at=2.0) == Forgotten(1, 0)
    assert (got(store, row.key).reason, got(store, other.key).reason) == (None, "a branch")
    assert ADA.encode() not in path.read_bytes()
