"""The keys, and the help of the field that the rep is in: made from the one table of actions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.actions import ACTIONS, Action
from tui.text import plain

_IN_FORM = (
    ("Enter, Tab, Down", "Next field."),
    ("Shift+Tab, Up", "Field before."),
    ("Esc", "Give back what the field held."),
    ("Ctrl+_", "Undo in a field."),
    ("a letter", "Search in a list of choices."),
    ("Space", "Tick, mark one of several, unfold a section."),
)


class HelpScreen(ModalScreen[None]):
    """The keys of the tab that is shown."""

    BINDINGS: ClassVar = [Binding("escape,enter,q,f8,f1", "dismiss", "Back", show=False)]

    def __init__(self, tab: str, field_help: str = "") -> None:
        super().__init__()
        self._tab = tab
        self._field_help = field_help

    def compose(self) -> ComposeResult:
        """Make the page."""
        with VerticalScroll(id="help"):
            yield Static(Content("\n").join(self._lines()))

    def _lines(self) -> Iterator[Content]:
        if self._field_help:
            yield plain("This field", "bold")
            yield plain(f"  {self._field_help}")
            yield plain("")
        yield plain("Keys", "bold")
        yield from self._actions(self._tab)
        yield plain("")
        yield plain("In a form", "bold")
        yield from (plain(f"  {keys:<18} {what}") for keys, what in _IN_FORM)
        yield plain("")
        yield plain("Everywhere", "bold")
        yield from self._actions("")

    def _actions(self, tab: str) -> Iterator[Content]:
        yield from (_line(action) for action in ACTIONS if action.tab == tab)


def _line(action: Action) -> Content:
    return plain(f"  {', '.join(action.shown_keys):<18} {action.help}")
