"""Rows of the outbox to and from what SQLite holds."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, astuple, fields
from typing import Any

from zoho.outbox.states import Mode, State
from zoho.outbox.store import LoggedCall, Row
from zoho.wire.errors import DuplicateRecord, FieldFault

COLUMNS = (
    'key, state, "values", org, created_at, updated_at, lane, attempt, mode, sender, attempt_at, layout_id,'
    " key_field, not_before, looks, zoho_id, faults, unclear, typed, field, holder, reason, answers,"
    " saved_at, undo_wanted, undone_at, restored_at"
)


_INSERT = f"INSERT INTO leads ({COLUMNS}) VALUES ({', '.join('?' * (COLUMNS.count(',') + 1))})"


def insert_row(db: sqlite3.Connection, row: Row) -> None:
    """Insert a row as it is, whatever its state."""
    data = {
        **{item.name: getattr(row, item.name) for item in fields(row)},
        "values": dump_values(row.values),
        "typed": dump_values(row.typed) if row.typed is not None else None,
        "answers": dump_values(row.answers) if row.answers is not None else None,
        "faults": dump_faults(row.faults),
        "unclear": int(row.unclear),
    }
    db.execute(_INSERT, [data[name.strip(' "')] for name in COLUMNS.split(",")])


def read_row(found: sqlite3.Row | Mapping[str, Any]) -> Row:
    """Return the row that SQLite's *found*, with the `COLUMNS`, stands for.

    Raises:
        sqlite3.DatabaseError: it holds what was never written into it.
    """
    try:
        return _read(dict(found))
    except (ValueError, TypeError, KeyError):
        # The bytes are SQLite's own, and still wrong: no check of its own has found that.
        raise sqlite3.DatabaseError("a row is malformed") from None


def _read(data: dict[str, Any]) -> Row:
    data["state"] = State(data["state"])
    data["mode"] = Mode(data["mode"])
    data["values"] = json.loads(data["values"])
    data["unclear"] = bool(data["unclear"])
    data["typed"] = json.loads(data["typed"]) if data["typed"] is not None else None
    data["answers"] = json.loads(data["answers"]) if data["answers"] is not None else None
    data["faults"] = read_faults(data["faults"])
    return Row(**data)


def read_faults(text: str) -> tuple[FieldFault, ...]:
    """Return the faults that `dump_faults` wrote."""
    return tuple(_fault(item) for item in json.loads(text))


def read_rows(found: Iterable[sqlite3.Row]) -> list[Row]:
    """Return the rows that SQLite's *found*, with the `COLUMNS`, stand for."""
    return [read_row(item) for item in found]


def log_calls(db: sqlite3.Connection, key: str, calls: Iterable[LoggedCall]) -> None:
    """Keep HTTP exchanges with the lead of that key, if there is one."""
    db.executemany(
        "INSERT INTO calls (key, at, attempt, method, path, status, code, milliseconds)"
        " SELECT key, ?, ?, ?, ?, ?, ?, ? FROM leads WHERE key = ?",
        [(*astuple(call), key) for call in calls],
    )


def marks(values: Collection[object]) -> str:
    """Return a question mark for each of *values*, as SQL's ``IN (...)`` wants them."""
    return ", ".join("?" * len(values))


def _fault(data: dict[str, Any]) -> FieldFault:
    duplicate = data.pop("duplicate")
    return FieldFault(**data, duplicate=DuplicateRecord(**duplicate) if duplicate else None)


def dump_values(values: Mapping[str, Any]) -> str:
    """Return the values of a lead as JSON text."""
    return json.dumps(dict(values), ensure_ascii=False, separators=(",", ":"))


def dump_faults(faults: Iterable[FieldFault]) -> str:
    """Return faults as JSON text."""

    def plain(fault: FieldFault) -> dict[str, Any]:
        return {
            "code": fault.code,
            "what": fault.what,
            "next_step": fault.next_step,
            "field": fault.field,
            "details": dict(fault.details),
            "duplicate": asdict(fault.duplicate) if fault.duplicate else None,
        }

    return json.dumps([plain(fault) for fault in faults], ensure_ascii=False)
