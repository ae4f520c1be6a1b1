"""The editor for a text of several lines: Textual's TextArea, whose Enter goes on as everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.message import Message
from textual.widgets import TextArea

from tui.form.keys import JOINERS, handed_on, in_order
from tui.text import block

_OURS = frozenset({"up", "down", "f6", "f7", "ctrl+z,super+z", "ctrl+y,super+y"})
"""Keys of TextArea that mean something else here or in the app."""


class LongText(TextArea, inherit_bindings=False):
    """The one text area of a form, moved from field to field.

    Args:
        changed: Called with the text after every change by the rep.
        entered: Called on Enter.
        left: Called with -1 or 1 when the caret goes up from the first row or down from the last.
        origin: Returns where the editor's first cell stands on the screen.
        draws_caret: Whether to draw the caret (the terminal's own one is not shown).
    """

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        *(each for each in TextArea.BINDINGS if isinstance(each, Binding) and each.key not in _OURS),
        Binding("up", "row(-1)", show=False),
        Binding("down", "row(1)", show=False),
        Binding("enter", "enter", show=False),
        Binding("ctrl+j,alt+enter,shift+enter", "new_line", "New line", show=False, id="form.new_line"),
        Binding("ctrl+underscore,ctrl+slash", "undo", "Undo", show=False, id="form.undo"),
    ]
    DEFAULT_CSS = """
    LongText, LongText:focus, LongText:ansi {
        dock: top; width: 10; height: 1; padding: 0; border: none; background: transparent;
        scrollbar-size: 0 0;
        & .text-area--cursor-line { background: transparent; }
        & .text-area--cursor { text-style: reverse; color: auto; background: transparent; }
        & .text-area--matching-bracket { background: transparent; }
    }
    LongText.-terminal-caret .text-area--cursor { text-style: none; }
    """

    def __init__(
        self,
        changed: Callable[[str], None],
        entered: Callable[[], None],
        left: Callable[[int], None],
        origin: Callable[[], Offset],
        *,
        draws_caret: bool,
    ) -> None:
        self._report = changed
        self._loading = True
        super().__init__(compact=True, highlight_cursor_line=False)
        self.cursor_blink = False
        self.set_class(not draws_caret, "-terminal-caret")
        self._go_on = entered
        self._leave = left
        self._loaded = ""
        self._loading = False
        self._origin = origin

    def load_value(self, name: str, value: str) -> None:
        """Go over to the field *name*, whose text is *value*, with the caret behind it.

        Coming back to the same text finds caret and undo as they were.
        """
        if (name, value) == (self._loaded, self.text):
            return
        self._loaded = name
        self._loading = True
        self.load_text(value)
        self._loading = False
        self.move_cursor(self.document.end)

    def _watch_show_vertical_scrollbar(self) -> None:
        """Do nothing: the scrollbars have no size here.

        Textual's looks for the caret, which may still stand behind the end of a text that became shorter, and
        that ended the app.
        """

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the caret stands on the screen, (column, row)."""
        return self._origin() + self._cursor_offset - self.scroll_offset

    def post_message(self, message: Message) -> bool:
        """Report a change at once: as a message it could arrive when another field is the current one."""
        if isinstance(message, TextArea.Changed):
            if not self._loading:
                self._report(self.text)
            return False
        return not isinstance(message, TextArea.SelectionChanged) and super().post_message(message)

    def action_row(self, step: int) -> None:
        """Move the caret by one row, out of the field at its edge."""
        row = self.wrapped_document.location_to_offset(self.cursor_location).y + step
        if not 0 <= row < self.wrapped_document.height:
            self._leave(step)
        elif step < 0:
            self.action_cursor_up()
        else:
            self.action_cursor_down()

    def action_enter(self) -> None:
        """Take the text and go on."""
        self._go_on()

    def action_new_line(self) -> None:
        """Begin a new line."""
        self.insert("\n")

    def action_paste(self) -> None:
        """Insert what was copied in this program."""
        self.insert(block(self.app.clipboard))

    async def _on_key(self, event: events.Key) -> None:
        if event.character in JOINERS and not handed_on(self, event, events.Key(event.key, event.character)):
            event.stop()
            event.prevent_default()
            self._replace_via_keyboard(event.character, *self.selection)
        else:
            await in_order(self, event)  # what is text goes on to TextArea

    async def _on_paste(self, event: events.Paste) -> None:
        if not handed_on(self, event, events.Paste(event.text)):
            event.stop()
            event.prevent_default()
            self._replace_via_keyboard(block(event.text), *self.selection)
