"""The outbox's one SQLite file: opening it, its tables, and its transactions.

``journal_mode=DELETE`` with ``synchronous=EXTRA``: what COMMIT acknowledged survives a power cut, and no WAL
is needed (a corruption bug with several processes up to SQLite 3.51.2, and none on network file systems).
Statements are explicit transactions, tiny, and never wait for anything but the disk.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from zoho.account.file_systems import MOUNTS, refuse_network_folder
from zoho.account.files import private_folder
from zoho.outbox.sqlite_errors import gone, is_damage, not_ours, outbox_error, too_new

APPLICATION_ID = 0x5A4C4F42  # "ZLOB": tells our file from another program's

_FIRST_SCHEMA = """
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

_DRAFTS_AND_DOUBT = """
ALTER TABLE leads ADD COLUMN unclear INTEGER NOT NULL DEFAULT 0;
ALTER TABLE leads ADD COLUMN typed TEXT;
ALTER TABLE leads ADD COLUMN field TEXT;
ALTER TABLE leads ADD COLUMN holder TEXT;
CREATE INDEX leads_by_draft ON leads (updated_at) WHERE typed IS NOT NULL;
UPDATE leads SET unclear = 1
    WHERE state IN ('sending', 'unknown', 'ask') OR (state = 'queued' AND attempt > 0);
"""

# How many were created today is asked after every lead. Only leads that are created are in this index, so
# that a lead pays for it once.
_CREATED_WHEN = """
CREATE INDEX leads_by_creation ON leads (state, updated_at) WHERE state = 'sent';
"""

_REASONS = """
ALTER TABLE leads ADD COLUMN reason TEXT;
"""

_FOLLOW_UPS = """
ALTER TABLE leads ADD COLUMN answers TEXT;
CREATE TABLE follow_ups (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    lead TEXT NOT NULL REFERENCES leads (key) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    "values" TEXT NOT NULL,
    state TEXT NOT NULL,
    module TEXT NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    sender TEXT,
    attempt_at REAL NOT NULL DEFAULT 0,
    not_before REAL NOT NULL DEFAULT 0,
    zoho_id TEXT,
    faults TEXT NOT NULL DEFAULT '[]',
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL,
    unclear INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX follow_ups_by_lead ON follow_ups (lead, seq);
CREATE INDEX follow_ups_by_state ON follow_ups (state, seq);
CREATE INDEX follow_ups_by_zoho_id ON follow_ups (zoho_id) WHERE zoho_id IS NOT NULL;
"""

# What is counted of a day after every lead is in this index: how many were created, and how long each took.
_UNDOS = """
ALTER TABLE leads ADD COLUMN saved_at REAL;
ALTER TABLE leads ADD COLUMN undo_wanted REAL;
ALTER TABLE leads ADD COLUMN undone_at REAL;
ALTER TABLE leads ADD COLUMN restored_at REAL;
DROP INDEX leads_by_creation;
CREATE INDEX leads_by_creation ON leads (state, updated_at, created_at, saved_at, undone_at, restored_at)
    WHERE state = 'sent';
CREATE INDEX leads_by_undo ON leads (undo_wanted) WHERE undo_wanted IS NOT NULL;
"""

_STEPS = (_FIRST_SCHEMA, _DRAFTS_AND_DOUBT, _CREATED_WHEN, _REASONS, _FOLLOW_UPS, _UNDOS)
"""What makes each version of the tables out of the one before; the file's ``user_version`` counts them."""

VERSION = len(_STEPS)

FOLLOW_UPS_SINCE = 5
"""The version whose tables have notes and tasks first."""

UNDOS_SINCE = 6
"""The version whose tables tell first of leads that were undone."""

LONGEST_CHECK = 0.1
"""Seconds: a check that takes longer is given up. Of 10,000 leads (8 MB) it takes a tenth of that."""


class SqliteFile:
    """One user's outbox file on one machine. Safe to use from several threads.

    Args:
        path: the database file; it is made, 0600 in a 0700 folder, if there is none.
        busy: how long to wait for another process that is writing, in seconds.
        mounts: the kernel's list of mounts.

    Raises:
        StorageError: it cannot be opened, is not ours, is damaged, or lies on a network file system.
    """

    def __init__(self, path: Path, *, busy: float, mounts: Path = MOUNTS) -> None:
        self._path = path
        self._lock = threading.RLock()
        private_folder(path.parent)
        refuse_network_folder(path.parent, mounts=mounts)
        with self._told():
            if not path.exists():
                # Before SQLite opens it, so that neither it nor its journal is ever readable by others.
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._db = sqlite3.connect(path, timeout=busy, isolation_level=None, check_same_thread=False)
            try:
                self._identity = _identity_of(path)
                self._db.row_factory = sqlite3.Row
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    def _prepare(self) -> None:
        # Before anything, the journal mode too, is changed in a file that may not be ours.
        version_of(self._db, self._path)
        for pragma in (
            "journal_mode=DELETE",
            "synchronous=EXTRA",
            "secure_delete=ON",
            "foreign_keys=ON",
        ):
            self._db.execute(f"PRAGMA {pragma}")
        if version_of(self._db, self._path) < VERSION:
            with self.writing() as db:
                # Asked again, with the lock: another process may be making it as well.
                for step in _STEPS[version_of(db, self._path) :]:
                    for statement in step.split(";\n"):
                        db.execute(statement)
                db.execute(f"PRAGMA application_id={APPLICATION_ID}")
                db.execute(f"PRAGMA user_version={VERSION}")

    def is_sound(self, *, within: float) -> bool:
        """Look through the file for *within* seconds; return whether nothing damaged was met."""
        give_up = time.monotonic() + within
        with self.reading() as db:
            db.set_progress_handler(lambda: time.monotonic() > give_up, 100)
            try:
                return db.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
            except sqlite3.Error as error:
                if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
                    return True
                told = outbox_error(self._path, error)
                if is_damage(told):
                    return False
                raise
            finally:
                db.set_progress_handler(None, 0)

    # Transactions

    @contextmanager
    def _told(self) -> Generator[None]:
        """Tell every failure of SQLite or of the file system in words."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise outbox_error(self._path, error) from None

    @contextmanager
    def reading(self) -> Generator[sqlite3.Connection]:
        """Give the connection, for one statement that reads; raises `StorageError`."""
        with self._lock, self._told():
            yield self._db

    @contextmanager
    def writing(self) -> Generator[sqlite3.Connection]:
        """Give the connection in a transaction, which is on the disk when this ends.

        Raises:
            StorageError: nothing was written.
        """
        with self._lock, self._told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                # What is written into a file that somebody moved away or deleted would be seen by nobody.
                if _identity_of(self._path) != self._identity:
                    raise gone(self._path)
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close it."""
        with self._lock, self._told():
            self._db.close()


def version_of(db: sqlite3.Connection, path: Path) -> int:
    """Return the version of the tables, 0 for an empty file; refuse a file that is not ours, or newer."""
    tables = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    owner = db.execute("PRAGMA application_id").fetchone()[0]
    if owner != APPLICATION_ID and (tables or owner):
        raise not_ours(path)
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise too_new(path)
    return version if tables else 0


def _identity_of(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
