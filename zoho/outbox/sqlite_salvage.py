"""Reading what can still be read of a damaged outbox, row by row; the file itself is not written to."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypeVar

from zoho.outbox.follow_ups import FollowUpRow, FollowUpState
from zoho.outbox.sqlite_follow_ups import read_follow_up
from zoho.outbox.sqlite_rows import read_row
from zoho.outbox.states import State
from zoho.outbox.store import Row
from zoho.wire.errors import FieldFault

_GIVE_UP_AFTER = 20_000
"""Rows in a row that cannot be read, where a lost page higher up in the tree stands for some thousand."""

_PAGE = 4096
_SINCE_THE_FIRST_VERSION = {
    "unclear": 0,
    "typed": None,
    "field": None,
    "holder": None,
    "reason": None,
    "answers": None,
    "saved_at": None,
    "undo_wanted": None,
    "undone_at": None,
    "restored_at": None,
}

_LEAF = 0x0D
_FOLLOW_UP = re.compile(rb'(?:note|task)\{"')
"""How the values of a follow-up begin where SQLite stores them, behind the kind."""

_T = TypeVar("_T")

_DAMAGED = FieldFault(
    "outbox_damaged",
    "The outbox was damaged: it may have been sent since this was written.",
    "Look in Zoho whether it is there, then say here: it is there, send again, or discard.",
)


class Damaged(NamedTuple):
    """A damaged outbox: its bytes, and a connection to it; None, it cannot be opened.

    The file stays open as long as the connection does: closed earlier, it would take SQLite's locks with it
    (SQLite, How To Corrupt, 2.2).
    """

    file: BinaryIO
    db: sqlite3.Connection | None


class Salvaged(NamedTuple):
    """What could be read, oldest first. None stands for what could not: one of these, or nothing."""

    leads: list[Row | None]
    follow_ups: list[FollowUpRow | None]


def salvage(damaged: Damaged, *, pattern: Path, later: float) -> Salvaged:
    """Return the leads, notes and tasks of a damaged outbox, as they are to be taken over.

    Args:
        damaged: the damaged outbox.
        pattern: a sound outbox, whose first page tells where the tables begin; a file that may be made
            lies beside it for a while.
        later: when an attempt that may be under way is looked at first, seconds since the epoch.
    """
    if damaged.db is not None and _has_table(damaged.db, "leads"):
        leads = list(_readable(damaged.db, "leads", _row))
        found = list(_readable(damaged.db, "follow_ups", _follow_up))
    else:
        # Header or list of tables are lost. In each of our files the leads begin at the same place.
        with _copy_with_first_page_of(pattern, damaged.file) as copy:
            with closing(sqlite3.connect(copy)) as mended:
                leads = list(_readable(mended, "leads", _row))
            found = _follow_ups_by_page(copy)
    follow_ups = [row and _looked_for_first(row, later) for row in found]
    return Salvaged([row and _taken_over(row, later) for row in leads], follow_ups)


def _taken_over(row: Row, later: float) -> Row:
    """The damaged file may be older than a lead's fate, so nothing of it is sent again by itself."""
    row = replace(row, sender=None, looks=0)
    if row.state is State.SENDING:
        return replace(row, state=State.UNKNOWN, unclear=True, not_before=later)
    if row.state in (State.UNKNOWN, State.ASK):
        return replace(row, unclear=True)
    if row.state is State.QUEUED:
        return replace(row, state=State.ASK, unclear=True, faults=(_DAMAGED,))
    return row


def _looked_for_first(row: FollowUpRow, later: float) -> FollowUpRow:
    """It may have been sent since the damaged file was written."""
    if row.state in (FollowUpState.WAITING, FollowUpState.SENDING):
        row = replace(row, state=FollowUpState.UNKNOWN, not_before=later)
    return replace(row, sender=None, unclear=True)


def _has_table(db: sqlite3.Connection, name: str) -> bool:
    try:
        return db.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (name,)).fetchone() is not None
    except sqlite3.Error:
        return False


def _follow_ups_by_page(copy: Path) -> list[FollowUpRow | None]:
    """Return the follow-ups page by page: where their table begins differs from file to file."""
    data = copy.read_bytes()
    pages = [data[start : start + _PAGE] for start in range(0, len(data), _PAGE)]
    found: list[FollowUpRow | None] = []
    for number, page in enumerate(pages, start=1):
        if page[0] != _LEAF or _FOLLOW_UP.search(page) is None:
            continue
        with closing(sqlite3.connect(copy, isolation_level=None)) as db:
            db.execute("PRAGMA writable_schema=ON")
            db.execute("UPDATE sqlite_schema SET rootpage = ? WHERE name = 'follow_ups'", (number,))
        with closing(sqlite3.connect(copy)) as db:
            found += _readable(db, "follow_ups", _follow_up)
    return found


def _readable(
    db: sqlite3.Connection, table: str, read: Callable[[dict[str, Any]], _T | None]
) -> Iterator[_T | None]:
    if not _has_table(db, table):
        return
    seq, failures = 0, 0
    while failures < _GIVE_UP_AFTER:
        try:
            found = db.execute(f"SELECT * FROM {table} WHERE seq > ? ORDER BY seq LIMIT 1", (seq,))
            names = [column[0] for column in found.description]
            values = found.fetchone()
        except sqlite3.Error:
            seq, failures = seq + 1, failures + 1
            yield None
            continue
        if values is None:
            return
        data = dict(zip(names, values, strict=True))
        next_seq = data.pop("seq", None)
        if not isinstance(next_seq, int) or next_seq <= seq:
            yield None
            return
        seq, failures = next_seq, 0
        yield read(data)


def _row(data: dict[str, Any]) -> Row | None:
    try:
        row = read_row({**_SINCE_THE_FIRST_VERSION, **data})
    except (sqlite3.Error, ValueError, TypeError, KeyError, AttributeError):
        return None
    whole = isinstance(row.values, dict) and isinstance(row.typed, dict | None)
    return row if whole else None


def _follow_up(data: dict[str, Any]) -> FollowUpRow | None:
    try:
        row = read_follow_up({"record_id": None, "org": None, **data})
    except sqlite3.Error:
        return None
    return row if isinstance(row.values, dict) else None


@contextmanager
def _copy_with_first_page_of(pattern: Path, file: BinaryIO) -> Generator[Path]:
    copy = pattern.with_name(f"{pattern.stem}-copy.db")
    try:
        with open(copy, "wb", opener=_for_the_user_alone) as target:
            file.seek(0)
            shutil.copyfileobj(file, target)
            size = -(-max(target.tell(), _PAGE) // _PAGE)
            target.truncate(size * _PAGE)
            first = bytearray(pattern.read_bytes()[:_PAGE])
            # The number of pages, and no list of free ones (SQLite, Database File Format, 1.3).
            first[28:40] = size.to_bytes(4) + bytes(8)
            target.seek(0)
            target.write(first)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _for_the_user_alone(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
