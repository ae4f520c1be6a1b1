"""``NO_COLOR``: the terminal's own two colours, and weight, dimness and reversal for everything else.

Textual's own filter makes greys of colours. Of the terminal's default colours, which have no number, it makes
black: with the look that we have, black on black. And it fails where a line has no style.
"""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter


class NoColor(LineFilter):
    """Takes every colour out of a line; what had a ground of its own is shown reversed."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return *segments* without colours."""
        return [Segment(text, _plain(style), control) for text, style, control in segments]


def _plain(style: Style | None) -> Style | None:
    if style is None or (style.color is None and style.bgcolor is None):
        return style
    ground = style.bgcolor is not None and not style.bgcolor.is_default
    plain = style.without_color
    return plain + Style(reverse=True) if ground else plain
