"""What was tried for one lead, and why it is where it is."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.log.words import row_words
from tui.text import plain, signs
from zoho.leads.fault_words import fault_line
from zoho.leads.fields import LeadForm
from zoho.leads.shown import shown
from zoho.outbox.names import name_of
from zoho.outbox.states import State
from zoho.outbox.store import LoggedCall, Row

_KEYS: dict[State, str] = {
    State.REJECTED: "E takes it back into the form · D discards it",
    State.DUPLICATE: "W who is it · E takes it back into the form · D discards it",
    State.ASK: "I it is there · S send again · D discard",
    State.QUEUED: "R tries now · E changes it · D discards it",
}


class Details(ModalScreen[str | None]):
    """A lead, whole: its state, its values, every exchange with Zoho. No secrets are among them.

    It ends with what the rep wants done about the lead (as `tui.log.tab.LogTab.Asked` names it), or None.
    """

    BINDINGS: ClassVar = [
        Binding("escape,enter,q", "dismiss", "Back", show=False),
        Binding("e", "dismiss('edit')", "Edit", show=False),
        Binding("r", "dismiss('retry')", "Try now", show=False),
        Binding("i", "dismiss('there')", "It is there", show=False),
        Binding("s", "dismiss('again')", "Send again", show=False),
        Binding("w", "dismiss('who')", "Who is it", show=False),
        Binding("d", "dismiss('discard')", "Discard", show=False),
    ]

    def __init__(self, row: Row, calls: Sequence[LoggedCall], form: LeadForm, org: str | None) -> None:
        super().__init__()
        self._row, self._calls, self._form, self._org = row, calls, form, org

    def compose(self) -> ComposeResult:
        """Make the page."""
        with VerticalScroll(id="details"):
            yield Static(Content("\n").join(self._lines()))

    def _lines(self) -> Iterator[Content]:
        row, form = self._row, self._form
        words = row_words(row, form, signs(), org=self._org, now=time.time())
        yield plain(name_of(row), "bold")
        yield plain(f"{words.sign} {words.state}  {words.result}")
        for fault in row.faults:
            yield plain(f"{signs().attention} {fault_line(fault, form)}")
            yield plain(f"  {fault.next_step}")
            for duplicate in (fault.duplicate,) if fault.duplicate else ():
                owner = f", owner {duplicate.owner}" if duplicate.owner else ""
                yield plain(f"  {duplicate.module or 'Record'} {duplicate.id}{owner}")
        if row.reason and row.state is not State.MERGED:
            yield plain(f"Created although somebody like it is known: {row.reason}")
        yield plain("")
        yield plain("What was typed", "bold")
        if row.purged:
            yield plain("  purged: key, Zoho id and times are all that is kept")
        for name, value in row.values.items():
            yield plain(f"  {form.label(name)}: {shown(form, name, value)}")
        yield plain("")
        yield plain("What was tried", "bold")
        yield from self._attempts()
        yield plain("")
        yield plain(f"{_KEYS.get(row.state, '')}".strip() or "Esc goes back", "dim")

    def _attempts(self) -> Iterator[Content]:
        if not self._calls:
            yield plain("  nothing yet")
        for call in self._calls:
            when = time.strftime("%H:%M:%S", time.localtime(call.at))
            told = f"{call.status or 'no answer'} {call.code}".strip()
            yield plain(f"  {when}  {call.method} {call.path}  {told}  {call.milliseconds:.0f} ms")
        yield plain(f"  key {self._row.key}, attempts {self._row.attempt}, resolved {self._row.mode}", "dim")
