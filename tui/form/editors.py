"""The editors of a form: each made on first use, then kept, moved and loaded anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from textual.geometry import Offset
from textual.widget import Widget

from tui.form.fields import Field, Kind
from tui.form.line_editor import LineEditor
from tui.text import Signs

if TYPE_CHECKING:
    from tui.form.choice_list import ChoiceList
    from tui.form.long_text import LongText


class Host(Protocol):
    """What the editors tell the form, and ask it."""

    def edited(self, value: str) -> None:
        """Take the text of the current field."""
        ...

    def pasted(self, text: str) -> str:
        """Return what of the lines of a paste is for the current field, and keep the others."""
        ...

    def go_on(self) -> None:
        """Take the current field and go on to the next."""
        ...

    def go_out(self, step: int) -> None:
        """Go to the field above (-1) or below (1)."""
        ...

    def chosen(self, value: str) -> None:
        """Take a choice and go on."""
        ...

    def search_changed(self) -> None:
        """Draw what is being searched."""
        ...

    def toggled(self, value: str) -> Sequence[str]:
        """Take a choice, or take it back; return all that are taken."""
        ...

    def sought(self, word: str) -> None:
        """Ask who knows them for the choices that fit *word*."""
        ...

    def close_choices(self) -> None:
        """Put the list of choices away."""
        ...

    def value_origin(self) -> Offset:
        """Return where the current value begins on the screen."""
        ...


class Editors:
    """Makes the editors for a form and keeps them.

    Args:
        host: The form, told of everything.
        mount: Puts a new editor into the form.
        signs: For what the editors draw.
        draws_caret: Whether editors draw the caret themselves.
    """

    def __init__(
        self, host: Host, mount: Callable[[Widget], object], signs: Signs, *, draws_caret: bool
    ) -> None:
        self._host = host
        self._mount = mount
        self._signs = signs
        self._draws_caret = draws_caret
        self._line: LineEditor | None = None
        self._long: LongText | None = None
        self._choices: ChoiceList | None = None
        self.active: LineEditor | LongText | None = None
        """The editor that lies over the current field, if its kind has one."""

    def take(self, field: Field | None, value: str = "") -> None:
        """Make the editor for *field* (None: no editor) the active one and load *value* into it."""
        previous = self.active
        if field is None:
            self.active = None
        elif field.kind.is_line:
            self.active = self.line
            self.line.load(field, value)
        elif field.kind is Kind.LONG_TEXT:
            self.active = self.long
            self.long.load_value(field.name, value)
        else:
            self.active = None
        if previous is not None and previous is not self.active:
            previous.display = False

    @property
    def line(self) -> LineEditor:
        """The editor for one line."""
        if self._line is None:
            host = self._host
            self._line = LineEditor(
                host.edited,
                host.go_on,
                host.pasted,
                host.value_origin,
                self._signs,
                draws_caret=self._draws_caret,
            )
            self._mount(self._line)
        return self._line

    @property
    def long(self) -> LongText:
        """The editor for long text."""
        if self._long is None:
            from tui.form.long_text import LongText

            host = self._host
            self._long = LongText(
                host.edited, host.go_on, host.go_out, host.value_origin, draws_caret=self._draws_caret
            )
            self._mount(self._long)
        return self._long

    @property
    def choices(self) -> ChoiceList:
        """The list of choices."""
        if self._choices is None:
            from tui.form.choice_list import ChoiceList

            self._choices = ChoiceList(self._host, self._signs)
            self._choices.display = False
            self._mount(self._choices)
        return self._choices

    @property
    def open_choices(self) -> ChoiceList | None:
        """The list of choices, if it is open."""
        return self._choices if self._choices is not None and self._choices.display else None

    def has(self, widget: Widget | None) -> bool:
        """Whether *widget* is one of the editors."""
        return widget is not None and widget in (self._line, self._long)


def place(widget: Widget, x: int, y: int, width: int, height: int) -> None:
    """Put *widget* over the form at *x*, *y*; what is right already causes no layout."""
    styles = widget.styles
    if styles.width is None or styles.width.value != width:
        styles.width = width
    if styles.height is None or styles.height.value != height:
        styles.height = height
    offset = (styles.offset.x.value, styles.offset.y.value)
    if offset != (x, y):
        styles.offset = (x, y)
    if not widget.display:
        widget.display = True
