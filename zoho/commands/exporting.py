"""The Log as a file: one record for each lead of the outbox, as CSV, JSON or JSONL."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Any, TextIO

from zoho.leads.fault_words import fault_lines
from zoho.leads.fields import LeadForm
from zoho.leads.shown import typed_text
from zoho.leads.stock import STOCK_FORM
from zoho.outbox.names import name_of
from zoho.outbox.states import Standing, State, UndoState
from zoho.outbox.store import Row, Sought, Store

STATE_WORDS: Mapping[Standing, str] = {
    State.DRAFT: "draft",
    State.QUEUED: "waiting",
    State.SENDING: "sending",
    State.UNKNOWN: "unclear",
    State.ASK: "asks you",
    State.SENT: "created",
    State.REJECTED: "refused",
    State.DUPLICATE: "duplicate",
    State.MERGED: "merged",
    State.DISCARDED: "discarded",
    UndoState.UNDOING: "undoing",
    UndoState.UNDONE: "undone",
}
"""What is said on the screen of how a lead stands."""


COLUMNS = (
    "key",
    "state",
    "outbox_state",
    "name",
    "company",
    "zoho_id",
    "created_at",
    "updated_at",
    "org",
    "attempts",
    "faults",
    "reason",
)
"""The names of a record, in their order."""

_PAGE = 400
"""Leads that are in memory at a time."""


class Kind(StrEnum):
    """How records are written."""

    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which leads are meant.

    Args:
        since: those that were saved then or later, or begun, if they are half typed; seconds since the epoch.
        states: those that stand in one of them.
        sought: those that all of these words are found in, as the Log finds them.
    """

    since: float = 0.0
    states: Collection[Standing] = frozenset(STATE_WORDS)
    sought: Sequence[Sought] = ()

    def __contains__(self, row: object) -> bool:
        if not isinstance(row, Row) or row.standing not in self.states:
            return False
        return (row.created_at if row.saved_at is None else row.saved_at) >= self.since


EVERY = Chosen()


def export(
    store: Store,
    target: TextIO,
    *,
    kind: Kind,
    form: LeadForm = STOCK_FORM,
    chosen: Chosen = EVERY,
    values: bool = False,
    zone: tzinfo = UTC,
) -> int:
    """Write the leads of *store* to *target*, newest first; return how many.

    Args:
        store: is read in pages, so that the number of leads does not matter.
        target: of CSV, its line ends are to be left as they are (``newline=""``).
        kind: how they are written.
        form: has the labels for what is said of fields.
        chosen: which leads.
        values: also what the leads hold, by API name: personal data.
        zone: of the times.

    Raises:
        StorageError: the outbox cannot be read.
        OSError: *target* cannot be written.
    """
    every: Callable[[], Iterator[Row]] = lambda: _rows(store, chosen)  # noqa: E731 - read once or twice
    records = exported(every(), form, values=values, zone=zone)
    if kind is Kind.CSV:
        names = _value_names(every()) if values else []
        return _write_csv(target, records, names)
    return _write_json(target, records) if kind is Kind.JSON else _write_lines(target, records)


def exported(
    rows: Iterable[Row], form: LeadForm, *, values: bool = False, zone: tzinfo = UTC
) -> Iterator[dict[str, Any]]:
    """Yield the record of each lead: JSON values under the names of `COLUMNS`, and ``values`` if wanted."""
    for row in rows:
        held = row.values or row.typed or {}
        name = " ".join(str(held[part]) for part in ("First_Name", "Last_Name") if held.get(part))
        record: dict[str, Any] = {
            "key": row.key,
            "state": STATE_WORDS[row.standing],
            "outbox_state": row.state.value,
            "name": name_of(row) if row.purged else name,
            "company": str(held.get("Company") or ""),
            "zoho_id": row.zoho_id,
            "created_at": _time(row.created_at, zone),
            "updated_at": _time(row.updated_at, zone),
            "org": row.org,
            "attempts": row.attempt,
            "faults": list(fault_lines(row.faults, form)),
            "reason": row.reason,
        }
        yield {**record, "values": dict(row.values)} if values else record


def defused(text: str) -> str:
    """Return *text* for a cell that a spreadsheet takes for text: an apostrophe stands before a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _rows(store: Store, chosen: Chosen) -> Iterator[Row]:
    numbers = store.listing.numbers(chosen.sought)
    for first in range(0, len(numbers), _PAGE):
        page = numbers[first : first + _PAGE]
        found = store.listing.rows(page)
        yield from (found[number] for number in page if number in found and found[number] in chosen)


def _value_names(rows: Iterable[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row.values))


def _write_csv(target: TextIO, records: Iterable[dict[str, Any]], names: Sequence[str]) -> int:
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([*COLUMNS, *map(defused, names)])
    number = 0
    for record in records:
        number += 1
        told = {**record, "faults": " ".join(record["faults"])}
        cells = [_cell(told[name]) for name in COLUMNS]
        writer.writerow(cells + [_cell(record["values"].get(name)) for name in names])
    return number


def _cell(value: Any) -> str:
    return "" if value is None else defused(typed_text(value))


def _write_json(target: TextIO, records: Iterable[dict[str, Any]]) -> int:
    number = 0
    target.write("[")
    for record in records:
        target.write((",\n" if number else "\n") + json.dumps(record))
        number += 1
    target.write("\n]\n" if number else "]\n")
    return number


def _write_lines(target: TextIO, records: Iterable[dict[str, Any]]) -> int:
    number = 0
    for record in records:
        number += 1
        target.write(json.dumps(record) + "\n")
    return number


def _time(seconds: float, zone: tzinfo) -> str:
    return datetime.fromtimestamp(seconds, zone).isoformat(timespec="seconds")
