"""The store on real files."""

from __future__ import annotations

import dataclasses
import os
import sqlite3
import stat
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from outbox_office import begin, finish, lead, new_key, next_queued, next_unknown

from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import EDITABLE, MAY_BECOME, MAY_DECIDE, NEEDS_REP, UNSENT, Mode, State
from zoho.outbox.store import BACKLOG, FRESH, Attempt, LoggedCall, Outcome, Row
from zoho.wire.errors import DuplicateRecord, FieldFault, StorageError

ORG = "us:1:production:2"
ATTEMPT = Attempt("me", Mode.KEYED, 5.0, "layout", "Submission_Key")
FAULTS = (
    FieldFault(
        "DUPLICATE_DATA", "There.", "Look.", "Email", {"a": [1]}, DuplicateRecord("9", "Email", "Leads")
    ),
    FieldFault("INVALID_DATA", "Wrong.", "Change it."),
)
CALL = LoggedCall(1.5, 1, "POST", "/crm/v8/Leads", 201, "SUCCESS", 12.5)


def saved(store: SqliteStore, *, org: str | None = ORG, lane: int = FRESH, name: str = "Roe") -> Row:
    return store.add(new_key(), lead(name), org=org, lane=lane, at=1.0)


def begun(store: SqliteStore, row: Row | None = None, attempt: Attempt = ATTEMPT) -> Row:
    found = begin(store, row or saved(store), attempt)
    assert found is not None
    return found


def got(store: SqliteStore, row: Row) -> Row:
    found = store.get(row.key)
    assert found is not None
    return found


def brought_to(store: SqliteStore, path: Path, state: State) -> Row:
    """A row in *state*, by the store's own steps (a draft and what follows have none yet)."""
    row = saved(store)
    if state in (State.DRAFT, State.MERGED, State.DISCARDED):
        with sqlite3.connect(path, isolation_level=None) as db:
            db.execute("UPDATE leads SET state = ? WHERE key = ?", (state, row.key))
        db.close()
    elif state is not State.QUEUED:
        row = begun(store, row)
        steps = [State.UNKNOWN, State.ASK] if state is State.ASK else [state]
        for step in steps if state is not State.SENDING else []:
            assert finish(store, row, Outcome(step, faults=FAULTS, zoho_id="9"), at=2.0)
            row = got(store, row)
    assert got(store, row).state is state
    return got(store, row)


# The file


def test_file_and_journal_are_the_users_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = SqliteStore(tmp_path / "new" / "data" / "outbox.db")
        other = sqlite3.connect(tmp_path / "new" / "data" / "outbox.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO notes VALUES ('a', 'b')")
        modes = {
            found.name: stat.S_IMODE(found.stat().st_mode) for found in (tmp_path / "new/data").iterdir()
        }
        other.execute("ROLLBACK")
        other.close()
        store.close()
    finally:
        os.umask(before)
    assert modes == {"outbox.db": 0o600, "outbox.db-journal": 0o600}
    assert stat.S_IMODE((tmp_path / "new" / "data").stat().st_mode) == 0o700


def test_what_commit_says_is_on_the_disk(store: SqliteStore) -> None:
    # Of the open connection: most of these are not kept in the file.
    values = {
        name: store._file._db.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
    }
    assert values == {"journal_mode": "delete", "synchronous": 3, "secure_delete": 1, "foreign_keys": 1}


def test_it_is_found_again(path: Path, store: SqliteStore) -> None:
    row = begun(store)
    finish(store, row, Outcome(State.REJECTED, faults=FAULTS), at=3.0, calls=[CALL])
    store.close()
    again = SqliteStore(path)
    found = got(again, row)
    assert (found.state, found.faults, found.values, found.updated_at) == (
        State.REJECTED,
        FAULTS,
        lead("Roe"),
        3.0,
    )
    assert again.calls(row.key) == [CALL]
    again.close()


def test_an_empty_file_left_by_a_crash_becomes_the_outbox(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    path.touch(mode=0o600)
    store = SqliteStore(path)
    assert saved(store).state is State.QUEUED
    store.close()


def made_by_another(path: Path, journal: str) -> bytes:
    path.parent.mkdir(mode=0o700)
    with sqlite3.connect(path, isolation_level=None) as db:
        db.execute(f"PRAGMA journal_mode={journal}")
        db.execute("CREATE TABLE bookmarks (url TEXT)")
        db.execute("INSERT INTO bookmarks VALUES ('x')")
    db.close()
    return path.read_bytes()


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_another_programs_database_is_refused_and_left_as_it_is(path: Path, journal: str) -> None:
    before = made_by_another(path, journal)
    with pytest.raises(StorageError, match="another program's database") as caught:
        SqliteStore(path)
    assert "--data-dir" in caught.value.next_step
    assert path.read_bytes() == before


def test_an_empty_database_of_another_program_is_refused(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    with sqlite3.connect(path, isolation_level=None) as db:
        db.execute("PRAGMA application_id = 7")
    db.close()
    with pytest.raises(StorageError, match="another program's"):
        SqliteStore(path)


def test_a_newer_versions_file_is_refused(path: Path, store: SqliteStore) -> None:
    store.close()
    with sqlite3.connect(path, isolation_level=None) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StorageError, match="newer zoho-leads"):
        SqliteStore(path)


def test_what_is_no_database_is_refused_and_kept(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    path.write_bytes(b"This is a letter, and not short. " * 100)
    with pytest.raises(StorageError, match="damaged, or not ours") as caught:
        SqliteStore(path)
    assert "do not delete" in caught.value.next_step
    assert path.read_bytes().startswith(b"This is a letter")


def test_a_folder_in_its_place_is_refused(path: Path) -> None:
    path.mkdir(parents=True, mode=0o700)
    path.parent.chmod(0o700)
    with pytest.raises(StorageError):
        SqliteStore(path)


def test_a_read_only_folder_is_told_and_nothing_is_lost(as_user: Path) -> None:
    path = as_user / "outbox.db"
    store = SqliteStore(path)
    kept = saved(store)
    as_user.chmod(0o500)
    with pytest.raises(StorageError) as caught:
        saved(store)
    assert "--data-dir" in caught.value.next_step
    with pytest.raises(StorageError):
        SqliteStore(as_user / "another.db")
    as_user.chmod(0o700)
    assert [row.key for row in store.rows()] == [kept.key]
    assert saved(store).state is State.QUEUED
    store.close()


def test_a_full_disk_is_told_and_nothing_has_changed(store: SqliteStore) -> None:
    row = begun(store)
    pages = store._file._db.execute("PRAGMA page_count").fetchone()[0]
    store._file._db.execute(f"PRAGMA max_page_count = {pages}")
    big = FieldFault("X", "x" * 200_000, "y")
    with pytest.raises(StorageError, match="disk is full"):
        finish(store, row, Outcome(State.REJECTED, faults=(big,)), at=2.0, calls=[CALL])
    with pytest.raises(StorageError, match="disk is full"):
        store.add(new_key(), {"Description": "x" * 200_000}, org=ORG, lane=FRESH, at=1.0)
    assert store.rows() == [row]
    assert store.calls(row.key) == []
    store._file._db.execute("PRAGMA max_page_count = 1000000")
    assert finish(store, row, Outcome(State.SENT, zoho_id="1"), at=2.0)


STEPS: list[Callable[[SqliteStore, Row], object]] = [
    lambda store, row: store.add(new_key(), {}, org=ORG, lane=FRESH, at=1.0),
    lambda store, row: begin(store, row, ATTEMPT),
    lambda store, row: store.orphan("me", not_before=1.0, at=1.0),
    lambda store, row: store.decide(row.key, State.DISCARDED, at=1.0),
    lambda store, row: store.edit(row.key, {}, at=1.0),
    lambda store, row: store.bind(ORG),
    lambda store, row: store.log_calls(row.key, [CALL]),
    lambda store, row: store.set_note("a", "b"),
]


@pytest.mark.parametrize("step", range(len(STEPS)))
def test_a_busy_outbox_is_told_and_nothing_has_changed(path: Path, step: int) -> None:
    store = SqliteStore(path, busy=0.01)
    row = saved(store)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="Another process keeps the outbox busy"):
        STEPS[step](store, row)
    other.execute("ROLLBACK")
    other.close()
    assert store.rows() == [row]
    assert store.note("a") is None
    STEPS[step](store, row)
    store.close()


def test_a_closed_outbox_is_told(store: SqliteStore) -> None:
    store.close()
    store.close()
    with pytest.raises(StorageError):
        store.rows()


# Saving


def test_a_key_is_saved_once(store: SqliteStore) -> None:
    row = store.add("k", lead("Roe"), org=ORG, lane=FRESH, at=1.0)
    again = store.add("k", lead("Doe"), org="other", lane=BACKLOG, at=9.0)
    assert row == again == got(store, row)
    assert len(store.rows()) == 1


def test_the_key_of_a_sent_lead_is_not_queued_again(store: SqliteStore) -> None:
    row = begun(store)
    finish(store, row, Outcome(State.SENT, zoho_id="1"), at=2.0)
    again = store.add(row.key, lead("Doe"), org=ORG, lane=FRESH, at=9.0)
    assert (again.state, again.zoho_id, again.values) == (State.SENT, "1", lead("Roe"))


@pytest.mark.parametrize("text", ["", "Ω é 名前", "a\nb\tc", "'; DROP TABLE leads; --", "x" * 65_535, "\x00"])
def test_values_come_back_as_they_were(store: SqliteStore, text: str) -> None:
    row = store.add(new_key(), {"Description": text, "N": 1.5, "B": True}, org=ORG, lane=FRESH, at=1.0)
    assert got(store, row).values == {"Description": text, "N": 1.5, "B": True}


def test_rows_come_newest_first(store: SqliteStore) -> None:
    keys = [saved(store).key for _ in range(5)]
    assert [row.key for row in store.rows()] == keys[::-1]
    assert [row.key for row in store.rows(limit=2)] == keys[:2:-1]
    assert store.rows(limit=0) == []


# What is sent next


def test_each_lane_is_oldest_first_and_of_one_org(store: SqliteStore) -> None:
    backlog = [saved(store, lane=BACKLOG) for _ in range(2)]
    saved(store, org="another")
    saved(store, org=None)
    fresh = [saved(store, lane=FRESH) for _ in range(2)]
    assert next_queued(store, ORG, lane=FRESH) == fresh[0]
    assert next_queued(store, ORG, lane=BACKLOG) == backlog[0]
    begun(store, fresh[0])
    assert next_queued(store, ORG, lane=FRESH) == fresh[1]
    begun(store, fresh[1])
    assert next_queued(store, ORG, lane=FRESH) is None


def test_of_unclear_leads_the_one_that_is_due_first_comes_first(store: SqliteStore) -> None:
    rows = [begun(store) for _ in range(3)]
    for row, due in zip(rows, (30.0, 10.0, 20.0), strict=True):
        finish(store, row, Outcome(State.UNKNOWN, not_before=due), at=2.0)
    found = next_unknown(store, ORG)
    assert found is not None
    assert found.key == rows[1].key
    assert next_unknown(store, "another") is None


# The sender's steps


def test_an_attempt_is_written_down(store: SqliteStore) -> None:
    row = begun(store)
    assert (row.state, row.attempt, row.mode, row.sender) == (State.SENDING, 1, Mode.KEYED, "me")
    assert (row.attempt_at, row.layout_id, row.key_field, row.looks) == (5.0, "layout", "Submission_Key", 0)
    assert row == got(store, row)


def test_an_edit_that_came_before_the_attempt_is_what_is_sent(store: SqliteStore) -> None:
    row = saved(store)
    assert store.edit(row.key, lead("Doe"), at=2.0)
    assert begun(store, row).values == lead("Doe")


STALE = [{"attempt": 7}, {"sender": "another"}, {"key": "no such"}]


@pytest.mark.parametrize("changed", [*STALE, {"state": State.UNKNOWN}])
def test_begin_is_a_compare_and_set(store: SqliteStore, changed: dict[str, object]) -> None:
    row = saved(store)
    assert begin(store, dataclasses.replace(row, **changed), ATTEMPT) is None
    assert store.rows() == [row]


@pytest.mark.parametrize("changed", [*STALE, {"state": State.UNKNOWN}])
def test_finish_is_a_compare_and_set(store: SqliteStore, changed: dict[str, object]) -> None:
    row = begun(store)
    assert not finish(store, dataclasses.replace(row, **changed), Outcome(State.SENT, zoho_id="1"), at=2.0)
    assert store.rows() == [row]


@pytest.mark.parametrize("changed", STALE)
def test_claim_is_a_compare_and_set(store: SqliteStore, changed: dict[str, object]) -> None:
    row = brought_to_unknown(store)
    assert store.claim(dataclasses.replace(row, **changed), "thief") is None
    assert store.rows() == [row]
    taken = store.claim(row, "another")
    assert taken is not None
    assert taken == dataclasses.replace(row, sender="another")
    assert store.claim(row, "third") is None


def brought_to_unknown(store: SqliteStore) -> Row:
    row = begun(store)
    finish(store, row, Outcome(State.UNKNOWN, not_before=9.0), at=2.0)
    return got(store, row)


def test_a_second_begin_of_the_same_reading_fails(store: SqliteStore) -> None:
    row = saved(store)
    begun(store, row)
    assert begin(store, row, ATTEMPT) is None


def test_who_was_overtaken_changes_nothing(store: SqliteStore) -> None:
    mine = begun(store)
    assert len(store.orphan("another", not_before=8.0, at=3.0)) == 1
    theirs = begun(store, got(store, mine), dataclasses.replace(ATTEMPT, sender="another"))
    assert not finish(store, mine, Outcome(State.QUEUED), at=4.0)
    assert got(store, mine) == theirs
    assert finish(store, theirs, Outcome(State.SENT, zoho_id="1"), at=5.0)
    assert not finish(store, mine, Outcome(State.REJECTED), at=6.0)
    assert got(store, mine).state is State.SENT


def test_calls_are_kept_though_the_outcome_is_not(store: SqliteStore) -> None:
    mine = begun(store)
    store.orphan("another", not_before=8.0, at=3.0)
    assert not finish(store, mine, Outcome(State.SENT), at=4.0, calls=[CALL])
    assert store.calls(mine.key) == [CALL]


def test_orphans_are_what_others_left_in_sending(store: SqliteStore) -> None:
    mine = begun(store)
    theirs = begun(store, attempt=dataclasses.replace(ATTEMPT, sender="dead"))
    unsent = saved(store)
    elsewhere = begun(store, saved(store, org="another"), dataclasses.replace(ATTEMPT, sender="dead"))
    found = store.orphan("me", not_before=8.0, at=3.0)
    assert found == [got(store, theirs), got(store, elsewhere)]
    assert got(store, mine) == mine
    assert got(store, unsent) == unsent
    for row in (theirs, elsewhere):
        expected = dataclasses.replace(row, state=State.UNKNOWN, not_before=8.0, updated_at=3.0, unclear=True)
        assert got(store, row) == expected
    assert store.orphan("me", not_before=8.0, at=3.0) == []


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_the_courier_takes_only_the_tables_steps(
    path: Path, store: SqliteStore, before: State, after: State
) -> None:
    row = brought_to(store, path, before)
    step = (
        (lambda: begin(store, row, ATTEMPT))
        if after is State.SENDING
        else (lambda: finish(store, row, Outcome(after), at=3.0))
    )
    if after in MAY_BECOME[before] or before is after is State.UNKNOWN:
        assert step()
        assert got(store, row).state is after
    else:
        with pytest.raises(ValueError, match="does not become"):
            step()
        assert got(store, row) == row


# The rep's word


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_the_rep_decides_only_what_is_the_reps(
    path: Path, store: SqliteStore, before: State, after: State
) -> None:
    row = brought_to(store, path, before)
    allowed = after in MAY_DECIDE.get(before, frozenset())
    assert store.decide(row.key, after, at=7.0) is allowed
    found = got(store, row)
    assert found.state is (after if allowed else before)
    if not allowed:
        assert found == row


def test_it_is_there_with_and_without_its_id(path: Path, store: SqliteStore) -> None:
    first, second = (brought_to(store, path, State.ASK) for _ in range(2))
    assert store.decide(first.key, State.SENT, at=7.0, zoho_id="44")
    assert store.decide(second.key, State.SENT, at=7.0)
    assert (got(store, first).zoho_id, got(store, first).faults) == ("44", ())
    assert got(store, second).zoho_id == "9"


def test_what_is_queued_again_carries_nothing_of_the_past_but_its_key_and_attempts(
    path: Path, store: SqliteStore
) -> None:
    row = brought_to(store, path, State.DUPLICATE)
    assert store.decide(row.key, State.QUEUED, at=7.0)
    found = got(store, row)
    assert (found.zoho_id, found.faults, found.attempt, found.values) == (None, (), 1, lead("Roe"))


@pytest.mark.parametrize("state", State)
def test_only_what_certainly_is_not_in_zoho_is_edited(path: Path, store: SqliteStore, state: State) -> None:
    row = brought_to(store, path, state)
    done = store.edit(row.key, lead("Doe"), at=7.0)
    found = got(store, row)
    assert done is (state in EDITABLE)
    if done:
        assert (found.state, found.values, found.key) == (State.QUEUED, lead("Doe"), row.key)
        assert (found.faults, found.zoho_id, found.lane) == ((), None, FRESH)
    else:
        assert found == row


def test_what_was_edited_after_the_sender_had_read_it_is_what_leaves(store: SqliteStore) -> None:
    read = saved(store)
    assert store.edit(read.key, lead("Doe"), at=2.0)
    assert begun(store, read).values == lead("Doe")


def test_what_was_given_up_after_the_sender_had_read_it_does_not_leave(store: SqliteStore) -> None:
    for give_up in (
        lambda row: store.decide(row.key, State.DISCARDED, at=2.0),
        lambda row: store.decide(row.key, State.MERGED, at=2.0, zoho_id="7"),
        lambda _: store.history.forget("ada@example.com", at=2.0),
    ):
        read = store.add(new_key(), lead(Email="ada@example.com"), org=ORG, lane=FRESH, at=1.0)
        assert give_up(read)
        assert begin(store, read, ATTEMPT) is None


def test_no_word_on_an_unknown_key(store: SqliteStore) -> None:
    assert not store.decide("no such", State.DISCARDED, at=1.0)
    assert not store.edit("no such", {}, at=1.0)
    assert store.get("no such") is None


def test_only_unbound_leads_are_bound(store: SqliteStore) -> None:
    theirs = saved(store, org="another")
    first, second, third = (saved(store, org=None) for _ in range(3))
    assert store.bind(ORG, keys=[second.key, theirs.key, "no such"]) == 1
    assert (got(store, first).org, got(store, second).org) == (None, ORG)
    assert store.bind(ORG) == 2
    assert (got(store, third).org, got(store, theirs).org) == (ORG, "another")
    assert store.bind("late") == 0


def test_a_lead_that_was_given_up_belongs_to_no_org_and_is_not_counted(store: SqliteStore) -> None:
    given_up, waits = saved(store, org=None), saved(store, org=None)
    assert store.decide(given_up.key, State.DISCARDED, at=2.0)
    assert store.bind(ORG) == 1
    assert (got(store, given_up).org, got(store, waits).org) == (None, ORG)


def test_who_holds_a_record(store: SqliteStore) -> None:
    sent, other = begun(store), begun(store)
    finish(store, sent, Outcome(State.SENT, zoho_id="1"), at=2.0)
    finish(store, other, Outcome(State.DUPLICATE, zoho_id="2"), at=2.0)
    assert store.holder_of("1") == sent.key
    assert store.holder_of("2") is None
    assert store.holder_of("3") is None


def test_counts(store: SqliteStore, path: Path) -> None:
    for state in (State.QUEUED, State.SENDING, State.UNKNOWN, State.ASK, State.SENT, State.SENT):
        brought_to(store, path, state)
    counts = store.counts(since=2.0)
    assert (counts.today, counts.of([State.SENT]), counts.of(UNSENT), counts.of(NEEDS_REP)) == (2, 2, 3, 1)
    assert store.counts(since=2.5).today == 0


def test_calls_in_order_and_of_known_leads_only(store: SqliteStore) -> None:
    row = saved(store)
    later = dataclasses.replace(CALL, at=2.5, status=None)
    store.log_calls(row.key, [later, CALL])
    store.log_calls("no such", [CALL])
    assert store.calls(row.key) == [CALL, later]
    assert store.calls("no such") == []


def test_notes(store: SqliteStore) -> None:
    assert store.note("a") is None
    store.set_note("a", "1")
    store.set_note("a", "2")
    assert store.note("a") == "2"
    store.set_note("a", None)
    assert store.note("a") is None


# Several at once


def test_another_connections_change_is_seen(path: Path, store: SqliteStore) -> None:
    before = store.version()
    saved(store)
    assert store.version() == before
    other = SqliteStore(path)
    saved(other)
    assert store.version() != before
    assert len(store.rows()) == 2
    other.close()


def test_two_threads_on_one_store_lose_nothing(store: SqliteStore) -> None:
    def work(name: str) -> None:
        for _ in range(25):
            row = begun(store, saved(store, name=name))
            assert finish(store, row, Outcome(State.SENT, zoho_id=row.key), at=2.0, calls=[CALL])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, ["a", "b"]))
    assert store.counts(since=0).by_state == {State.SENT: 50}


def test_of_two_stores_one_begins(path: Path, store: SqliteStore) -> None:
    other = SqliteStore(path)
    rows = [saved(store) for _ in range(20)]
    barrier = threading.Barrier(2)

    def work(mine: SqliteStore) -> list[str]:
        won: list[str] = []
        for row in rows:
            barrier.wait(10)
            if begin(mine, row, ATTEMPT) is not None:
                won.append(row.key)
        return won

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(work, [store, other])
    assert sorted(first + second) == sorted(row.key for row in rows)
    other.close()


def test_of_two_processes_that_make_it_both_can_use_it(path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(SqliteStore, [path] * 4))
    for store in stores:
        saved(store)
    assert len(stores[0].rows()) == 4
    for store in stores:
        store.close()


@pytest.mark.parametrize(
    "damage", ["state = 'nowhere'", "\"values\" = '{'", "faults = '[{}]'", "mode = '?'", "typed = '{'"]
)
def test_a_row_that_nobody_wrote_is_told_as_damage(store: SqliteStore, path: Path, damage: str) -> None:
    saved(store)
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"UPDATE leads SET {damage}")
        db.commit()
    with pytest.raises(StorageError, match="damaged"):
        store.rows()
