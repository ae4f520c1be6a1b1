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


def is_damage(error: StorageError) -> bool:
    """Say whether the file is damaged, so that it may be set aside."""
    return error.code == "SQLITE_NOTADB" or error.code.startswith("SQLITE_CORRUPT")


def damaged_in_use(path: Path) -> StorageError:
    """Return the error for a damaged file that another process has open."""
    what = f"The outbox {clean_line(str(path))} is damaged, and another zoho-leads is using it."
    step = f"End that one, then start again: it is set aside then. Or: {_OTHER_FOLDER}"
    return StorageError(what, next_step=step, code="damaged_in_use")


def refuse_foreign_header(path: Path, *, application_id: int, version: int) -> None:
    """Refuse a damaged file whose header says that it is another program's, or a newer version's.

    Raises:
        StorageError: it is; or it cannot be read.
    """
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise storage_error(path, error) from None
    if not header.startswith(b"SQLite format 3\0"):
        return  # it tells nothing
    if int.from_bytes(header[68:72], "big") != application_id:
        raise not_ours(path)
    if int.from_bytes(header[60:64], "big") > version:
        raise too_new(path)


def not_ours(path: Path) -> StorageError:
    """Return the error for another program's database."""
    what = f"{clean_line(str(path))} is another program's database."
    return StorageError(what, next_step=_OTHER_FOLDER, code="foreign_database")


def too_new(path: Path) -> StorageError:
    """Return the error for a file that a later version wrote."""
    what = f"A newer zoho-leads wrote {clean_line(str(path))}."
    return StorageError(
        what, next_step="Use that one, or another folder (--data-dir).", code="newer_database"
    )


def gone(path: Path) -> StorageError:
    """Return the error for a file that was moved away, deleted or replaced while it was open."""
    what = f"The outbox {clean_line(str(path))} was moved away or deleted while zoho-leads was using it."
    return StorageError(what, next_step="Put it back, or start zoho-leads again.", code="outbox_gone")
