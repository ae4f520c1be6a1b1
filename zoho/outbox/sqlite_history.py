"""Taking values out of the SQLite outbox again: the `zoho.outbox.store.History`.

``secure_delete`` is on: what is taken out here is overwritten in the file.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from zoho.outbox.follow_ups import FOLLOW_UP_ENDED, FollowUpState
from zoho.outbox.sqlite_file import SqliteFile
from zoho.outbox.sqlite_follow_ups import discard_follow_ups
from zoho.outbox.sqlite_rows import marks
from zoho.outbox.sqlite_undos import NOT_UNDONE, STANDING
from zoho.outbox.states import ENDED, IN_ZOHO, Standing, State, UndoState
from zoho.outbox.store import Forgotten, Naming

_ENDED = sorted(ENDED)
_STANDINGS: Mapping[str, Standing] = {one.value: one for one in (*State, *UndoState)}
_AT_END = ENDED | {UndoState.UNDONE}
_UNDER_WAY = {State.SENDING, State.UNKNOWN, UndoState.UNDOING}
_EMPTY = """ "values" = '{}', faults = '[]', typed = NULL, field = NULL, holder = NULL, reason = NULL,
    answers = NULL """
_NO_FOLLOW_UP = f"""NOT EXISTS (
    SELECT 1 FROM follow_ups AS f WHERE f.lead = leads.key AND f.state NOT IN ({marks(FOLLOW_UP_ENDED)})
)"""
_UNDONE = f"NOT {NOT_UNDONE}"
_OPEN = sorted(FOLLOW_UP_ENDED)
_FOLLOW_UP_UNDER_WAY = {FollowUpState.SENDING, FollowUpState.UNKNOWN}
_EMPTY_FOLLOW_UPS = """UPDATE follow_ups SET "values" = '{}', faults = '[]' WHERE lead = ?"""


class SqliteHistory:
    """What leads hold after their end.

    Args:
        file: the outbox.
    """

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def purge(self, *, before: float) -> int:
        """Take the values out of leads that came to their end before then; return out of how many.

        A lead with a note or task that was not sent has not come to its end, unless it was undone: then they
        are given up with it.
        """
        due = f"""state IN ({marks(_ENDED)}) AND updated_at <= ? AND "values" <> '{{}}'
            AND ({_NO_FOLLOW_UP} OR {_UNDONE})"""
        given = (*_ENDED, before, *_OPEN)
        with self._file.reading() as db:
            # Most of the time there are none: then nothing is written.
            if db.execute(f"SELECT 1 FROM leads WHERE {due} LIMIT 1", given).fetchone() is None:
                return 0
        with self._file.writing() as db:
            keys = [key for (key,) in db.execute(f"SELECT key FROM leads WHERE {due}", given).fetchall()]
            for key in keys:
                discard_follow_ups(db, key, at=None)
                _empty(db, key)
            return len(keys)

    def naming(self, email: str) -> Naming:
        """Count the leads that name this e-mail address; raises ValueError where that is empty."""
        with self._file.reading() as db:
            named = _naming(db, _mention(email))
            stages = [_stage(standing, follow_ups) for _, standing, follow_ups in named]
        return Naming(*(stages.count(stage) for stage in (_AT_ITS_END, _WAITING, _ON_ITS_WAY)))

    def forget(self, email: str, *, at: float) -> Forgotten:
        """Take the values out of every lead that names this e-mail address; what still waits is discarded."""
        named = _mention(email)
        erased = under_way = 0
        with self._file.writing() as db:
            for key, standing, follow_ups in _naming(db, named):
                if _stage(standing, follow_ups) == _ON_ITS_WAY:
                    under_way += 1
                    continue
                # What had come to its end keeps its times.
                _empty(db, key)
                discard_follow_ups(db, key, at=at)
                if standing not in _AT_END:
                    db.execute(
                        "UPDATE leads SET state = ?, updated_at = ? WHERE key = ?", (State.DISCARDED, at, key)
                    )
                erased += 1
        return Forgotten(erased, under_way)


def _mention(email: str) -> re.Pattern[str]:
    """Return what finds the address in a text, and in no longer one: not neil@x.org in o'neil@x.org."""
    address = email.strip()
    if not address:
        raise ValueError("no address would be every lead's")
    return re.compile(rf"(?<![\w.+-])(?<!\w'){re.escape(address)}(?![\w-]|\.\w)", re.IGNORECASE)


_AT_ITS_END, _WAITING, _ON_ITS_WAY = "at its end", "waiting", "on its way"


def _stage(standing: Standing, follow_ups: Collection[FollowUpState]) -> str:
    """Return where a lead stands together with its notes and tasks, which are held if it is undone."""
    if standing in _UNDER_WAY:
        return _ON_ITS_WAY
    if standing in IN_ZOHO and not _FOLLOW_UP_UNDER_WAY.isdisjoint(follow_ups):
        return _ON_ITS_WAY
    return _AT_ITS_END if standing in _AT_END and FOLLOW_UP_ENDED.issuperset(follow_ups) else _WAITING


def _empty(db: sqlite3.Connection, key: str) -> None:
    db.execute(f"UPDATE leads SET {_EMPTY} WHERE key = ?", (key,))
    db.execute(_EMPTY_FOLLOW_UPS, (key,))


def _naming(
    db: sqlite3.Connection, named: re.Pattern[str]
) -> list[tuple[str, Standing, Collection[FollowUpState]]]:
    """Return the leads that name the address, in values, reason, notes or tasks.

    Each is its key, how it stands, and the states of its notes and tasks.
    """
    follow_ups: dict[str, list[tuple[FollowUpState, str]]] = {}
    for key, state, values in db.execute('SELECT lead, state, "values" FROM follow_ups'):
        follow_ups.setdefault(key, []).append((FollowUpState(state), values))
    told = '"values", typed, answers, json_quote(reason)'
    found = db.execute(f"SELECT key, {STANDING}, {told} FROM leads").fetchall()
    return [
        (key, _STANDINGS[standing], [state for state, _ in follow_ups.get(key, ())])
        for key, standing, *texts in found
        if _names(named, [*texts, *(values for _, values in follow_ups.get(key, ()))])
    ]


def _names(named: re.Pattern[str], texts: Sequence[str | None]) -> bool:
    """Say whether one of these texts, each JSON or none, names the address."""
    return any(named.search(text) for text in _texts([json.loads(text) for text in texts if text]))


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return _texts(list(value.values()))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]  # pyright: ignore[reportUnknownVariableType]
    return []
