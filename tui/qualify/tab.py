"""The Qualify tab: one form, one lead after the other."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.worker import WorkerCancelled, WorkerFailed

from tui.desk import Desk
from tui.form import Form
from tui.messages import Notice, Say
from tui.qualify.fields import sections_of
from zoho.leads.lead import typed_of
from zoho.outbox.store import Row
from zoho.wire.errors import RecordRejected, ZohoError


@dataclass(frozen=True, slots=True)
class Draft:
    """What is in the form: its submission key, and the lead that is being edited, if it is an old one."""

    key: str
    editing: str | None = None


class QualifyTab(Vertical):
    """The form of a lead.

    Each time it is opened for a lead, it has a new submission key; a lead that is edited keeps its own.

    Args:
        desk: keeps and sends the leads.
        id: As of every widget.
    """

    @dataclass
    class Changed(Message):
        """Another lead stands in the form, or another fault."""

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self._desk = desk
        self._lead_form = desk.form
        self._unsaved = False
        self._draft = _new()
        self._cleared: Draft | None = None
        """The lead of what can be brought back; None, it was sent: what is brought back is another one."""

    def compose(self) -> ComposeResult:
        """Make the form."""
        yield Form(sections_of(self._lead_form), check=self._check, id="lead")

    @property
    def form(self) -> Form:
        """The form widget."""
        return self.query_one(Form)

    def show_form(self) -> None:
        """Show the fields that the org is known to have now; what was typed stays where its field does."""
        if self._desk.form != self._lead_form:
            self._lead_form = self._desk.form
            self.form.set_sections(sections_of(self._lead_form))

    async def send(self) -> None:
        """Save the lead in the form; the sender does the rest.

        It returns when the lead is on the disk and the form is empty. Keys typed meanwhile wait that long:
        they belong to the next lead.
        """
        if self.form.validate(focus=True):
            self.post_message(self.Changed())
            return
        # The app's, not the tab's: it must not end with the tab.
        saving = self.app.run_worker(self._save, description="saving the lead", exit_on_error=False)
        with suppress(WorkerFailed, WorkerCancelled):  # told where every worker's end is
            await saving.wait()

    async def _save(self) -> None:
        draft, typed, form = self._draft, self.form.values, self._lead_form
        try:
            old = await self._desk.row(draft.editing) if draft.editing else None
            if old is not None:
                await self._desk.save_again(old, typed, form)
            else:
                await self._desk.save(draft.key, typed, form)
        except RecordRejected as error:
            self._show_faults({fault.field: fault.what for fault in error.faults if fault.field})
        except ZohoError as error:
            self._unsaved = True
            self.post_message(Notice(str(error)))
            self.post_message(Say(str(error), title="Not saved", failed=True))
        else:
            if self._unsaved:
                self._unsaved = False
                self.post_message(Notice(""))
            self._begin()

    def _begin(self) -> None:
        """Empty the form for the next lead."""
        self._draft, self._cleared = _new(), None
        self.form.clear()
        self.post_message(self.Changed())

    def edit(self, row: Row) -> None:
        """Take an old lead back into the form, with what was wrong about it.

        What stood in the form can be brought back (restore).
        """
        if self.form.values:
            self._cleared = self._draft
        self.form.clear()
        self._draft = Draft(row.key, editing=row.key)
        self.form.set_values(typed_of(row.values))
        self._show_faults({fault.field: fault.what for fault in row.faults if fault.field})

    def restore(self) -> None:
        """Bring back what was cleared last; what was typed since can be brought back then."""
        typed_since = self._draft if self.form.dirty else None
        if self.form.restore():
            self._draft, self._cleared = self._cleared or _new(), typed_since
        else:
            self.post_message(Say("There is nothing to bring back."))

    def _show_faults(self, faults: Mapping[str, str]) -> None:
        """Show what is wrong under each field, and go to the first."""
        for name, what in faults.items():
            self.form.set_error(name, what)
        shown = [field.api_name for field in self._lead_form.fields if field.api_name in faults]
        if shown:
            self.form.go_to(shown[0])
            self.form.focus()
        self.post_message(self.Changed())

    def _check(self, name: str, text: str) -> str | None:
        from zoho.leads.values import problem

        field = self._lead_form.field(name)
        return problem(field, text) if field is not None else None


def _new() -> Draft:
    return Draft(str(uuid.uuid4()))
