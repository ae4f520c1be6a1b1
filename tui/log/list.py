"""The list of leads: one drawn line each, however many there are."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.log.words import row_words
from tui.text import line, signs
from zoho.leads.fields import LeadForm
from zoho.outbox.states import NEEDS_REP
from zoho.outbox.store import Row

_EMPTY = "No leads yet. F2 goes to the form."


class LeadList(ScrollView, can_focus=True):
    """Leads, newest first; the marked one is what the keys act on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("home", "edge(0)", show=False),
        Binding("end", "edge(-1)", show=False),
    ]
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    LeadList { overflow-x: hidden; }
    """

    @dataclass
    class Opened(Message):
        """A lead was clicked twice."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self._rows: list[Row] = []
        self._form: LeadForm | None = None
        self._org: str | None = None
        self._marked = 0
        self._signs = signs()

    @property
    def marked(self) -> Row | None:
        """The marked lead."""
        return self._rows[self._marked] if self._rows else None

    def show(self, rows: Sequence[Row], form: LeadForm, org: str | None) -> None:
        """Show *rows*; the mark stays on its lead."""
        key = self.marked.key if self.marked else None
        self._rows, self._form, self._org = list(rows), form, org
        self._marked = next((i for i, row in enumerate(self._rows) if row.key == key), 0)
        self.virtual_size = Size(self.size.width, max(1, len(self._rows)))
        self.refresh()

    def update_row(self, row: Row) -> None:
        """Show the new state of one lead; a new lead comes first."""
        for index, old in enumerate(self._rows):
            if old.key == row.key:
                self._rows[index] = row
                self._redraw(index)
                return
        self._rows.insert(0, row)
        if len(self._rows) > 1 and self._marked:
            self._marked += 1
        self.virtual_size = Size(self.size.width, len(self._rows))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the line *y* of what is in sight."""
        width, index = self.size.width, y + self.scroll_offset.y
        if not self._rows:
            return Strip([Segment(set_cell_size(f"  {_EMPTY}" if y == 0 else "", width))], width)
        if index >= len(self._rows) or self._form is None:
            return Strip.blank(width)
        base = self.rich_style
        marked = index == self._marked
        row = self._rows[index]
        words = row_words(row, self._form, self._signs, org=self._org, now=time.time())
        pointer = self._signs.pointer if marked else " "
        who = max(12, min(34, width - 46))
        head = f" {pointer} {words.when:>6}  {words.sign} {words.state:<9} "
        middle = set_cell_size(line(words.who, who - 2, more=self._signs.more), who)
        tail = line(words.result, max(0, width - len(head) - who), more=self._signs.more)
        strong = base + Style(bold=marked or row.state in NEEDS_REP)
        segments = [Segment(head + middle, strong), Segment(tail, base)]
        return Strip(segments).adjust_cell_length(width, base)

    def _redraw(self, index: int) -> None:
        self.refresh(Region(0, index - self.scroll_offset.y, self.size.width, 1))

    def _mark(self, index: int) -> None:
        index = max(0, min(index, len(self._rows) - 1))
        if not self._rows or index == self._marked:
            return
        before, self._marked = self._marked, index
        self._reveal()
        self._redraw(before)
        self._redraw(index)

    def _reveal(self) -> None:
        index, top, height = self._marked, self.scroll_offset.y, self.size.height
        if index < top or index >= top + height:
            self.scroll_to(y=index if index < top else index - height + 1, animate=False, force=True)

    def on_resize(self) -> None:
        """Keep the marked lead in sight."""
        self._reveal()

    def action_move(self, step: int) -> None:
        """Mark the lead *step* lines on."""
        self._mark(self._marked + step)

    def action_page(self, step: int) -> None:
        """Mark the lead a page on."""
        self._mark(self._marked + step * max(1, self.size.height - 1))

    def action_edge(self, index: int) -> None:
        """Mark the newest or the oldest lead."""
        self._mark(index if index >= 0 else len(self._rows) - 1)

    def on_click(self, event: events.Click) -> None:
        """Mark the lead that was clicked; a second click opens it."""
        self._mark(event.y + self.scroll_offset.y)
        if event.chain > 1:
            self.post_message(self.Opened())
