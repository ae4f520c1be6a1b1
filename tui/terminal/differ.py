"""Two screens in, bytes out: the shortest that we know from what the terminal shows to what it should show.

Pure functions. Only these sequences are made: SGR, cursor addresses and short moves (CUP, CUU, CUD, CUF, CUB,
CR, BS), and erase-to-end-of-line with the terminal's own background; every terminal since the VT220 has them.
Nothing relies on automatic wrapping, on a terminal's idea of the width of an emoji, or on erasing in colour.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from tui.terminal.cells import is_doubtful
from tui.terminal.screen import Screen
from tui.terminal.style import DEFAULT, Style, change

CLEAR: Final = "\x1b[m\x1b[H\x1b[2J"
_ERASE_TO_END: Final = "\x1b[K"
_LONGEST_REPRINT: Final = 8


class Place(NamedTuple):
    """Where the terminal's cursor and pen are. ``x`` is None where it cannot be known, as after the last
    column.
    """

    x: int | None = None
    y: int = 0
    style: Style = DEFAULT


def difference(
    shown: Screen, wanted: Screen, place: Place, caret: tuple[int, int] | None = None
) -> tuple[str, Place]:
    """Return what to send so that a terminal that shows *shown* shows *wanted*, and where it then stands.

    Args:
        shown: What the terminal shows.
        wanted: What it should show, of the same size; only the rows in ``wanted.touched`` are compared.
        place: Where the terminal's cursor and pen are.
        caret: The column and row where the cursor has to end, if that matters.
    """
    pen = _Pen(place, wanted.width)
    for y in sorted(wanted.touched):
        _draw_row(pen, y, shown, wanted)
    if caret is not None:
        x, y = caret
        _go_in_row(pen, x, y, wanted.text[y], wanted.style[y])
    return "".join(pen.parts), Place(pen.x, pen.y, pen.style)


def move(place: Place, x: int, y: int) -> str:
    """Return the shortest sequence that takes the cursor to column *x* of row *y* (both from 0)."""
    address = _address(x, y)
    if place.x is None:
        return address
    if place.y == y:
        return min(_along_the_row(place.x, x), address, key=len)
    vertical = _step("B", y - place.y) if place.y < y else _step("A", place.y - y)
    if place.x == x:
        return min(vertical, address, key=len)
    if x == 0:
        return min("\r" + vertical, address, key=len)
    return address


def _address(x: int, y: int) -> str:
    row = str(y + 1) if y else ""
    return f"\x1b[{row};{x + 1}H" if x else f"\x1b[{row}H"


def _step(final: str, count: int) -> str:
    return f"\x1b[{count}{final}" if count > 1 else f"\x1b[{final}"


def _along_the_row(start: int, end: int) -> str:
    if start == end:
        return ""
    if end > start:
        return _step("C", end - start)
    back = "\b" * (start - end) if start - end <= 3 else _step("D", start - end)
    from_margin = "\r" + (_step("C", end) if end else "")
    return min(back, from_margin, key=len)


class _Pen:
    """The cursor and the pen of the terminal, and what was sent to move them."""

    __slots__ = ("parts", "style", "width", "x", "y")

    def __init__(self, place: Place, width: int) -> None:
        self.x = place.x
        self.y = place.y
        self.style = place.style
        self.width = width
        self.parts: list[str] = []

    def go(self, x: int, y: int) -> None:
        if self.x != x or self.y != y:
            self.parts.append(move(Place(self.x, self.y), x, y))
            self.x, self.y = x, y

    def dip(self, style: Style) -> None:
        if self.style is not style:
            self.parts.append(change(self.style, style))
            self.style = style

    def put(self, text: str, columns: int) -> None:
        self.parts.append(text)
        end = (self.x or 0) + columns
        # In the last column a terminal may or may not hold the cursor back: it is not asked, but addressed
        # anew.
        self.x = end if end < self.width else None


def _draw_row(pen: _Pen, y: int, shown: Screen, wanted: Screen) -> None:
    old, new = shown.text[y], wanted.text[y]
    old_style, new_style = shown.style[y], wanted.style[y]
    if old == new and old_style == new_style:
        return
    if _has_doubtful(new) or _has_doubtful(old):
        _draw_doubtful_row(pen, y, new, new_style)
        return
    changed = [
        x
        for x, (cell, look, before) in enumerate(zip(new, new_style, old_style, strict=True))
        if cell != old[x] or (look is not before and (cell != " " or look.blank is not before.blank))
    ]
    if not changed:
        return
    erased_from = _erasable_from(pen, changed, new, new_style)
    for start, end in _runs(changed):
        first, last = start, min(end, erased_from)
        if not new[first]:
            first -= 1  # the second half of a wide character is drawn with the first
        if last <= first:
            break
        while last < wanted.width and not new[last]:
            last += 1  # and the first with the second, even if that was the second half of another before
        _go_in_row(pen, first, y, new, new_style)
        _draw_cells(pen, first, last, new, new_style)
    if erased_from < wanted.width:
        pen.go(erased_from, y)
        if pen.style.blank is not DEFAULT:
            pen.dip(DEFAULT)
        pen.parts.append(_ERASE_TO_END)


def _has_doubtful(row: list[str]) -> bool:
    return not "".join(row).isascii() and any(map(is_doubtful, row))


def _runs(changed: list[int]) -> list[tuple[int, int]]:
    """Return the maximal runs of consecutive columns as (first, one past the last)."""
    runs: list[tuple[int, int]] = []
    start = previous = changed[0]
    for x in changed:
        if x > previous + 1:
            runs.append((start, previous + 1))
            start = x
        previous = x
    runs.append((start, previous + 1))
    return runs


def _erasable_from(pen: _Pen, changed: list[int], new: list[str], style: list[Style]) -> int:
    """Return the column from which erasing to the end is shorter than writing blanks, else the width."""
    width = len(new)
    tail = width
    while tail and new[tail - 1] == " " and style[tail - 1].blank is DEFAULT:
        tail -= 1
    to_write = [x for x in changed if x >= tail]
    if not to_write:
        return width
    before = style[tail - 1] if tail and to_write[0] == tail else pen.style
    cost = len(_ERASE_TO_END) + (len(change(before, DEFAULT)) if before.blank is not DEFAULT else 0)
    return to_write[0] if len(to_write) > cost else width


def _go_in_row(pen: _Pen, x: int, y: int, text: list[str], style: list[Style]) -> None:
    """Get to column *x*, by writing again what stands before it where that is no longer than moving there."""
    if not _reprint_gap(pen, x, y, text, style):
        pen.go(x, y)


def _reprint_gap(pen: _Pen, x: int, y: int, text: list[str], style: list[Style]) -> bool:
    if pen.x is None or pen.y != y or not 0 < x - pen.x <= _LONGEST_REPRINT:
        return False
    for column in range(pen.x, x):
        cell, look = text[column], style[column]
        if look is not pen.style and not (cell == " " and look.blank is pen.style.blank):
            return False
    gap = "".join(text[pen.x : x])
    if not text[pen.x] or (not gap.isascii() and any(map(is_doubtful, text[pen.x : x]))):
        return False
    if len(gap.encode()) > len(move(Place(pen.x, y), x, y)):
        return False
    pen.put(gap, x - pen.x)
    return True


def _draw_cells(pen: _Pen, start: int, end: int, text: list[str], style: list[Style]) -> None:
    x = start
    while x < end:
        look = style[x]
        if text[x] == " " and look.blank is pen.style.blank:
            look = pen.style
        else:
            pen.dip(look)
        blank = look.blank
        stop = x + 1
        while stop < end and (style[stop] is look or (text[stop] == " " and style[stop].blank is blank)):
            stop += 1
        pen.put("".join(text[x:stop]), stop - x)
        x = stop


def _draw_doubtful_row(pen: _Pen, y: int, text: list[str], style: list[Style]) -> None:
    """Draw a whole row in which terminals disagree about widths: from left to right, trusting no width.

    Such a cluster is drawn over blanks and the cursor is addressed after it: a terminal that draws it
    narrower leaves a blank, one that draws it wider is overwritten by what follows.
    """
    width = len(text)
    pen.go(0, y)
    x = 0
    while x < width:
        stop = x + 1
        while stop < width and not text[stop]:
            stop += 1
        if is_doubtful(text[x]):
            pen.go(x, y)
            pen.dip(style[x])
            pen.put(" " * (stop - x), stop - x)
            pen.x = None
            pen.go(x, y)
            pen.put(text[x], stop - x)
            pen.x = None
        else:
            while stop < width and not is_doubtful(text[stop]):
                stop += 1
            pen.go(x, y)
            _draw_cells(pen, x, stop, text, style)
        x = stop
