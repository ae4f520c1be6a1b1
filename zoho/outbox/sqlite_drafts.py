"""Half-typed leads in SQLite: the `zoho.outbox.store.Drafts`."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from zoho.outbox.sqlite_file import SqliteFile
from zoho.outbox.sqlite_rows import COLUMNS, dump_values, marks, read_rows
from zoho.outbox.states import EDITABLE, State
from zoho.outbox.store import FRESH, Row

_BEING_EDITED = sorted(EDITABLE - {State.DRAFT})


class SqliteDrafts:
    """What stands in the forms of this user.

    Args:
        file: the outbox.
    """

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def keep(
        self,
        key: str,
        typed: Mapping[str, str],
        *,
        field: str | None,
        holder: str | None,
        editing: bool,
        at: float,
    ) -> bool:
        """Keep what is typed so far; False if the lead of that key is past being typed."""
        if not typed:
            return self.drop(key)
        text = dump_values(typed)
        with self._file.writing() as db:
            if editing:
                done = db.execute(
                    "UPDATE leads SET typed = ?, field = ?, holder = ? WHERE key = ?"
                    f" AND state IN ({marks(_BEING_EDITED)})",
                    (text, field, holder, key, *_BEING_EDITED),
                )
            else:
                done = db.execute(
                    'INSERT INTO leads (key, state, "values", typed, field, holder, lane, created_at,'
                    " updated_at) VALUES (:key, :draft, :typed, :typed, :field, :holder, :lane, :at, :at)"
                    ' ON CONFLICT (key) DO UPDATE SET "values" = :typed, typed = :typed, field = :field,'
                    " holder = :holder, updated_at = :at WHERE state = :draft",
                    {
                        "key": key,
                        "draft": State.DRAFT,
                        "typed": text,
                        "field": field,
                        "holder": holder,
                        "lane": FRESH,
                        "at": at,
                    },
                )
            return bool(done.rowcount)

    def all(self) -> list[Row]:
        """Return the drafts, the one that was typed in last first."""
        states = sorted(EDITABLE)
        with self._file.reading() as db:
            found = db.execute(
                f"SELECT {COLUMNS} FROM leads WHERE typed IS NOT NULL AND state IN ({marks(states)})"
                " ORDER BY updated_at DESC, seq DESC",
                states,
            )
            return read_rows(found)

    def take(self, row: Row, holder: str) -> bool:
        """Let the session *holder* have the draft; False if it is not as it was when it was read."""
        with self._file.writing() as db:
            done = db.execute(
                "UPDATE leads SET holder = ? WHERE key = ? AND typed = ? AND holder IS ? AND state = ?",
                (holder, row.key, dump_values(row.typed or {}), row.holder, row.state),
            )
            return bool(done.rowcount)

    def let_go(self, holders: Collection[str]) -> int:
        """Park the drafts of sessions that have ended; return how many."""
        with self._file.writing() as db:
            return db.execute(
                f"UPDATE leads SET holder = NULL WHERE holder IN ({marks(holders)})", tuple(holders)
            ).rowcount

    def drop(self, key: str) -> bool:
        """Forget what was typed: a lead that was only typed is gone, another stays as it was."""
        with self._file.writing() as db:
            gone = db.execute("DELETE FROM leads WHERE key = ? AND state = ?", (key, State.DRAFT)).rowcount
            left = db.execute(
                "UPDATE leads SET typed = NULL, field = NULL, holder = NULL WHERE key = ?", (key,)
            ).rowcount
            return bool(gone or left)
