"""The outbox's file: made by an earlier version, or taken away while it is open."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from outbox_office import begin, finish, lead, new_key

from zoho.outbox.sqlite_file import APPLICATION_ID, VERSION
from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import Mode, State
from zoho.outbox.store import FRESH, Attempt, Outcome
from zoho.wire.errors import StorageError

# The tables as version 1 made them, word for word; never to be changed.
FIRST = """
CREATE TABLE leads (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, state TEXT NOT NULL,
    "values" TEXT NOT NULL, org TEXT, lane INTEGER NOT NULL, created_at REAL NOT NULL,
    updated_at REAL NOT NULL, attempt INTEGER NOT NULL DEFAULT 0, mode TEXT NOT NULL DEFAULT 'unkeyed',
    sender TEXT, attempt_at REAL NOT NULL DEFAULT 0, layout_id TEXT, key_field TEXT,
    not_before REAL NOT NULL DEFAULT 0, looks INTEGER NOT NULL DEFAULT 0, zoho_id TEXT,
    faults TEXT NOT NULL DEFAULT '[]'
) STRICT;
CREATE INDEX leads_by_state ON leads (state, org, lane, seq);
CREATE INDEX leads_by_zoho_id ON leads (zoho_id) WHERE zoho_id IS NOT NULL;
CREATE TABLE calls (
    key TEXT NOT NULL REFERENCES leads (key) ON DELETE CASCADE, at REAL NOT NULL, attempt INTEGER NOT NULL,
    method TEXT NOT NULL, path TEXT NOT NULL, status INTEGER, code TEXT NOT NULL, milliseconds REAL NOT NULL
) STRICT;
CREATE INDEX calls_by_key ON calls (key, at);
CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""


@pytest.fixture
def first(path: Path) -> dict[State, str]:
    """A file of version 1 with a lead in each state; their keys."""
    path.parent.mkdir(mode=0o700)
    keys = {state: new_key() for state in State}
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript(FIRST)
        db.execute(f"PRAGMA application_id={APPLICATION_ID}")
        db.execute("PRAGMA user_version=1")
        for state, key in keys.items():
            db.execute(
                'INSERT INTO leads (key, state, "values", org, lane, created_at, updated_at, attempt)'
                """ VALUES (?, ?, '{"Last_Name":"Roe"}', 'org', 0, 1, 2, 0)""",
                (key, state),
            )
        db.execute("INSERT INTO notes VALUES ('key kept: x', 'kept')")
        db.execute(
            "INSERT INTO calls VALUES (?, 1, 1, 'POST', '/crm/v8/Leads', 201, 'SUCCESS', 1)",
            (keys[State.SENT],),
        )
    return keys


def test_a_file_of_the_first_version_is_taken_on(path: Path, first: dict[State, str]) -> None:
    store = SqliteStore(path)
    rows = {row.state: row for row in store.rows()}
    assert {state: row.key for state, row in rows.items()} == first
    assert all(row.values == {"Last_Name": "Roe"} and row.typed is None for row in rows.values())
    assert len(store.calls(first[State.SENT])) == 1
    assert store.note("key kept: x") == "kept"
    assert store.drafts.keep(new_key(), {"A": "b"}, field=None, holder=None, editing=False, at=1.0)
    store.close()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (VERSION,)


def test_what_was_unclear_in_the_first_version_is_so_still(path: Path, first: dict[State, str]) -> None:
    # Else a record in the way that is our own would be taken for another's.
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("UPDATE leads SET attempt = 2 WHERE state = 'queued'")  # on the rep's word, perhaps
    store = SqliteStore(path)
    unclear = {row.state for row in store.rows() if row.unclear}
    assert unclear == {State.SENDING, State.UNKNOWN, State.ASK, State.QUEUED}
    store.close()


def test_tables_are_the_same_whichever_version_made_them(path: Path, first: dict[State, str]) -> None:
    SqliteStore(path).close()
    SqliteStore(path.with_name("new.db")).close()

    def tables(file: Path) -> list[tuple[str, list[tuple[str, str, int, str]]]]:
        with closing(sqlite3.connect(file)) as db:
            names = [name for (name,) in db.execute("SELECT name FROM sqlite_schema ORDER BY name")]
            told = 'SELECT name, type, "notnull", dflt_value FROM pragma_table_info(?)'
            return [(name, db.execute(told, (name,)).fetchall()) for name in names]

    assert tables(path) == tables(path.with_name("new.db"))


def test_a_step_that_fails_leaves_the_first_version(path: Path, first: dict[State, str]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("CREATE TABLE leads_by_draft (x)")  # in the way of the second step's last statement
        with pytest.raises(StorageError):
            SqliteStore(path)
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert "unclear" not in [row[1] for row in db.execute("PRAGMA table_info(leads)")]
        db.execute("DROP TABLE leads_by_draft")
    store = SqliteStore(path)
    assert len(store.rows()) == len(first)
    store.close()


def test_a_file_of_the_second_version_gets_what_counts_created_leads_without_reading_them(path: Path) -> None:
    SqliteStore(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("DROP INDEX leads_by_creation")
        db.execute("ALTER TABLE leads DROP COLUMN reason")
        db.execute("ALTER TABLE leads DROP COLUMN answers")
        db.execute("DROP TABLE follow_ups")
        db.execute("DROP INDEX leads_by_undo")
        for name in ("saved_at", "undo_wanted", "undone_at", "restored_at"):
            db.execute(f"ALTER TABLE leads DROP COLUMN {name}")
        db.execute("PRAGMA user_version=2")
    SqliteStore(path).close()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (VERSION,)
        asked: list[str] = []
        store = SqliteStore(path)
        store._file._db.set_trace_callback(asked.append)
        store.counts(since=5.0)
        store.close()
        (today,) = [one for one in asked if "updated_at >=" in one]
        plan = " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {today}"))
    assert "COVERING INDEX leads_by_creation" in plan


# Where it lies


def test_on_a_network_file_system_no_lead_is_taken(path: Path) -> None:
    mounts = path.parent.with_name("mountinfo")
    mounts.write_text(f"1 0 8:1 / / rw - ext4 a rw\n2 1 8:2 / {path.parent} rw - nfs4 host:/home rw\n")
    with pytest.raises(StorageError) as caught:
        SqliteStore(path, mounts=mounts)
    assert caught.value.code == "network_file_system"
    assert "--data-dir" in caught.value.next_step
    assert list(path.parent.iterdir()) == []
    elsewhere = path.parent.with_name("local") / "outbox.db"
    SqliteStore(elsewhere, mounts=mounts).close()


# The file is taken away


def moved(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def deleted(path: Path) -> None:
    path.unlink()


def replaced(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))
    SqliteStore(path).close()


WRITES: dict[str, Callable[[SqliteStore, str], object]] = {
    "add": lambda store, key: store.add(new_key(), lead(), org="org", lane=FRESH, at=1.0),
    "edit": lambda store, key: store.edit(key, lead(), at=1.0),
    "decide": lambda store, key: store.decide(key, State.DISCARDED, at=1.0),
    "bind": lambda store, key: store.bind("org"),
    "note": lambda store, key: store.set_note("a", "b"),
    "orphan": lambda store, key: store.orphan("me", not_before=1.0, at=1.0),
    "draft": lambda store, key: store.drafts.keep(
        new_key(), {"A": "b"}, field=None, holder=None, editing=False, at=1.0
    ),
    "forget": lambda store, key: store.history.forget("a@example.com", at=1.0),
}


@pytest.mark.parametrize("take_away", [moved, deleted, replaced])
@pytest.mark.parametrize("write", WRITES)
def test_nothing_is_said_to_be_saved_in_a_file_that_is_gone(
    path: Path, store: SqliteStore, take_away: Callable[[Path], None], write: str
) -> None:
    row = store.add(new_key(), lead(), org="org", lane=FRESH, at=1.0)
    take_away(path)
    with pytest.raises(StorageError) as caught:
        WRITES[write](store, row.key)
    assert caught.value.code == "outbox_gone"
    assert str(path) in caught.value.what
    assert store.rows() == [row]


@pytest.mark.parametrize("take_away", [moved, deleted, replaced])
def test_no_attempt_is_begun_in_a_file_that_is_gone(
    path: Path, store: SqliteStore, take_away: Callable[[Path], None]
) -> None:
    row = store.add(new_key(), lead(), org="org", lane=FRESH, at=1.0)
    take_away(path)
    with pytest.raises(StorageError) as caught:
        begin(store, row, Attempt("me", Mode.KEYED, 1.0, None, None))
    assert caught.value.code == "outbox_gone"


def test_put_back_it_goes_on(path: Path, store: SqliteStore) -> None:
    row = store.add(new_key(), lead(), org="org", lane=FRESH, at=1.0)
    sending = begin(store, row, Attempt("me", Mode.KEYED, 1.0, None, None))
    assert sending is not None
    moved(path)
    with pytest.raises(StorageError):
        finish(store, sending, Outcome(State.SENT, zoho_id="1"), at=2.0)
    path.with_name("elsewhere.db").rename(path)
    assert finish(store, sending, Outcome(State.SENT, zoho_id="1"), at=2.0)
