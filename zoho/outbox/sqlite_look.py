"""Looking at the outbox without changing anything: nothing is made, upgraded, rolled back or set aside."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from zoho.outbox.follow_ups import FollowUpState
from zoho.outbox.sqlite_errors import outbox_error
from zoho.outbox.sqlite_file import FOLLOW_UPS_SINCE, UNDOS_SINCE, version_of
from zoho.outbox.states import State

_LONGEST_CHECK = 2.0

_NOT_HELD = """WHERE lead NOT IN (
    SELECT key FROM leads WHERE undo_wanted IS NOT NULL AND restored_at IS NULL
)"""


class OutboxLook:
    """An outbox file, opened for reading alone.

    Args:
        path: the database file.
        busy: how long to wait for another process that is writing, in seconds.
    """

    def __init__(self, path: Path, *, busy: float = 2.0) -> None:
        self._path = path
        self._busy = busy

    def counts(self) -> dict[State, int]:
        """Look through the file; return how many leads are in which state.

        Raises:
            StorageError: it cannot be read, is damaged (`is_damage`), another program's or a newer version's;
                or a write was cut off in it (`is_cut_off`).
        """
        with self._reading() as db:
            if not version_of(db, self._path):
                return {}
            _check(db)
            found = db.execute("SELECT state, count(*) FROM leads GROUP BY state")
            return {State(state): number for state, number in found if state in set(State)}

    def follow_ups(self) -> dict[FollowUpState, int]:
        """Return how many notes and tasks are in which state; raises as `counts` does.

        Those that wait for a lead which waits itself are among them, those that are held back are not: their
        lead was undone, or may be.
        """
        with self._reading() as db:
            version = version_of(db, self._path)
            if version < FOLLOW_UPS_SINCE:
                return {}
            only = _NOT_HELD if version >= UNDOS_SINCE else ""
            found = db.execute(f"SELECT state, count(*) FROM follow_ups {only} GROUP BY state")
            return {FollowUpState(state): number for state, number in found if state in set(FollowUpState)}

    def note(self, name: str) -> str | None:
        """Return a small fact that was kept under *name*, if there is a file; raises as `counts` does."""
        if not self._path.exists():
            return None
        with self._reading() as db:
            if not version_of(db, self._path):
                return None
            found = db.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
            return found[0] if found else None

    @contextmanager
    def _reading(self) -> Generator[sqlite3.Connection]:
        try:
            address = f"file:{quote(str(self._path))}?mode=ro"
            with closing(sqlite3.connect(address, uri=True, timeout=self._busy)) as db:
                yield db
        except (sqlite3.Error, OSError) as error:
            raise outbox_error(self._path, error) from None


def is_cut_off(code: str) -> bool:
    """Say whether the code of an error of `OutboxLook` means that the next start sets the file right."""
    return code == "SQLITE_READONLY_ROLLBACK"


def _check(db: sqlite3.Connection) -> None:
    """Look for damage, for a while; raises sqlite3's error where some is found."""
    give_up = time.monotonic() + _LONGEST_CHECK
    db.set_progress_handler(lambda: time.monotonic() > give_up, 1000)
    try:
        if db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            fault = sqlite3.DatabaseError("database disk image is malformed")
            fault.sqlite_errorname = "SQLITE_CORRUPT"
            raise fault
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "") != "SQLITE_INTERRUPT":
            raise
    finally:
        db.set_progress_handler(None, 0)
