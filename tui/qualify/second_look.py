"""A second look at a field that is left: what was typed is put where it belongs, what is doubtful is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.form import Form

if TYPE_CHECKING:
    from zoho.leads.fields import LeadForm


class SecondLook:
    """Looks again at what was typed; it remembers under which fields it has said something."""

    def __init__(self) -> None:
        self._hinted: set[str] = set()
        self._taken = ""

    def begin(self) -> None:
        """Another lead stands in the form."""
        self._hinted.clear()
        self._taken = ""

    def leave_alone(self, name: str) -> None:
        """Say nothing under the field *name*, since something else stands there; an empty one frees it."""
        self._hinted.discard(name)
        self._taken = name

    def at(self, form: Form, lead_form: LeadForm, name: str) -> bool:
        """Look at the field *name*; return whether fields were changed."""
        field, text = lead_form.field(name), form.values.get(name, "")
        if field is None or (not text and name not in self._hinted):
            return False
        from zoho.leads.values import Around, hint, understood

        typed = form.values
        changed = understood(lead_form, name, text, typed)
        form.set_values(changed)
        self._say(form, name, hint(field, changed.get(name, text), Around.of(lead_form, field, typed)))
        return bool(changed)

    def _say(self, form: Form, name: str, text: str) -> None:
        if name == self._taken or not (text or name in self._hinted):
            return
        form.set_note(name, text)
        if text:
            self._hinted.add(name)
        else:
            self._hinted.discard(name)
