"""The Qualify tab: one form, one lead after the other."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from tui.form import Form
from tui.qualify.fields import sections_of
from zoho.leads.fields import LeadForm


@dataclass(frozen=True, slots=True)
class Draft:
    """What is in the form: its submission key, and the lead that is being edited, if it is an old one."""

    key: str
    editing: str | None = None


class QualifyTab(Vertical):
    """The form of a lead.

    Each time it is opened for a lead, it has a new submission key; a lead that is edited keeps its own.
    """

    @dataclass
    class Changed(Message):
        """What stands in the form, or where the rep is in it, has changed."""

    def __init__(self, form: LeadForm, *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self._lead_form = form
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

    @property
    def lead_form(self) -> LeadForm:
        """The fields that the form shows."""
        return self._lead_form

    @property
    def draft(self) -> Draft:
        """The lead that is in the form."""
        return self._draft

    def show_form(self, form: LeadForm) -> None:
        """Show the fields of *form*; what was typed stays where its field does."""
        if form != self._lead_form:
            self._lead_form = form
            self.form.set_sections(sections_of(form))

    def begin(self) -> None:
        """Empty the form for the next lead."""
        self._draft, self._cleared = _new(), None
        self.form.clear()
        self.post_message(self.Changed())

    def edit(self, key: str, typed: Mapping[str, str], faults: Mapping[str, str]) -> None:
        """Take an old lead back into the form, with what was wrong about it.

        What stood in the form can be brought back (restore).
        """
        if self.form.values:
            self._cleared = self._draft
        self.form.clear()
        self._draft = Draft(key, editing=key)
        self.form.set_values(typed)
        self.show_faults(faults)

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Show what is wrong under each field, and go to the first."""
        for name, what in faults.items():
            self.form.set_error(name, what)
        shown = [field.api_name for field in self._lead_form.fields if field.api_name in faults]
        if shown:
            self.form.go_to(shown[0])
            self.form.focus()
        self.post_message(self.Changed())

    def restore(self) -> bool:
        """Bring back what was cleared last; what was typed since can be brought back then.

        Returns:
            False if there is nothing.
        """
        typed_since = self._draft if self.form.dirty else None
        if not self.form.restore():
            return False
        self._draft, self._cleared = self._cleared or _new(), typed_since
        return True

    def _check(self, name: str, text: str) -> str | None:
        from zoho.leads.values import problem

        field = self._lead_form.field(name)
        return problem(field, text) if field is not None else None

    def on_form_changed(self) -> None:
        """A value has changed."""
        self.post_message(self.Changed())

    def on_form_moved(self) -> None:
        """Another field is the current one."""
        self.post_message(self.Changed())


def _new() -> Draft:
    return Draft(str(uuid.uuid4()))
