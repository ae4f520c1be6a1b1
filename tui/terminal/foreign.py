"""Foreign escapes told from Textual's own, at the last place where they still can be.

Textual makes one string of a line: its own sequences and everybody's text. Once that has happened, somebody's
``ESC [ 31 m`` in text without a style looks exactly like the pen of the text after it, and one in styled text
can end that style first. No byte of it would pass (`parser`), but the picture would be wrong. A line filter,
Textual's own means of changing a line before it is written, still sees text and style apart.
"""

from __future__ import annotations

from typing import Final

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

ESCAPE: Final = "\x1b"

STAND_IN: Final = "\x1a"
"""ASCII's own substitute character. Like ESC it takes no column, so that no line changes its width."""


class ForeignEscapes(LineFilter):
    """Puts the stand-in in the place of every ESC in text; takes links away, whose address is text too."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return *segments* such that no text of theirs can be taken for a sequence."""
        if any(map(_is_foreign, segments)):
            return [_disarmed(segment) for segment in segments]
        return segments


def _is_foreign(segment: Segment) -> bool:
    text, style, _ = segment
    return ESCAPE in text or (style is not None and style._link is not None)


def _disarmed(segment: Segment) -> Segment:
    text, style, control = segment
    if style is not None and style._link is not None:
        style = style.update_link(None)
    return Segment(text.replace(ESCAPE, STAND_IN), style, control)


def visible(text: str) -> str:
    """Return *text* of a frame with the ESC that stood there; it becomes cells, and is shown as ``^[``."""
    return text.replace(STAND_IN, ESCAPE) if STAND_IN in text else text
