"""Is it there? A note or task whose fate is unclear, compared with those that its record has in Zoho.

Its record's own list is read. That the list shows what was created a minute ago is inferred: it is no search.
Zoho has no place for a key in a note, so that what is compared is its text.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from zoho.api.models import Record
from zoho.leads.follow_up import FollowUpKind
from zoho.outbox.follow_ups import FollowUpRow
from zoho.wire.clean import clean

CREATED = "Created_Time"

LISTS: Mapping[FollowUpKind, tuple[str, tuple[str, ...]]] = {
    FollowUpKind.NOTE: ("Notes", ("Note_Title", "Note_Content")),
    FollowUpKind.TASK: ("Tasks", ("Subject", "Due_Date", "Description")),
}
"""The list of a record, and what is compared in it."""

_CLOCK_SLACK = 600.0
"""Seconds: one taken for missing is doubled, and an older one with the same text is hardly there."""


def same_follow_up(row: FollowUpRow, records: Sequence[Record]) -> list[Record]:
    """Return those of *records* that are this follow-up, oldest first."""
    names = LISTS[row.kind][1]
    wanted = {name: folded(row.values[name]) for name in names if row.values.get(name)}
    since = row.attempt_at - _CLOCK_SLACK
    found = [
        record
        for record in records
        if wanted
        and all(folded(record.get(name)) == text for name, text in wanted.items())
        and _created(record) >= since
    ]
    return sorted(found, key=lambda record: (len(record.id), record.id))


def folded(value: Any) -> str:
    """Return a text without what Zoho may change in it: white space, HTML entities, composed letters."""
    text = unicodedata.normalize("NFC", clean(html.unescape(str(value or ""))))
    return " ".join(text.split())


def _created(record: Record) -> float:
    """Return when it was created, seconds since the epoch; never too early, where that is not told."""
    try:
        moment = datetime.fromisoformat(str(record.get(CREATED)))
    except ValueError:
        return float("inf")
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
