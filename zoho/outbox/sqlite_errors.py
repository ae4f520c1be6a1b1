"""SQLite's failures in words, with the way out."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from zoho.account.files import storage_error
from zoho.wire.clean import clean_line
from zoho.wire.errors import StorageError

_OTHER_FOLDER = "Name another folder with --data-dir."
_MOVE_AWAY = "Move it away (do not delete it), or name another folder with --data-dir."

_WORDS = (
    (
        "full",
        "The disk is full: nothing could be saved.",
        f"Free some space. {_OTHER_FOLDER}",
    ),
    ("readonly", "The outbox cannot be written: it is read-only.", _OTHER_FOLDER),
    ("locked", "Another process keeps the outbox busy.", "Wait a moment, then try again."),
    ("not a database", "The outbox file is damaged, or not ours.", _MOVE_AWAY),
    ("malformed", "The outbox file is damaged.", _MOVE_AWAY),
    ("", "The outbox cannot be opened or written.", _OTHER_FOLDER),
)


def outbox_error(path: Path, error: sqlite3.Error | OSError) -> StorageError:
    """Return the error for a failure at the outbox file *path*."""
    if isinstance(error, OSError):
        return storage_error(path, error)
    text = str(error).lower()
    what, next_step = next((what, step) for sign, what, step in _WORDS if sign in text)
    code = getattr(error, "sqlite_errorname", None) or type(error).__name__
    return StorageError(f"{what} ({clean_line(str(path))})", next_step=next_step, code=str(code))


def not_ours(path: Path) -> StorageError:
    """Return the error for another program's database."""
    what = f"{clean_line(str(path))} is another program's database."
    return StorageError(what, next_step=_OTHER_FOLDER, code="foreign_database")


def too_new(path: Path) -> StorageError:
    """Return the error for a file that a later version wrote."""
    what = f"{clean_line(str(path))} was written by a newer zoho-leads."
    return StorageError(what, next_step=f"Use that version. {_OTHER_FOLDER}", code="newer_database")


def gone(path: Path) -> StorageError:
    """Return the error for a file that was moved away, deleted or replaced while it was open."""
    what = f"The outbox {clean_line(str(path))} was moved away or deleted while zoho-leads was using it."
    return StorageError(what, next_step="Put it back, or start zoho-leads again.", code="outbox_gone")
