"""Pasted text on its way into the form: what waits is read, or a paste is asked for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.events import Paste
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.qualify.pasted_preview import PastedPreview, Taken
from tui.text import plain

if TYPE_CHECKING:
    from tui.form import Form
    from zoho.leads.fields import LeadForm

_WAITS = "Paste it now, as your terminal pastes: mostly Shift+Insert, Ctrl+Shift+V or the right mouse button."
_TYPED = "That came as single keys. This terminal does not mark what is pasted: paste it into the long text."


class PasteHere(ModalScreen[str | None]):
    """Waits for a paste; gives it as it came, or None."""

    BINDINGS: ClassVar = [
        Binding("escape", "dismiss", "Back", show=False),
        Binding("ctrl+v", "copied", "Paste", show=False),
    ]

    def compose(self) -> ComposeResult:
        """Make the box."""
        with Vertical(id="paste-here"):
            yield Static(plain("Read a signature, mail, vCard or form's notice", "bold"))
            yield Static(plain(_WAITS), id="paste-here-how")
            yield Static(plain("It is read on this machine alone, and shown first.\nEsc goes back", "dim"))

    def on_paste(self, event: Paste) -> None:
        """End with what was pasted."""
        event.stop()
        if event.text.strip():
            self.dismiss(event.text)

    def action_copied(self) -> None:
        """End with what was copied in this program."""
        if self.app.clipboard.strip():
            self.dismiss(self.app.clipboard)

    def key_enter(self) -> None:
        """Say why a paste that comes as keys is not read."""
        self.query_one("#paste-here-how", Static).update(plain(_TYPED))


class Pasting:
    """Reads pastes into one form.

    Args:
        form: takes the values.
    """

    def __init__(self, form: Form) -> None:
        self._form = form

    async def begin(self, lead_form: LeadForm) -> None:
        """Show what can be read in the pastes of which lines wait; without any, ask for one first."""
        if waiting := self._form.kept_text:
            await self._show(waiting, lead_form)
            return

        async def pasted(text: str | None) -> None:
            if text is not None:
                await self._show(text, lead_form)

        await self._form.app.push_screen(PasteHere(), pasted)

    async def _show(self, text: str, lead_form: LeadForm) -> None:
        from zoho.leads.pasted import read_pasted

        # In a thread, and waited for: keys that are typed meanwhile belong to the preview.
        read = await asyncio.to_thread(read_pasted, text, region=lead_form.region)
        form = self._form
        labels = {field.name: field.label for _, field in form.places if lead_form.field(field.name)}
        preview = PastedPreview(read, labels=labels, typed=form.without_kept, long_text=form.long_text)

        def take(taken: Taken) -> None:
            if taken == "text":
                self._put_text(text)
            elif taken is not None:
                self._take(taken)

        await form.app.push_screen(preview, take)

    def _put_text(self, text: str) -> None:
        if not self._form.put_kept():
            self._form.put_text(text.strip())

    def _take(self, taken: dict[str, str]) -> None:
        form = self._form
        form.take(form.without_kept | taken)
        form.forget_kept()
