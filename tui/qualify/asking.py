"""What is said while the questions are asked: the score with its reasons, and when a call-back will be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.form import Form
from tui.qualify.questions import SCORE
from zoho.leads.call_back import CALL_BACK
from zoho.leads.values.wrong import WrongValueError

if TYPE_CHECKING:
    from tui.desk import Desk
    from zoho.leads.fields import LeadForm


class Asking:
    """Answers what is typed into the fields that are ours.

    Args:
        desk: has the script, and the time.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self, form: Form, lead_form: LeadForm) -> None:
        """Say it anew, of all that stands in the form."""
        self.score(form)
        self.left(form, lead_form, CALL_BACK)

    def score(self, form: Form) -> None:
        """Show what the answers are worth; why, stands beside each of them."""
        from zoho.leads.script import answers_of, line_of, score

        script = self._desk.script
        if script is None:
            return
        told = score(script, answers_of(form.values))
        form.set_value(SCORE, line_of(told) if told.answered or told.disqualified else "")

    def problem(self, form: Form, lead_form: LeadForm, name: str) -> str | None:
        """Return what is wrong with a field of ours, or None."""
        if name != CALL_BACK:
            return None
        from zoho.leads.entry import read_call_back

        try:
            read_call_back(lead_form, form.values, now=self._desk.now())
        except WrongValueError as wrong:
            return str(wrong)
        return None

    def left(self, form: Form, lead_form: LeadForm, name: str) -> bool:
        """Say of a call-back which moment that is; keep the moment, since "tomorrow" is another day tomorrow.

        Returns:
            Whether the text has become another one.
        """
        if name != CALL_BACK:
            return False
        from zoho.leads.call_back import fixed_text, shown_when, warning_of
        from zoho.leads.entry import read_call_back

        now = self._desk.now()
        try:
            found = read_call_back(lead_form, form.values, now=now)
        except WrongValueError:  # told under the field
            return False
        if found is None or now.tzinfo is None:
            form.set_note(CALL_BACK, "")
            return False
        said = shown_when(found.moment, zone=found.zone, here=now.tzinfo, others=found.others)
        warning = warning_of(found.moment, found.zone, found.others)
        form.set_note(CALL_BACK, f"{said}. {warning}".strip())
        fixed = fixed_text(found.moment)
        changed = fixed != form.value(CALL_BACK)
        if changed:
            form.set_value(CALL_BACK, fixed)
        return changed

    def changed(self, form: Form, name: str) -> None:
        """Show the score that an answer makes; of a call-back that is typed anew, say nothing old."""
        if name == CALL_BACK:
            form.set_note(CALL_BACK, "")
        elif form.field(name) is not None:
            self.score(form)
