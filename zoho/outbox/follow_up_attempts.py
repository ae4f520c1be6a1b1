"""What the sender does with notes and tasks: it sends one, or finds out what became of it.

As with leads, it may be killed at any line: before a byte leaves, the attempt is committed; the outcome is
committed before anybody is told. But nothing in Zoho refuses a note a second time, so none is sent again
before its record's own list was read, when everything that was under way has arrived.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple

from zoho.leads.follow_up import FollowUpKind
from zoho.leads.org import OrgProfile
from zoho.outbox.endings import Unwritten, numbered
from zoho.outbox.follow_up_look import CREATED, LISTS, same_follow_up
from zoho.outbox.follow_up_verdicts import (
    FollowUpOutcome,
    FollowUpVerdict,
    no_record,
    verdict_of_looking,
    verdict_of_sending,
)
from zoho.outbox.follow_ups import FollowUpRow, FollowUpState
from zoho.outbox.kept_calls import collected_calls
from zoho.outbox.listeners import Listeners
from zoho.outbox.rest import Waits
from zoho.outbox.sender_lock import LockLostError, SenderLock
from zoho.outbox.server_clock import ServerClock
from zoho.outbox.store import LoggedCall, Store
from zoho.outbox.verdicts import broken, cut_off
from zoho.outbox.zoho import Zoho
from zoho.wire.errors import StorageError, ZohoError

_log = logging.getLogger("zoho.outbox")


class FollowUpEnding(NamedTuple):
    """The end of an attempt: the row as it was begun or claimed, what became of it, the exchanges made."""

    row: FollowUpRow
    outcome: FollowUpOutcome
    calls: Sequence[LoggedCall] = ()


class FollowUpEndings(Unwritten[FollowUpEnding, FollowUpRow]):
    """Outcomes of notes and tasks on their way to the disk.

    Args:
        store: the outbox.
        listeners: are told each row.
        clock: seconds since the epoch.
    """

    def __init__(self, *, store: Store, listeners: Listeners, clock: Callable[[], float]) -> None:
        super().__init__()
        self._store = store
        self._listeners = listeners
        self._clock = clock

    def _put(self, outcome: FollowUpEnding) -> Iterable[FollowUpRow]:
        row, told, calls = outcome
        after = self._store.follow_ups.finish(
            row,
            told.state,
            at=self._clock(),
            zoho_id=told.zoho_id,
            faults=told.faults,
            not_before=told.not_before,
            calls=numbered(calls, row.attempt),
        )
        if after is None:
            _log.warning("A %s of lead %s is another sender's by now", row.kind, row.lead)
        return [] if after is None else [after]

    def _tell(self, row: FollowUpRow) -> None:
        self._listeners.follow_up(row)


class FollowUpAttempts:
    """One org's notes and tasks, one attempt after the other.

    Args:
        store: the outbox.
        lock: the right to send from it.
        zoho: the client.
        org: the org that is signed in to; follow-ups of another are left alone.
        waits: how long is waited for what.
        endings: writes outcomes down.
        listeners: are told what happens.
        clock: seconds since the epoch.
    """

    def __init__(
        self,
        *,
        store: Store,
        lock: SenderLock,
        zoho: Zoho,
        org: OrgProfile,
        waits: Waits,
        endings: FollowUpEndings,
        listeners: Listeners,
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._lock = lock
        self._zoho = zoho
        self._org = org
        self._waits = waits
        self._endings = endings
        self._listeners = listeners
        self._clock = clock
        self._server_clock = ServerClock(store=store, zoho=zoho, clock=clock)

    def next(self) -> FollowUpRow | None:
        """Return the follow-up to send, or the unclear one to look for. It reads the disk."""
        due = self._store.follow_ups.due(self._org.key, now=self._clock(), limit=1)
        return due[0] if due else None

    async def make(self, row: FollowUpRow, sender: str) -> FollowUpVerdict | None:
        """Send *row*, or look for it; return how the sender goes on, None where that says nothing.

        Raises:
            StorageError: the outbox cannot be written; nothing was sent without its intent.
        """
        if not (row.record_id or "").isdigit():
            await self._endings.write(FollowUpEnding(row, no_record()))
            return None
        if row.state is FollowUpState.UNKNOWN:
            return await self._resolve(row, sender)
        return await self._send(row, sender)

    # One is sent

    async def _send(self, row: FollowUpRow, sender: str) -> FollowUpVerdict | None:
        hold = self._lock.hold
        begun = await self._begin(row, sender)
        if begun is None:
            return None
        with collected_calls() as calls:
            try:
                result = await self._post(begun, hold)
            except asyncio.CancelledError:
                cut = verdict_of_sending(cut_off(), now=self._clock(), first_look=self._later())
                self._endings.write_at_once(FollowUpEnding(begun, cut.outcome, calls))
                raise
        if result is None:
            await self._endings.write(FollowUpEnding(begun, _as_before(row), calls))
            return None
        verdict = verdict_of_sending(result, now=self._clock(), first_look=self._later())
        await self._endings.write(FollowUpEnding(begun, verdict.outcome, calls))
        return verdict

    async def _begin(self, row: FollowUpRow, sender: str) -> FollowUpRow | None:
        """Write the intent down; return the row that may leave now."""
        writing = asyncio.ensure_future(asyncio.to_thread(self._intend, row, sender))
        try:
            begun = await asyncio.shield(writing)
        except asyncio.CancelledError:
            with suppress(StorageError):
                begun = await writing
                if begun is not None:
                    self._endings.write_at_once(FollowUpEnding(begun, _as_before(row)))
            raise
        if begun is not None:
            self._listeners.follow_up(begun)
        return begun

    def _intend(self, row: FollowUpRow, sender: str) -> FollowUpRow | None:
        return self._store.follow_ups.begin(row, sender, self._server_clock.now())

    async def _post(self, row: FollowUpRow, hold: int | None) -> str | ZohoError | None:
        """Create it; None if nothing left, since the lock had been given back meanwhile."""

        def check() -> None:
            if hold is None or self._lock.hold != hold:
                raise LockLostError

        try:
            check()
            return await self._create(row, check)
        except LockLostError:
            return None
        except ZohoError as error:
            return error
        except Exception as error:
            # Whatever this is, the request may have arrived.
            _log.exception("The client failed in a way that nobody thought of")
            return broken(type(error).__name__)

    async def _create(self, row: FollowUpRow, check: Callable[[], None]) -> str:
        record_id, values = row.record_id or "", row.values
        if row.kind is FollowUpKind.TASK:
            return await self._zoho.create_task(row.module, record_id, values, before_sending=check)
        return await self._zoho.add_note(
            row.module,
            record_id,
            title=values.get("Note_Title") or "",
            content=values.get("Note_Content") or "",
            before_sending=check,
        )

    # An unclear one is looked for

    async def _resolve(self, row: FollowUpRow, sender: str) -> FollowUpVerdict | None:
        claimed = await asyncio.to_thread(self._store.follow_ups.claim, row, sender)
        if claimed is None:
            return None
        with collected_calls() as calls:
            try:
                found = await self._look(claimed)
            except ZohoError as error:
                found = error
        verdict = verdict_of_looking(found, claimed, now=self._clock(), next_look=self._later())
        await self._endings.write(FollowUpEnding(claimed, verdict.outcome, calls))
        return verdict

    async def _look(self, row: FollowUpRow) -> str | None:
        """Return Zoho's id of it, None if it is not there; raises `ZohoError` where that cannot be read."""
        list_name, compared = LISTS[row.kind]
        records = await self._zoho.related(row.module, row.record_id or "", list_name, (*compared, CREATED))
        ids = [record.id for record in same_follow_up(row, records)]
        return await asyncio.to_thread(self._unheld, row, ids)

    def _unheld(self, row: FollowUpRow, ids: Sequence[str]) -> str | None:
        holder_of = self._store.follow_ups.holder_of
        return next((one for one in ids if holder_of(one) in (None, row.id)), None)

    def _later(self) -> float:
        return self._clock() + self._waits.longest_under_way


def _as_before(row: FollowUpRow) -> FollowUpOutcome:
    """Return the outcome that puts *row* back: its attempt was begun, and nothing of it was sent."""
    return FollowUpOutcome(FollowUpState.WAITING, faults=row.faults, not_before=row.not_before)
