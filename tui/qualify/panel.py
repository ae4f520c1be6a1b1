"""The panel beside the form: who is known already by what stands in it. One widget, drawn line by line."""

from __future__ import annotations

import time
from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from tui.text import line, signs

WIDTH = 36
FROM_COLUMNS = 100
"""The screen's width from which the panel stands beside the form; below, a line under the field does."""

_STYLES = {"": Style.null(), "bold": Style(bold=True), "dim": Style(dim=True)}


class KnownPanel(Widget):
    """Who is known; it takes no keys: the screen of answers does."""

    DEFAULT_CSS = f"""
    KnownPanel {{ width: {WIDTH}; height: 1fr; }}
    """
    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self._lines: Sequence[tuple[str, str]] = ()
        self._signs = signs()

    def show(self, lines: Sequence[tuple[str, str]]) -> None:
        """Show other lines: style and foreign text of each."""
        before, self._lines = self._lines, lines
        for y in range(max(len(before), len(lines))):
            if before[y : y + 1] != lines[y : y + 1]:
                self.refresh_line(y)

    def refresh_line(self, y: int) -> None:
        """Draw one line anew."""
        from textual.geometry import Region

        self.refresh(Region(0, y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        width, base = self.size.width, self.rich_style
        if y >= len(self._lines):
            return Strip.blank(width, base)
        style, text = self._lines[y]
        text = line(text, width - 2, more=self._signs.more)
        return Strip([Segment(" ", base), Segment(text, base + _STYLES[style])]).adjust_cell_length(
            width, base
        )


def panel_lines(known: object, key: str) -> list[tuple[str, str]]:
    """Return what the panel shows of a `zoho.leads.look_up.Known`; nothing where nobody is known."""
    from tui.qualify.known_words import full_words, unasked_words
    from zoho.leads.look_up.known import Known

    assert isinstance(known, Known)
    if not known.matches:
        return []
    marks, now = signs(), time.time()
    first = known.matches[0]
    title = "known" if first.is_certain else "from there"
    lines = [("bold", f"{marks.known} {title} ({len(known.matches)}) {marks.between} {key} look")]
    for match in known.matches:
        name, *rest = full_words(match, marks, now)
        lines += [("", ""), ("bold" if match.is_certain else "", name), *(("dim", text) for text in rest)]
    missing = unasked_words(known)
    return [*lines, *([("", ""), ("dim", missing)] if missing else [])]
