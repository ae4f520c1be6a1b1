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
        x, y = _position(app, widget)
        if not screen.find_widget(widget).visible_region.contains(x, y):
            return None
    except Exception:  # while screens and widgets come and go
        return None
    return x, y


def _position(app: App[Any], widget: Any) -> tuple[int, int]:
    position = getattr(widget, "cursor_screen_offset", None)
    if position is None:
        return app.cursor_position
    x, y = position
    editor = _loaded(*_EDITORS[0])
    if editor is not None and type(widget).cursor_screen_offset is editor.cursor_screen_offset:
        # Textual's own counts one column too many at the end of the text.
        x -= int(widget.cursor_at_end)
    return x, y


def _has_caret(widget: Widget) -> bool:
    said = getattr(widget, "shows_terminal_cursor", None)
    if said is not None:
        return bool(said)
    return any((editor := _loaded(*where)) is not None and isinstance(widget, editor) for where in _EDITORS)


def _loaded(module: str, name: str) -> Any:
    # A widget whose module is not loaded cannot be focused: nothing is imported for asking.
    return getattr(sys.modules.get(module), name, None)
