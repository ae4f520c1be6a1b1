"""The outbox in one SQLite file.

``journal_mode=DELETE`` with ``synchronous=EXTRA``: what COMMIT acknowledged survives a power cut, and no WAL
is needed (a corruption bug with several processes up to SQLite 3.51.2, and none on network file systems).
Statements are explicit transactions, tiny, and never wait for anything but the disk.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import Any

from zoho.account.files import private_folder
from zoho.outbox.sqlite_errors import not_ours, outbox_error, too_new
from zoho.outbox.sqlite_rows import COLUMNS, dump_faults, dump_values, read_one, read_row
from zoho.outbox.states import EDITABLE, MAY_BECOME, MAY_DECIDE, State
from zoho.outbox.store import Attempt, Counts, LoggedCall, Outcome, Row

_APPLICATION_ID = 0x5A4C4F42  # "ZLOB": tells our file from another program's
_VERSION = 1

_SCHEMA = """
CREATE TABLE leads (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    "values" TEXT NOT NULL,
    org TEXT,
    lane INTEGER NOT NULL,
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    mode TEXT NOT NULL DEFAULT 'unkeyed',
    sender TEXT,
    attempt_at REAL NOT NULL DEFAULT 0,
    layout_id TEXT,
    key_field TEXT,
    not_before REAL NOT NULL DEFAULT 0,
    looks INTEGER NOT NULL DEFAULT 0,
    zoho_id TEXT,
    faults TEXT NOT NULL DEFAULT '[]'
) STRICT;
CREATE INDEX leads_by_state ON leads (state, org, lane, seq);
CREATE INDEX leads_by_zoho_id ON leads (zoho_id) WHERE zoho_id IS NOT NULL;
CREATE TABLE calls (
    key TEXT NOT NULL REFERENCES leads (key) ON DELETE CASCADE,
    at REAL NOT NULL,
    attempt INTEGER NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    status INTEGER,
    code TEXT NOT NULL,
    milliseconds REAL NOT NULL
) STRICT;
CREATE INDEX calls_by_key ON calls (key, at);
CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""


_UNCHANGED = "key = :key AND state = :was AND attempt = :attempt AND sender IS :sender"
"""A row still is as it was read: who lost the sender's lock meanwhile must change nothing."""


class SqliteStore:
    """The `zoho.outbox.store.Store` of one user on one machine. Safe to use from several threads.

    Args:
        path: the database file; it is made, 0600 in a 0700 folder, if there is none.
        busy: how long to wait for another process that is writing, in seconds.

    Raises:
        StorageError: it cannot be opened, is not ours, or is damaged.
    """

    def __init__(self, path: Path, *, busy: float = 5.0) -> None:
        self._path = path
        self._lock = threading.RLock()
        private_folder(path.parent)
        with self._told():
            if not path.exists():
                # Before SQLite opens it, so that neither it nor its journal is ever readable by others.
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._db = sqlite3.connect(path, timeout=busy, isolation_level=None, check_same_thread=False)
            try:
                self._db.row_factory = sqlite3.Row
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    def _prepare(self) -> None:
        # Before anything, the journal mode too, is changed in a file that may not be ours.
        self._is_empty(self._db)
        for pragma in (
            "journal_mode=DELETE",
            "synchronous=EXTRA",
            "secure_delete=ON",
            "foreign_keys=ON",
        ):
            self._db.execute(f"PRAGMA {pragma}")
        with self._writing() as db:
            if self._is_empty(db):  # asked again, with the lock: another process may be making it as well
                for statement in _SCHEMA.split(";\n"):
                    db.execute(statement)
                db.execute(f"PRAGMA application_id={_APPLICATION_ID}")
                db.execute(f"PRAGMA user_version={_VERSION}")

    def _is_empty(self, db: sqlite3.Connection) -> bool:
        tables = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        owner = db.execute("PRAGMA application_id").fetchone()[0]
        if owner != _APPLICATION_ID and (tables or owner):
            raise not_ours(self._path)
        if db.execute("PRAGMA user_version").fetchone()[0] > _VERSION:
            raise too_new(self._path)
        return not tables

    # Transactions

    @contextmanager
    def _told(self) -> Generator[None]:
        """Tell every failure of SQLite or of the file system in words."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise outbox_error(self._path, error) from None

    @contextmanager
    def _reading(self) -> Generator[sqlite3.Connection]:
        with self._lock, self._told():
            yield self._db

    @contextmanager
    def _writing(self) -> Generator[sqlite3.Connection]:
        with self._lock, self._told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    # Rows

    def add(self, key: str, values: Mapping[str, Any], *, org: str | None, lane: int, at: float) -> Row:
        """Save a lead as queued and return its row; the row that is already there, if the key is known."""
        with self._writing() as db:
            db.execute(
                'INSERT INTO leads (key, state, "values", org, lane, created_at, updated_at)'
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
                (key, State.QUEUED, dump_values(values), org, lane, at, at),
            )
            return self._fetch(db, key)

    def get(self, key: str) -> Row | None:
        """Return the lead of that key."""
        with self._reading() as db:
            return read_one(db.execute(f"SELECT {COLUMNS} FROM leads WHERE key = ?", (key,)))

    def rows(self, *, limit: int | None = None) -> list[Row]:
        """Return the leads, newest first."""
        with self._reading() as db:
            found = db.execute(
                f"SELECT {COLUMNS} FROM leads ORDER BY seq DESC LIMIT ?",
                (-1 if limit is None else limit,),
            )
            return [read_row(item) for item in found]

    def counts(self, *, since: float) -> Counts:
        """Return how many leads are in which state; ``today`` counts those sent since *since*."""
        with self._reading() as db:
            found = db.execute("SELECT state, count(*) FROM leads GROUP BY state")
            by_state = {State(state): number for state, number in found}
            today = db.execute(
                "SELECT count(*) FROM leads WHERE state = ? AND updated_at >= ?", (State.SENT, since)
            ).fetchone()[0]
            return Counts(by_state, today)

    def next_queued(self, org: str, *, lane: int) -> Row | None:
        """Return the oldest queued lead of that org and lane."""
        with self._reading() as db:
            return read_one(
                db.execute(
                    f"SELECT {COLUMNS} FROM leads WHERE state = ? AND org = ? AND lane = ?"
                    " ORDER BY seq LIMIT 1",
                    (State.QUEUED, org, lane),
                )
            )

    def next_unknown(self, org: str) -> Row | None:
        """Return the unknown lead of that org that is due first."""
        with self._reading() as db:
            return read_one(
                db.execute(
                    f"SELECT {COLUMNS} FROM leads WHERE state = ? AND org = ?"
                    " ORDER BY not_before, seq LIMIT 1",
                    (State.UNKNOWN, org),
                )
            )

    # The sender's steps: each is a compare-and-set, so that who lost the lock meanwhile changes nothing

    def begin(self, row: Row, attempt: Attempt) -> Row | None:
        """Write down that *row* is being sent; None if it is not as it was when it was read."""
        _check(row, State.SENDING)
        with self._writing() as db:
            done = db.execute(
                "UPDATE leads SET state = :sending, attempt = attempt + 1, mode = :mode, sender = :by,"
                " attempt_at = :at, layout_id = :layout, key_field = :key_field, looks = 0"
                f" WHERE {_UNCHANGED}",
                {
                    "sending": State.SENDING,
                    "mode": attempt.mode,
                    "by": attempt.sender,
                    "at": attempt.at,
                    "layout": attempt.layout_id,
                    "key_field": attempt.key_field,
                    **_as_read(row),
                },
            )
            return self._fetch(db, row.key) if done.rowcount else None

    def finish(self, row: Row, outcome: Outcome, *, at: float, calls: Iterable[LoggedCall] = ()) -> bool:
        """Write down what became of the attempt of *row*; False if the row is no longer that sender's."""
        if (row.state, outcome.state) != (State.UNKNOWN, State.UNKNOWN):  # looked at, and no wiser
            _check(row, outcome.state)
        with self._writing() as db:
            done = db.execute(
                "UPDATE leads SET state = :to, zoho_id = :zoho_id, faults = :faults, looks = :looks,"
                f" not_before = :not_before, updated_at = :at WHERE {_UNCHANGED}",
                {
                    "to": outcome.state,
                    "zoho_id": outcome.zoho_id,
                    "faults": dump_faults(outcome.faults),
                    "looks": outcome.looks,
                    "not_before": outcome.not_before,
                    "at": at,
                    **_as_read(row),
                },
            )
            _log(db, row.key, calls)
            return bool(done.rowcount)

    def claim(self, row: Row, sender: str) -> Row | None:
        """Take an unknown row over, to resolve it; None if it is not as it was when it was read."""
        if row.state is not State.UNKNOWN:
            raise ValueError(f"a lead that is {row.state} is not resolved")
        with self._writing() as db:
            done = db.execute(
                f"UPDATE leads SET sender = :by WHERE {_UNCHANGED}", {"by": sender, **_as_read(row)}
            )
            return self._fetch(db, row.key) if done.rowcount else None

    def orphan(self, sender: str, *, not_before: float, at: float) -> int:
        """Turn every row that another sender left in ``sending`` into ``unknown``; return how many."""
        with self._writing() as db:
            return db.execute(
                "UPDATE leads SET state = ?, not_before = ?, updated_at = ?"
                " WHERE state = ? AND sender IS NOT ?",
                (State.UNKNOWN, not_before, at, State.SENDING, sender),
            ).rowcount

    # The rep's word

    def decide(self, key: str, state: State, *, at: float, zoho_id: str | None = None) -> bool:
        """Carry out the rep's word on a lead; False if the lead may not become that."""
        allowed = [before for before, after in MAY_DECIDE.items() if state in after]
        marks = ", ".join("?" * len(allowed))
        # Queued again, or said to be there: what was held against it is over.
        over = "faults = '[]'," if state in (State.QUEUED, State.SENT) else ""
        known_id = "?" if state is State.QUEUED else "coalesce(?, zoho_id)"
        with self._writing() as db:
            done = db.execute(
                f"UPDATE leads SET state = ?, zoho_id = {known_id}, {over} updated_at = ?"
                f" WHERE key = ? AND state IN ({marks})",
                (state, zoho_id, at, key, *allowed),
            )
            return bool(done.rowcount)

    def edit(self, key: str, values: Mapping[str, Any], *, at: float) -> bool:
        """Give a lead other values and queue it again, with the same key; False if it may not be edited."""
        marks = ", ".join("?" * len(EDITABLE))
        with self._writing() as db:
            done = db.execute(
                f'UPDATE leads SET state = ?, "values" = ?, faults = ?, zoho_id = NULL, lane = 0,'
                f" updated_at = ? WHERE key = ? AND state IN ({marks})",
                (State.QUEUED, dump_values(values), "[]", at, key, *EDITABLE),
            )
            return bool(done.rowcount)

    def bind(self, org: str, *, keys: Iterable[str] | None = None) -> int:
        """Let the leads that belong to no org yet (or only *keys*) belong to *org*; return how many."""
        with self._writing() as db:
            if keys is None:
                return db.execute("UPDATE leads SET org = ? WHERE org IS NULL", (org,)).rowcount
            return sum(
                db.execute("UPDATE leads SET org = ? WHERE org IS NULL AND key = ?", (org, key)).rowcount
                for key in keys
            )

    # Calls and notes

    def holder_of(self, zoho_id: str) -> str | None:
        """Return the key of the sent lead that has this id in Zoho."""
        with self._reading() as db:
            found = db.execute(
                "SELECT key FROM leads WHERE zoho_id = ? AND state = ?", (zoho_id, State.SENT)
            ).fetchone()
            return found[0] if found else None

    def log_calls(self, key: str, calls: Iterable[LoggedCall]) -> None:
        """Keep the HTTP exchanges of a lead."""
        with self._writing() as db:
            _log(db, key, calls)

    def calls(self, key: str) -> list[LoggedCall]:
        """Return the HTTP exchanges of a lead, oldest first."""
        with self._reading() as db:
            found = db.execute(
                "SELECT at, attempt, method, path, status, code, milliseconds FROM calls"
                " WHERE key = ? ORDER BY at, rowid",
                (key,),
            )
            return [LoggedCall(**dict(item)) for item in found]

    def note(self, name: str) -> str | None:
        """Return a small fact that was kept under *name*."""
        with self._reading() as db:
            found = db.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
            return found[0] if found else None

    def set_note(self, name: str, value: str | None) -> None:
        """Keep a small fact; None forgets it."""
        with self._writing() as db:
            if value is None:
                db.execute("DELETE FROM notes WHERE name = ?", (name,))
            else:
                db.execute(
                    "INSERT INTO notes (name, value) VALUES (?, ?)"
                    " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    (name, value),
                )

    def version(self) -> int:
        """Return a number that changes whenever another process changed the outbox."""
        with self._reading() as db:
            return db.execute("PRAGMA data_version").fetchone()[0]

    def close(self) -> None:
        """Close it; rows stay."""
        with self._lock, self._told():
            self._db.close()

    def _fetch(self, db: sqlite3.Connection, key: str) -> Row:
        return read_row(db.execute(f"SELECT {COLUMNS} FROM leads WHERE key = ?", (key,)).fetchone())


def _check(row: Row, state: State) -> None:
    """Refuse a step that the table of states does not have: it would be a mistake of the caller's."""
    if state not in MAY_BECOME[row.state]:
        raise ValueError(f"a lead that is {row.state} does not become {state}")


def _log(db: sqlite3.Connection, key: str, calls: Iterable[LoggedCall]) -> None:
    db.executemany(
        "INSERT INTO calls (key, at, attempt, method, path, status, code, milliseconds)"
        " SELECT key, ?, ?, ?, ?, ?, ?, ? FROM leads WHERE key = ?",
        [(*astuple(call), key) for call in calls],
    )


def _as_read(row: Row) -> dict[str, Any]:
    return {"key": row.key, "was": row.state, "attempt": row.attempt, "sender": row.sender}
