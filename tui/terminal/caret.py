"""Where the terminal's cursor stands."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from textual.app import App
    from textual.widget import Widget

_EDITORS: Final = (("textual.widgets._input", "Input"), ("textual.widgets._text_area", "TextArea"))


def caret_of(app: App[Any]) -> tuple[int, int] | None:
    """Return the cell (column, row) of the focused widget's caret, or None if it has none or it is out of
    sight.
    """
    try:
        screen = app.screen
        widget = screen.focused
        if widget is None or not _has_caret(widget):
            return None
        x, y = app.cursor_position
        if not screen.find_widget(widget).visible_region.contains(x, y):
            return None
    except Exception:  # while screens and widgets come and go
        return None
    return x, y


def _has_caret(widget: Widget) -> bool:
    said = getattr(widget, "shows_terminal_cursor", None)
    if said is not None:
        return bool(said)
    # A widget that is not loaded cannot be focused: nothing is imported for asking.
    return any(
        (module := sys.modules.get(name)) is not None and isinstance(widget, getattr(module, editor))
        for name, editor in _EDITORS
    )
