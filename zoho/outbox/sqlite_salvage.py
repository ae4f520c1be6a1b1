"""Reading what can still be read of a damaged outbox, row by row; the file itself is not written to."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

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
}

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


def salvage(damaged: Damaged, *, pattern: Path, later: float) -> list[Row | None]:
    """Return the leads of a damaged outbox, oldest first, as they are to be taken over.

    None stands for something that cannot be read: a lead, or nothing.

    Args:
        damaged: the damaged outbox.
        pattern: a sound outbox, whose first page tells where the tables begin; a file that may be made
            lies beside it for a while.
        later: when an attempt that may be under way is looked at first, seconds since the epoch.
    """
    if damaged.db is not None and _has_tables(damaged.db):
        return [row and _taken_over(row, later) for row in _readable(damaged.db)]
    # Header or list of tables are lost. In each of our files the tables begin at the same places.
    with _copy_with_first_page_of(pattern, damaged.file) as copy, closing(sqlite3.connect(copy)) as mended:
        return [row and _taken_over(row, later) for row in _readable(mended)]


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


def _has_tables(db: sqlite3.Connection) -> bool:
    try:
        return db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'leads'").fetchone() is not None
    except sqlite3.Error:
        return False


def _readable(db: sqlite3.Connection) -> Iterator[Row | None]:
    seq, failures = 0, 0
    while failures < _GIVE_UP_AFTER:
        try:
            found = db.execute("SELECT * FROM leads WHERE seq > ? ORDER BY seq LIMIT 1", (seq,))
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
        yield _row(data)


def _row(data: dict[str, Any]) -> Row | None:
    try:
        row = read_row({**_SINCE_THE_FIRST_VERSION, **data})
    except (sqlite3.Error, ValueError, TypeError, KeyError, AttributeError):
        return None
    whole = isinstance(row.values, dict) and isinstance(row.typed, dict | None)
    return row if whole else None


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
