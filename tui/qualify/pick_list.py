"""A list of which one is picked: by Enter, or by the digit that stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen, ScreenResultType
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.text import plain

WIDTH = 60
"""Cells of a line, beside the bar that a long list has."""
DIGITS = "123456789"


class _Options(OptionList):
    """Textual's list, which a key that comes before it is laid out does not end."""

    def _move_page(self, direction: Literal[-1, 1]) -> None:
        with suppress(KeyError):
            super()._move_page(direction)


class PickList(ModalScreen[ScreenResultType]):
    """A list in a box, with what its keys do below it.

    Args:
        title: stands above it.
        lines: by name, what stands in the list, its digit with it.
        free: the names of those that can be picked, in the order of their digits.
        keys: what the keys do.
    """

    BINDINGS: ClassVar = [
        Binding("escape,q", "dismiss", "Back", show=False),
        Binding("j", "cursor(1)", show=False),
        Binding("k", "cursor(-1)", show=False),
        *(Binding(digit, f"pick({digit})", show=False) for digit in DIGITS),
    ]

    def __init__(self, title: str, lines: Mapping[str, str], free: list[str], keys: str) -> None:
        super().__init__()
        self._title = title
        self._lines = lines
        self._free = free
        self._keys = keys
        self._asked = ""
        """The name of the one that a question was asked about."""

    def picked(self, name: str) -> None:
        """End with what was picked."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Make the list."""
        options = (
            Option(plain(text), id=name, disabled=name not in self._free)
            for name, text in self._lines.items()
        )
        with Vertical(classes="picks"):
            yield Static(plain(self._title, "bold"))
            yield _Options(*options)
            yield Static(plain(self._keys), classes="picks-keys")

    @property
    def marked(self) -> str:
        """The name of the marked one, if it can be picked; else an empty text."""
        option = self.query_one(OptionList).highlighted_option
        return (option.id or "") if option is not None and not option.disabled else ""

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Pick the marked one."""
        self.picked(event.option.id or "")

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Forget what was asked: it was about another one."""
        if self._asked and self._asked != event.option.id:
            self._asked = ""
            self.tell("")

    def asked(self, name: str, question: str) -> bool:
        """Say whether the *question* was asked about that one already; if not, ask it."""
        if self._asked == name:
            return True
        self._asked = name
        self.tell(question)
        return False

    def action_pick(self, digit: int) -> None:
        """Pick the one beside the digit."""
        if digit <= len(self._free):
            self.picked(self._free[digit - 1])

    def action_cursor(self, step: int) -> None:
        """Mark the next one, or the one before."""
        options = self.query_one(OptionList)
        if step > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def tell(self, text: str) -> None:
        """Say something where the keys stand; an empty text brings these back."""
        self.query_one(".picks-keys", Static).update(plain(text or self._keys))
