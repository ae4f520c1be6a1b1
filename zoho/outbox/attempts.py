"""What the sender does with leads: it sends some, or finds out what became of one.

It may be killed at any line. Before a byte leaves, each attempt is committed; whatever the answer is, it is
committed before anybody is told.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from zoho.api.answers import RecordCreated
from zoho.leads.lead import record_of
from zoho.leads.org import OrgProfile
from zoho.outbox.endings import Endings
from zoho.outbox.kept_calls import collected_calls
from zoho.outbox.keying import Keying
from zoho.outbox.listeners import Listeners
from zoho.outbox.reconciler import Reconciler
from zoho.outbox.rest import Waits
from zoho.outbox.sender_lock import LockLostError, SenderLock
from zoho.outbox.server_clock import ServerClock
from zoho.outbox.source_proof import SourceProof
from zoho.outbox.states import Mode, State
from zoho.outbox.store import BACKLOG, FRESH, Attempt, Ending, LoggedCall, Outcome, Row, Store
from zoho.outbox.verdicts import Verdict, broken, cut_off, is_a_records_fault, verdict_of
from zoho.outbox.zoho import Zoho
from zoho.wire.errors import StorageError, ZohoError

_log = logging.getLogger("zoho.outbox")

LARGEST_BATCH = 100
"""Records in one insert (v8 Insert Records)."""

Result = RecordCreated | ZohoError


class Attempts:
    """One org's leads, one attempt after the other; never two at the same time.

    Args:
        store: the outbox.
        lock: the right to send from it.
        zoho: the client.
        org: the org that is signed in to; leads of another are left alone.
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
        endings: Endings,
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
        self._keying = Keying(store=store, zoho=zoho, org=org, on_finding=listeners.finding, clock=clock)
        self._source = SourceProof(store=store, org=org, on_finding=listeners.finding)
        self._reconciler = Reconciler(
            store=store, zoho=zoho, user_id=org.user_id, clock=clock, server_clock=self._server_clock
        )
        self._largest = LARGEST_BATCH

    # What is done next

    def fresh(self) -> list[Row]:
        """Return the next lead that was typed in a running session: it goes first. It reads the disk."""
        return self._store.queued(self._org.key, lane=FRESH, limit=1)

    def older(self) -> list[Row]:
        """Return the leads to send together, or the unclear one to resolve; none, there is nothing to do.

        What is unclear and due goes first, then the backlog. Several go together only where each may be sent
        again if the answer is unclear. It reads the disk.
        """
        org = self._org.key
        unclear = [row for row in self._store.unknown(org, limit=self._largest) if self._is_due(row)]
        if unclear and self._reconciler.may_send_again(unclear[0]):
            return [row for row in unclear if self._reconciler.may_send_again(row)]
        if unclear:
            return unclear[:1]
        keyed = self._keying.next_attempt()[0] is Mode.KEYED
        return self._store.queued(org, lane=BACKLOG, limit=self._largest if keyed else 1)

    def _is_due(self, row: Row) -> bool:
        return row.not_before <= self._clock()

    async def make(self, rows: Sequence[Row], sender: str) -> Verdict | None:
        """Send *rows*, or resolve them; return how the sender goes on, None where that says nothing.

        Raises:
            StorageError: the outbox cannot be written; nothing was sent without its intent.
        """
        if rows[0].state is not State.UNKNOWN:
            return await self._send(rows, sender)
        row = rows[0]
        try:
            holds = await self._keying.still_holds(row) if row.key_field is not None else False
        except ZohoError as error:
            return await self._resolve(row, sender, error)
        if holds and await asyncio.to_thread(self._reconciler.may_send_again, row):
            # What was sent with the same layout and field; another's turn comes with the next step.
            alike = [one for one in rows if (one.layout_id, one.key_field) == (row.layout_id, row.key_field)]
            return await self._send_again(alike, sender)
        return await self._resolve(row, sender, row.key_field if holds else None)

    # An unclear lead is sent again, or looked up

    async def _send_again(self, rows: Sequence[Row], sender: str) -> Verdict | None:
        """Send unclear leads again; but not what is found.

        Zoho refuses a key only where it stored it. A layout that had lost the field when the lead arrived and
        has it again now would take the lead a second time.
        """
        with collected_calls() as calls:
            try:
                found = await self._reconciler.found_all(rows, key_field=rows[0].key_field)
            except ZohoError:
                found = {}  # who may not look up still has the key
        for row in rows:
            if row.key in found:
                await self._settle(row, sender, found[row.key], calls)
        missing = [row for row in rows if row.key not in found]
        return await self._send(missing, sender) if missing else None

    async def _settle(self, row: Row, sender: str, outcome: Outcome, calls: list[LoggedCall]) -> None:
        claimed = await asyncio.to_thread(self._store.claim, row, sender)
        if claimed is not None:
            await self._endings.write([Ending(claimed, outcome, calls)])

    async def _resolve(self, row: Row, sender: str, look: str | ZohoError | None) -> Verdict | None:
        """Look a lead up by its values and the field *look*; or not, for the reason *look*."""
        claimed = await asyncio.to_thread(self._store.claim, row, sender)
        if claimed is None:
            return None
        verdict: Verdict | None = None
        last_look = row.not_before if row.looks else self._later()
        with collected_calls() as calls:
            try:
                if isinstance(look, ZohoError):
                    raise look
                outcome = await self._reconciler.look(claimed, key_field=look, last_look=last_look)
            except ZohoError as error:
                verdict = verdict_of(error, claimed, now=self._clock(), first_look=self._later())
                outcome = _not_looked(claimed, verdict, last_look if self._clock() < last_look else None)
        await self._endings.write([Ending(claimed, outcome, calls)])
        return verdict

    # Leads are sent

    async def _send(self, rows: Sequence[Row], sender: str) -> Verdict | None:
        hold = self._lock.hold
        before = {row.key: row for row in rows}
        begun = await self._begin(rows, sender)
        if not begun:
            return None
        with collected_calls() as calls:
            try:
                results = await self._post(begun, hold)
                if results is None:
                    outcomes = [_as_before(before[row.key]) for row in begun]
                    await self._endings.write([Ending(*pair) for pair in zip(begun, outcomes, strict=True)])
                    return None
                verdicts = self._verdicts(begun, results)
                pairs = zip(begun, verdicts, strict=True)
                outcomes = [await self._judged(before[row.key], row, verdict) for row, verdict in pairs]
            except asyncio.CancelledError:
                self._endings.write_at_once([Ending(row, self._cut(row), calls) for row in begun])
                raise
        await self._write(begun, outcomes, calls)
        await self._learn(begun, results)
        return next((verdict for verdict in verdicts if verdict.pause is not None), verdicts[0])

    async def _begin(self, rows: Sequence[Row], sender: str) -> list[Row]:
        """Write the intents down; return the rows that may leave now."""
        before = {row.key: row for row in rows}
        writing = asyncio.ensure_future(asyncio.to_thread(self._intend, rows, sender))
        try:
            begun = await asyncio.shield(writing)
        except asyncio.CancelledError:
            with suppress(StorageError):
                begun = await writing
                if begun:
                    self._endings.write_at_once([Ending(row, _as_before(before[row.key])) for row in begun])
            raise
        for row in begun:
            self._listeners.change(row)
        return begun

    def _intend(self, rows: Sequence[Row], sender: str) -> list[Row]:
        if rows[0].state is State.UNKNOWN:
            again = [Attempt(sender, row.mode, row.attempt_at, row.layout_id, row.key_field) for row in rows]
            return self._store.begin(list(zip(rows, again, strict=True)))
        mode, key_field = self._keying.next_attempt()
        attempt = Attempt(sender, mode, self._server_clock.now(), self._org.form.layout_id, key_field)
        return self._store.begin([(row, attempt) for row in rows])

    async def _post(self, rows: Sequence[Row], hold: int | None) -> Sequence[Result] | None:
        """Insert the records of *rows*; None if nothing left, since the lock had been given back meanwhile.

        Whoever was suspended between intent and POST may wake up when another session has long resolved the
        leads, so that is asked again right before the first byte.
        """

        def check() -> None:
            if hold is None or self._lock.hold != hold:
                raise LockLostError

        try:
            check()
            return await self._zoho.create_leads([_record(row) for row in rows], before_sending=check)
        except LockLostError:
            return None
        except ZohoError as error:
            return [error] * len(rows)
        except Exception as error:
            # Whatever this is, the request may have arrived: the leads' fate is unclear, they are not lost.
            _log.exception("The client failed in a way that nobody thought of")
            return [broken(type(error).__name__)] * len(rows)

    def _verdicts(self, rows: Sequence[Row], results: Sequence[Result]) -> list[Verdict]:
        if len(rows) > 1 and all(is_a_records_fault(result) for result in results):
            # One of them spoils the request for all: in smaller batches it will stand alone in the end.
            self._largest = len(rows) // 2
            return [Verdict(Outcome(State.QUEUED)) for _ in rows]
        self._largest = min(LARGEST_BATCH, 2 * self._largest)
        now = self._clock()
        return [
            verdict_of(result, row, now=now, first_look=self._first_look(row))
            for row, result in zip(rows, results, strict=True)
        ]

    async def _judged(self, before: Row, row: Row, verdict: Verdict) -> Outcome:
        outcome = await self._compared(row, verdict)
        return outcome if before.state is not State.UNKNOWN else await self._as_resend(row, outcome)

    async def _compared(self, row: Row, verdict: Verdict) -> Outcome:
        """Decide between *sent* and *duplicate* by the keys of the records that are in the way."""
        unreadable = False
        for record_id in verdict.compare:
            ours = await self._keying.is_ours(row, record_id)
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
                return await self._reconciler.found(row, key_field=row.key_field) or outcome
            except ZohoError:
                return replace(outcome, state=State.UNKNOWN, not_before=self._later())
        return outcome

    async def _write(self, rows: Sequence[Row], outcomes: Sequence[Outcome], calls: list[LoggedCall]) -> None:
        endings = [Ending(row, outcome, calls) for row, outcome in zip(rows, outcomes, strict=True)]
        asked = [ending for ending in endings if ending.outcome.state is State.ASK]
        # The table of states: what is asked about was unclear before. Killed in between, it still is.
        unclear = {ending.row.key: replace(ending.outcome, state=State.UNKNOWN) for ending in asked}
        await self._endings.write(
            [one._replace(outcome=unclear.get(one.row.key, one.outcome)) for one in endings]
        )
        await self._endings.write(
            [Ending(replace(one.row, state=State.UNKNOWN), one.outcome) for one in asked]
        )

    async def _learn(self, rows: Sequence[Row], results: Sequence[Result]) -> None:
        """Keep what the answer has taught: Zoho's time, and whether it kept our key and the source."""
        await asyncio.to_thread(self._server_clock.remember)
        for row, result in zip(rows, results, strict=True):
            if isinstance(result, RecordCreated):
                await self._read_back(row, result.id)
                return

    async def _read_back(self, row: Row, lead_id: str) -> None:
        """Look at the first lead of a layout as Zoho stored it, once for all that it shows."""
        key_is_open, source_is_open = await self._keying.is_open(row), await self._source.is_open(row)
        record = await self._keying.read(lead_id) if key_is_open or source_is_open else None
        if record is not None and key_is_open:
            await self._keying.learn(row, lead_id, record)
        if record is not None and source_is_open:
            await self._source.learn(row, record)

    # Small helpers

    def _cut(self, row: Row) -> Outcome:
        return verdict_of(cut_off(), row, now=self._clock(), first_look=self._later()).outcome

    def _later(self) -> float:
        return self._clock() + self._waits.longest_under_way

    def _first_look(self, row: Row) -> float:
        """Return when an attempt that has just become unclear is looked at first."""
        return self._later() if row.mode is Mode.KEYED else self._clock() + self._waits.first_retry


def _record(row: Row) -> dict[str, object]:
    return record_of(row.values, layout_id=row.layout_id, key_field=row.key_field, key=row.key)


def _as_before(row: Row) -> Outcome:
    """Return the outcome that puts *row* back: its attempt was begun, and nothing of it was sent."""
    return Outcome(row.state, faults=row.faults, not_before=row.not_before)


def _not_looked(row: Row, verdict: Verdict, last_look: float | None) -> Outcome:
    """Return what becomes of an unclear lead that could not be looked up, for the reason of *verdict*.

    *last_look* is when everything that may be under way has arrived; None, it has.
    """
    if verdict.outcome.state is not State.REJECTED:
        # Trouble with the look-up alone must not keep others waiting: this lead's turn comes again later.
        later = verdict.outcome.not_before if verdict.outcome.state is State.UNKNOWN else row.not_before
        return Outcome(State.UNKNOWN, faults=row.faults, not_before=later, looks=row.looks)
    if last_look is not None:
        return Outcome(State.UNKNOWN, faults=row.faults, not_before=last_look, looks=row.looks + 1)
    # Zoho refuses the look-up itself, and would again: somebody has to look.
    return replace(verdict.outcome, state=State.ASK)
