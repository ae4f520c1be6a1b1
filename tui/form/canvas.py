"""What of a form is drawn: its lines, how far they are scrolled, and which of them have to be drawn again."""

from __future__ import annotations

from collections.abc import Iterable

from textual.geometry import Offset, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.form.contents import Contents
from tui.form.drawing import Pen
from tui.form.fields import Field, Kind, Section
from tui.form.inks import strip
from tui.form.layout import Columns, Layout, State, scrolled
from tui.text import signs


class Canvas(ScrollView, inherit_bindings=False):
    """Draws the lines of a form; knows the current field, but no keys and no editors.

    Args:
        contents: What is drawn.
        id: As of every widget.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Canvas { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; }
    """

    def __init__(self, contents: Contents, *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self._signs = signs()
        self._contents = contents
        self._current = next(iter(contents.order), "")
        self._plan = Layout(contents.drawn, State(), 80, self._signs)
        self._columns: tuple[tuple[Section, ...], Columns] = ((), self._plan.columns)

    def lines_moved(self) -> None:
        """Called when lines may stand elsewhere on the screen than before."""

    @property
    def current(self) -> str:
        """The name of the field that is being edited, or an empty string if none can be."""
        return self._current

    @property
    def searching(self) -> str | None:
        """What is being searched in the choices of the current field, or None."""
        return None

    @property
    def draws_caret(self) -> bool:
        """Whether the caret has to be drawn: the driver in use does not show the terminal's own."""
        return not getattr(self.app._driver, "draws_caret", False)

    def field(self, name: str) -> Field:
        """Return the field of that name."""
        return self._contents.fields[name]

    def value(self, name: str) -> str:
        """Return what a field holds, or an empty string."""
        return self._contents.values[name]

    def value_origin(self) -> Offset:
        """Return where the current value begins on the screen."""
        y = self._plan.first.get(self._current, 0) - self.scroll_offset.y
        fold = self._current and self.field(self._current).kind is Kind.FOLD
        return self.content_region.offset + Offset(2 if fold else self._plan.columns.value_x, y)

    @property
    def is_container(self) -> bool:
        """The editors lie in it."""
        return bool(self._nodes)

    @property
    def _height(self) -> int:
        return self.size.height

    def _replan(self, *, everything: bool = False) -> None:
        """Find the place of every line anew, and redraw those that have changed.

        A current field that was visible stays so.
        """
        before, was_seen = self._plan, self._is_seen
        width = self.size.width or before.columns.width
        self._contents.show(self._current)
        state, columns = self._contents.state, self._columns_in(width)
        self._plan = Layout(self._contents.drawn, state, width, self._signs, columns)
        if len(self._plan.lines) != self.virtual_size.height or width != self.virtual_size.width:
            self.virtual_size = Size(width, len(self._plan.lines))
        if everything:
            self.refresh()
        else:
            self._redraw_lines(self._plan.differing(before))
        if was_seen and self._current in self._plan.first and not self._is_seen:
            self._reveal()
        self.lines_moved()

    @property
    def _is_seen(self) -> bool:
        """Whether all lines of the current field are visible."""
        top, name = self.scroll_offset.y, self._current
        lines = self._plan.first.get(name, -1), self._plan.last.get(name, -1)
        return all(top <= each < top + self._height for each in lines)

    def _columns_in(self, width: int) -> Columns:
        """Return the columns for all labels, also of what is not seen now: values must not jump about."""
        sections, columns = self._columns
        if sections is not self._contents.sections or columns.width != width:
            self._columns = self._contents.sections, Columns.of(self._contents.sections, width)
        return self._columns[1]

    def _redraw(self, name: str) -> None:
        if name in self._plan.first:
            self._redraw_lines([self._plan.first[name]])

    def _redraw_lines(self, lines: Iterable[int]) -> None:
        top = self.scroll_offset.y
        for y in lines:
            if top <= y < top + self._height:
                self.refresh_line(y)

    def _reveal(self) -> None:
        """Scroll so that the current field and what is said about it are visible."""
        if not self._current or not self._height:
            return
        first, last = self._plan.first[self._current], self._plan.last[self._current]
        if self._current == self._contents.order[0]:
            first = 0
        elif first and not self._plan.name_at(first - 1):
            first -= 1
        if self._current == self._contents.order[-1]:
            last = len(self._plan.lines) - 1
        top = scrolled(self.scroll_offset.y, first, last, self._height, len(self._plan.lines))
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell that the lines have moved."""
        super().watch_scroll_y(old_value, new_value)
        self.lines_moved()

    def render_line(self, y: int) -> Strip:
        """Draw one visible line."""
        number = y + self.scroll_offset.y
        width, base = self.size.width, self.rich_style
        if not 0 <= number < len(self._plan.lines):
            return Strip.blank(width, base)
        pen = Pen(self, self._plan.columns, self._signs)
        return strip(pen.pieces(self._plan.lines[number]), width, base)
