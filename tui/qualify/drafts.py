"""The list of half-typed leads: one key parks the call of now, another takes up one that was parked."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.text import line, plain
from zoho.leads.lead import title_of
from zoho.outbox.states import State
from zoho.outbox.store import Row

_WIDTH = 64


class _Options(OptionList):
    """Textual's list, which a key that comes before it is laid out does not end."""

    def _move_page(self, direction: Literal[-1, 1]) -> None:
        with suppress(KeyError):
            super()._move_page(direction)


class DraftList(ModalScreen[tuple[str, str] | None]):
    """The drafts that can be taken up; gives what to do ("take", "discard") and the key of the draft.

    Args:
        drafts: the one that was typed in last first.
    """

    BINDINGS: ClassVar = [
        Binding("escape,q,ctrl+o", "dismiss", "Back", show=False),
        Binding("d,delete", "discard", "Discard", show=False),
        Binding("j", "cursor(1)", show=False),
        Binding("k", "cursor(-1)", show=False),
    ]

    def __init__(self, drafts: Sequence[Row]) -> None:
        super().__init__()
        self._drafts = list(drafts)
        self._doomed = ""

    def compose(self) -> ComposeResult:
        """Make the list."""
        with Vertical(id="drafts"):
            yield Static(plain("Half-typed leads", "bold"))
            yield _Options(*(Option(plain(draft_line(row)), id=row.key) for row in self._drafts))
            yield Static(plain("Enter takes it up · D discards it · Esc goes back"), id="drafts-keys")

    @property
    def _marked(self) -> str:
        options = self.query_one(OptionList)
        marked = options.highlighted
        return self._drafts[marked].key if marked is not None else ""

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the draft up."""
        self.dismiss(("take", event.option.id or ""))

    def action_discard(self) -> None:
        """Discard the marked draft, once that has been said twice."""
        doomed, self._doomed = self._doomed, self._marked
        if doomed and doomed == self._marked:
            self.dismiss(("discard", doomed))
        else:
            self.query_one("#drafts-keys", Static).update(plain("D again discards it · Esc goes back"))

    def action_cursor(self, step: int) -> None:
        """Mark the next draft, or the one before."""
        options = self.query_one(OptionList)
        if step > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()


def draft_line(row: Row) -> str:
    """Return time, name and company of a draft."""
    when = time.strftime("%H:%M", time.localtime(row.updated_at))
    change = "" if row.state is State.DRAFT else "  (change of a lead)"
    return f"{when}  {line(title_of(row.typed or {}), _WIDTH - 14 - len(change))}{change}"
