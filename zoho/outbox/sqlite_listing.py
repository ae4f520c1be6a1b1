"""The leads in SQLite as a list to be looked at: the `zoho.outbox.store.Listing`.

The numbers of 100,000 leads are read in some 20 ms, the leads with forty numbers in one. A search reads every
lead once: an index of words would be paid at each change of a lead, and would keep what a purge takes out.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from zoho.outbox.sqlite_file import SqliteFile
from zoho.outbox.sqlite_rows import COLUMNS, marks, read_row, read_rows
from zoho.outbox.sqlite_undos import NOT_UNDONE, STANDING
from zoho.outbox.states import State
from zoho.outbox.store import Row, Sought

_LIKE = "LIKE ? ESCAPE '\\'"

_REMEMBERED = 20_000
"""Leads among which somebody is looked for whom this rep entered before: more would hold the file long."""

# Nearly every lead fails the first test of a line already, which does not take the JSON apart.
_IN_TEXT = f"""(
    zoho_id {_LIKE}
    OR ("values" {_LIKE} AND json_extract("values", '$.First_Name', '$.Last_Name', '$.Company') {_LIKE})
    OR (faults {_LIKE} AND json_extract(faults, '$[0].field', '$[0].what') {_LIKE})
)"""


class SqliteListing:
    """The leads of this user, newest first.

    Args:
        file: the outbox.
    """

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def numbers(
        self, sought: Sequence[Sought] = (), *, after: int = 0, limit: int | None = None
    ) -> Sequence[int]:
        """Return the numbers of the leads, newest first; as `zoho.outbox.store.Listing.numbers`."""
        conditions = [_condition(word) for word in sought]
        where = " AND ".join(["seq > ?", *(text for text, _ in conditions)])
        found = f"SELECT seq FROM leads WHERE {where} ORDER BY seq DESC LIMIT ?"
        parameters = [after, *chain.from_iterable(given for _, given in conditions)]
        with self._file.reading() as db:
            # As one text: a row for each would take four times as long.
            text = db.execute(
                f"SELECT group_concat(seq) FROM ({found})", (*parameters, -1 if limit is None else limit)
            ).fetchone()[0]
        return array("q", map(int, text.split(","))) if text else array("q")

    def rows(self, numbers: Sequence[int]) -> Mapping[int, Row]:
        """Return the leads with these numbers, as far as they are still there; some hundred at most."""
        with self._file.reading() as db:
            found = db.execute(
                f"SELECT seq, {COLUMNS} FROM leads WHERE seq IN ({marks(numbers)})", tuple(numbers)
            )
            rows = [dict(item) for item in found]
        return {row.pop("seq"): read_row(row) for row in rows}

    def holding(self, texts: Sequence[str], *, limit: int) -> Sequence[Row]:
        """Return the newest leads that hold one of these texts; as `zoho.outbox.store.Listing.holding`."""
        if not texts:
            return ()
        patterns = [_pattern(json.dumps(text, ensure_ascii=False)[1:-1]) for text in texts]
        in_text = " OR ".join([f'"values" {_LIKE}', f"typed {_LIKE}"] * len(patterns))
        with self._file.reading() as db:
            found = db.execute(
                f"SELECT {COLUMNS} FROM leads WHERE seq > (SELECT coalesce(max(seq), 0) FROM leads) - ?"
                f" AND state <> ? AND {NOT_UNDONE} AND ({in_text}) ORDER BY seq DESC LIMIT ?",
                (_REMEMBERED, State.DISCARDED, *(one for one in patterns for _ in range(2)), limit),
            )
            return read_rows(found)


def _condition(word: Sought) -> tuple[str, list[str]]:
    """Return what a lead must fulfil to hold a word, and the parameters of that."""
    forms = list(_forms(word.text))
    states, beside = sorted(word.states), sorted(word.follow_ups)
    texts = [*[_IN_TEXT] * len(forms), *([f"{STANDING} IN ({marks(states)})"] if states else [])]
    texts += [f"key IN (SELECT lead FROM follow_ups WHERE state IN ({marks(beside)}))"] if beside else []
    given = [*chain.from_iterable(_patterns(form) for form in forms), *states, *beside]
    return f"({' OR '.join(texts)})", given


def _forms(text: str) -> Iterator[str]:
    """Yield the word in each way it may be written: LIKE knows upper and lower case of ASCII only."""
    yield text
    if not text.isascii():
        yield from {text.lower(), text.upper(), text.title()} - {text}


def _patterns(form: str) -> list[str]:
    plain, in_json = (_pattern(text) for text in (form, json.dumps(form, ensure_ascii=False)[1:-1]))
    return [plain, *[in_json] * 4]


def _pattern(text: str) -> str:
    return "%" + re.sub(r"([%_\\])", r"\\\1", text) + "%"
