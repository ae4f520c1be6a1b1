"""The list of choices laid over the form while one is being chosen, searched by typing."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Protocol

from textual import events
from textual.geometry import Size
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from tui.form.choice_search import ChoiceSearch
from tui.form.drawing import Ink
from tui.form.fields import Choice
from tui.form.inks import strip
from tui.text import Signs, cut, line

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
_MARKED, _UNMARKED = "[x] ", "[ ] "

LONGEST = 10
"""The most choices that are seen at once."""
PAUSE = 0.25
"""Seconds without a letter before somebody else is asked what fits."""


class Host(Protocol):
    """What the list tells the form."""

    def search_changed(self) -> None:
        """Draw what is being searched, and give the list its room."""
        ...

    def chosen(self, value: str) -> None:
        """Take a choice and go on."""
        ...

    def toggled(self, value: str) -> Sequence[str]:
        """Take a choice, or take it back; return all that are taken."""
        ...

    def close_choices(self) -> None:
        """Put the list away."""
        ...

    def sought(self, word: str) -> None:
        """Ask who knows them for the choices that fit *word*."""
        ...


class Mode(Enum):
    """What the list is for."""

    ONE = "one"
    """One of the choices is taken."""
    SEVERAL = "several"
    """Choices are marked."""
    FOUND = "found"
    """One is taken of what somebody else finds."""


class ChoiceList(Widget):
    """The choices of one field, at most ten lines of them, and one line that says how many fit.

    It never has the focus: the form keeps it, and passes the keys on. What is searched stands in the field.

    Args:
        host: Told of what is searched and chosen.
        signs: For the edge of the list.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    ChoiceList { dock: top; width: 20; height: 5; background: $background; color: $foreground; }
    """

    def __init__(self, host: Host, signs: Signs) -> None:
        super().__init__()
        self.search = ""
        self._host = host
        self._signs = signs
        self._mode = Mode.ONE
        self._prepared: tuple[Sequence[Choice], ChoiceSearch] = ((), ChoiceSearch(()))
        self._choices: Sequence[Choice] = ()
        self._chosen: Sequence[str] = ()
        self._found: list[int] = []
        self._index = 0
        self._top = 0
        self._problem = ""
        self._asked: Timer | None = None
        self._waiting = False

    def load(
        self,
        choices: Sequence[Choice],
        chosen: Sequence[str],
        search: str,
        mode: Mode = Mode.ONE,
        *,
        problem: str = "",
    ) -> None:
        """Offer *choices*, with the first of *chosen* under the pointer, or what fits *search*.

        Args:
            choices: All of them; of what somebody else finds, none yet.
            chosen: The values that the field holds.
            search: What is searched.
            mode: What the list is for.
            problem: Why there is nothing to choose.
        """
        self._mode = mode
        self._chosen = chosen
        self._problem = problem
        self.search = search
        self._offer(choices)
        values = [choices[number].value for number in self._found]
        places = (values.index(value) for value in chosen if value in values and not search)
        self._point(next(places, 0))
        if mode is Mode.FOUND:
            self._ask_soon()

    def show_found(self, word: str, choices: Sequence[Choice], problem: str) -> None:
        """Offer what somebody else found for *word*, if that is still what is searched."""
        if self._mode is not Mode.FOUND or word != self.search.strip() or not self._waiting:
            return
        self._waiting = False
        self._problem = line(problem)
        self._offer(choices)
        self._point(0)
        self._host.search_changed()

    def _offer(self, choices: Sequence[Choice]) -> None:
        if self._prepared[0] is not choices:
            self._prepared = (choices, ChoiceSearch(choices))
        self._choices = choices
        # Who finds knows more of them than their names.
        self._found = list(range(len(choices))) if self._mode is Mode.FOUND else self._fitting()
        self._top = 0

    def _fitting(self) -> list[int]:
        return self._prepared[1].find(self.search)

    def _ask_soon(self) -> None:
        self._waiting = True
        self.stop_asking()
        self._asked = self.set_timer(PAUSE, lambda: self._host.sought(self.search.strip()))

    def stop_asking(self) -> None:
        """Ask nobody any more."""
        if self._asked is not None:
            self._asked.stop()
            self._asked = None

    @property
    def wanted(self) -> Size:
        """How many cells and lines the list would like to have."""
        least = {Mode.FOUND: 44, Mode.SEVERAL: 36}.get(self._mode, 28)
        marks = len(_UNMARKED) if self._mode is Mode.SEVERAL else 0
        return Size(max(self._prepared[1].longest + marks + 4, least), min(len(self._found), LONGEST) + 1)

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
        # Of what was found for less, only what fits may be taken while the answer is on its way.
        self._found = self._fitting()
        self._problem = ""
        self._top = 0
        self._point(0)
        if self._mode is Mode.FOUND:
            self._ask_soon()
        self._host.search_changed()

    def press(self, key: str, character: str | None) -> bool:
        """Take a key; return whether it meant anything here."""
        if key in _MOVES:
            self._move(*_MOVES[key])
        elif key in self._taking:
            self._take()
        elif key == "escape":
            self._host.close_choices()
        elif key in _LESS:
            self.search_for(self.search[:-1] if key == "backspace" else "")
        elif character is not None and character.isprintable():
            self.search_for(self.search + character)
        else:
            return False
        return True

    @property
    def _taking(self) -> tuple[str, ...]:
        return ("enter", "space") if self._mode is Mode.SEVERAL else ("enter", "tab")

    def _move(self, lines: int, pages: int) -> None:
        if not self._found:
            return
        index = self._index + lines + pages * max(1, self._rows - 1)
        # One line beyond an end is the other end; further moves stop there.
        self._point(index % len(self._found) if abs(lines) == 1 else index)

    def _take(self) -> None:
        if not self._found:
            return
        number = self._found[self._index]
        value = self._choices[number].value
        if self._mode is not Mode.SEVERAL:
            self._host.chosen(value)
            return
        self._chosen = self._host.toggled(value)
        if self.search:  # the next letter begins another search
            self.search = ""
            self._found = self._fitting()
            self._host.search_changed()
        self._point(self._found.index(number))

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
        chosen = number == self._index
        mark = self._mark(self._found[number])
        room = width - 3 - len(mark)
        label = cut(self._prepared[1].labels[self._found[number]], room, more=self._signs.more)
        text = f"{self._signs.pointer if chosen else ' '} {mark}{label}"
        return strip([bar, (text, Ink.CARET if chosen else Ink.PLAIN)], width, base)

    def _mark(self, number: int) -> str:
        if self._mode is not Mode.SEVERAL:
            return ""
        return _MARKED if self._choices[number].value in self._chosen else _UNMARKED

    def _summary(self) -> str:
        words = self._found_words() if self._mode is Mode.FOUND else self._fitting_words()
        return f"{self._signs.corner}{self._signs.rule} {words}"

    def _found_words(self) -> str:
        if self._problem:
            return f"{self._signs.attention} {self._problem}"
        if self._waiting:
            return f"searching {self._signs.waiting}"
        if not self._found:
            return "nothing found" if self.search else "type a name"
        return f"{len(self._found)} found"

    def _fitting_words(self) -> str:
        count, total = len(self._found), len(self._choices)
        if self._problem:
            return self._problem
        if not count:
            return "none fits" if self.search else "nothing to choose"
        if self.search:
            return f"{count} of {total} fit"
        words = f"{total}, type to search" if total > LONGEST else "type to search"
        return f"{words}, Space marks" if self._mode is Mode.SEVERAL else words
