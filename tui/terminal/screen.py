"""The cells of a screen."""

from __future__ import annotations

from collections.abc import Sequence

from tui.terminal.cells import LONGEST_CLUSTER, cells_of
from tui.terminal.style import DEFAULT, Style


class Screen:
    """A grid of cells: what Textual wants to be seen, or what the terminal shows.

    ``text[y][x]`` is one grapheme; the second column of a wide one is an empty string. ``style[y][x]`` is its
    `Style`. ``touched`` holds the rows that were written since somebody cleared it.
    """

    __slots__ = ("height", "style", "text", "touched", "width")

    def __init__(self, width: int, height: int) -> None:
        self._blank(width, height)

    def _blank(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.text: list[list[str]] = [[" "] * width for _ in range(height)]
        self.style: list[list[Style]] = [[DEFAULT] * width for _ in range(height)]
        self.touched: set[int] = set()

    def write(self, x: int, y: int, text: str, style: Style, *, joined: bool = False) -> int:
        """Write *text* into the cells from (x, y) on and return the column after it.

        What lies beyond the edges is dropped, as a terminal without automatic wrapping does.

        Args:
            x: Column, from 0.
            y: Row, from 0.
            text: Anything; it becomes cells whatever it contains.
            style: The look of these cells.
            joined: A combining mark at the start of *text* belongs to the cell before.
        """
        marks, cells = cells_of(text)
        width = self.width
        if y >= self.height or x >= width:
            return x + len(cells)
        row = self.text[y]
        end = x + len(cells)
        self.touched.add(y)
        if marks and joined and x:
            lead = x - 1
            while lead and not row[lead]:
                lead -= 1
            row[lead] = (row[lead] + marks)[:LONGEST_CLUSTER]
        if end > x:
            self._put(row, self.style[y], x, cells if end <= width else _cut(cells, width - x), style)
        return end

    def _put(self, row: list[str], styles: list[Style], x: int, cells: Sequence[str], style: Style) -> None:
        end = x + len(cells)
        # Half of a wide character cannot stay: a terminal blanks the other half too.
        if not row[x]:
            row[x - 1] = " "
        if end < self.width and not row[end]:
            row[end] = " "
        row[x:end] = cells
        styles[x:end] = [style] * len(cells)

    def resize(self, width: int, height: int) -> None:
        """Take another size; what fits stays."""
        kept = min(height, self.height)
        old_text, old_style = self.text, self.style
        columns = min(width, self.width)
        self._blank(width, height)
        for y in range(kept):
            row = old_text[y]
            self.text[y][:columns] = _cut(row, columns) if columns < len(row) else row
            self.style[y][:columns] = old_style[y][:columns]
        self.touched.update(range(height))

    def take_row(self, y: int, other: Screen) -> None:
        """Make row *y* equal to that of another screen of the same width."""
        self.text[y][:] = other.text[y]
        self.style[y][:] = other.style[y]


def _cut(cells: Sequence[str], columns: int) -> Sequence[str]:
    """Return the first *columns* of *cells*; half a wide character at the end becomes a blank."""
    if cells[columns]:
        return cells[:columns]
    lead = columns - 1
    while not cells[lead]:
        lead -= 1
    return [*cells[:lead], *" " * (columns - lead)]
