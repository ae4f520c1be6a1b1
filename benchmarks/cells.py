"""What a change of the screen must cost at least: counted from two screens, apart from any driver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyte

Screen = Sequence[Sequence[pyte.screens.Char]]


def copy_of(buffer: Mapping[int, Mapping[int, pyte.screens.Char]], size: tuple[int, int]) -> Screen:
    """Return the cells of a pyte screen as they are now."""
    columns, rows = size
    return [[buffer[y][x] for x in range(columns)] for y in range(rows)]


def bytes_of_changes(before: Screen, after: Screen) -> int:
    """Return the bytes of the cells that differ.

    For each longest horizontal run of changed cells its text in UTF-8 and one cursor address, and one full
    SGR for each change of style.
    """
    total, style = 0, None
    for y, x, run in _runs(before, after):
        total += len(f"\x1b[{y + 1};{x + 1}H")
        for cell in run:
            total += len(cell.data.encode())
            if style != (style := cell[1:]):
                total += _sgr_length(cell)
    return total


def _runs(before: Screen, after: Screen) -> Iterator[tuple[int, int, list[Any]]]:
    for y, (old, new) in enumerate(zip(before, after, strict=True)):
        x = 0
        while x < len(new):
            start = x
            while x < len(new) and old[x] != new[x]:
                x += 1
            if x > start:
                yield y, start, list(new[start:x])
            x += 1


def _sgr_length(cell: pyte.screens.Char) -> int:
    numbers = ["0"]
    for number, switched_on in (
        ("1", cell.bold),
        ("3", cell.italics),
        ("4", cell.underscore),
        ("7", cell.reverse),
    ):
        numbers += [number] if switched_on else []
    for colour, named, full in ((cell.fg, "31", "38;2;0;0;0"), (cell.bg, "41", "48;2;0;0;0")):
        if colour != "default":
            numbers.append(full if len(colour) == 6 and not colour.isalpha() else named)
    return len(f"\x1b[{';'.join(numbers)}m")
