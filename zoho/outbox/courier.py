"""The courier: the only one that sends. It takes one lead at a time out of the outbox and brings it to Zoho.

It may be killed at any line. Before a byte leaves, the attempt is committed; whatever the answer is, it is
committed before anybody is told. It knows the outbox by its `Store` and Zoho by a few calls.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
import uuid
from collections.abc import Callable, Generator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from zoho.api.answers import RecordCreated, RecordResult
from zoho.api.calls import Call
from zoho.api.models import Record
from zoho.leads.lead import record_of
from zoho.leads.org import OrgProfile
from zoho.outbox.reconciler import Reconciler
from zoho.outbox.rest import Rest
from zoho.outbox.sender_lock import SenderLock
from zoho.outbox.states import UNSENT, Mode, State
from zoho.outbox.store import BACKLOG, FRESH, Attempt, LoggedCall, Outcome, Pause, Row, Store
from zoho.outbox.verdicts import Verdict, verdict_of
from zoho.wire.errors import OutcomeUnknown, StorageError, ZohoError

_log = logging.getLogger("zoho.outbox")

_KEPT = "kept"
_DROPPED = "dropped"
_POLL = 1.0
"""Seconds between two looks for what another process saved (one PRAGMA each)."""


class Zoho(Protocol):
    """What the courier needs of `zoho.api.ZohoClient`."""

    async def create_leads(self, records: Sequence[Mapping[str, Any]]) -> list[RecordResult]:
        """Insert records, each once."""
        ...

    async def get_lead(self, lead_id: str) -> Record | None:
        """Return a lead by its id."""
        ...

    async def coql(self, query: str) -> list[Record]:
        """Run a query."""
        ...

    def server_now(self) -> datetime:
        """Return the time by Zoho's clock."""
        ...


_calls_of_lead: ContextVar[list[LoggedCall] | None] = ContextVar("calls of the lead being sent", default=None)


def keep_call(call: Call) -> None:
    """Keep an exchange of the client with the lead that this task is sending (give it as ``on_call``)."""
    calls = _calls_of_lead.get()
    if calls is not None:
        calls.append(
            LoggedCall(time.time(), 0, call.method, call.path, call.status, call.code, call.milliseconds)
        )


class Courier:
    """Sends what waits, oldest first: leads typed in a running session, then the backlog.

    Args:
        store: the outbox.
        lock: the right to send from it.
        zoho: the client; its ``on_call`` should be `keep_call`.
        org: the org that is signed in to; leads of another are left alone.
        rest: how long it waits for what.
        on_change: is told each lead whose state changed here.
        on_pause: is told why it rests, and None when it goes on.
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
        on_change: Callable[[Row], None] | None = None,
        on_pause: Callable[[Pause | None], None] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._lock = lock
        self._zoho = zoho
        self._org = org
        self._on_change = on_change
        self._on_pause = on_pause
        self._clock = clock
        self._reconciler = Reconciler(store=store, zoho=zoho, user_id=org.user_id, clock=clock)
        self._pause = rest or Rest(clock=clock)
        self._unwritten: list[tuple[Row, Outcome, list[LoggedCall]]] = []
        self._wake = asyncio.Event()
        self._sender = uuid.uuid4().hex

    # Being woken

    def wake(self) -> None:
        """New work is there: look at once, and try a line that was down."""
        self._pause.try_line()
        self._wake.set()

    def retry(self) -> None:
        """Somebody acted (signed in again, asked to try): end whatever pause there is."""
        self._pause.end()
        self._wake.set()

    # The loop

    async def run(self) -> None:
        """Send what waits, and what will come, until cancelled."""
        while True:
            if not await self._guarded_step():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), _POLL)
                self._wake.clear()

    async def drain(self, *, limit: float, key: str | None = None) -> None:
        """Send what waits; return when nothing is left, it cannot go on, or *limit* seconds are over.

        Args:
            limit: seconds; what is under way is still brought to its end.
            key: stop as soon as this lead is no longer waiting.

        Raises:
            StorageError: the outbox cannot be written.
        """
        end = self._clock() + limit
        while True:
            worked = await self.step() if await self._is_sender() and not self._pause.active else False
            if await asyncio.to_thread(self._is_done, key) or self._clock() >= end:
                return
            if not worked:
                if self._pause.outlasts(end):
                    return
                await asyncio.sleep(min(0.1, max(0.0, end - self._clock())))

    def _is_done(self, key: str | None) -> bool:
        if key is not None:
            row = self._store.get(key)
            return row is None or row.state not in UNSENT
        org = self._org.key
        waiting = self._store.next_queued(org, lane=FRESH) or self._store.next_queued(org, lane=BACKLOG)
        return waiting is None and self._store.next_unknown(org) is None

    async def _guarded_step(self) -> bool:
        """Do one step; whatever goes wrong on this machine is told as a pause, and the loop lives on."""
        try:
            if self._pause.active or not await self._is_sender():
                return False
            return await self.step()
        except ZohoError as error:
            self._rest(Pause(self._clock() + 30.0, error.what, error.next_step, error.code))
        except Exception:
            _log.exception("The courier met an error that nobody thought of")
            what = "Sending met an error that nobody thought of."
            self._rest(Pause(self._clock() + 30.0, what, "See the log file, and report it.", "bug"))
        return False

    async def _is_sender(self) -> bool:
        if self._lock.held:
            return True
        if not await asyncio.to_thread(self._lock.acquire):
            return False
        now = self._clock()
        later = now + self._pause.waits.deadline + self._pause.waits.margin
        found = await asyncio.to_thread(self._store.orphan, self._sender, not_before=later, at=now)
        if found:
            _log.warning("%d leads were left unclear by a sender that ended", found)
        return True

    # One step

    async def step(self) -> bool:
        """Send or resolve one lead; return whether there was one.

        Raises:
            StorageError: the outbox cannot be written; nothing was sent without its intent.
        """
        while self._unwritten:
            await asyncio.to_thread(self._write, *self._unwritten[0])
            self._unwritten.pop(0)
        row = await asyncio.to_thread(self._next)
        if row is None:
            return False
        if row.state is State.UNKNOWN:
            await self._resolve(row)
        else:
            await self._send(row, await asyncio.to_thread(self._attempt))
        return True

    def _next(self) -> Row | None:
        org = self._org.key
        fresh = self._store.next_queued(org, lane=FRESH)
        if fresh is not None:
            return fresh
        unknown = self._store.next_unknown(org)
        if unknown is not None and unknown.not_before <= self._clock():
            return unknown
        return self._store.next_queued(org, lane=BACKLOG)

    def _attempt(self) -> Attempt:
        form = self._org.form
        proof = self._store.note(self._proof_note)
        key_field = form.key_field if proof != _DROPPED else None
        mode = Mode.KEYED if key_field is not None and proof == _KEPT else Mode.UNKEYED
        return Attempt(self._sender, mode, self._server_time(), form.layout_id, key_field)

    async def _resolve(self, row: Row) -> None:
        if self._reconciler.may_send_again(row):
            await self._send(
                row, Attempt(self._sender, row.mode, row.attempt_at, row.layout_id, row.key_field)
            )
            return
        claimed = await asyncio.to_thread(self._store.claim, row, self._sender)
        if claimed is None:
            return
        with _collected_calls() as calls:
            try:
                last_look = row.not_before if row.looks else self._later()
                outcome = await self._reconciler.look(claimed, last_look=last_look)
            except ZohoError as error:
                verdict = verdict_of(error, claimed, now=self._clock(), first_look=self._later())
                pause = verdict.pause or Pause(None, error.what, error.next_step, error.code)
                self._rest(pause, line_down=verdict.pause is None or verdict.line_down)
                return
        await self._finish(claimed, outcome, calls)

    async def _send(self, row: Row, attempt: Attempt) -> None:
        begun = await asyncio.to_thread(self._store.begin, row, attempt)
        if begun is None:
            return  # somebody else has it by now
        self._told(begun)
        record = record_of(begun.values, layout_id=begun.layout_id, key_field=begun.key_field, key=begun.key)
        with _collected_calls() as calls:
            try:
                result = await self._post(record)
            except asyncio.CancelledError:
                # No await here: the loop is ending. The write is small, and what it says must not be lost.
                verdict = verdict_of(_cancelled(), begun, now=self._clock(), first_look=self._later())
                self._write(begun, verdict.outcome, calls)
                raise
            verdict = verdict_of(result, begun, now=self._clock(), first_look=self._first_look(begun))
            outcome = await self._compared(begun, verdict)
        if row.state is State.UNKNOWN and outcome.state is State.QUEUED:
            # This attempt was not applied; what became of the one before is as unclear as it was.
            outcome = replace(outcome, state=State.UNKNOWN, not_before=self._clock())
        await self._finish(begun, outcome, calls)
        if verdict.pause is not None:
            self._rest(verdict.pause, line_down=verdict.line_down)
        else:
            self._go_on()
        if isinstance(result, RecordCreated):
            await self._prove_key(begun, result.id)

    async def _post(self, record: Mapping[str, Any]) -> RecordCreated | ZohoError:
        try:
            return (await self._zoho.create_leads([record]))[0]
        except ZohoError as error:
            return error
        except Exception as error:
            # Whatever this is, the request may have arrived: the lead's fate is unclear, not lost.
            _log.exception("The client failed in a way that nobody thought of")
            return _broken(type(error).__name__)

    async def _compared(self, row: Row, verdict: Verdict) -> Outcome:
        if verdict.compare is None:
            return verdict.outcome
        ours = await self._reconciler.is_ours(row, verdict.compare)
        if ours is None:
            return replace(verdict.outcome, state=State.ASK)
        return Outcome(State.SENT, zoho_id=verdict.compare) if ours else verdict.outcome

    async def _prove_key(self, row: Row, lead_id: str) -> None:
        """Read the first lead of a layout back once: a layout without the field drops our key silently."""
        if row.key_field is None or await asyncio.to_thread(self._store.note, self._proof_note) is not None:
            return
        kept = await self._reconciler.is_ours(row, lead_id)
        if kept is not None:
            await asyncio.to_thread(self._store.set_note, self._proof_note, _KEPT if kept else _DROPPED)

    async def _finish(self, row: Row, outcome: Outcome, calls: list[LoggedCall]) -> None:
        try:
            await asyncio.to_thread(self._write, row, outcome, calls)
        except StorageError:
            # The row stays as it is on the disk; before anything else is sent, this is tried again.
            self._unwritten.append((row, outcome, calls))
            raise

    def _write(self, row: Row, outcome: Outcome, calls: list[LoggedCall]) -> None:
        self._store.log_calls(row.key, [replace(call, attempt=row.attempt) for call in calls])
        if not self._store.finish(row, outcome, at=self._clock()):
            _log.warning("Lead %s is another sender's by now; its outcome here is not written", row.key)
            return
        after = self._store.get(row.key)
        if after is not None:
            self._told(after)

    # Small helpers

    @property
    def _proof_note(self) -> str:
        form = self._org.form
        return f"key kept: {self._org.key}:{form.layout_id}:{form.key_field}"

    def _server_time(self) -> float:
        return self._zoho.server_now().timestamp()

    def _later(self) -> float:
        return self._clock() + self._pause.waits.deadline + self._pause.waits.margin

    def _first_look(self, row: Row) -> float:
        """Return when an attempt that has just become unclear is looked at first."""
        return self._later() if row.mode is Mode.KEYED else self._clock() + self._pause.waits.first_retry

    def _told(self, row: Row) -> None:
        if self._on_change is not None:
            self._on_change(row)

    def _rest(self, pause: Pause, *, line_down: bool = False) -> None:
        told = self._pause.begin(pause, line_down=line_down)
        _log.warning("Sending rests: %s %s", told.what, told.code)
        if self._on_pause is not None:
            self._on_pause(told)

    def _go_on(self) -> None:
        if self._pause.end() and self._on_pause is not None:
            self._on_pause(None)


@contextlib.contextmanager
def _collected_calls() -> Generator[list[LoggedCall]]:
    calls: list[LoggedCall] = []
    token = _calls_of_lead.set(calls)
    try:
        yield calls
    finally:
        _calls_of_lead.reset(token)


def _cancelled() -> OutcomeUnknown:
    return OutcomeUnknown(
        "Sending was cut off before Zoho's answer came.",
        next_step="It is looked up before anything is sent again.",
        code="cancelled",
    )


def _broken(code: str) -> OutcomeUnknown:
    return OutcomeUnknown(
        "Sending failed in a way that nobody thought of.",
        next_step="It is looked up before anything is sent again; see the log file.",
        code=code,
    )
