"""What a change of the screen costs at least, counted from two pictures and nothing of the driver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from model_terminal import Cell, Look

Picture = Sequence[Sequence[Cell]]


def cost(before: Picture, after: Picture) -> int:
    """Return the bytes of the changed cells.

    For every maximal horizontal run of changed cells: one cursor address, its text in UTF-8, and one full SGR
    for every change of look, the first included.
    """
    total = 0
    for y, rows in enumerate(zip(before, after, strict=True)):
        for x, run in _runs(*rows):
            total += len(f"\x1b[{y + 1};{x + 1}H") + sum(len(cell.text.encode()) for cell in run)
            total += sum(len(_sgr(look)) for look, _ in groupby(cell.look for cell in run))
    return total


def _runs(before: Sequence[Cell], after: Sequence[Cell]) -> Iterator[tuple[int, list[Cell]]]:
    changed = [old != new for old, new in zip(before, after, strict=True)]
    for is_changed, columns in groupby(range(len(after)), key=changed.__getitem__):
        if is_changed:
            places = list(columns)
            yield places[0], [after[x] for x in places]


def _sgr(look: Look) -> str:
    attributes, fg, bg = look
    return f"\x1b[{';'.join(['0', *map(str, sorted(attributes)), *filter(None, (fg, bg))])}m"
