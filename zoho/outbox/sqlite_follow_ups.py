"""Notes and tasks in SQLite: the `zoho.outbox.follow_ups.FollowUps`.

Which record a follow-up goes to, and in which org, is what its lead's row says: each has one place.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zoho.leads.follow_up import FollowUp, FollowUpKind
from zoho.outbox.follow_ups import (
    FOLLOW_UP_ENDED,
    FOLLOW_UP_UNSENT,
    FollowUpRow,
    FollowUpState,
    OpenFollowUp,
    check_follow_up_step,
)
from zoho.outbox.sqlite_file import SqliteFile
from zoho.outbox.sqlite_rows import dump_faults, dump_values, log_calls, marks, read_faults
from zoho.outbox.states import IN_ZOHO
from zoho.outbox.store import LoggedCall
from zoho.wire.errors import FieldFault

_IN_ZOHO = ", ".join(f"'{state}'" for state in sorted(IN_ZOHO))
_UNSENT = sorted(FOLLOW_UP_UNSENT)

_STANDS = f"l.state IN ({_IN_ZOHO}) AND (l.undo_wanted IS NULL OR l.restored_at IS NOT NULL)"
"""The lead stands in Zoho: the follow-ups of one that is undone, or being undone, are held back."""

_SELECT = f"""
SELECT f.id, f.lead, f.kind, f."values", f.state, f.module,
    CASE WHEN {_STANDS} THEN l.zoho_id END AS record_id,
    l.org, f.attempt, f.sender, f.attempt_at, f.not_before, f.zoho_id, f.faults, f.created_at, f.updated_at,
    f.unclear
FROM follow_ups AS f JOIN leads AS l ON l.key = f.lead
"""

_UNCHANGED = "id = :id AND state = :was AND attempt = :attempt AND sender IS :sender"
"""It still is as it was read: who lost the sender's lock meanwhile must change nothing."""

_NOT_HELD = f"EXISTS (SELECT 1 FROM leads AS l WHERE l.key = follow_ups.lead AND {_STANDS})"
"""Its lead still stands in Zoho: nobody began to undo it since this was read."""


class SqliteFollowUps:
    """The notes and tasks of this user's leads.

    Args:
        file: the outbox.
    """

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def of(self, key: str) -> list[FollowUpRow]:
        """Return the follow-ups of the lead of that key, in the order in which they were given."""
        with self._file.reading() as db:
            return _rows(db.execute(f"{_SELECT} WHERE f.lead = ? ORDER BY f.seq", (key,)))

    def still_open(self, keys: Sequence[str]) -> Mapping[str, Sequence[OpenFollowUp]]:
        """Return those of these leads that have not come to their end, by the key of the lead."""
        with self._file.reading() as db:
            found = db.execute(
                f"SELECT lead, kind, state FROM follow_ups WHERE lead IN ({marks(keys)})"
                f" AND state NOT IN ({marks(FOLLOW_UP_ENDED)}) ORDER BY seq",
                (*keys, *FOLLOW_UP_ENDED),
            ).fetchall()
        still_open: dict[str, list[OpenFollowUp]] = {}
        for lead, kind, state in found:
            still_open.setdefault(lead, []).append(_open(kind, state))
        return still_open

    def due(self, org: str, *, now: float, limit: int) -> list[FollowUpRow]:
        """Return what is to be sent or found out; as `zoho.outbox.follow_ups.FollowUps.due`."""
        with self._file.reading() as db:
            found = db.execute(
                f"{_SELECT} WHERE f.state IN (?, ?) AND f.not_before <= ? AND l.org = ?"
                f" AND {_STANDS} ORDER BY f.state = ?, f.seq LIMIT ?",
                (
                    FollowUpState.WAITING,
                    FollowUpState.UNKNOWN,
                    now,
                    org,
                    FollowUpState.UNKNOWN,
                    limit,
                ),
            )
            return _rows(found)

    def waiting(self, org: str) -> int:
        """Return how many follow-ups of that org the courier has to do something about, now or later."""
        with self._file.reading() as db:
            return count_waiting(db, org)

    def refused(self) -> int:
        """Return how many follow-ups Zoho refused, or are left for the rep to look at."""
        with self._file.reading() as db:
            return count_refused(db)

    def begin(self, row: FollowUpRow, sender: str, at: float) -> FollowUpRow | None:
        """Write down that it is being sent; None if it is not as it was when it was read."""
        check_follow_up_step(row, FollowUpState.SENDING)
        return self._change(
            row,
            "state = :to, attempt = attempt + 1, sender = :by, attempt_at = :at",
            {"to": FollowUpState.SENDING, "by": sender, "at": at},
            only=_NOT_HELD,
        )

    def claim(self, row: FollowUpRow, sender: str) -> FollowUpRow | None:
        """Take an unclear one over, to find out about it; None if it is not as it was when it was read."""
        if row.state is not FollowUpState.UNKNOWN:
            raise ValueError(f"a follow-up that is {row.state} is not looked for")
        return self._change(row, "sender = :by", {"by": sender}, only=_NOT_HELD)

    def finish(
        self,
        row: FollowUpRow,
        state: FollowUpState,
        *,
        at: float,
        zoho_id: str | None = None,
        faults: Sequence[FieldFault] = (),
        not_before: float = 0.0,
        calls: Sequence[LoggedCall] = (),
    ) -> FollowUpRow | None:
        """Write down what became of it; None if it is no longer that sender's."""
        check_follow_up_step(row, state)
        return self._change(
            row,
            "state = :to, zoho_id = :zoho_id, faults = :faults, not_before = :not_before, updated_at = :at,"
            " unclear = CASE WHEN :to = 'unknown' THEN 1 WHEN :to = 'refused' THEN unclear ELSE 0 END",
            {
                "to": state,
                "zoho_id": zoho_id,
                "faults": dump_faults(faults),
                "not_before": not_before,
                "at": at,
            },
            calls,
        )

    def orphan(self, sender: str, not_before: float, at: float) -> list[FollowUpRow]:
        """Turn every one that another sender left in *sending* into *unknown*, and return them."""
        with self._file.reading() as db:
            # Most of the time there are none: then nothing is written.
            left = [id_ for (id_,) in db.execute(_LEFT, (FollowUpState.SENDING, sender))]
        if not left:
            return []
        with self._file.writing() as db:
            left = [id_ for (id_,) in db.execute(_LEFT, (FollowUpState.SENDING, sender)).fetchall()]
            for id_ in left:
                db.execute(
                    "UPDATE follow_ups SET state = ?, unclear = 1, not_before = ?, updated_at = ?"
                    " WHERE id = ?",
                    (FollowUpState.UNKNOWN, not_before, at, id_),
                )
            return [_fetch(db, id_) for id_ in left]

    def holder_of(self, zoho_id: str) -> str | None:
        """Return the id of the follow-up that has this id in Zoho."""
        with self._file.reading() as db:
            found = db.execute("SELECT id FROM follow_ups WHERE zoho_id = ?", (zoho_id,)).fetchone()
            return found[0] if found else None

    def retry(self, key: str, at: float) -> int:
        """Let the refused ones of a lead wait again, and return how many."""
        with self._file.writing() as db:
            return db.execute(
                "UPDATE follow_ups SET state = CASE WHEN unclear THEN ? ELSE ? END, faults = '[]',"
                " not_before = 0, updated_at = ? WHERE lead = ? AND state = ?",
                (FollowUpState.UNKNOWN, FollowUpState.WAITING, at, key, FollowUpState.REFUSED),
            ).rowcount

    def discard(self, key: str, at: float) -> int:
        """Give the refused ones of a lead up, and return how many."""
        with self._file.writing() as db:
            return db.execute(
                "UPDATE follow_ups SET state = ?, updated_at = ? WHERE lead = ? AND state = ?",
                (FollowUpState.DISCARDED, at, key, FollowUpState.REFUSED),
            ).rowcount

    def _change(
        self,
        row: FollowUpRow,
        changes: str,
        given: Mapping[str, Any],
        calls: Sequence[LoggedCall] = (),
        *,
        only: str = "TRUE",
    ) -> FollowUpRow | None:
        as_read = {"id": row.id, "was": row.state, "attempt": row.attempt, "sender": row.sender}
        with self._file.writing() as db:
            done = db.execute(
                f"UPDATE follow_ups SET {changes} WHERE {_UNCHANGED} AND {only}", {**given, **as_read}
            )
            log_calls(db, row.lead, calls)
            return _fetch(db, row.id) if done.rowcount else None


# Steps of others' transactions


def insert_follow_ups(
    db: sqlite3.Connection, key: str, follow_ups: Iterable[FollowUp], *, module: str = "Leads", at: float
) -> None:
    """Save the follow-ups of the lead of that key; they wait."""
    for one in follow_ups:
        db.execute(
            'INSERT INTO follow_ups (id, lead, kind, "values", state, module, created_at, updated_at)'
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                str(uuid.uuid4()),
                key,
                one.kind,
                dump_values(one.values),
                FollowUpState.WAITING,
                module,
                at,
                at,
            ),
        )


def replace_follow_ups(
    db: sqlite3.Connection, key: str, follow_ups: Iterable[FollowUp], *, module: str = "Leads", at: float
) -> None:
    """Save other follow-ups for a lead that was not in Zoho: none of its earlier ones can have left."""
    db.execute(
        "DELETE FROM follow_ups WHERE lead = ? AND state IN (?, ?)",
        (key, FollowUpState.WAITING, FollowUpState.UNKNOWN),
    )
    insert_follow_ups(db, key, follow_ups, module=module, at=at)


def redirect_follow_ups(db: sqlite3.Connection, key: str, *, module: str) -> None:
    """Let those that have not left yet go to a record of another module."""
    db.execute(
        "UPDATE follow_ups SET module = ? WHERE lead = ? AND state IN (?, ?)",
        (module, key, FollowUpState.WAITING, FollowUpState.UNKNOWN),
    )


def discard_follow_ups(db: sqlite3.Connection, key: str, *, at: float | None) -> None:
    """Give up those of a lead that were not sent, since their lead is; *at* None leaves their times."""
    gone = (FollowUpState.WAITING, FollowUpState.UNKNOWN, FollowUpState.REFUSED)
    db.execute(
        "UPDATE follow_ups SET state = ?, updated_at = coalesce(?, updated_at)"
        f" WHERE lead = ? AND state IN ({marks(gone)})",
        (FollowUpState.DISCARDED, at, key, *gone),
    )


def count_waiting(db: sqlite3.Connection, org: str | None = None) -> int:
    """Return how many the courier has to do something about, in *org* or in any."""
    return db.execute(
        f"SELECT count(*) FROM follow_ups AS f JOIN leads AS l ON l.key = f.lead"
        f" WHERE f.state IN ({marks(_UNSENT)}) AND {_STANDS} AND l.org IS coalesce(?, l.org)",
        (*_UNSENT, org),
    ).fetchone()[0]


def count_refused(db: sqlite3.Connection) -> int:
    """Return how many were refused."""
    return db.execute(
        "SELECT count(*) FROM follow_ups AS f JOIN leads AS l ON l.key = f.lead"
        " WHERE f.state = ? AND (l.undo_wanted IS NULL OR l.restored_at IS NOT NULL)",
        (FollowUpState.REFUSED,),
    ).fetchone()[0]


# Rows

_LEFT = "SELECT id FROM follow_ups WHERE state = ? AND sender IS NOT ? ORDER BY seq"


def put_follow_up(db: sqlite3.Connection, row: FollowUpRow) -> None:
    """Insert a follow-up as it is, whatever its state."""
    data = {
        "id": row.id,
        "lead": row.lead,
        "kind": row.kind,
        "values": dump_values(row.values),
        "state": row.state,
        "module": row.module,
        "attempt": row.attempt,
        "sender": row.sender,
        "attempt_at": row.attempt_at,
        "not_before": row.not_before,
        "zoho_id": row.zoho_id,
        "faults": dump_faults(row.faults),
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "unclear": int(row.unclear),
    }
    names = ", ".join(f'"{name}"' for name in data)
    db.execute(f"INSERT INTO follow_ups ({names}) VALUES ({marks(data)})", tuple(data.values()))


def read_follow_up(found: sqlite3.Row | Mapping[str, Any]) -> FollowUpRow:
    """Return the follow-up that SQLite's *found* stands for.

    Raises:
        sqlite3.DatabaseError: it holds what was never written into it.
    """
    try:
        data = dict(found)
        data["kind"] = FollowUpKind(data["kind"])
        data["state"] = FollowUpState(data["state"])
        data["values"] = json.loads(data["values"])
        data["faults"] = read_faults(data["faults"])
        data["unclear"] = bool(data["unclear"])
        return FollowUpRow(**data)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise sqlite3.DatabaseError("a follow-up is malformed") from None


def _open(kind: str, state: str) -> OpenFollowUp:
    try:
        return OpenFollowUp(FollowUpKind(kind), FollowUpState(state))
    except ValueError:
        raise sqlite3.DatabaseError("a follow-up is malformed") from None


def _rows(found: Iterable[sqlite3.Row]) -> list[FollowUpRow]:
    return [read_follow_up(one) for one in found]


def _fetch(db: sqlite3.Connection, id_: str) -> FollowUpRow:
    return read_follow_up(db.execute(f"{_SELECT} WHERE f.id = ?", (id_,)).fetchone())
