"""Resolving an unclear attempt: was the lead created or not?

Keyed, the same record is sent again: Zoho refuses the key a second time and names the record that has it.
Unkeyed, it is looked up twice (at once, and when everything that may still be under way has arrived), and if
that decides nothing, the rep is asked. Nothing unkeyed is ever sent again by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from zoho.api.models import Record
from zoho.leads.lookup import created_since, same_lead
from zoho.outbox.server_clock import ServerClock
from zoho.outbox.states import Mode, State
from zoho.outbox.store import Outcome, Row, Store
from zoho.outbox.zoho import Reader
from zoho.wire.errors import FieldFault

LOOK_UP_ONLY_AFTER = 24 * 3600.0
"""Seconds after which an unclear lead is only looked up: converted or deleted, it refuses its key no more."""

_CLOCK_SLACK = timedelta(seconds=10)
"""``Date`` headers have whole seconds and travel a while: look at leads created a little earlier too."""


class Reconciler:
    """Finds out what became of an unclear attempt, by looking.

    Args:
        store: the outbox, to see which records other rows hold.
        zoho: is asked.
        user_id: Zoho's id of the user that is signed in.
        clock: seconds since the epoch.
        server_clock: the same by Zoho's clock.
    """

    def __init__(
        self,
        *,
        store: Store,
        zoho: Reader,
        user_id: str,
        clock: Callable[[], float],
        server_clock: ServerClock,
    ) -> None:
        self._store = store
        self._zoho = zoho
        self._user_id = user_id
        self._clock = clock
        self._server_clock = server_clock

    def may_send_again(self, row: Row) -> bool:
        """Say whether the same record may be sent again: only keyed, and only while it is young.

        It is asked in a thread: it may read the disk.
        """
        age = self._server_clock.now() - row.attempt_at
        return row.mode is Mode.KEYED and row.key_field is not None and age < LOOK_UP_ONLY_AFTER

    async def look(self, row: Row, *, key_field: str | None, last_look: float) -> Outcome:
        """Look for the lead of *row* in Zoho.

        Args:
            row: an unknown row.
            key_field: the field to read its key from; None, there is none.
            last_look: when everything that may be under way has arrived, seconds since the epoch.

        Raises:
            ZohoError: Zoho cannot be asked; nothing is decided.
        """
        found = await self.found(row, key_field=key_field)
        if found is not None and found.state is State.SENT:
            return found
        if self._clock() < last_look:
            return Outcome(State.UNKNOWN, faults=row.faults, not_before=last_look, looks=row.looks + 1)
        return found or Outcome(State.ASK, faults=(_question(0),))

    async def found(self, row: Row, *, key_field: str | None) -> Outcome | None:
        """Look once: *sent* for the one record that is this lead, *ask* for several, None for none.

        Raises:
            ZohoError: Zoho cannot be asked.
        """
        return (await self.found_all([row], key_field=key_field)).get(row.key)

    async def found_all(self, rows: Sequence[Row], *, key_field: str | None) -> dict[str, Outcome]:
        """Look once for several leads, with one query; return what was found, by submission key.

        Raises:
            ZohoError: Zoho cannot be asked.
        """
        since = datetime.fromtimestamp(min(row.attempt_at for row in rows), UTC) - _CLOCK_SLACK
        wanted: Mapping[str, Any] = rows[0].values if len(rows) == 1 else {}
        query = created_since(wanted, user_id=self._user_id, since=since, key_field=key_field)
        records = await self._zoho.coql(query)
        return await asyncio.to_thread(self._each_found, rows, records, key_field)

    def _each_found(
        self, rows: Sequence[Row], records: Sequence[Record], key_field: str | None
    ) -> dict[str, Outcome]:
        found: dict[str, Outcome] = {}
        for row in rows:
            taken = {outcome.zoho_id for outcome in found.values()}
            free = [record for record in records if record.id not in taken]
            matches = self._unheld(row, _matching(row, free, key_field))
            if len(matches) == 1:
                found[row.key] = Outcome(State.SENT, zoho_id=matches[0].id)
            elif matches:
                found[row.key] = Outcome(State.ASK, faults=(_question(len(matches)),))
        return found

    def _unheld(self, row: Row, found: Sequence[Record]) -> list[Record]:
        return [record for record in found if self._store.holder_of(record.id) in (None, row.key)]


def _matching(row: Row, found: Sequence[Record], key_field: str | None) -> list[Record]:
    """Return the records that are this lead: by our key where it is told, else by what was typed."""
    if key_field is not None:
        by_key = [record for record in found if record.get(key_field) == row.key]
        if by_key:
            return by_key
        # A record with another key is another lead, however alike.
        found = [record for record in found if not record.get(key_field)]
    return same_lead(row.values, found)


def _question(matches: int) -> FieldFault:
    if matches:
        what = f"Zoho has {matches} leads like this one, created at that time."
    else:
        what = "The line broke while it was sent, and it is not to be found in Zoho."
    return FieldFault("ask", what, "Look in Zoho, then say here: it is there, send again, or discard.")
