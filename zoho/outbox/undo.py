"""Undoing a lead that was just created: into Zoho's recycle bin, and back.

It may be killed at any line. Before the deletion leaves, it is written down that the lead is being undone;
from then on no note or task of it is sent. What became of the deletion is written down before anybody is
told. Where that is not known, the lead is looked for by its id, and the deletion is never repeated unasked.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NamedTuple, TypeVar

from zoho.leads.follow_up import FollowUpKind
from zoho.leads.org import OrgProfile
from zoho.outbox.endings import numbered
from zoho.outbox.follow_ups import FollowUpRow, FollowUpState
from zoho.outbox.kept_calls import collected_calls
from zoho.outbox.rest import Waits
from zoho.outbox.server_clock import ServerClock
from zoho.outbox.store import Row, Store
from zoho.outbox.undo_rules import no_longer_there, refused, unlike_as_created, why_not, why_not_back
from zoho.outbox.verdicts import broken
from zoho.outbox.zoho import Bin
from zoho.wire.errors import RequestRejected, Resend, StorageError, ZohoError

_log = logging.getLogger("zoho.outbox")
_T = TypeVar("_T")

LATEST = 10.0
"""Seconds from writing down that a lead is being undone until its deletion must have left, or never does: a
process that was stopped in between must not delete what another one has found to stand there still."""


class Undone(NamedTuple):
    """A lead that was undone, and whether a task of it had been created, which may stay on Zoho's list."""

    row: Row
    leaves_task: bool


class _TooLateError(Exception):
    """The deletion did not leave in time."""


class Undo:
    """Undoes and restores leads of one org.

    Args:
        store: the outbox.
        zoho: the client; its ``on_call`` should be `zoho.outbox.keep_call`.
        org: the org that is signed in to; leads of another are left alone.
        waits: how long what is under way may take.
        clock: seconds since the epoch.
    """

    def __init__(
        self,
        *,
        store: Store,
        zoho: Bin,
        org: OrgProfile,
        waits: Waits | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._zoho = zoho
        self._org = org
        self._settled_after = LATEST + (waits or Waits()).longest_under_way
        self._clock = clock
        self._server_clock = ServerClock(store=store, zoho=zoho, clock=clock)

    async def undo(self, key: str) -> Undone:
        """Move a lead that was just created to Zoho's recycle bin.

        Raises:
            ZohoError: it may not be undone, Zoho refused that, or it is not known whether it was done (code
                ``undo_unclear``): `settle` finds out.
        """
        row, follow_ups = await asyncio.to_thread(self._read, key)
        why_not(row, follow_ups, org=self._org.key, now=self._clock())
        gone = await self._told(row, self._undo(row))
        return Undone(gone, any(_is_created_task(one) for one in follow_ups))

    async def _undo(self, row: Row) -> Row:
        record_id = row.zoho_id or ""
        record = await self._zoho.get_lead(record_id)
        unlike_as_created(
            record, row, user_id=self._org.user_id, now=await asyncio.to_thread(self._server_clock.now)
        )
        wanted = await asyncio.to_thread(self._store.undos.want, row.key, at=self._clock())
        if wanted is None:
            why_not(*await asyncio.to_thread(self._read, row.key), org=self._org.key, now=self._clock())
            raise refused("changed", "This lead has just changed.", "Look at it in the Log, then try again.")
        error = await _failure(self._zoho.delete_lead(record_id, before_sending=self._in_time(wanted)))
        if error is None:
            await asyncio.to_thread(self._store.undos.undone, row.key, at=self._clock())
            return await asyncio.to_thread(self._store.get, row.key) or wanted
        if error.resend is Resend.UNKNOWN:
            return await self._gone_already(wanted)
        await asyncio.to_thread(self._store.undos.drop, row.key)
        raise error

    def _in_time(self, wanted: Row) -> Callable[[], None]:
        """Return what forbids the deletion once others may have found out that it did not happen."""
        end = (wanted.undo_wanted or 0.0) + LATEST

        def check() -> None:
            if self._clock() > end:
                raise _TooLateError

        return check

    async def _gone_already(self, wanted: Row) -> Row:
        """Look once whether a deletion without an answer was done."""
        with suppress(ZohoError):
            found = await self._settled(wanted)
            if found is not None and found.undone:
                return found
        raise ZohoError(
            "The line broke while this lead was undone: whether it is in Zoho's recycle bin is not known.",
            next_step="Nothing to do: it is looked for in a minute, and nothing is deleted again.",
            code="undo_unclear",
        )

    # Those that were cut off

    async def settle(self) -> list[Row]:
        """Look what became of undos that were cut off; return the leads of which it is known now.

        Raises:
            ZohoError: Zoho cannot be asked.
        """
        rows = await asyncio.to_thread(self._store.undos.open, self._org.key)
        found = [await self._told(row, self._settled(row)) for row in rows]
        return [row for row in found if row is not None]

    async def next_settling(self) -> float | None:
        """Return when `settle` is to be called, seconds since the epoch; None, nothing is open."""
        rows = await asyncio.to_thread(self._store.undos.open, self._org.key)
        return min(map(self._settles_at, rows), default=None)

    def _settles_at(self, row: Row) -> float:
        return (row.undo_wanted or 0.0) + self._settled_after

    async def _settled(self, row: Row) -> Row | None:
        """Look for it by its id; None while a deletion may still be under way."""
        if await self._zoho.get_lead(row.zoho_id or "") is None:
            return await asyncio.to_thread(self._store.undos.undone, row.key, at=self._clock())
        if self._clock() < self._settles_at(row):
            return None
        await asyncio.to_thread(self._store.undos.drop, row.key)
        return await asyncio.to_thread(self._store.get, row.key)

    # Back again

    async def restore(self, key: str) -> Row:
        """Bring a lead that was undone back from Zoho's recycle bin; what was held back is sent then.

        Raises:
            ZohoError: it was not undone, is in the bin no more, or Zoho refused that.
        """
        row, _ = await asyncio.to_thread(self._read, key)
        why_not_back(row, org=self._org.key)
        return await self._told(row, self._restore(row))

    async def _restore(self, row: Row) -> Row:
        record_id = row.zoho_id or ""
        # Somebody, or an attempt whose answer was lost, may have brought it back already.
        if await self._zoho.get_lead(record_id) is None:
            error = await _failure(self._zoho.restore_lead(record_id))
            not_in_bin = isinstance(error, RequestRejected) and error.code == "INVALID_DATA"
            if error is not None and error.resend is not Resend.UNKNOWN and not not_in_bin:
                raise error
            # Also where it is not in the bin: another session may have been quicker.
            if error is not None and await self._zoho.get_lead(record_id) is None:
                if not_in_bin:
                    raise no_longer_there()
                raise refused(
                    "restore_unclear",
                    "No answer says whether this lead was restored.",
                    "Restore it again in a moment: nothing is doubled by that.",
                )
        await asyncio.to_thread(self._store.undos.restored, row.key, at=self._clock())
        return await asyncio.to_thread(self._store.get, row.key) or row

    # What all of them need

    def _read(self, key: str) -> tuple[Row, list[FollowUpRow]]:
        row = self._store.get(key)
        if row is None:
            raise refused("not_there", "There is no such lead.", "Look in the Log.")
        return row, self._store.follow_ups.of(key)

    async def _told(self, row: Row, work: Awaitable[_T]) -> _T:
        """Keep the exchanges of *work* with the lead, whatever becomes of it."""
        with collected_calls() as calls:
            try:
                return await work
            finally:
                with suppress(StorageError):
                    self._store.log_calls(row.key, numbered(calls, row.attempt))


async def _failure(call: Awaitable[None]) -> ZohoError | None:
    """Make a call that changes something; return what it failed with."""
    try:
        await call
    except _TooLateError:
        return refused("too_late", "Zoho could not be reached in time.", "Nothing was undone.")
    except ZohoError as error:
        return error
    except Exception as error:
        # Whatever this is, the request may have arrived.
        _log.exception("The client failed in a way that nobody thought of")
        return broken(type(error).__name__)
    return None


def _is_created_task(one: FollowUpRow) -> bool:
    return one.kind is FollowUpKind.TASK and one.state is FollowUpState.SENT
