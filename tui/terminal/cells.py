"""Text to cells: which graphemes there are, and how many columns each takes.

Widths are Rich's, because Textual has laid the screen out with them. A terminal may disagree about emoji and
clusters; `is_doubtful` tells for which cells its cursor cannot be trusted afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from rich.cells import split_graphemes

from zoho.wire.clean import clean

_ONE_COLUMN: Final = re.compile(
    "[ -~\xa0-\xac\xae-\u02ff\u0384-\u038a\u038e-\u03a1\u03a3-\u0482\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
    "\u2190-\u2319\u2500-\u25fc\u2713-\u2718\u2800-\u28ff]*"
)
"""Characters of exactly one column, alone in their cell: most text, decided at the speed of C."""

_DISPUTED: Final = re.compile("[\xad\U0001f000-\U0001faff]")
"""Characters whose width terminals dispute even when they stand alone."""

_JOINERS: Final = ("\u200d", "\ufe0f")
"""What makes one wide character of two. Where Textual has cut there, its columns count them apart."""

LONGEST_CLUSTER: Final = 16
"""Code points in one cell; more marks on one letter are no writing, only bytes."""


def cells_of(text: str) -> tuple[str, Sequence[str]]:
    """Return what *text* adds to the cell before it (combining marks at its start), and its cells.

    A wide character is followed by an empty cell. A control character becomes its visible form.
    """
    if (text.isascii() and text.isprintable()) or _ONE_COLUMN.fullmatch(text):
        return "", text
    return _clusters(text)


@lru_cache(1024)
def _clusters(text: str) -> tuple[str, Sequence[str]]:
    # Textual has already broken lines and expanded tabs: what is left of them came from somewhere else.
    text = clean(text).replace("\n", " ").replace("\t", " ")
    marks = ""
    cells: list[str] = []
    for start, end, width in split_graphemes(text)[0]:
        cluster = text[start : min(end, start + LONGEST_CLUSTER)]
        if width:
            cells.append(cluster)
            cells.extend([""] * (width - 1))
        elif not any(joiner in cluster for joiner in _JOINERS):
            marks += cluster
    return marks, cells


def is_doubtful(cell: str) -> bool:
    """Tell whether terminals disagree about the width of *cell*."""
    return len(cell) > 1 or (not cell.isascii() and _DISPUTED.match(cell) is not None)
