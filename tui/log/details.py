"""What was tried for one lead, and why it is where it is."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.log.follow_ups import detail_lines
from tui.log.words import row_words
from tui.text import plain, signs, spelled, wrap
from zoho.leads.fault_words import fault_line
from zoho.leads.fields import LeadForm
from zoho.leads.shown import shown
from zoho.outbox.follow_up_names import kinds_called
from zoho.outbox.follow_ups import FollowUpRow, FollowUpState
from zoho.outbox.names import name_of
from zoho.outbox.states import State
from zoho.outbox.store import LoggedCall, Row
from zoho.wire.clean import clean_line

_KEYS: dict[State, str] = {
    State.REJECTED: "E takes it back into the form · D discards it",
    State.DUPLICATE: "W who is it · E takes it back into the form · D discards it",
    State.ASK: "I it is there · S send again · D discard",
    State.QUEUED: "R tries now · E changes it · D discards it",
}


_UNDONE = "    Its notes are in Zoho's recycle bin with it; what waits is held back."
_AROUND = 10
"""Cells beside a line of a note or task: padding, bar, and the sign with its indentation."""


class Details(ModalScreen[str | None]):
    """A lead, whole: its state, its values, every exchange with Zoho. No secrets are among them.

    It ends with what the rep wants done about the lead (as the action ``log(...)`` has it), or None.

    Args:
        row: the lead.
        calls: the exchanges.
        follow_ups: its notes and tasks.
        form: has the labels of fields.
        org: the org that is signed in to.
        here: the rep's zone.
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

    def __init__(
        self,
        row: Row,
        calls: Sequence[LoggedCall],
        follow_ups: Sequence[FollowUpRow],
        form: LeadForm,
        org: str | None,
        *,
        here: tzinfo | None = None,
    ) -> None:
        super().__init__()
        self._row, self._calls, self._form, self._org = row, calls, form, org
        self._follow_ups, self._here = follow_ups, here

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
        yield from self._beside()
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
        yield plain(_KEYS.get(row.state, "Esc goes back"), "dim")

    def _beside(self) -> Iterator[Content]:
        if self._follow_ups:
            yield plain("")
            yield plain("What goes with it", "bold")
        for sign, told in detail_lines(self._follow_ups, self._form, signs(), here=self._here):
            first, *rest = wrap(clean_line(spelled(told)), self.app.size.width - _AROUND)
            yield plain(f"  {sign} {first}")
            yield from (plain(f"    {more}") for more in rest)
        if self._follow_ups and self._row.undone:
            yield plain(_UNDONE, "dim")
        refused = [one.kind for one in self._follow_ups if one.state is FollowUpState.REFUSED]
        if refused and self._row.in_zoho:
            them = "them" if len(refused) > 1 else "it"
            yield plain(f"    R sends the {kinds_called(refused)} again · D gives {them} up", "dim")

    def _attempts(self) -> Iterator[Content]:
        if not self._calls:
            yield plain("  nothing yet")
        for call in self._calls:
            when = time.strftime("%H:%M:%S", time.localtime(call.at))
            told = f"{call.status or 'no answer'} {call.code}".strip()
            yield plain(f"  {when}  {call.method} {call.path}  {told}  {call.milliseconds:.0f} ms")
        yield plain(f"  key {self._row.key}, attempts {self._row.attempt}, resolved {self._row.mode}", "dim")
