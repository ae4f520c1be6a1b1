"""Taking values out of the SQLite outbox again: the `zoho.outbox.store.History`.

``secure_delete`` is on: what is taken out here is overwritten in the file.
"""

from __future__ import annotations

import json
import re
import sqlite3
from typing import Any

from zoho.outbox.sqlite_file import SqliteFile
from zoho.outbox.sqlite_rows import marks
from zoho.outbox.states import ENDED, State
from zoho.outbox.store import Forgotten, Naming

_ENDED = sorted(ENDED)
_UNDER_WAY = {State.SENDING, State.UNKNOWN}
_EMPTY = """ "values" = '{}', faults = '[]', typed = NULL, field = NULL, holder = NULL, reason = NULL """


class SqliteHistory:
    """What leads hold after their end.

    Args:
        file: the outbox.
    """

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def purge(self, *, before: float) -> int:
        """Take the values out of leads that came to their end before then; return out of how many."""
        due = f"""state IN ({marks(_ENDED)}) AND updated_at <= ? AND "values" <> '{{}}'"""
        with self._file.reading() as db:
            # Most of the time there are none: then nothing is written.
            if db.execute(f"SELECT 1 FROM leads WHERE {due} LIMIT 1", (*_ENDED, before)).fetchone() is None:
                return 0
        with self._file.writing() as db:
            return db.execute(f"UPDATE leads SET {_EMPTY} WHERE {due}", (*_ENDED, before)).rowcount

    def naming(self, email: str) -> Naming:
        """Count the leads that name this e-mail address; raises ValueError where that is empty."""
        with self._file.reading() as db:
            states = [state for _, state in _naming(db, _mention(email))]
        ended, under_way = (sum(state in some for state in states) for some in (ENDED, _UNDER_WAY))
        return Naming(ended, len(states) - ended - under_way, under_way)

    def forget(self, email: str, *, at: float) -> Forgotten:
        """Take the values out of every lead that names this e-mail address; what still waits is discarded."""
        named = _mention(email)
        erased = under_way = 0
        with self._file.writing() as db:
            for key, state in _naming(db, named):
                if state in _UNDER_WAY:
                    under_way += 1
                    continue
                # What had come to its end keeps its times.
                db.execute(f"UPDATE leads SET {_EMPTY} WHERE key = ?", (key,))
                if state not in ENDED:
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


def _naming(db: sqlite3.Connection, named: re.Pattern[str]) -> list[tuple[str, State]]:
    found = db.execute('SELECT key, state, "values", typed FROM leads').fetchall()
    return [
        (key, State(state))
        for key, state, values, typed in found
        if any(named.search(text) for text in _texts([json.loads(values), json.loads(typed or "null")]))
    ]


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return _texts(list(value.values()))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]  # pyright: ignore[reportUnknownVariableType]
    return []
