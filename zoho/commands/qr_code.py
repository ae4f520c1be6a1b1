"""A QR code in a terminal: dark on light whatever the terminal's colours are, or some readers see nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zoho.commands.large_letters import half_blocks

BORDERS = (4, 3, 2)
"""Light modules around the code: four by the standard; with two, readers still find it on a screen."""

_DARK_ON_LIGHT, _DARK, _LIGHT, _OFF = "\x1b[30;47m", "\x1b[40m", "\x1b[47m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Drawing:
    """Lines with colours in them, each *columns* wide."""

    lines: tuple[str, ...]
    columns: int


def qr_code(text: str, columns: int, rows: int, *, ascii_only: bool = False) -> Drawing | None:
    """Return the QR code of *text* in at most *columns* and *rows*; None where it does not fit.

    Args:
        text: an address.
        columns: of the terminal that are free.
        rows: of the terminal that are free.
        ascii_only: draw with blanks and background colours, which takes twice as many columns and rows.
    """
    matrix = modules(text)
    for border in BORDERS:
        size = len(matrix) + 2 * border
        wide, high = (2 * size, size) if ascii_only else (size, (size + 1) // 2)
        if wide <= columns and high <= rows:
            dots = _bordered(matrix, border)
            lines = _as_blanks(dots) if ascii_only else _as_blocks(dots)
            return Drawing(tuple(lines), wide)
    return None


def modules(text: str) -> list[list[bool]]:
    """Return the modules of *text* as a QR code, row by row, True where dark."""
    import segno

    # The lowest correction of errors: a screen has no stains, and every module saved makes the others larger.
    return [[bool(dark) for dark in row] for row in segno.make_qr(text, error="l").matrix]


def _bordered(matrix: Sequence[Sequence[bool]], border: int) -> list[list[bool]]:
    side = [False] * border
    blank = [[False] * (len(matrix) + 2 * border)] * border
    return [*blank, *([*side, *row, *side] for row in matrix), *blank]


def _as_blocks(dots: Sequence[Sequence[bool]]) -> list[str]:
    return [f"{_DARK_ON_LIGHT}{line}{_OFF}" for line in half_blocks(dots)]


def _as_blanks(dots: Sequence[Sequence[bool]]) -> list[str]:
    return ["".join((_DARK if dark else _LIGHT) + "  " for dark in row) + _OFF for row in dots]
