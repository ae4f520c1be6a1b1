"""A second look at a field that is left: what was typed is put where it belongs, what is doubtful is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.form import Form

if TYPE_CHECKING:
    from zoho.leads.fields import LeadForm


class SecondLook:
    """Looks again at what was typed; it remembers under which fields it has said what."""

    def __init__(self) -> None:
        self._hints: dict[str, str] = {}

    def begin(self) -> None:
        """Another lead stands in the form."""
        self._hints.clear()

    def at(self, form: Form, lead_form: LeadForm, name: str) -> bool:
        """Look at the field *name*; return whether fields were changed."""
        typed = form.values
        field, text = lead_form.field(name), typed.get(name, "")
        if field is None or (not text and name not in self._hints):
            return False
        from zoho.leads.values import Around, hint, understood

        changed = understood(lead_form, name, text, typed)
        form.set_values(changed)
        self._say(form, name, hint(field, changed.get(name, text), Around.of(lead_form, field, typed)))
        return bool(changed)

    def _say(self, form: Form, name: str, text: str) -> None:
        if form.note_of(name) in ("", self._hints.pop(name, "")):  # what others have said there stays
            form.set_note(name, text)
            if text:
                self._hints[name] = text
