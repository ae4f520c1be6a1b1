"""A QR code in a terminal: dark on light whatever the terminal's colours are, or some readers see nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from zoho.commands.large_letters import half_blocks

BORDERS = (4, 3, 2)
"""Light modules around the code: four by the standard; with two, readers still find it on a screen."""


class Ink(StrEnum):
    """What a piece of the picture is drawn in; the values are a terminal's own colours (SGR)."""

    BLOCKS = "30;47"
    """Half blocks, dark on light."""
    DARK = "40"
    LIGHT = "47"
    """Blanks on a ground."""
    NONE = ""


Piece = tuple[str, Ink]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Lines of pieces, each line *columns* wide."""

    lines: tuple[tuple[Piece, ...], ...]
    columns: int


def painted(line: Sequence[Piece]) -> str:
    """Return a line as a terminal takes it."""
    text = "".join(f"\x1b[{ink}m{piece}" if ink else piece for piece, ink in line)
    return f"{text}\x1b[0m" if any(ink for _, ink in line) else text


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


def _as_blocks(dots: Sequence[Sequence[bool]]) -> Iterator[tuple[Piece, ...]]:
    for line in half_blocks(dots):
        yield ((line, Ink.BLOCKS),)


def _as_blanks(dots: Sequence[Sequence[bool]]) -> Iterator[tuple[Piece, ...]]:
    for row in dots:
        runs = ((dark, len(list(run))) for dark, run in groupby(row))
        yield tuple(("  " * length, Ink.DARK if dark else Ink.LIGHT) for dark, length in runs)
