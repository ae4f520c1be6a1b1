"""The list of all fields: a few letters reach any of them, and they are pinned, hidden and ordered here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget

from tui.form.arrangement import Arrangement
from tui.form.choice_search import ChoiceSearch
from tui.form.drawing import Ink, Piece
from tui.form.fields import Choice, Field
from tui.form.inks import strip
from tui.form.line_editor import one_line
from tui.text import cut, line, signs

_EDGE = 1_000_000
_MOVES = {"up": -1, "down": 1, "home": -_EDGE, "end": _EDGE}
_LESS = frozenset({"backspace", "ctrl+u", "ctrl+w"})
_SEARCH_KEYS = "Enter goes there · Ctrl+G pins, hides and orders · Esc goes back"
_ARRANGE_KEYS = "P pins · H hides · U, D move what is pinned · Ctrl+G searches · Esc"
_REQUIRED = "It is required, and so cannot be hidden."
_FIXED = "It stays where it is: only fields of the org can be arranged."
_NOT_PINNED = "Only what is pinned can be moved: P pins it."


@dataclass(frozen=True, slots=True)
class Wish:
    """What came of the list: the field to go to, or an empty name; and how the fields shall stand."""

    name: str
    arrangement: Arrangement


class FieldRows:
    """What the list shows: the pinned fields first, then the others as the form has them, as far as they fit.

    Args:
        places: Section title and field, without any pin.
        arrangement: What is pinned and hidden.
        fixed: The names of those that are neither.
    """

    def __init__(
        self, places: Sequence[tuple[str, Field]], arrangement: Arrangement, fixed: Collection[str] = ()
    ) -> None:
        self._places = {field.name: (title, field) for title, field in places}
        self._fixed = fixed
        self.arrangement = arrangement
        self.search = ""
        self.names: list[str] = []
        self.index = 0
        self._find("")

    @property
    def marked(self) -> str:
        """The name of the marked field, or an empty string."""
        return self.names[self.index] if self.names else ""

    def place(self, name: str) -> tuple[str, Field]:
        """Return section title and field."""
        return self._places[name]

    def search_for(self, text: str) -> None:
        """Show the fields whose label has every word of *text*."""
        self.search = text
        self._find("")

    def mark(self, name: str) -> None:
        """Mark a field, if it is shown."""
        self.index = self.names.index(name) if name in self.names else 0

    def move(self, lines: int) -> None:
        """Mark another field; one line beyond an end is the other end."""
        if self.names:
            index = self.index + lines
            last = len(self.names) - 1
            self.index = index % len(self.names) if abs(lines) == 1 else max(0, min(index, last))

    def arrange(self, key: str) -> str:
        """Pin (p), hide (h), move up (u) or down (d) the marked field; return why not, or an empty text."""
        name = self.marked
        if not name:
            return ""
        _, field = self.place(name)
        if name in self._fixed:
            return _FIXED
        if key == "h" and field.required:
            return _REQUIRED
        if key in "ud" and name not in self.arrangement.pinned:
            return _NOT_PINNED
        change: dict[str, Callable[[], Arrangement]] = {
            "p": lambda: self.arrangement.pin(name),
            "h": lambda: self.arrangement.hide(name),
            "u": lambda: self.arrangement.move(name, -1),
            "d": lambda: self.arrangement.move(name, 1),
        }
        self.arrangement = change[key]()
        self._find(name)
        return ""

    def _find(self, marked: str) -> None:
        pinned = [name for name in self.arrangement.pinned if name in self._places]
        order = [*pinned, *(name for name in self._places if name not in pinned)]
        found = ChoiceSearch([Choice(name, self._places[name][1].label) for name in order]).find(self.search)
        self.names = [order[number] for number in found]
        self.mark(marked)


class _Rows(Widget, can_focus=True):
    """Draws the list, and takes its keys."""

    ALLOW_SELECT = False

    def __init__(self, rows: FieldRows, *, arranging: bool) -> None:
        super().__init__()
        self._rows = rows
        self._arranging = arranging
        self._told = ""
        self._signs = signs()

    # Keys

    async def on_key(self, event: events.Key) -> None:
        """Move, search, arrange, or go to a field."""
        told, self._told = self._told, ""
        taken = self._moves(event.key) or (self._arranges if self._arranging else self._searches)(event)
        if taken or told:
            self.refresh()
        if taken:
            event.stop()
            event.prevent_default()

    def _moves(self, key: str) -> bool:
        page = max(1, self.size.height - 3)
        lines = {**_MOVES, "pageup": -page, "pagedown": page}.get(key)
        if lines is not None:
            self._rows.move(lines)
        elif key == "ctrl+g":
            self._arranging = not self._arranging
        else:
            return False
        return True

    def _searches(self, event: events.Key) -> bool:
        text = self._rows.search
        if event.key in _LESS:
            self._rows.search_for(text[:-1] if event.key == "backspace" else "")
        elif event.is_printable and event.character:
            self._rows.search_for(text + event.character)
        else:
            return False
        return True

    def _arranges(self, event: events.Key) -> bool:
        if event.key in ("p", "h", "u", "d"):
            self._told = self._rows.arrange(event.key)
        elif event.key in ("j", "k"):
            self._rows.move(1 if event.key == "j" else -1)
        elif event.key == "slash":
            self._arranging = False
        else:
            return event.is_printable
        return True

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted is searched."""
        event.stop()
        if not self._arranging:
            self._rows.search_for(self._rows.search + one_line(event.text))
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Go to the field that is clicked."""
        place = event.get_content_offset(self)
        if place is None or not 0 < place.y < self.size.height - 1:
            return
        number = self._top + place.y - 1
        if number < len(self._rows.names):
            self._rows.mark(self._rows.names[number])
            self.screen.dismiss(Wish(self._rows.marked, self._rows.arrangement))

    # Drawing

    @property
    def shows_terminal_cursor(self) -> bool:
        """Whether the terminal's cursor belongs at what is searched."""
        return not self._arranging

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the next letter appears."""
        return self.content_region.offset + Offset(min(cell_len(self._head), self.size.width - 1), 0)

    @property
    def _head(self) -> str:
        return "Pin, hide and order" if self._arranging else f"Go to: {self._rows.search}"

    @property
    def _shown(self) -> int:
        return max(1, self.size.height - 2)

    @property
    def _top(self) -> int:
        return max(0, min(self._rows.index - self._shown // 2, len(self._rows.names) - self._shown))

    def render_line(self, y: int) -> Strip:
        """Draw what is searched, one field, or what the keys do."""
        width, base = self.size.width, self.rich_style
        if y == 0:
            return strip([(cut(self._head, width, more=self._signs.more), Ink.BOLD)], width, base)
        if y >= self.size.height - 1:
            return strip([(self._foot(width), Ink.DIM)], width, base)
        number = self._top + y - 1
        if number >= len(self._rows.names):
            none = "No field fits." if y == 1 and not self._rows.names else ""
            return strip([(none, Ink.PLAIN)], width, base)
        return strip(self._row(number, width), width, base)

    def _foot(self, width: int) -> str:
        return line(self._told or (_ARRANGE_KEYS if self._arranging else _SEARCH_KEYS), width)

    def _row(self, number: int, width: int) -> list[Piece]:
        name = self._rows.names[number]
        title, field = self._rows.place(name)
        wishes = self._rows.arrangement
        word = "pinned" if name in wishes.pinned else "hidden" if name in wishes.hidden else ""
        marked = number == self._rows.index
        half = width // 2 - 4
        label = line(field.label, half, more=self._signs.more)
        required = self._signs.required if field.required else " "
        text = f"{self._signs.pointer if marked else ' '} {label}{' ' * (half - cell_len(label))} {required} "
        room = width - cell_len(text) - 8
        section = line(title, room, more=self._signs.more)
        return [
            (text, Ink.CARET if marked else Ink.PLAIN),
            (f"{section}{' ' * (room - cell_len(section))}  {word}", Ink.DIM),
        ]


class FieldList(ModalScreen[Wish]):
    """All fields of a form, to go to one of them or to arrange them.

    Args:
        places: Section title and field of each, without any pin.
        arrangement: What is pinned and hidden.
        fixed: The names of those that cannot be arranged.
        current: The name of the field to begin at.
        arranging: Whether letters arrange from the beginning; else they search.
    """

    BINDINGS: ClassVar = [
        Binding("escape", "close(False)", "Back", show=False),
        Binding("enter", "close(True)", "Go there", show=False),
    ]
    DEFAULT_CSS = """
    FieldList _Rows {
        width: 76; max-width: 100%; height: 100%; max-height: 30; padding: 0 1;
        border: round ansi_default; background: ansi_default; color: ansi_default;
    }
    """

    def __init__(
        self,
        places: Sequence[tuple[str, Field]],
        arrangement: Arrangement,
        *,
        fixed: Collection[str] = (),
        current: str = "",
        arranging: bool = False,
    ) -> None:
        super().__init__()
        self._rows = FieldRows(places, arrangement, fixed)
        self._rows.mark(current)
        self._arranging = arranging

    def compose(self) -> ComposeResult:
        """Make the list."""
        yield _Rows(self._rows, arranging=self._arranging)

    def action_close(self, go: bool) -> None:
        """Leave the list, for the marked field or for where the rep was."""
        if not go or self._rows.marked:
            self.dismiss(Wish(self._rows.marked if go else "", self._rows.arrangement))
