"""The outbox in SQLite: each method is one transaction on `zoho.outbox.sqlite_file.SqliteFile`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from zoho.account.file_systems import MOUNTS
from zoho.leads.follow_up import FollowUp
from zoho.outbox.follow_ups import MODULES
from zoho.outbox.sqlite_drafts import SqliteDrafts
from zoho.outbox.sqlite_file import LONGEST_CHECK, SqliteFile
from zoho.outbox.sqlite_follow_ups import (
    SqliteFollowUps,
    count_refused,
    count_waiting,
    discard_follow_ups,
    insert_follow_ups,
    redirect_follow_ups,
    replace_follow_ups,
)
from zoho.outbox.sqlite_history import SqliteHistory
from zoho.outbox.sqlite_listing import SqliteListing
from zoho.outbox.sqlite_rows import COLUMNS, dump_faults, dump_values, log_calls, marks, read_row, read_rows
from zoho.outbox.sqlite_undos import NOT_UNDONE, SqliteUndos
from zoho.outbox.states import EDITABLE, MAY_BECOME, MAY_DECIDE, UNSENT, State
from zoho.outbox.store import Attempt, Counts, Ending, LoggedCall, Row

_UNCHANGED = "key = :key AND state = :was AND attempt = :attempt AND sender IS :sender"
"""A row still is as it was read: who lost the sender's lock meanwhile must change nothing."""

_NOT_BEING_CHANGED = f"(typed IS NULL OR state <> '{State.QUEUED}')"
"""No waiting lead that is half changed, in a form or put aside: what would be sent is not what is meant."""

_BIND = f"UPDATE leads SET org = ? WHERE org IS NULL AND state NOT IN ('{State.DRAFT}', '{State.DISCARDED}')"


class SqliteStore:
    """The `zoho.outbox.store.Store` of one user on one machine. Safe to use from several threads.

    Args:
        path: the database file; it is made, 0600 in a 0700 folder, if there is none.
        busy: how long to wait for another process that is writing, in seconds.
        mounts: the kernel's list of mounts.

    Raises:
        StorageError: it cannot be opened, is not ours, is damaged, or lies on a network file system.
    """

    def __init__(self, path: Path, *, busy: float = 5.0, mounts: Path = MOUNTS) -> None:
        self._file = SqliteFile(path, busy=busy, mounts=mounts)
        self._reading, self._writing = self._file.reading, self._file.writing
        self.drafts = SqliteDrafts(self._file)
        self.follow_ups = SqliteFollowUps(self._file)
        self.history = SqliteHistory(self._file)
        self.listing = SqliteListing(self._file)
        self.undos = SqliteUndos(self._file)

    def is_sound(self, *, within: float = LONGEST_CHECK) -> bool:
        """Look through the file for *within* seconds; return whether nothing damaged was met."""
        return self._file.is_sound(within=within)

    # Rows

    def add(
        self,
        key: str,
        values: Mapping[str, Any],
        *,
        org: str | None,
        lane: int,
        at: float,
        reason: str | None = None,
        follow_ups: Sequence[FollowUp] = (),
        answers: Mapping[str, str] | None = None,
    ) -> Row:
        """Save a lead as queued and return its row; the row that is already there, if the key is known.

        A draft of that key is what becomes the lead. Its follow-ups are saved with it; where the key is
        known, nothing changes.
        """
        with self._writing() as db:
            done = db.execute(
                'INSERT INTO leads (key, state, "values", org, lane, created_at, updated_at, saved_at,'
                " reason, answers)"
                " VALUES (:key, :queued, :values, :org, :lane, :at, :at, :at, :reason, :answers)"
                " ON CONFLICT (key) DO UPDATE"
                ' SET state = :queued, "values" = :values, org = :org, lane = :lane, updated_at = :at,'
                " saved_at = :at, reason = :reason, answers = :answers,"
                " typed = NULL, field = NULL, holder = NULL"
                " WHERE state = :draft",
                {
                    "key": key,
                    "queued": State.QUEUED,
                    "draft": State.DRAFT,
                    "values": dump_values(values),
                    "org": org,
                    "lane": lane,
                    "at": at,
                    "reason": reason,
                    "answers": dump_values(answers) if answers is not None else None,
                },
            )
            if done.rowcount:
                insert_follow_ups(db, key, follow_ups, at=at)
            return self._fetch(db, key)

    def get(self, key: str) -> Row | None:
        """Return the lead of that key."""
        with self._reading() as db:
            found = db.execute(f"SELECT {COLUMNS} FROM leads WHERE key = ?", (key,)).fetchone()
            return read_row(found) if found is not None else None

    def rows(self, *, limit: int | None = None) -> list[Row]:
        """Return the leads, newest first."""
        with self._reading() as db:
            found = db.execute(
                f"SELECT {COLUMNS} FROM leads ORDER BY seq DESC LIMIT ?",
                (-1 if limit is None else limit,),
            )
            return read_rows(found)

    def counts(self, *, since: float) -> Counts:
        """Return how many leads are in which state; ``today`` counts those sent since *since*."""
        with self._reading() as db:
            found = db.execute("SELECT state, count(*) FROM leads GROUP BY state")
            by_state = {State(state): number for state, number in found}
            # The state stands in the text, since an index of only some rows is not used for a parameter.
            today, spans = db.execute(
                "SELECT count(*), group_concat(CASE WHEN saved_at > created_at THEN saved_at - created_at"
                f" END) FROM leads WHERE state = '{State.SENT}' AND updated_at >= ? AND {NOT_UNDONE}",
                (since,),
            ).fetchone()
            parked = db.execute(
                # The plus keeps SQLite from reading every refused lead: few leads are half typed.
                "SELECT count(*) FROM leads WHERE typed IS NOT NULL AND holder IS NULL"
                f" AND +state IN ({marks(EDITABLE)})",
                sorted(EDITABLE),
            ).fetchone()[0]
            return Counts(
                by_state,
                today,
                parked,
                count_waiting(db),
                count_refused(db),
                tuple(float(span) for span in (spans or "").split(",") if span),
            )

    def queued(self, org: str, *, lane: int, limit: int) -> list[Row]:
        """Return the oldest queued leads of that org and lane."""
        with self._reading() as db:
            found = db.execute(
                f"SELECT {COLUMNS} FROM leads WHERE state = ? AND org = ? AND lane = ?"
                f" AND {_NOT_BEING_CHANGED} ORDER BY seq LIMIT ?",
                (State.QUEUED, org, lane, limit),
            )
            return read_rows(found)

    def unknown(self, org: str, *, limit: int) -> list[Row]:
        """Return the unknown leads of that org, the one that is due first first."""
        with self._reading() as db:
            found = db.execute(
                f"SELECT {COLUMNS} FROM leads WHERE state = ? AND org = ? ORDER BY not_before, seq LIMIT ?",
                (State.UNKNOWN, org, limit),
            )
            return read_rows(found)

    def unbound(self) -> list[Row]:
        """Return the queued leads that belong to no org yet, newest first."""
        with self._reading() as db:
            found = db.execute(
                f"SELECT {COLUMNS} FROM leads WHERE state = ? AND org IS NULL ORDER BY seq DESC",
                (State.QUEUED,),
            )
            return read_rows(found)

    def waiting(self, org: str) -> int:
        """Return how many leads of that org the courier still has to do something about."""
        states = sorted(UNSENT)
        with self._reading() as db:
            # Two counts, each by an index alone: many leads wait, few are being changed.
            unsent = f"SELECT count(*) FROM leads WHERE org = ? AND state IN ({marks(states)})"
            changed = "SELECT count(*) FROM leads WHERE typed IS NOT NULL AND org = ? AND +state = ?"
            return db.execute(
                f"SELECT ({unsent}) - ({changed})", (org, *states, org, State.QUEUED)
            ).fetchone()[0]

    # The sender's steps: each is a compare-and-set, so that who lost the lock meanwhile changes nothing

    def begin(self, intents: Sequence[tuple[Row, Attempt]]) -> list[Row]:
        """Write down that leads are being sent; return those that still were as they were when read."""
        for row, _ in intents:
            _check(row, State.SENDING)
        with self._writing() as db:
            return [self._fetch(db, row.key) for row, attempt in intents if _begun(db, row, attempt)]

    def finish(self, endings: Sequence[Ending], *, at: float) -> list[Row | None]:
        """Write down what became of attempts; return the rows as they are then.

        None where the row is no longer that sender's. The calls are kept in either case: they were made.
        """
        for row, outcome, _ in endings:
            if (row.state, outcome.state) != (State.UNKNOWN, State.UNKNOWN):  # looked at, and no wiser
                _check(row, outcome.state)
        with self._writing() as db:
            done = [_finished(db, ending, at) for ending in endings]
            keys = [ending.row.key for ending in endings]
            return [self._fetch(db, key) if one else None for key, one in zip(keys, done, strict=True)]

    def claim(self, row: Row, sender: str) -> Row | None:
        """Take an unknown row over, to resolve it; None if it is not as it was when it was read."""
        if row.state is not State.UNKNOWN:
            raise ValueError(f"a lead that is {row.state} is not resolved")
        with self._writing() as db:
            done = db.execute(
                f"UPDATE leads SET sender = :by WHERE {_UNCHANGED}", {"by": sender, **_as_read(row)}
            )
            return self._fetch(db, row.key) if done.rowcount else None

    def orphan(self, sender: str, *, not_before: float, at: float) -> list[Row]:
        """Turn every row that another sender left in ``sending`` into ``unknown``, and return them."""
        with self._writing() as db:
            found = db.execute(
                "SELECT key FROM leads WHERE state = ? AND sender IS NOT ? ORDER BY seq",
                (State.SENDING, sender),
            ).fetchall()
            for (key,) in found:
                db.execute(
                    "UPDATE leads SET state = ?, unclear = 1, not_before = ?, updated_at = ? WHERE key = ?",
                    (State.UNKNOWN, not_before, at, key),
                )
            return [self._fetch(db, key) for (key,) in found]

    # The rep's word

    def decide(
        self,
        key: str,
        state: State,
        *,
        at: float,
        zoho_id: str | None = None,
        reason: str | None = None,
        module: str | None = None,
        org: str | None = None,
        follow_ups: Sequence[FollowUp] | None = None,
    ) -> bool:
        """Carry out the rep's word on a lead; as `zoho.outbox.store.Store.decide`."""
        if state is not State.MERGED and (module, org, follow_ups) != (None, None, None):
            raise ValueError("only a lead that is merged goes elsewhere, with other follow-ups")
        if module is not None and module not in MODULES:
            raise ValueError(f"follow-ups do not go to {module}")
        allowed = [before for before, after in MAY_DECIDE.items() if state in after]
        # Queued again, or said to be there: what was held against it is over.
        over = "faults = '[]'," if state in (State.QUEUED, State.SENT, State.MERGED) else ""
        if state is State.MERGED:  # what was typed went into the existing record
            over += " typed = NULL, field = NULL, holder = NULL,"
        known_id = "?" if state is State.QUEUED else "coalesce(?, zoho_id)"
        with self._writing() as db:
            done = db.execute(
                f"UPDATE leads SET state = ?, zoho_id = {known_id}, {over} updated_at = ?,"
                " org = coalesce(?, org), reason = coalesce(?, reason), saved_at = coalesce(saved_at, ?)"
                f" WHERE key = ? AND state IN ({marks(allowed)})",
                (state, zoho_id, at, org, reason, at, key, *allowed),
            )
            if done.rowcount and state is State.DISCARDED:
                discard_follow_ups(db, key, at=at)
            elif done.rowcount and state is State.MERGED:
                self._take_along(db, key, module or "Leads", follow_ups, at)
            return bool(done.rowcount)

    def _take_along(
        self, db: sqlite3.Connection, key: str, module: str, follow_ups: Sequence[FollowUp] | None, at: float
    ) -> None:
        """Let the follow-ups of a lead that is merged go to a record of *module*."""
        if follow_ups is None:
            redirect_follow_ups(db, key, module=module)
        else:
            replace_follow_ups(db, key, follow_ups, module=module, at=at)

    def edit(
        self,
        key: str,
        values: Mapping[str, Any],
        *,
        at: float,
        reason: str | None = None,
        follow_ups: Sequence[FollowUp] | None = None,
        answers: Mapping[str, str] | None = None,
    ) -> bool:
        """Give a lead other values and queue it again; as `zoho.outbox.store.Store.edit`."""
        told = dump_values(answers) if answers is not None else None
        with self._writing() as db:
            done = db.execute(
                f'UPDATE leads SET state = ?, "values" = ?, faults = ?, zoho_id = NULL, lane = 0,'
                " typed = NULL, field = NULL, holder = NULL, reason = coalesce(?, reason),"
                " answers = coalesce(?, answers), updated_at = ?, saved_at = coalesce(saved_at, ?)"
                f" WHERE key = ? AND state IN ({marks(EDITABLE)})",
                (State.QUEUED, dump_values(values), "[]", reason, told, at, at, key, *EDITABLE),
            )
            if done.rowcount and follow_ups is not None:
                replace_follow_ups(db, key, follow_ups, at=at)
            return bool(done.rowcount)

    def bind(self, org: str, *, keys: Iterable[str] | None = None) -> int:
        """Let the leads that belong to no org yet (or only *keys*) belong to *org*; return how many.

        What is half typed or given up belongs to none.
        """
        with self._writing() as db:
            if keys is None:
                return db.execute(_BIND, (org,)).rowcount
            return sum(db.execute(f"{_BIND} AND key = ?", (org, key)).rowcount for key in keys)

    # Calls and notes

    def holder_of(self, zoho_id: str) -> str | None:
        """Return the key of the sent lead that has this id in Zoho."""
        with self._reading() as db:
            found = db.execute(
                "SELECT key FROM leads WHERE zoho_id = ? AND state = ?", (zoho_id, State.SENT)
            ).fetchone()
            return found[0] if found else None

    def log_calls(self, key: str, calls: Iterable[LoggedCall]) -> None:
        """Keep the HTTP exchanges of a lead."""
        with self._writing() as db:
            log_calls(db, key, calls)

    def calls(self, key: str) -> list[LoggedCall]:
        """Return the HTTP exchanges of a lead, oldest first."""
        with self._reading() as db:
            found = db.execute(
                "SELECT at, attempt, method, path, status, code, milliseconds FROM calls"
                " WHERE key = ? ORDER BY at, rowid",
                (key,),
            )
            return [LoggedCall(**dict(item)) for item in found]

    def note(self, name: str) -> str | None:
        """Return a small fact that was kept under *name*."""
        with self._reading() as db:
            found = db.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
            return found[0] if found else None

    def set_note(self, name: str, value: str | None) -> None:
        """Keep a small fact; None forgets it."""
        with self._writing() as db:
            if value is None:
                db.execute("DELETE FROM notes WHERE name = ?", (name,))
            else:
                db.execute(
                    "INSERT INTO notes (name, value) VALUES (?, ?)"
                    " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    (name, value),
                )

    def version(self) -> int:
        """Return a number that changes whenever another process changed the outbox."""
        with self._reading() as db:
            return db.execute("PRAGMA data_version").fetchone()[0]

    def close(self) -> None:
        """Close it; rows stay."""
        self._file.close()

    def _fetch(self, db: sqlite3.Connection, key: str) -> Row:
        return read_row(db.execute(f"SELECT {COLUMNS} FROM leads WHERE key = ?", (key,)).fetchone())


def _check(row: Row, state: State) -> None:
    """Refuse a step that the table of states does not have: it would be a mistake of the caller's."""
    if state not in MAY_BECOME[row.state]:
        raise ValueError(f"a lead that is {row.state} does not become {state}")


def _begun(db: sqlite3.Connection, row: Row, attempt: Attempt) -> bool:
    done = db.execute(
        "UPDATE leads SET state = :sending, attempt = attempt + 1, mode = :mode, sender = :by,"
        " attempt_at = :at, layout_id = :layout, key_field = :key_field, looks = 0"
        f" WHERE {_UNCHANGED} AND {_NOT_BEING_CHANGED}",
        {
            "sending": State.SENDING,
            "mode": attempt.mode,
            "by": attempt.sender,
            "at": attempt.at,
            "layout": attempt.layout_id,
            "key_field": attempt.key_field,
            **_as_read(row),
        },
    )
    return bool(done.rowcount)


def _finished(db: sqlite3.Connection, ending: Ending, at: float) -> bool:
    row, outcome, calls = ending
    done = db.execute(
        "UPDATE leads SET state = :to, zoho_id = :zoho_id, faults = :faults, looks = :looks,"
        " not_before = :not_before, updated_at = :at, unclear = unclear OR :unclear"
        f" WHERE {_UNCHANGED}",
        {
            "to": outcome.state,
            "zoho_id": outcome.zoho_id,
            "faults": dump_faults(outcome.faults),
            "looks": outcome.looks,
            "not_before": outcome.not_before,
            "at": at,
            "unclear": outcome.state is State.UNKNOWN,
            **_as_read(row),
        },
    )
    log_calls(db, row.key, calls)
    return bool(done.rowcount)


def _as_read(row: Row) -> dict[str, Any]:
    return {"key": row.key, "was": row.state, "attempt": row.attempt, "sender": row.sender}
