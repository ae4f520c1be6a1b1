"""Opening the outbox; one that is damaged is set aside, never deleted, and what it still tells is taken over.

The new outbox is whole on the disk before it takes the damaged one's place, and until then the damaged one
stays where it is: killed at any moment, the next start begins anew.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import TypeVar

from zoho.account.files import storage_error, sync_folder
from zoho.outbox.rest import Waits
from zoho.outbox.sender_lock import SenderLock
from zoho.outbox.sqlite_errors import damaged_in_use, is_damage, refuse_foreign_header
from zoho.outbox.sqlite_file import APPLICATION_ID, VERSION, SqliteFile
from zoho.outbox.sqlite_follow_ups import put_follow_up
from zoho.outbox.sqlite_rows import insert_row
from zoho.outbox.sqlite_salvage import Damaged, salvage
from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import NEEDS_REP
from zoho.outbox.store import Row
from zoho.wire.errors import StorageError

_BUSY = 5.0
_T = TypeVar("_T")


def open_outbox(
    path: Path, *, clock: Callable[[], float] = time.time, busy: float = _BUSY
) -> tuple[SqliteStore, list[str]]:
    """Return the outbox, and what the rep should be told of it.

    Args:
        path: the database file, as for `SqliteStore`.
        clock: seconds since the epoch.
        busy: how long to wait for another process that is writing, in seconds.

    Raises:
        StorageError: it cannot be opened, is not ours, or is damaged while another process is using it.
    """
    store = _sound(path, busy)
    if store is not None:
        return store, []
    lock = SenderLock(path.with_suffix(".lock"))
    held = lock.acquire()
    try:
        # Asked again: another process may have set it aside meanwhile, and be sending already.
        store = _sound(path, busy)
        if store is not None:
            return store, []
        if not held:
            raise damaged_in_use(path)
        refuse_foreign_header(path, application_id=APPLICATION_ID, version=VERSION)
        told = _set_aside(path, clock(), busy)
        return SqliteStore(path, busy=busy), [told]
    finally:
        if held:
            lock.release()


def damaged_beside(path: Path) -> list[Path]:
    """Return the files that were set aside, oldest first: leads' values are in them."""
    return sorted(path.parent.glob(f"{path.stem}-damaged-*{path.suffix}"))


def _sound(path: Path, busy: float) -> SqliteStore | None:
    """Open the outbox; None if it is damaged."""
    try:
        store = SqliteStore(path, busy=busy)
    except StorageError as error:
        if is_damage(error):
            return None
        raise
    try:
        sound = store.is_sound()
    except BaseException:
        store.close()
        raise
    if not sound:
        store.close()
    return store if sound else None


def _told(aside: Path, rows: Sequence[Row], *, whole: bool) -> str:
    asking = sum(row.state in NEEDS_REP for row in rows)
    need = f"{asking} of them need you: see the Log." if asking else "none of them needs you."
    lost = "" if whole else " Others may be lost: compare with Zoho."
    told = f"The outbox was damaged, and was set aside as {aside.name}. Leads taken over: {len(rows)}; {need}"
    return told + lost


def _set_aside(path: Path, at: float, busy: float) -> str:
    """Do it; return what the rep should be told."""
    fresh = path.with_name(f"{path.stem}-rescue{path.suffix}")
    with _nobody_writes(path, busy) as damaged:
        _remove(fresh)
        try:
            file = SqliteFile(fresh, busy=busy)
            try:
                found = salvage(damaged, pattern=fresh, later=at + Waits().longest_under_way)
                with file.writing() as db:
                    rows = [row for row in found.leads if row is not None and _inserted(db, insert_row, row)]
                    more = [one and _inserted(db, put_follow_up, one) for one in found.follow_ups]
            finally:
                file.close()
            whole = len(rows) == len(found.leads) and all(more)
            return _told(_swap(path, fresh, at), rows, whole=whole)
        except OSError as error:
            raise storage_error(path, error) from None
        finally:
            with suppress(OSError):
                _remove(fresh)


@contextmanager
def _nobody_writes(path: Path, busy: float) -> Generator[Damaged]:
    """Keep others from writing to the file while it is exchanged; it is open meanwhile.

    Whoever has it open finds out afterwards that it is gone (`SqliteFile.writing`), and says so instead of
    "saved".
    """
    with path.open("rb") as file, closing(_connected(path, busy)) as db:
        try:
            db.execute("BEGIN EXCLUSIVE")
            db.execute("PRAGMA query_only=ON")
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
                raise damaged_in_use(path) from None
            yield Damaged(file, None)
        else:
            yield Damaged(file, db)


def _connected(path: Path, busy: float) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=busy, isolation_level=None)


def _inserted(db: sqlite3.Connection, insert: Callable[[sqlite3.Connection, _T], None], row: _T) -> bool:
    try:
        insert(db, row)
    except (sqlite3.IntegrityError, sqlite3.InterfaceError, TypeError, ValueError, OverflowError):
        return False  # a value that none of ours can have, or what belongs to a lead that is lost
    return True


def _swap(path: Path, fresh: Path, at: float) -> Path:
    """Give the damaged file another name, and its own to *fresh*."""
    aside = _second_name(path, at)
    with suppress(FileNotFoundError):
        # First: the new outbox must not take it for its own.
        os.rename(f"{path}-journal", f"{aside}-journal")
    os.replace(fresh, path)
    sync_folder(path.parent)
    return aside


def _second_name(path: Path, at: float) -> Path:
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(at))
    for number in count(1):
        more = f"-{number}" if number > 1 else ""
        aside = path.with_name(f"{path.stem}-damaged-{stamp}{more}{path.suffix}")
        with suppress(FileExistsError):
            os.link(path, aside)  # unlike a rename, it never takes the place of another file
            return aside
    raise AssertionError("numbers do not end")


def _remove(fresh: Path) -> None:
    for name in (f"{fresh}", f"{fresh}-journal"):
        Path(name).unlink(missing_ok=True)
