"""What is typed to find leads: one line of text at the foot of the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tui.text import Signs, line

if TYPE_CHECKING:
    from textual import events

_PROMPT = " / "


def _without_last_word(text: str) -> str:
    return text.rstrip().rpartition(" ")[0] and text.rstrip().rpartition(" ")[0] + " "


_CHANGES: dict[str, Callable[[str], str]] = {
    "backspace": lambda text: text[:-1],
    "ctrl+h": lambda text: text[:-1],
    "ctrl+u": lambda _: "",
    "ctrl+w": _without_last_word,
}


class Finder:
    """The words that leads are looked for by.

    It is no widget: the list keeps the focus, so that a letter typed right after the slash is never taken for
    a key that does something to a lead.
    """

    def __init__(self) -> None:
        self.text = ""
        self.typing = False
        """Whether letters are taken as text."""

    @property
    def shown(self) -> bool:
        """Whether its line stands under the list."""
        return self.typing or bool(self.text)

    def takes(self, event: events.Key) -> bool:
        """Deal with a key; return whether it was one for this line."""
        if not self.typing and event.key == "slash":
            self.typing = True
        elif event.key == "escape" and self.shown:
            self.text, self.typing = "", False
        elif self.typing and event.key == "enter":
            self.typing = False
        elif self.typing and event.key in _CHANGES:
            self.text = _CHANGES[event.key](self.text)
        elif self.typing and event.is_printable:
            self.add(event.character or "")
        else:
            return False
        return True

    def add(self, text: str) -> None:
        """Add what is typed or pasted."""
        self.text += line(text)

    def line(self, width: int, found: int, signs: Signs) -> str:
        """Return what the line says: the words, and how many leads have them."""
        told = f"{found:,} found {signs.between} Esc shows all "
        words = line(self.text, max(0, width - len(_PROMPT) - len(told) - 2), more=signs.more)
        return f"{_PROMPT}{words}".ljust(width - cell_len(told) - cell_len(words) + len(words)) + told

    @property
    def caret(self) -> int:
        """The column in which the next letter appears."""
        return len(_PROMPT) + cell_len(self.text)
