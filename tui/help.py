"""The keys, and the help of the field that the rep is in: made from the one table of actions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.actions import ACTIONS, Action
from tui.text import plain

if TYPE_CHECKING:
    from tui.keymap import Fault

_IN_FORM = (
    ("Enter, Tab, Down", "Next field."),
    ("Shift+Tab, Up", "Field before."),
    ("Esc", "Give back what the field held."),
    ("Ctrl+_", "Undo in a field."),
    ("a letter", "Search in a list of choices."),
    ("Space", "Tick, mark one of several, unfold a section."),
)


class HelpScreen(ModalScreen[None]):
    """The keys of the tab that is shown.

    Args:
        tab: its name.
        field_help: what is to be known of the field that the rep is in.
        actions: the table, with the keys of the rep.
        faults: what of their wishes for keys could not be granted.
    """

    BINDINGS: ClassVar = [Binding("escape,enter,q", "dismiss", "Back", show=False)]

    def __init__(
        self,
        tab: str,
        field_help: str = "",
        actions: Sequence[Action] = ACTIONS,
        faults: Sequence[Fault] = (),
    ) -> None:
        super().__init__()
        self._tab = tab
        self._field_help = field_help
        self._table = actions
        self._faults = faults

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
        if self._faults:
            yield plain("")
            yield plain("Keys that could not be had", "bold")
            yield from (plain(f"  {fault.what} {fault.next_step}") for fault in self._faults)

    def _actions(self, tab: str) -> Iterator[Content]:
        yield from (_line(action) for action in self._table if action.tab == tab)


def _line(action: Action) -> Content:
    return plain(f"  {', '.join(action.shown_keys):<18} {action.help}")
