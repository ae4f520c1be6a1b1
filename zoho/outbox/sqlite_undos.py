"""Leads that were taken back out of Zoho, in SQLite: the `zoho.outbox.store.Undos`."""

from __future__ import annotations

from zoho.outbox.follow_ups import FollowUpState
from zoho.outbox.sqlite_file import SqliteFile
from zoho.outbox.sqlite_rows import COLUMNS, read_row, read_rows
from zoho.outbox.states import State, UndoState
from zoho.outbox.store import Row

NOT_UNDONE = "(undone_at IS NULL OR restored_at IS NOT NULL)"
"""As far as is known, it was not taken back, or is there again."""

STANDING = f"""CASE WHEN undo_wanted IS NULL OR restored_at IS NOT NULL THEN state
    WHEN undone_at IS NULL THEN '{UndoState.UNDOING}' ELSE '{UndoState.UNDONE}' END"""
"""As `Row.standing`."""

_OPEN = "undo_wanted IS NOT NULL AND undone_at IS NULL"


class SqliteUndos:
    """The undone leads of this user.

    Args:
        file: the outbox.
    """

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def want(self, key: str, *, at: float) -> Row | None:
        """Write down that a lead is being undone; as `zoho.outbox.store.Undos.want`."""
        return self._change(
            key,
            "undo_wanted = ?",
            at,
            "state = ? AND undo_wanted IS NULL AND NOT EXISTS (SELECT 1 FROM follow_ups AS f"
            " WHERE f.lead = leads.key AND f.state IN (?, ?))",
            (State.SENT, FollowUpState.SENDING, FollowUpState.UNKNOWN),
        )

    def drop(self, key: str) -> bool:
        """Forget that a lead is being undone, since it certainly was not; False if that is not open."""
        return self._change(key, "undo_wanted = ?", None, _OPEN) is not None

    def undone(self, key: str, *, at: float) -> Row | None:
        """Write down that a lead which was being undone is gone; None if that is not open."""
        return self._change(key, "undone_at = ?", at, _OPEN)

    def restored(self, key: str, *, at: float) -> Row | None:
        """Write down that a lead which was undone is back; None if it was not undone."""
        return self._change(key, "restored_at = ?", at, "undone_at IS NOT NULL AND restored_at IS NULL")

    def open(self, org: str) -> list[Row]:
        """Return the leads of that org of which it is not known whether they were undone, oldest first."""
        with self._file.reading() as db:
            found = db.execute(
                f"SELECT {COLUMNS} FROM leads WHERE {_OPEN} AND org = ? ORDER BY undo_wanted", (org,)
            )
            return read_rows(found)

    def recent(self, org: str, *, limit: int) -> list[Row]:
        """Return the leads of that org that were created last, newest first, those undone among them."""
        with self._file.reading() as db:
            found = db.execute(
                # The state stands in the text, since an index of only some rows is not used for a parameter.
                f"SELECT {COLUMNS} FROM leads WHERE state = '{State.SENT}' AND org = ?"
                " ORDER BY updated_at DESC, seq DESC LIMIT ?",
                (org, limit),
            )
            return read_rows(found)

    def _change(
        self, key: str, change: str, at: float | None, condition: str, given: tuple[str, ...] = ()
    ) -> Row | None:
        with self._file.writing() as db:
            done = db.execute(
                f"UPDATE leads SET {change} WHERE key = ? AND {condition}", (at, key, *given)
            ).rowcount
            if not done:
                return None
            return read_row(db.execute(f"SELECT {COLUMNS} FROM leads WHERE key = ?", (key,)).fetchone())
