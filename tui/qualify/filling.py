"""What nobody types: fields that stay, templates, another lead of the same company."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tui.actions import key_of
from tui.messages import Say
from zoho.leads.templates import another_from, fill, sticky

if TYPE_CHECKING:
    from tui.desk import Desk
    from tui.form import Form
    from zoho.leads.fields import LeadForm


class Filling:
    """Fills one form, and remembers the lead that was saved last in it.

    Args:
        form: is filled.
        desk: knows the configuration.
        say: is told what came of it.
    """

    def __init__(self, form: Form, desk: Desk, say: Callable[[Say], object]) -> None:
        self._form = form
        self._desk = desk
        self._say = say
        self._saved: Mapping[str, str] = {}
        self._begun: Mapping[str, str] = {}

    @property
    def untouched(self) -> bool:
        """Whether the form holds what it began with, and nothing else."""
        return self._form.values == self._begun

    def saved(self, typed: Mapping[str, str]) -> None:
        """Remember a lead that was saved."""
        self._saved = typed

    def clear(self) -> None:
        """Empty the form; what it began with is not brought back as if somebody had typed it."""
        if self._begun and self.untouched:
            self._form.set_values(dict.fromkeys(self._begun, ""))
        self._begun = {}
        self._form.clear()

    def begin(self, lead_form: LeadForm) -> None:
        """Let an empty form begin with what stays from lead to lead."""
        config = self._desk.config
        stays = sticky(lead_form, self._saved, config.sticky_fields) if config is not None else {}
        if stays:
            self._form.set_values(stays)
            self._begun = self._form.values

    def another(self, lead_form: LeadForm, of: Mapping[str, str] | None = None) -> None:
        """Begin another lead of the same company.

        Args:
            lead_form: the fields that there are.
            of: what was typed for the lead of that company; None, for the one that was saved last.
        """
        of = self._saved if of is None else of
        if not self.untouched:
            keys = f"{key_of('lead.send')} sends it, {key_of('lead.park')} puts it aside"
            self._say(Say(f"A lead stands in the form: {keys}; then again."))
        elif values := another_from(lead_form, of):
            self._form.take(values)
        elif of:
            self._say(Say("The lead before has no company."))
        else:
            self._say(Say("No lead was saved yet since the app was started."))

    async def choose(self, lead_form: LeadForm) -> None:
        """Let the rep choose the template to fill the form from."""
        from tui.qualify.templates import NONE, TemplateList

        await self._desk.drafts()  # before it is open, nobody knows what templates there are
        templates = self._desk.config.templates if self._desk.config is not None else {}
        if not templates:
            self._say(Say(NONE))
            return
        labels = {field.name: field.label for _, field in self._form.places}

        def chosen(name: str | None) -> None:
            if name is not None:
                self._fill(name, templates[name], lead_form)

        await self._form.app.push_screen(TemplateList(templates, labels), chosen)

    def _fill(self, name: str, template: Mapping[str, str], lead_form: LeadForm) -> None:
        labels = {field.name: field.label for _, field in self._form.places}
        filled = fill(template, self._form.values, lead_form)
        self._form.take(filled.values)
        number = len(filled.values)
        told = [f"{number} field{'' if number == 1 else 's'} filled in."]
        if filled.kept:
            told.append(f"As typed: {', '.join(labels.get(each) or each for each in filled.kept)}.")
        if filled.unknown:
            told.append(f"Not in this form: {', '.join(filled.unknown)}.")
        self._say(Say(" ".join(told), title=name))
