"""One import, from the file to what became of its lines.

The file is gone through three times: to see whether it can be read at all, to save what is a lead, and, when
that was sent, to tell what became of each line. That is read off the outbox, so that a run after one that was
killed tells the same as if there had been only one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from zoho.commands.importing.checking import lead_of, wrong_shape
from zoho.commands.importing.columns import Plan
from zoho.commands.importing.fates import Fate, Fates, fate_of, reason_of
from zoho.commands.importing.identity import LineKeys
from zoho.commands.importing.lines import LeadFile, Line
from zoho.commands.importing.progress import Progress, Tally
from zoho.commands.importing.report import Report
from zoho.commands.session import Session
from zoho.leads.fields import LeadForm
from zoho.leads.lead import with_source
from zoho.leads.org import OrgProfile
from zoho.outbox import Courier
from zoho.outbox.ahead import save_ahead
from zoho.outbox.states import UNSENT, State
from zoho.outbox.store import BACKLOG, Row
from zoho.wire.errors import RecordRejected

_TICK = 0.25
"""Seconds between two looks at how far the sender is."""


@dataclass(frozen=True, slots=True)
class Known:
    """A line, and which lead it is; ``key`` is None where it is none."""

    line: Line
    key: str | None
    texts: Mapping[str, str]


def known_lines(file: LeadFile, plan: Plan) -> Iterator[Known]:
    """Yield every line of *file* with its submission key, from the beginning."""
    keys = LineKeys()
    for line in file.lines():
        if line.fault:
            yield Known(line, None, {})
            continue
        texts = {plan.fields[column]: text for column, text in line.said.items() if column in plan.fields}
        yield Known(line, keys.key_of(texts), texts)


def checked(form: LeadForm, known: Known) -> dict[str, Any]:
    """Return the values of the lead that a line is; raises `RecordRejected` where it is none."""
    if known.key is None:
        raise wrong_shape(known.line.fault)
    return lead_of(form, known.texts)


class Import:
    """One file on its way into the outbox of *session*.

    Args:
        session: the outbox, and the sign-in.
        file: the leads.
        plan: what its columns are.
        org: where they go; None, it is not known.
        form: what they are checked against.
        total: how many lines it has.
        progress: is told how far it is.
    """

    def __init__(
        self,
        session: Session,
        file: LeadFile,
        plan: Plan,
        *,
        org: OrgProfile | None,
        form: LeadForm,
        total: int,
        progress: Progress,
    ) -> None:
        self._session = session
        self._store = session.store
        self._file = file
        self._plan = plan
        self._org = org.key if org else None
        self._form = form
        self.progress = progress
        self.tally = Tally(total)
        self.earlier = 0
        """How many lines were saved by an earlier run, or by that of another file."""
        self.waits = False
        """Whether a saved line still has to be sent."""

    def save(self) -> None:
        """Save every line that is a lead and is not saved yet; raises `StorageError`."""
        for known in known_lines(self._file, self._plan):
            row = self._store.get(known.key) if known.key else None
            self.earlier += row is not None
            try:
                row = row or self._add(known)
            except RecordRejected:
                self.tally.refused += 1
            else:
                fate = fate_of(row, self._org)
                self.tally.saved += 1
                self.tally.created += fate is Fate.CREATED
                self.tally.refused += fate is Fate.REFUSED
                self.waits = self.waits or row.state in UNSENT
            self.progress.tell(self.tally)

    def _add(self, known: Known) -> Row:
        values = with_source(checked(self._form, known), self._session.config.source)
        assert known.key is not None
        if self._org is None:
            # Before it is there: killed in between, the next run would not know whose it is.
            save_ahead(self._store, known.key, self._session.config)
        return self._store.add(known.key, values, org=self._org, lane=BACKLOG, at=time.time())

    async def send(self, courier: Courier, org: OrgProfile, *, patience: float) -> None:
        """Send what waits, until nothing does or nothing has gone on for *patience* seconds.

        Raises:
            StorageError: the outbox cannot be written.
        """
        telling = asyncio.create_task(self._tell_on())
        try:
            left = await asyncio.to_thread(self._left, org.key)
            while left:
                await courier.drain(limit=patience)
                before, left = left, await asyncio.to_thread(self._left, org.key)
                if left >= before:
                    return
        finally:
            telling.cancel()
            with suppress(asyncio.CancelledError):
                await telling

    def _left(self, org: str) -> int:
        # Notes and tasks leave before the backlog: while they do, something goes on.
        return self._store.waiting(org) + self._store.follow_ups.waiting(org)

    async def _tell_on(self) -> None:
        """Tell how far the sender is, whoever it is: another process may be sending."""
        created, refused = await asyncio.to_thread(self._sent)
        ahead = Tally(self.tally.total, self.tally.saved, self.tally.created, self.tally.refused)
        while True:
            await asyncio.sleep(_TICK)
            now = await asyncio.to_thread(self._sent)
            self.tally.created = min(ahead.total, ahead.created + max(0, now[0] - created))
            self.tally.refused = min(ahead.total, ahead.refused + max(0, now[1] - refused))
            self.progress.tell(self.tally)

    def _sent(self) -> tuple[int, int]:
        counts = self._store.counts(since=time.time())
        return counts.of([State.SENT, State.MERGED]), counts.of([State.REJECTED, State.DUPLICATE])

    def tell(self, report: Report) -> Fates:
        """Write the lines that were refused into *report*; return what became of all.

        Raises:
            StorageError: the report cannot be written.
        """
        fates = Fates()
        with report.writing() as add:
            for known in known_lines(self._file, self._plan):
                self._tell_line(known, fates, add)
        return fates

    def _tell_line(self, known: Known, fates: Fates, add: Callable[[Line, str], None]) -> None:
        row = self._store.get(known.key) if known.key else None
        if row is not None:
            if fates.add_row(known.line.number, row, self._org) is Fate.REFUSED:
                add(known.line, reason_of(row.faults, self._form))
            return
        try:
            checked(self._form, known)
        except RecordRejected as refused:
            fates.add_refused()
            add(known.line, reason_of(refused.faults, self._form))
        else:
            fates.add_unsaved()
