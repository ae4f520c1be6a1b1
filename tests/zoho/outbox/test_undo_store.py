"""Leads that were taken back, in the outbox; and when each was first kept, and saved."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from outbox_office import begin, finish, lead, new_key

from zoho.leads.follow_up import FollowUp, FollowUpKind
from zoho.outbox.follow_ups import FollowUpState
from zoho.outbox.sqlite_file import _STEPS, APPLICATION_ID, VERSION
from zoho.outbox.sqlite_rescue import open_outbox
from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import Mode, State
from zoho.outbox.store import FRESH, Attempt, Forgotten, Naming, Outcome, Row
from zoho.wire.errors import StorageError

ORG = "us:1:production:2"
ADA = "ada@example.com"
NOTE = FollowUp(FollowUpKind.NOTE, {"Note_Title": "Answers", "Note_Content": "Budget: 10 k"})
W, S, U = FollowUpState.WAITING, FollowUpState.SENDING, FollowUpState.UNKNOWN


def row_of(store: SqliteStore, key: str) -> Row:
    row = store.get(key)
    assert row is not None
    return row


def created(
    store: SqliteStore, *follow_ups: FollowUp, at: float = 3.0, org: str = ORG, id_: str = "9"
) -> str:
    """Save a lead at 1.0, and send it."""
    key = new_key()
    store.add(key, lead(Email=ADA), org=org, lane=FRESH, at=1.0, follow_ups=follow_ups)
    sent(store, key, State.SENT, at=at, id_=id_)
    return key


def sent(store: SqliteStore, key: str, state: State, *, at: float = 3.0, id_: str | None = "9") -> None:
    begun = begin(store, row_of(store, key), Attempt("me", Mode.KEYED, 2.0, None, None))
    assert begun is not None
    assert finish(store, begun, Outcome(state, zoho_id=id_), at=at)


def undone(store: SqliteStore, key: str) -> None:
    assert store.undos.want(key, at=4.0) is not None
    assert store.undos.undone(key, at=5.0) is not None


# When a lead was first kept, and saved


def test_a_lead_that_was_no_draft_was_kept_when_it_was_saved(store: SqliteStore) -> None:
    row = store.add(new_key(), lead(), org=ORG, lane=FRESH, at=7.0)
    assert (row.created_at, row.saved_at) == (7.0, 7.0)


@pytest.mark.parametrize(
    "save",
    [
        lambda store, key: store.add(key, lead(), org=ORG, lane=FRESH, at=9.0),
        lambda store, key: store.edit(key, lead(), at=9.0),
        lambda store, key: store.decide(key, State.MERGED, at=9.0, zoho_id="4"),
    ],
    ids=["saved", "edited", "merged"],
)
def test_a_draft_is_older_than_its_lead(store: SqliteStore, save: Callable[[SqliteStore, str], None]) -> None:
    key = new_key()
    for at in (1.0, 2.0):
        store.drafts.keep(key, {"Last_Name": "Roe"}, field=None, holder=None, editing=False, at=at)
    assert row_of(store, key).saved_at is None
    save(store, key)
    row = row_of(store, key)
    assert (row.created_at, row.saved_at) == (1.0, 9.0)


def test_who_changes_a_refused_lead_saved_it_before(store: SqliteStore) -> None:
    key = new_key()
    store.add(key, lead(), org=ORG, lane=FRESH, at=1.0)
    sent(store, key, State.REJECTED, id_=None)
    store.edit(key, lead("Roe"), at=9.0)
    assert row_of(store, key).saved_at == 1.0


# Undoing


def test_each_moment_is_kept(path: Path, store: SqliteStore) -> None:
    key = created(store)
    before = row_of(store, key)
    assert before.in_zoho
    wanted = store.undos.want(key, at=4.0)
    assert wanted is not None
    assert (wanted.undo_wanted, wanted.being_undone, wanted.undone, wanted.in_zoho) == (
        4.0,
        True,
        False,
        False,
    )
    gone = store.undos.undone(key, at=5.0)
    assert gone is not None
    assert (gone.undone_at, gone.being_undone, gone.undone, gone.in_zoho) == (5.0, False, True, False)
    back = store.undos.restored(key, at=6.0)
    assert back is not None
    assert (back.restored_at, back.being_undone, back.undone, back.in_zoho) == (6.0, False, False, True)
    store.close()
    again = SqliteStore(path)
    assert row_of(again, key) == back
    # The lead itself is as it was: its states are the courier's.
    assert (back.state, back.updated_at, back.zoho_id) == (State.SENT, before.updated_at, before.zoho_id)
    again.close()


@pytest.mark.parametrize("state", [state for state in State if state is not State.SENT])
def test_only_what_was_created_is_undone(path: Path, store: SqliteStore, state: State) -> None:
    key = created(store)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("UPDATE leads SET state = ? WHERE key = ?", (state, key))
    assert store.undos.want(key, at=4.0) is None
    assert row_of(store, key).undo_wanted is None


def test_two_sessions_undo_it_once(path: Path, store: SqliteStore) -> None:
    other = SqliteStore(path)
    key = created(store)
    assert store.undos.want(key, at=4.0) is not None
    assert other.undos.want(key, at=4.5) is None
    assert other.undos.undone(key, at=5.0) is not None
    assert store.undos.undone(key, at=5.5) is None
    assert store.undos.want(key, at=6.0) is None
    assert row_of(store, key).undone_at == 5.0
    other.close()


def test_what_was_restored_is_not_undone_again(store: SqliteStore) -> None:
    key = created(store)
    undone(store, key)
    assert store.undos.restored(key, at=6.0) is not None
    assert store.undos.restored(key, at=7.0) is None
    assert store.undos.want(key, at=8.0) is None


def test_one_that_was_not_done_after_all_is_as_if_it_had_never_been(store: SqliteStore) -> None:
    key = created(store, NOTE)
    before = row_of(store, key)
    store.undos.want(key, at=4.0)
    assert store.undos.drop(key)
    assert row_of(store, key) == before
    assert not store.undos.drop(key)
    assert store.undos.want(key, at=5.0) is not None


def test_what_is_not_known_to_be_undone_is_no_more_dropped_than_restored(store: SqliteStore) -> None:
    key = created(store)
    assert store.undos.undone(key, at=5.0) is None
    assert store.undos.restored(key, at=5.0) is None
    undone(store, key)
    assert not store.undos.drop(key)


def test_those_that_are_open_are_found_again(store: SqliteStore) -> None:
    first, second, elsewhere = created(store), created(store), created(store, org="us:2:production:2")
    created(store)
    assert store.undos.open(ORG) == []
    for key, at in ((second, 4.0), (first, 5.0), (elsewhere, 6.0)):
        store.undos.want(key, at=at)
    assert [row.key for row in store.undos.open(ORG)] == [second, first]
    store.undos.undone(second, at=7.0)
    assert [row.key for row in store.undos.open(ORG)] == [first]


def test_the_last_ones_are_listed_newest_first(store: SqliteStore) -> None:
    first, second, third = (created(store, at=at) for at in (3.0, 5.0, 4.0))
    created(store, at=9.0, org="us:2:production:2")
    store.add(new_key(), lead(), org=ORG, lane=FRESH, at=1.0)
    undone(store, second)
    assert [row.key for row in store.undos.recent(ORG, limit=2)] == [second, third]
    assert [row.key for row in store.undos.recent(ORG, limit=9)] == [second, third, first]


def test_in_a_file_that_is_gone_no_undo_is_begun(path: Path, store: SqliteStore) -> None:
    key = created(store)
    path.unlink()
    with pytest.raises(StorageError):
        store.undos.want(key, at=4.0)


# Notes and tasks


def test_what_waits_is_held_back_and_waits_again(store: SqliteStore) -> None:
    key = created(store, NOTE)

    def due() -> int:
        assert store.counts(since=0).follow_ups_waiting == store.follow_ups.waiting(ORG)
        return len(store.follow_ups.due(ORG, now=5.0, limit=9)) + store.follow_ups.waiting(ORG)

    assert due() == 2
    store.undos.want(key, at=4.0)
    assert due() == 0
    store.undos.drop(key)
    assert due() == 2
    undone(store, key)
    assert due() == 0
    assert store.follow_ups.of(key)[0].record_id is None
    store.undos.restored(key, at=6.0)
    assert due() == 2
    assert store.follow_ups.of(key)[0].record_id == "9"


def test_who_read_it_before_the_undo_does_not_send_it_after(store: SqliteStore) -> None:
    key = created(store, NOTE)
    (read,) = store.follow_ups.due(ORG, now=5.0, limit=9)
    undone(store, key)
    assert store.follow_ups.begin(read, "me", 6.0) is None
    assert store.follow_ups.of(key)[0].state is W
    store.undos.restored(key, at=7.0)
    assert store.follow_ups.begin(read, "me", 8.0) is not None


@pytest.mark.parametrize("state", [S, U])
def test_while_one_is_under_way_nothing_is_undone(store: SqliteStore, state: FollowUpState) -> None:
    key = created(store, NOTE)
    begun = store.follow_ups.begin(store.follow_ups.of(key)[0], "me", 4.0)
    assert begun is not None
    if state is U:
        store.follow_ups.finish(begun, U, at=4.5)
    assert store.undos.want(key, at=5.0) is None
    (now,) = store.follow_ups.of(key)
    store.follow_ups.finish(now, FollowUpState.SENT, at=6.0, zoho_id="1")
    assert store.undos.want(key, at=7.0) is not None


def test_one_that_was_refused_asks_for_nobody_any_more(store: SqliteStore) -> None:
    key = created(store, NOTE)
    begun = store.follow_ups.begin(store.follow_ups.of(key)[0], "me", 4.0)
    assert begun is not None
    store.follow_ups.finish(begun, FollowUpState.REFUSED, at=4.5)
    assert (store.follow_ups.refused(), store.counts(since=0).follow_ups_refused) == (1, 1)
    undone(store, key)
    assert (store.follow_ups.refused(), store.counts(since=0).follow_ups_refused) == (0, 0)


# The day


def test_what_was_undone_is_not_of_the_day(store: SqliteStore) -> None:
    keys: list[str] = []
    for number, seconds in enumerate((100.0, 40.5, 70.0)):
        key = new_key()
        store.drafts.keep(key, {"Last_Name": "Roe"}, field=None, holder=None, editing=False, at=1.0)
        store.add(key, lead(), org=ORG, lane=FRESH, at=1.0 + seconds)
        sent(store, key, State.SENT, at=200.0 + number)
        keys.append(key)
    created(store, at=300.0)
    counts = store.counts(since=150.0)
    assert (counts.today, sorted(counts.spans)) == (4, [40.5, 70.0, 100.0])
    assert store.counts(since=201.0).spans == (40.5, 70.0)
    undone(store, keys[0])
    counts = store.counts(since=150.0)
    assert (counts.today, sorted(counts.spans), counts.of([State.SENT])) == (3, [40.5, 70.0], 4)
    store.undos.restored(keys[0], at=6.0)
    assert store.counts(since=150.0).today == 4


# Its end


def test_what_was_undone_is_purged_with_the_note_that_it_held_back(store: SqliteStore) -> None:
    key = created(store, NOTE)
    assert store.history.purge(before=9.0) == 0
    undone(store, key)
    assert store.history.purge(before=9.0) == 1
    assert row_of(store, key).values == {}
    (note,) = store.follow_ups.of(key)
    assert (note.state, note.values) == (FollowUpState.DISCARDED, {})
    assert (note.created_at, note.updated_at) == (1.0, 1.0), "times stay"


def test_while_it_is_being_undone_nobody_is_forgotten(store: SqliteStore) -> None:
    key = created(store, NOTE)
    store.undos.want(key, at=4.0)
    assert store.history.naming(ADA) == Naming(ended=0, waiting=0, under_way=1)
    assert store.history.forget(ADA, at=5.0) == Forgotten(erased=0, under_way=1)
    store.undos.undone(key, at=6.0)
    assert store.history.forget(ADA, at=7.0) == Forgotten(erased=1, under_way=0)
    assert row_of(store, key).undone


def test_a_damaged_outbox_gives_back_what_was_undone(path: Path) -> None:
    store = SqliteStore(path)
    key, other = created(store, NOTE), created(store)
    undone(store, key)
    store.undos.want(other, at=6.0)
    before = row_of(store, key), row_of(store, other)
    store.close()
    with path.open("r+b") as file:
        file.write(b"\xa7" * 4096)
    after, _ = open_outbox(path, clock=lambda: 100.0)
    assert [(row.undo_wanted, row.undone_at, row.restored_at, row.saved_at) for row in before] == [
        (row.undo_wanted, row.undone_at, row.restored_at, row.saved_at)
        for row in (row_of(after, key), row_of(after, other))
    ]
    # Its note may have been sent since; but nobody looks for it while the lead is away.
    assert [one.state for one in after.follow_ups.of(key)] == [U]
    assert after.follow_ups.due(ORG, now=999.0, limit=9) == []
    assert after.history.forget(ADA, at=7.0).under_way == 1
    after.close()


# An earlier version's file


def test_a_file_of_the_fifth_version_is_taken_on(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    key = new_key()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for step in _STEPS[:5]:
            db.executescript(step)
        db.execute(f"PRAGMA application_id={APPLICATION_ID}")
        db.execute("PRAGMA user_version=5")
        db.execute(
            'INSERT INTO leads (key, state, "values", org, lane, created_at, updated_at, zoho_id)'
            """ VALUES (?, 'sent', '{"Last_Name":"Roe"}', ?, 0, 1, 3, '9')""",
            (key, ORG),
        )
    store = SqliteStore(path)
    row = row_of(store, key)
    # When it was saved, nobody wrote down.
    assert (row.created_at, row.saved_at, row.undo_wanted, row.in_zoho) == (1.0, None, None, True)
    counts = store.counts(since=2.0)
    assert (counts.today, counts.spans) == (1, ())
    undone(store, key)
    assert store.counts(since=2.0).today == 0
    store.close()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (VERSION,)


def test_a_damaged_file_of_the_fifth_version_is_read_without_its_first_page(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for step in _STEPS[:5]:
            db.executescript(step)
        db.execute(f"PRAGMA application_id={APPLICATION_ID}")
        db.execute("PRAGMA user_version=5")
        for number in range(50):
            db.execute(
                'INSERT INTO leads (key, state, "values", org, lane, created_at, updated_at, zoho_id)'
                """ VALUES (?, 'sent', '{"Last_Name":"Roe"}', ?, 0, 1, 3, '9')""",
                (f"key {number}", ORG),
            )
    with path.open("r+b") as file:
        file.write(b"\xa7" * 4096)
    store, told = open_outbox(path)
    assert "lost" not in told[0]
    assert {row.key for row in store.rows() if row.in_zoho} == {f"key {number}" for number in range(50)}
    store.close()
