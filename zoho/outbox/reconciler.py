"""Resolving an unclear attempt: was the lead created or not?

Keyed, the same record is sent again: Zoho refuses the key a second time and names the record that has it.
Unkeyed, it is looked up twice (at once, and when everything that may still be under way has arrived), and if
that decides nothing, the rep is asked. Nothing unkeyed is ever sent again by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from zoho.api.models import Record
from zoho.leads.lookup import created_since, same_lead
from zoho.outbox.states import Mode, State
from zoho.outbox.store import Outcome, Row, Store
from zoho.wire.errors import FieldFault, ZohoError

LOOK_UP_ONLY_AFTER = 24 * 3600.0
"""Seconds after which an unclear lead is only looked up: converted or deleted, it refuses its key no more."""

_CLOCK_SLACK = timedelta(seconds=10)
"""``Date`` headers have whole seconds and travel a while: look at leads created a little earlier too."""


class Reader(Protocol):
    """The calls that look without changing anything."""

    async def coql(self, query: str) -> list[Record]:
        """Run a query."""
        ...

    async def get_lead(self, lead_id: str) -> Record | None:
        """Return a lead by its id."""
        ...

    def server_now(self) -> datetime:
        """Return the time by Zoho's clock."""
        ...


class Reconciler:
    """Finds out what became of an unclear attempt, by looking.

    Args:
        store: the outbox, to know which records other leads hold.
        zoho: the client.
        user_id: Zoho's id of the user who sends.
        clock: seconds since the epoch.
    """

    def __init__(self, *, store: Store, zoho: Reader, user_id: str, clock: Callable[[], float]) -> None:
        self._store = store
        self._zoho = zoho
        self._user_id = user_id
        self._clock = clock

    def may_send_again(self, row: Row) -> bool:
        """Say whether the same record may be sent again: only keyed, and only while it is young."""
        age = self._zoho.server_now().timestamp() - row.attempt_at
        return row.mode is Mode.KEYED and row.key_field is not None and age < LOOK_UP_ONLY_AFTER

    async def look(self, row: Row, *, last_look: float) -> Outcome:
        """Look for the lead of *row* in Zoho.

        Args:
            row: an unknown row.
            last_look: when everything that may be under way has arrived, seconds since the epoch.

        Raises:
            ZohoError: Zoho cannot be asked; nothing is decided.
        """
        found = await self.found(row)
        if found is not None and found.state is State.SENT:
            return found
        if self._clock() < last_look:
            return Outcome(State.UNKNOWN, faults=row.faults, not_before=last_look, looks=row.looks + 1)
        return found or Outcome(State.ASK, faults=(_question(0),))

    async def found(self, row: Row) -> Outcome | None:
        """Look once: *sent* for the one record that is this lead, *ask* for several, None for none.

        Raises:
            ZohoError: Zoho cannot be asked.
        """
        since = datetime.fromtimestamp(row.attempt_at, UTC) - _CLOCK_SLACK
        query = created_since(row.values, user_id=self._user_id, since=since, key_field=row.key_field)
        matches = await asyncio.to_thread(self._unheld, row, _matching(row, await self._zoho.coql(query)))
        if len(matches) == 1:
            return Outcome(State.SENT, zoho_id=matches[0].id)
        return Outcome(State.ASK, faults=(_question(len(matches)),)) if matches else None

    async def is_ours(self, row: Row, record_id: str) -> bool | None:
        """Say whether the existing record carries the key of *row*; None where that cannot be read."""
        if row.key_field is None:
            return None
        try:
            record = await self._zoho.get_lead(record_id)
        except (ZohoError, ValueError):  # ValueError: the id is none that can be asked for
            return None
        return None if record is None else record.get(row.key_field) == row.key

    def _unheld(self, row: Row, found: Sequence[Record]) -> list[Record]:
        return [record for record in found if self._store.holder_of(record.id) in (None, row.key)]


def _matching(row: Row, found: Sequence[Record]) -> list[Record]:
    """Return the records that are this lead: by our key where it is told, else by what was typed."""
    if row.key_field is not None:
        by_key = [record for record in found if record.get(row.key_field) == row.key]
        if by_key:
            return by_key
        # A record with another key is another lead, however alike.
        found = [record for record in found if not record.get(row.key_field)]
    return same_lead(row.values, found)


def _question(matches: int) -> FieldFault:
    if matches:
        what = f"Zoho has {matches} leads like this one, created at that time."
    else:
        what = "The line broke while it was sent, and it is not to be found in Zoho."
    return FieldFault("ask", what, "Look in Zoho, then say here: it is there, send again, or discard.")
