"""The list of choices laid over the form while one is being chosen, searched by typing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from tui.form.choice_search import ChoiceSearch
from tui.form.drawing import Ink
from tui.form.fields import Choice
from tui.form.inks import strip
from tui.text import Signs, cut

_EDGE = 1_000_000
_MOVES = {
    "up": (-1, 0),
    "down": (1, 0),
    "pageup": (0, -1),
    "pagedown": (0, 1),
    "home": (-_EDGE, 0),
    "end": (_EDGE, 0),
}
_LESS = frozenset({"backspace", "ctrl+u", "ctrl+w"})

LONGEST = 10
"""The most choices that are seen at once."""


class ChoiceList(Widget):
    """The choices of one field, at most ten lines of them, and one line that says how many fit.

    It never has the focus: the form keeps it, and passes the keys on. What is searched stands in the field.

    Args:
        searched: Called after each change of what is searched.
        taken: Called with the chosen value.
        closed: Called when nothing is to be chosen.
        signs: For the edge of the list.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    ChoiceList { dock: top; width: 20; height: 5; background: $background; color: $foreground; }
    """

    def __init__(
        self,
        searched: Callable[[], None],
        taken: Callable[[str], None],
        closed: Callable[[], None],
        signs: Signs,
    ) -> None:
        super().__init__()
        self.search = ""
        self._searched = searched
        self._taken = taken
        self._closed_by_rep = closed
        self._signs = signs
        self._prepared: tuple[Sequence[Choice], ChoiceSearch] = ((), ChoiceSearch(()))
        self._choices: Sequence[Choice] = ()
        self._found: list[int] = []
        self._index = 0
        self._top = 0

    def load(self, choices: Sequence[Choice], value: str, search: str) -> None:
        """Offer *choices*, with the one of *value* under the pointer, or what fits *search*."""
        if self._prepared[0] is not choices:
            self._prepared = (choices, ChoiceSearch(choices))
        self._choices = choices
        self.search = search
        self._found = self._prepared[1].find(search)
        self._top = 0
        values = [choices[number].value for number in self._found]
        self._point(values.index(value) if value in values and not search else 0)

    @property
    def wanted(self) -> Size:
        """How many cells and lines the list would like to have."""
        return Size(max(self._prepared[1].longest + 4, 28), min(len(self._found), LONGEST) + 1)

    def _point(self, index: int) -> None:
        self._index = max(0, min(index, len(self._found) - 1))
        rows = max(1, self._rows)
        if self._index < self._top:
            self._top = self._index
        elif self._index >= self._top + rows:
            self._top = self._index - rows + 1
        self.refresh()

    @property
    def _rows(self) -> int:
        height = self.styles.height
        return (int(height.value) if height is not None else self.size.height) - 1

    def place_pointer(self) -> None:
        """Bring the chosen line into view after the height has changed."""
        self._point(self._index)

    def search_for(self, text: str) -> None:
        """Search *text* in the choices."""
        self.search = text
        self._found = self._prepared[1].find(text)
        self._top = 0
        self._point(0)
        self._searched()

    def press(self, key: str, character: str | None) -> bool:
        """Take a key; return whether it meant anything here."""
        if key in _MOVES:
            self._move(*_MOVES[key])
        elif key in ("enter", "tab"):
            self._take()
        elif key == "escape":
            self._closed_by_rep()
        elif key in _LESS:
            self.search_for(self.search[:-1] if key == "backspace" else "")
        elif character is not None and character.isprintable():
            self.search_for(self.search + character)
        else:
            return False
        return True

    def _move(self, lines: int, pages: int) -> None:
        if not self._found:
            return
        index = self._index + lines + pages * max(1, self._rows - 1)
        # One line beyond an end is the other end; further moves stop there.
        self._point(index % len(self._found) if abs(lines) == 1 else index)

    def _take(self) -> None:
        if self._found:
            self._taken(self._choices[self._found[self._index]].value)

    def on_click(self, event: events.Click) -> None:
        """Choose the line that is clicked."""
        event.stop()
        if event.y < self._rows and self._top + event.y < len(self._found):
            self._index = self._top + event.y
            self._take()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move the pointer down."""
        event.stop()
        self._point(self._index + 3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move the pointer up."""
        event.stop()
        self._point(self._index - 3)

    def render_line(self, y: int) -> Strip:
        """Draw one choice, or below them how many fit."""
        width, base = self.size.width, self.rich_style
        if y >= self._rows:
            return strip([(cut(self._summary(), width), Ink.DIM)], width, base)
        number = self._top + y
        bar = (self._signs.bar, Ink.DIM)
        if number >= len(self._found):
            return strip([bar], width, base)
        label = cut(self._prepared[1].labels[self._found[number]], width - 3, more=self._signs.more)
        chosen = number == self._index
        text = f"{self._signs.pointer if chosen else ' '} {label}"
        return strip([bar, (text, Ink.CARET if chosen else Ink.PLAIN)], width, base)

    def _summary(self) -> str:
        count, total = len(self._found), len(self._choices)
        if not count:
            text = "none fits" if self.search else "nothing to choose"
        elif self.search:
            text = f"{count} of {total} fit"
        else:
            text = f"{total}, type to search" if total > LONGEST else "type to search"
        return f"{self._signs.corner}{self._signs.rule} {text}"
