"""The courier: the only one that sends. It takes one lead at a time out of the outbox and brings it to Zoho.

It may be killed at any line. Before a byte leaves, the attempt is committed; whatever the answer is, it is
committed before anybody is told. It knows the outbox by its `Store` and Zoho by a few calls.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
import uuid
from collections.abc import Callable, Generator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

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
        on_change: is told each lead whose state changed here, in the event loop's thread.
        on_pause: is told why it rests, and None when it goes on; in that thread too.
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
        self._stopping = False
        self._one_step = asyncio.Lock()
        self._flushing = threading.Lock()
        self._changed: list[Row] = []
        self._sender = ""
        self._swept = False

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
            key: stop as soon as this lead is no longer waiting.

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
            return row is None or row.state not in UNSENT
        org = self._org.key
        waiting = self._store.next_queued(org, lane=FRESH) or self._store.next_queued(org, lane=BACKLOG)
        return waiting is None and self._store.next_unknown(org) is None

    async def _guarded_step(self) -> bool:
        """Do one step; whatever goes wrong on this machine is told as a pause, and the loop lives on."""
        try:
            return not self._pause.active and await self.step()
        except ZohoError as error:
            self._rest(Pause(self._clock() + 30.0, error.what, error.next_step, error.code))
        except Exception:
            _log.exception("The courier met an error that nobody thought of")
            what = "Sending met an error that nobody thought of."
            self._rest(Pause(self._clock() + 30.0, what, "See the log file, and report it.", "bug"))
        return False

    async def _is_sender(self) -> bool:
        """Become the sender if nobody else is; what an earlier one left in ``sending`` is then unclear."""
        if self._lock.held and self._swept:
            return True
        self._swept = False
        if not await asyncio.to_thread(self._lock.acquire):
            return False
        await self._write_down()
        # From here on nothing is under way: a lead in ``sending`` is nobody's, our own earlier ones included.
        sender = uuid.uuid4().hex
        found = await asyncio.to_thread(
            self._store.orphan, sender, not_before=self._later(), at=self._clock()
        )
        if found:
            _log.warning("%d leads were left unclear by a sender that ended", found)
        self._sender, self._swept = sender, True
        return True

    # One step

    async def step(self) -> bool:
        """Send or resolve one lead, if this process is or can become the sender; return whether it did.

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

    # An unclear lead

    async def _resolve(self, row: Row) -> None:
        if self._reconciler.may_send_again(row):
            await self._send(
                row, Attempt(self._sender, row.mode, row.attempt_at, row.layout_id, row.key_field)
            )
            return
        claimed = await asyncio.to_thread(self._store.claim, row, self._sender)
        if claimed is None:
            return
        verdict: Verdict | None = None
        with _collected_calls() as calls:
            try:
                last_look = row.not_before if row.looks else self._later()
                outcome = await self._reconciler.look(claimed, last_look=last_look)
            except ZohoError as error:
                verdict = verdict_of(error, claimed, now=self._clock(), first_look=self._later())
                outcome = _not_looked(claimed, verdict)
        await self._finish(claimed, outcome, calls)
        self._go_on_or_rest(verdict)

    # A lead that is sent

    async def _send(self, row: Row, attempt: Attempt) -> None:
        begun = await self._begin(row, attempt)
        if begun is None:
            return
        with _collected_calls() as calls:
            try:
                result = await self._post(begun)
                verdict = verdict_of(result, begun, now=self._clock(), first_look=self._first_look(begun))
                outcome = await self._compared(begun, verdict)
                if row.state is State.UNKNOWN:
                    outcome = await self._as_resend(begun, outcome)
            except asyncio.CancelledError:
                cut = verdict_of(_cancelled(), begun, now=self._clock(), first_look=self._later())
                self._write_at_once(begun, cut.outcome, calls)
                raise
        if outcome.state is State.ASK:
            # The table of states: what is asked about was unclear before. Killed in between, it still is.
            await self._finish(begun, replace(outcome, state=State.UNKNOWN, not_before=self._later()), calls)
            begun, calls = replace(begun, state=State.UNKNOWN), []
        await self._finish(begun, outcome, calls)
        self._go_on_or_rest(verdict)
        if isinstance(result, RecordCreated):
            await self._prove_key(begun, result.id)

    async def _begin(self, row: Row, attempt: Attempt) -> Row | None:
        """Write the intent down; None if there is nothing to send: another has the lead, or the lock."""
        writing = asyncio.ensure_future(asyncio.to_thread(self._store.begin, row, attempt))
        try:
            begun = await asyncio.shield(writing)
        except asyncio.CancelledError:
            with contextlib.suppress(StorageError):
                begun = await writing
                if begun is not None:
                    self._write_at_once(begun, _as_before(row), [])
            raise
        if begun is None:
            return None
        self._told(begun)
        if not self._lock.held:
            # Given back meanwhile (suspended). Nothing has left yet, and nothing must leave any more.
            await self._finish(begun, _as_before(row), [])
            return None
        return begun

    async def _post(self, row: Row) -> RecordCreated | ZohoError:
        record = record_of(row.values, layout_id=row.layout_id, key_field=row.key_field, key=row.key)
        try:
            return (await self._zoho.create_leads([record]))[0]
        except ZohoError as error:
            return error
        except Exception as error:
            # Whatever this is, the request may have arrived: the lead's fate is unclear, not lost.
            _log.exception("The client failed in a way that nobody thought of")
            return _broken(type(error).__name__)

    async def _compared(self, row: Row, verdict: Verdict) -> Outcome:
        """Decide between *sent* and *duplicate* by the keys of the records that are in the way."""
        unreadable = False
        for record_id in verdict.compare:
            ours = await self._reconciler.is_ours(row, record_id)
            if ours:
                return Outcome(State.SENT, zoho_id=record_id)
            unreadable = unreadable or ours is None
        return replace(verdict.outcome, state=State.ASK) if unreadable else verdict.outcome

    async def _as_resend(self, row: Row, outcome: Outcome) -> Outcome:
        """A resend that was not applied tells nothing of the attempt before: that is as unclear as it was."""
        if outcome.state is State.QUEUED:
            return replace(outcome, state=State.UNKNOWN, not_before=self._clock())
        if outcome.state is State.REJECTED:
            try:
                return await self._reconciler.found(row) or outcome
            except ZohoError:
                return replace(outcome, state=State.UNKNOWN, not_before=self._later())
        return outcome

    async def _prove_key(self, row: Row, lead_id: str) -> None:
        """Read the first lead of a layout back once: a layout without the field drops our key silently."""
        if row.key_field is None or await asyncio.to_thread(self._store.note, self._proof_note) is not None:
            return
        kept = await self._reconciler.is_ours(row, lead_id)
        if kept is not None:
            await asyncio.to_thread(self._store.set_note, self._proof_note, _KEPT if kept else _DROPPED)

    # Outcomes: until one is on the disk, nothing else is sent

    async def _finish(self, row: Row, outcome: Outcome, calls: list[LoggedCall]) -> None:
        self._unwritten.append((row, outcome, calls))
        await self._write_down()

    async def _write_down(self) -> None:
        if not self._unwritten:
            return
        try:
            await asyncio.to_thread(self._flush)
        except asyncio.CancelledError:
            self._flush_at_once()
            raise
        self._tell_changes()

    def _write_at_once(self, row: Row, outcome: Outcome, calls: list[LoggedCall]) -> None:
        self._unwritten.append((row, outcome, calls))
        self._flush_at_once()

    def _flush_at_once(self) -> None:
        """Write without waiting: the loop may be ending, the write is small, and it must not be lost."""
        try:
            self._flush()
        except StorageError as error:
            _log.warning("An outcome could not be written; its lead will be looked up: %s", error)
        self._tell_changes()

    def _flush(self) -> None:
        with self._flushing:
            while self._unwritten:
                row, outcome, calls = self._unwritten[0]
                logged = [replace(call, attempt=row.attempt) for call in calls]
                try:
                    done = self._store.finish(row, outcome, at=self._clock(), calls=logged)
                except StorageError:
                    raise  # nothing has changed: it is tried again, before anything else
                except Exception:
                    del self._unwritten[
                        0
                    ]  # would fail for ever; the lead stays in sending, and is found there
                    raise
                del self._unwritten[0]
                after = self._store.get(row.key)
                if not done:
                    _log.warning("Lead %s is another sender's by now; its outcome is not written", row.key)
                elif after is not None:
                    self._changed.append(after)

    def _tell_changes(self) -> None:
        while self._changed:
            self._told(self._changed.pop(0))

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
        _tell(self._on_change, row)

    def _go_on_or_rest(self, verdict: Verdict | None) -> None:
        if verdict is None or verdict.pause is None:
            self._go_on()
        else:
            self._rest(verdict.pause, grows=verdict.grows, line_down=verdict.line_down)

    def _rest(self, pause: Pause, *, grows: bool = False, line_down: bool = False) -> None:
        told = self._pause.begin(pause, grows=grows, line_down=line_down)
        _log.warning("Sending rests: %s %s", told.what, told.code)
        _tell(self._on_pause, told)

    def _go_on(self) -> None:
        if self._pause.end():
            _tell(self._on_pause, None)


_T = TypeVar("_T")


def _tell(listener: Callable[[_T], None] | None, news: _T) -> None:
    """Tell a listener; its failure is its own, and must not leave a lead half done."""
    if listener is None:
        return
    try:
        listener(news)
    except Exception:
        _log.exception("A listener of the courier failed")


def _as_before(row: Row) -> Outcome:
    """Return the outcome that puts *row* back: its attempt was begun, and nothing of it was sent."""
    return Outcome(row.state, faults=row.faults, not_before=row.not_before)


def _not_looked(row: Row, verdict: Verdict) -> Outcome:
    """Return what becomes of an unclear lead that could not be looked up, for the reason of *verdict*."""
    if verdict.outcome.state is State.REJECTED:
        # Zoho refuses the look-up itself, and would again: somebody has to look.
        return replace(verdict.outcome, state=State.ASK)
    # Trouble with the look-up alone must not keep others waiting: this lead's turn comes again later.
    later = verdict.outcome.not_before if verdict.outcome.state is State.UNKNOWN else row.not_before
    return Outcome(State.UNKNOWN, faults=row.faults, not_before=later, looks=row.looks)


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
