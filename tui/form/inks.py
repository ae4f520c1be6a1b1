"""Inks as styles of the terminal: the terminal's own colours, and few of them."""

from __future__ import annotations

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.form.drawing import Ink, Piece

_STYLES = {
    Ink.PLAIN: Style.null(),
    Ink.BOLD: Style(bold=True),
    Ink.DIM: Style(dim=True),
    Ink.ERROR: Style(color="red"),
    Ink.CARET: Style(reverse=True),
}


def strip(pieces: Iterable[Piece], width: int, base: Style) -> Strip:
    """Return *pieces* as one line of *width* cells over the style *base*."""
    segments = [Segment(text, base + _STYLES[ink]) for text, ink in pieces if text]
    return Strip(segments).adjust_cell_length(width, base)
