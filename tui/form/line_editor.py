"""The editor for one line of text: Textual's Input, drawn by us, with undo and guarded secrets."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets._input import Input, Selection  # the package's lazy names cost a second look-up

from tui.form.drawing import Ink, Piece
from tui.form.fields import Field, Kind
from tui.form.inks import strip
from tui.form.keys import JOINERS, handed_on, in_order
from tui.form.undo import Undo
from tui.text import Signs, clean, fitting, line


def one_line(text: str) -> str:
    """Return a pasted *text* as one line that has every word of it, cleaned: lines are joined by a space."""
    return " ".join(lines_of(text))


def lines_of(text: str) -> list[str]:
    """Return the lines of a pasted *text* that are not blank, cleaned."""
    lines = (part.strip() for part in clean(text).replace("\t", " ").split("\n"))
    return [part for part in lines if part]


class LineEditor(Input, inherit_bindings=False):
    """The one `Input` of a form, moved from field to field.

    Args:
        changed: Called with the text after every change by the rep.
        entered: Called on Enter.
        pasted: Called with a paste, as it came; returns what of it is for this field, cleaned.
        origin: Returns where the editor's first cell stands on the screen; asked at each move of the caret,
            since the editor may have been moved after the last layout of the screen.
        signs: For what is hidden.
        draws_caret: Whether to draw the caret (the terminal's own one is not shown).
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *Input.BINDINGS,
        Binding("ctrl+underscore,ctrl+slash", "undo", "Undo", show=False, id="form.undo"),
    ]
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    LineEditor, LineEditor:focus, LineEditor:ansi {
        dock: top; width: 10; height: 1; padding: 0; border: none;
        background: transparent; background-tint: transparent;
    }
    """

    def __init__(
        self,
        changed: Callable[[str], None],
        entered: Callable[[], None],
        pasted: Callable[[str], str],
        origin: Callable[[], Offset],
        signs: Signs,
        *,
        draws_caret: bool,
    ) -> None:
        super().__init__(compact=True, select_on_focus=False, validate_on=())
        self.cursor_blink = False
        self._report = changed
        self._go_on = entered
        self._share_out = pasted
        self._origin = origin
        self._signs = signs
        self._draws_caret = draws_caret
        self._field = Field("", "")
        self._left = 0
        self._undo = Undo()
        self._initial_value = False

    def load(self, field: Field, value: str) -> None:
        """Go over to *field*, whose text is *value*, with the caret behind it; nothing is reported.

        Coming back to the same text finds caret and undo as they were.
        """
        same = (field.name, field.kind, value) == (self._field.name, self._field.kind, self.value)
        self._field = field
        if same:
            self.refresh()
            return
        self._undo.clear()
        self._left = 0
        self.password = field.kind is Kind.SECRET
        self.set_reactive(Input.value, value)
        self.set_reactive(Input.selection, Selection.cursor(len(value)))
        self._show_caret()
        self.refresh()

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the caret stands on the screen, (column, row)."""
        return self._origin() + Offset(self._cells(self.cursor_position) - self._left, 0)

    def _shown(self) -> str:
        return self._signs.mask * len(self.value) if self.password else self.value

    def _cells(self, position: int) -> int:
        return position if self.password else cell_len(self.value[:position])

    @property
    def _room(self) -> int:
        width = self.styles.width
        return max(1, int(width.value) if width is not None else self.size.width)

    def _show_caret(self) -> None:
        caret, room = self._cells(self.cursor_position), self._room
        if caret < self._left:
            self._left = max(0, caret - room // 3)
        elif caret > self._left + room - 1:
            self._left = caret - room + 1

    def _watch_value(self, value: str) -> None:
        # Instead of Input's: no message, no new virtual size, which would lay out the screen at each letter.
        self.selection = self.selection
        self._report(value)

    def _watch_selection(self, selection: Selection) -> None:
        if self.screen.selections:
            self.app.clear_selection()
        self._show_caret()
        if self.has_focus:
            self.app.cursor_position = self.cursor_screen_offset

    def _cell_offset_to_index(self, offset: int) -> int:
        return fitting(self._shown(), offset + self._left)

    def replace(self, text: str, start: int, end: int) -> None:
        """Replace the text between two positions, and remember how it was."""
        before, caret = self.value, self.cursor_position
        super().replace(text, start, end)
        if self.value != before:
            self._undo.record(before, caret, text if len(text) == 1 and start == end else "")

    def action_undo(self) -> None:
        """Take back the last change."""
        if (step := self._undo.step()) is not None:
            self.value, caret = step
            self.cursor_position = caret

    async def action_submit(self) -> None:
        """Enter: take the text and go on."""
        self._go_on()

    def action_copy(self) -> None:
        """Copy the selection, but never of a secret."""
        if self.password:
            self.app.notify("A secret is not copied.", markup=False)
        else:
            super().action_copy()

    def action_cut(self) -> None:
        """Cut the selection, but never of a secret."""
        if self.password:
            self.action_copy()
        else:
            super().action_cut()

    def action_paste(self) -> None:
        """Insert what was copied in this program."""
        self.take(self.app.clipboard)

    def take(self, text: str) -> None:
        """Insert a pasted *text* over the selection: what of its lines is for this field."""
        if shared := self._share_out(text):
            self.replace(shared, *self.selection)

    async def _on_key(self, event: events.Key) -> None:
        if event.character in JOINERS and not handed_on(self, event, events.Key(event.key, event.character)):
            event.stop()
            event.prevent_default()
            self.replace(event.character, *self.selection)
        else:
            await in_order(self, event)  # what is text goes on to Input

    def _on_paste(self, event: events.Paste) -> None:
        if not handed_on(self, event, events.Paste(event.text)):
            event.stop()
            event.prevent_default()
            self.take(event.text)

    def render_line(self, y: int) -> Strip:
        """Draw the text, what is selected, and what stands behind it."""
        width, parent = self.size.width, self.parent
        base = parent.rich_style if isinstance(parent, Widget) else self.rich_style
        pieces = self._pieces(width)
        drawn = strip(pieces, max(width + self._left, cell_len("".join(text for text, _ in pieces))), base)
        return drawn.crop(self._left, self._left + width)

    def _pieces(self, width: int) -> list[Piece]:
        shown, behind = self._shown(), self._behind(width)
        start, end = sorted(self.selection) if self.has_focus else (0, 0)
        if start == end and self.has_focus and self._draws_caret:
            end = start + 1
        text = shown + behind
        if end > len(text):
            text += " "
        length = len(shown)
        return [
            (text[:start], Ink.PLAIN),
            (text[start:end], Ink.CARET),
            (text[end:length], Ink.PLAIN),
            (text[max(end, length) :], Ink.DIM),
        ]

    def _behind(self, width: int) -> str:
        """Return the dim text behind the value: placeholder and note, if they fit."""
        parts = ("" if self.value else line(self._field.placeholder), line(self._field.note))
        behind = "  ".join(part for part in parts if part)
        if behind and self.value:
            behind = f"  {behind}"
        return behind if self._cells(len(self.value)) + cell_len(behind) <= width else ""
