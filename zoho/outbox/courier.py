"""The courier: the only one that sends. It takes leads out of the outbox and brings them to Zoho.

It knows the outbox by its `Store` and Zoho by a few calls. What it does with leads is in
`zoho.outbox.attempts`, what with their notes and tasks in `zoho.outbox.follow_up_attempts`; here is when it
does something, and when it rests.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
import uuid
from collections.abc import Callable

from zoho.leads.org import OrgProfile
from zoho.outbox.attempts import Attempts
from zoho.outbox.endings import Endings
from zoho.outbox.follow_up_attempts import FollowUpAttempts, FollowUpEndings
from zoho.outbox.follow_up_verdicts import FollowUpVerdict
from zoho.outbox.follow_ups import FOLLOW_UP_UNSENT, FollowUpRow
from zoho.outbox.listeners import Listeners
from zoho.outbox.rest import Rest
from zoho.outbox.sender_lock import SenderLock
from zoho.outbox.states import UNSENT
from zoho.outbox.store import Pause, Row, Store
from zoho.outbox.verdicts import STORAGE_WAIT, Verdict
from zoho.outbox.zoho import Zoho
from zoho.wire.errors import ZohoError

_log = logging.getLogger("zoho.outbox")


class Courier:
    """Sends what waits: leads typed in a running session, then notes and tasks, at last the backlog.

    Args:
        store: the outbox.
        lock: the right to send from it.
        zoho: the client; its ``on_call`` should be `zoho.outbox.keep_call`.
        org: the org that is signed in to; leads of another are left alone.
        rest: how long it waits for what.
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
        rest: Rest | None = None,
        listeners: Listeners | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._lock = lock
        self._org = org
        self._listeners = listeners or Listeners()
        self._clock = clock
        self._pause = rest or Rest(clock=clock)
        self._endings = Endings(store=store, listeners=self._listeners, clock=clock)
        self._attempts = Attempts(
            store=store,
            lock=lock,
            zoho=zoho,
            org=org,
            waits=self._pause.waits,
            endings=self._endings,
            listeners=self._listeners,
            clock=clock,
        )
        self._follow_up_endings = FollowUpEndings(store=store, listeners=self._listeners, clock=clock)
        self._follow_ups = FollowUpAttempts(
            store=store,
            lock=lock,
            zoho=zoho,
            org=org,
            waits=self._pause.waits,
            endings=self._follow_up_endings,
            listeners=self._listeners,
            clock=clock,
        )
        self._wake = asyncio.Event()
        self._stopping = False
        self._one_step = asyncio.Lock()
        self._sender = ""
        self._swept = False
        self._waiting: int | None = None

    # Being woken

    def wake(self) -> None:
        """New work is there: look at once, and try a line that was down."""
        self._pause.try_line()
        self._wake.set()

    def retry(self) -> None:
        """Somebody acted (signed in again, asked to try): end whatever pause there is."""
        self._go_on()
        self._wake.set()

    # The loop

    def stop(self) -> None:
        """Let `run` return once what is under way has come to its end."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Send what waits, and what will come, until stopped; cancelled, what is under way is unclear."""
        while not self._stopping:
            if not await self._guarded_step():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._pause.waits.poll):
                        await self._wake.wait()
                self._wake.clear()

    async def drain(self, *, limit: float, key: str | None = None) -> None:
        """Send what waits; return when nothing is left, it cannot go on, or *limit* seconds are over.

        Args:
            limit: seconds; what is under way is still brought to its end.
            key: stop as soon as this lead is no longer waiting, nor a note or task of it; at once, where it
                belongs to another org, or to none, or is being changed.

        Raises:
            StorageError: the outbox cannot be written.
        """
        end = self._clock() + limit
        while True:
            worked = not self._pause.active and await self.step()
            if await asyncio.to_thread(self._is_done, key) or self._clock() >= end:
                return
            if not worked:
                if self._pause.outlasts(end):
                    return
                await asyncio.sleep(min(0.1, max(0.0, end - self._clock())))

    def _is_done(self, key: str | None) -> bool:
        if key is not None:
            row = self._store.get(key)
            moves = row is not None and row.org == self._org.key and not row.being_changed
            return row is None or not moves or not (row.state in UNSENT or self._follow_up_waits(row))
        return not self._number_waiting()

    def _follow_up_waits(self, row: Row) -> bool:
        return row.in_zoho and any(
            one.state in FOLLOW_UP_UNSENT for one in self._store.follow_ups.of(row.key)
        )

    def _number_waiting(self) -> int:
        return self._store.waiting(self._org.key) + self._store.follow_ups.waiting(self._org.key)

    async def _guarded_step(self) -> bool:
        """Do one step; whatever goes wrong on this machine is told as a pause, and the loop lives on."""
        try:
            if self._pause.active:
                await asyncio.to_thread(self._hear_of_new_work)
            return not self._pause.active and await self.step()
        except ZohoError as error:
            self._rest(Pause(self._clock() + STORAGE_WAIT, error.what, error.next_step, error.code))
        except Exception:
            _log.exception("The courier met an error that nobody thought of")
            what = "Sending met an error that nobody thought of."
            self._rest(Pause(self._clock() + STORAGE_WAIT, what, "See the log file, and report it.", "bug"))
        return False

    def _hear_of_new_work(self) -> None:
        """Try a line that is down when another process has saved a lead, as `wake` does for this one's."""
        before, self._waiting = self._waiting, self._number_waiting()
        if before is not None and self._waiting > before:
            self._pause.try_line()

    async def _is_sender(self) -> bool:
        """Become the sender if nobody else is; what an earlier one left in ``sending`` is then unclear."""
        if self._lock.held and self._swept:
            return True
        self._swept = False
        # Not in a thread: cancelled, that would take the lock after it had been given back. It never waits.
        if not self._lock.acquire():
            return False
        await self._endings.catch_up()
        await self._follow_up_endings.catch_up()
        # From here on nothing is under way: a lead in ``sending`` is nobody's, our own earlier ones included.
        sender = uuid.uuid4().hex
        later = self._clock() + self._pause.waits.longest_under_way
        found = await asyncio.to_thread(self._store.orphan, sender, not_before=later, at=self._clock())
        if found:
            _log.warning("%d leads were left unclear by a sender that ended", len(found))
        for row in found:
            self._listeners.change(row)
        orphans = await asyncio.to_thread(self._store.follow_ups.orphan, sender, later, self._clock())
        for one in orphans:
            self._listeners.follow_up(one)
        self._sender, self._swept = sender, True
        return True

    # One step

    async def step(self) -> bool:
        """Send or resolve leads, if this process is or can become the sender; return whether it did.

        Raises:
            StorageError: the outbox cannot be written; nothing was sent without its intent.
        """
        async with self._one_step:
            if not await self._is_sender():
                return False
            try:
                return await self._work()
            except BaseException:
                self._swept = False  # whatever this left half done is found before anything else is sent
                raise

    async def _work(self) -> bool:
        leads, follow_up = await asyncio.to_thread(self._next)
        if leads:
            self._go_on_or_rest(await self._attempts.make(leads, self._sender))
        elif follow_up is not None:
            self._go_on_or_rest(await self._follow_ups.make(follow_up, self._sender))
        return bool(leads) or follow_up is not None

    def _next(self) -> tuple[list[Row], FollowUpRow | None]:
        """Return the leads to do something about, or the note or task; neither, there is nothing to do.

        Leads typed in a running session go first, then notes and tasks, then what is unclear, then the
        backlog: when a rep looks at a lead in Zoho, what belongs to it shall be there.
        """
        if fresh := self._attempts.fresh():
            return fresh, None
        follow_up = self._follow_ups.next()
        return ([], follow_up) if follow_up is not None else (self._attempts.older(), None)

    # Resting

    def _go_on_or_rest(self, verdict: Verdict | FollowUpVerdict | None) -> None:
        if verdict is None or verdict.pause is None:
            self._go_on()
        else:
            self._rest(verdict.pause, grows=verdict.grows, line_down=verdict.line_down)

    def _rest(self, pause: Pause, *, grows: bool = False, line_down: bool = False) -> None:
        told = self._pause.begin(pause, grows=grows, line_down=line_down)
        self._waiting = None
        _log.warning("Sending rests: %s %s", told.what, told.code)
        self._listeners.pause(told)

    def _go_on(self) -> None:
        if self._pause.end():
            self._listeners.pause(None)
