"""Tab bar, status line and key bar: one drawn line each, redrawn only when their text changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.text import cut, line, signs

_PLAIN = Style.null()
_BOLD = Style(bold=True)
_DIM = Style(dim=True)
_REVERSE = Style(reverse=True, bold=True)


class _Part(NamedTuple):
    """A piece of a bar; a click on it means *target*."""

    text: str
    style: Style = _PLAIN
    target: str = ""


class Bar(Widget):
    """One line of the screen, drawn from parts."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Bar { height: 1; width: 1fr; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id, classes=classes)
        self._signs = signs()

    def parts(self, width: int) -> list[_Part]:
        """Return what is drawn in *width* cells, from the left edge on."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """Draw the parts; a second line, where the style sheet gives one, is a rule."""
        width, base = self.size.width, self.rich_style
        if y:
            return Strip([Segment(self._signs.rule * width, base + _DIM)], width)
        segments = [Segment(part.text, base + part.style) for part in self.parts(width) if part.text]
        return Strip(segments).adjust_cell_length(width, base)

    def target_at(self, x: int) -> str:
        """Return what a click in column *x* means, or an empty string."""
        for part in self.parts(self.size.width):
            x -= cell_len(part.text)
            if x < 0:
                return part.target
        return ""


def _ends(left: list[_Part], right: list[_Part], width: int, more: str) -> list[_Part]:
    """Return both groups, the right one at the right edge; if they do not fit, it is cut, with *more*."""
    used = sum(cell_len(part.text) for part in left)
    room = width - used - 1
    kept: list[_Part] = []
    for part in right:
        text = cut(part.text, room, more=more)
        room -= cell_len(text)
        if text:
            kept.append(part._replace(text=text))
    return [*left, _Part(" " * (room + 1)), *kept] if kept else left


class TabBar(Bar):
    """The tabs on the left, whose org it is on the right, and a word such as DEMO between.

    Args:
        tabs: (name, label) of each tab.
        active: The name of the one that is shown.
        right: Text at the right edge.
        banner: A word that must not be overlooked, such as "DEMO"; empty for none.
    """

    @dataclass
    class Chosen(Message):
        """A tab was clicked."""

        bar: TabBar
        tab: str

        @property
        def control(self) -> TabBar:
            """The bar."""
            return self.bar

    def __init__(
        self,
        tabs: Sequence[tuple[str, str]],
        active: str = "",
        *,
        right: str = "",
        banner: str = "",
        id: str | None = None,  # noqa: A002 - as in Textual
    ) -> None:
        super().__init__(id=id)
        self._tabs = [(name, line(label)) for name, label in tabs]
        self._active = active or (tabs[0][0] if tabs else "")
        self._right = line(right)
        self._banner = line(banner)

    @property
    def active(self) -> str:
        """The name of the tab that is shown."""
        return self._active

    def update(
        self, *, active: str | None = None, right: str | None = None, banner: str | None = None
    ) -> None:
        """Show other texts; None leaves one as it is."""
        before = (self._active, self._right, self._banner)
        self._active = self._active if active is None else active
        self._right = self._right if right is None else line(right)
        self._banner = self._banner if banner is None else line(banner)
        if before != (self._active, self._right, self._banner):
            self.refresh()

    def parts(self, width: int) -> list[_Part]:
        """Return the tabs, the banner and the text at the right edge."""
        left = [
            _Part(f" {label} ", _REVERSE if name == self._active else _PLAIN, name)
            for name, label in self._tabs
        ]
        between = [each for part in left for each in (_Part(" "), part)][1:]
        right = [_Part(f" {self._banner} ", _REVERSE), _Part("  ")] if self._banner else []
        return _ends(between, [*right, _Part(self._right), _Part(" ")], width, self._signs.more)

    def on_click(self, event: events.Click) -> None:
        """Report the tab that was clicked."""
        if tab := self.target_at(event.x):
            self.post_message(self.Chosen(self, tab))


class StatusLine(Bar):
    """What is to be known at a glance, on the left and on the right."""

    def __init__(self, left: str = "", right: str = "", *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self._left = line(left)
        self._right = line(right)

    def update(self, left: str | None = None, right: str | None = None) -> None:
        """Show other texts; None leaves one as it is."""
        before = (self._left, self._right)
        self._left = self._left if left is None else line(left)
        self._right = self._right if right is None else line(right)
        if before != (self._left, self._right):
            self.refresh()

    def parts(self, width: int) -> list[_Part]:
        """Return both texts; the left one gives way, since the right one is short and counts."""
        right = cut(self._right, width - 2, more=self._signs.more)
        room = width - cell_len(right) - (4 if right else 2)
        left = cut(self._left, max(0, room), more=self._signs.more)
        ends = [_Part(right), _Part(" ")] if right else []
        return _ends([_Part(f" {left}")], ends, width, self._signs.more)


class KeyBar(Bar):
    """The keys that work now, as many as fit; a click on one presses it."""

    @dataclass
    class Pressed(Message):
        """A key of the bar was clicked."""

        bar: KeyBar
        key: str

        @property
        def control(self) -> KeyBar:
            """The bar."""
            return self.bar

    def __init__(self, keys: Sequence[tuple[str, str]] = (), *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self._keys: list[tuple[str, str]] = []
        self.update(keys)

    def update(self, keys: Sequence[tuple[str, str]]) -> None:
        """Show other keys: (key as shown, label) of each, most needed first."""
        keys = [(line(key), line(label)) for key, label in keys]
        if keys != self._keys:
            self._keys = keys
            self.refresh()

    def parts(self, width: int) -> list[_Part]:
        """Return the keys that fit whole."""
        parts = [_Part(" ")]
        room = width - 2
        for key, label in self._keys:
            room -= cell_len(key) + cell_len(label) + 3
            if room < -2:
                break
            parts += [_Part(key, _BOLD, key), _Part(f" {label}", _PLAIN, key), _Part("  ")]
        return parts

    def on_click(self, event: events.Click) -> None:
        """Report the key that was clicked."""
        if key := self.target_at(event.x):
            self.post_message(self.Pressed(self, key))
