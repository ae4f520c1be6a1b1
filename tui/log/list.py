"""The list of leads: one drawn line each, read where it is looked at, however many there are."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.actions import key_of
from tui.log.finder import Finder
from tui.log.follow_ups import beside_words, needs_rep
from tui.log.window import Listed, Read, Window
from tui.log.words import row_words
from tui.messages import Notice
from tui.text import line, signs
from zoho.leads.fields import LeadForm
from zoho.outbox.states import NEEDS_REP
from zoho.outbox.store import Row
from zoho.wire.errors import ZohoError

_NONE_FOUND = "No lead has these words."


class LeadList(ScrollView, can_focus=True):
    """Leads, newest first; the marked one is what the keys act on.

    Args:
        read: returns the leads with the given numbers.
        id: As of every widget.
    """

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

    @dataclass
    class Sought(Message):
        """Other words are looked for."""

        text: str

    def __init__(self, read: Read, *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self._window = Window(read)
        self._finder = Finder()
        self._form: LeadForm | None = None
        self._org: str | None = None
        self._number = 0
        self._overdue = False
        """Whether the rows are to be read anew as soon as they are in sight."""
        self._signs = signs()

    # What it shows

    @property
    def marked(self) -> Row | None:
        """The marked lead."""
        return self._window.row(self._marked)

    @property
    def _marked(self) -> int:
        return self._window.place_of(self._number)

    @property
    def sought(self) -> str:
        """The words that are looked for."""
        return self._finder.text

    @property
    def newest(self) -> int:
        """The number of the newest lead in the list; 0, there is none."""
        return self._window.newest

    async def show(
        self, numbers: Sequence[int], form: LeadForm, org: str | None, *, more: bool = False
    ) -> None:
        """Show the leads with these numbers; the mark stays on its lead, or goes to the next older one.

        With *more*, older ones are still looked for: the lead that was marked may be among them.
        """
        self._form, self._org = form, org
        self._window.show(numbers)
        if not (more and 0 < self._number < numbers[-1]):
            self._number = self._window.number(self._marked if self._number else 0) or self._number
        self._measure()
        self._reveal()
        await self._look()
        self.refresh()

    async def renew(self, newer: Sequence[int], form: LeadForm, org: str | None) -> None:
        """Put newer leads in front, and show what is in sight as it is now; the mark stays on its lead."""
        drawn_anew = bool(newer) or (form, org) != (self._form, self._org)
        self._form, self._org = form, org
        if newer:
            above = self.scroll_offset.y
            self._window.add(newer)
            self._number = self._number or self._window.newest
            self._measure()
            if above:  # what is looked at stays where it is
                self.scroll_to(y=above + len(newer), animate=False, force=True)
            else:
                self._reveal()
        if await self._look(anew=True) or drawn_anew:
            self.refresh()

    def update_row(self, row: Row) -> None:
        """Show the new state of a lead, if it is held; a new lead comes with `renew`."""
        place = self._window.replace(row)
        if place is not None:
            self._redraw(place)

    async def _look(self, *, anew: bool = False) -> bool:
        self._overdue = anew = anew or self._overdue
        if not self.size.height:
            return False  # out of sight: `on_resize` looks
        self._overdue = False
        before = len(self._window)
        try:
            changed = await self._window.look(self.scroll_offset.y, max(1, self._height), anew=anew)
        except ZohoError:
            self._overdue = True
            raise
        if len(self._window) != before:
            self._measure()
            return True
        return changed

    async def _looked(self) -> bool:
        """As `_look`; that the leads cannot be read is told, and ends nothing: the next look reads them."""
        try:
            return await self._look()
        except ZohoError as error:
            self.post_message(Notice(str(error)))
            return False

    def _measure(self) -> None:
        self.virtual_size = Size(self._width, max(1, len(self._window)) + self._finder.shown)

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width  # beside the scrollbar, which `size` has in it

    @property
    def _height(self) -> int:
        return self.size.height - self._finder.shown

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw the line *y* of what is in sight."""
        width, base = self._width, self.rich_style
        if self._finder.shown and y == self.size.height - 1:
            return self._strip(self._finder.line(width, len(self._window), self._signs), width, base)
        if self._form is None:  # nothing is read yet: not the same as that there is nothing
            return Strip.blank(width, base)
        if not len(self._window):
            text = _NONE_FOUND if self.sought else f"No leads yet. {key_of('tab.qualify')} goes to the form."
            return self._strip(f"  {text}" if y == 0 else "", width, base)
        place = y + self.scroll_offset.y
        listed = self._window.listed(place)
        if listed is None:
            return Strip.blank(width, base)
        return self._row_strip(listed, self._form, marked=place == self._marked)

    def _strip(self, text: str, width: int, base: Style) -> Strip:
        return Strip([Segment(set_cell_size(text, width), base)], width)

    def _row_strip(self, listed: Listed, form: LeadForm, *, marked: bool) -> Strip:
        width, base, row = self._width, self.rich_style, listed.row
        words = row_words(row, form, self._signs, org=self._org, now=time.time())
        pointer = self._signs.pointer if marked else " "
        who = max(12, min(34, width - 46))
        head = f" {pointer} {words.when:>6}  {words.sign} {words.state:<9} "
        middle = set_cell_size(line(words.who, who - 2, more=self._signs.more), who)
        tail = self._tail(listed, words.result, max(0, width - len(head) - who))
        strong = base + Style(bold=marked or row.state in NEEDS_REP or needs_rep(listed.follow_ups))
        segments = [Segment(head + middle, strong), Segment(tail, base)]
        return Strip(segments).adjust_cell_length(width, base)

    def _tail(self, listed: Listed, result: str, room: int) -> str:
        """Return what became of a lead and of what goes with it; where both have no room, of the latter."""
        beside = beside_words(listed.row, listed.follow_ups, self._signs)
        told = f" {self._signs.between} ".join(filter(None, (beside, line(result))))
        return line(told if not beside or cell_len(told) <= room else beside, room, more=self._signs.more)

    def _redraw(self, place: int) -> None:
        self.refresh(Region(0, place - self.scroll_offset.y, self.size.width, 1))

    # The caret, where words are typed

    @property
    def shows_terminal_cursor(self) -> bool:
        """Whether the terminal's cursor stands here."""
        return self._finder.typing

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where it stands on the screen, (column, row)."""
        column = min(self._finder.caret, self._width - 1)
        return self.content_region.offset + Offset(column, self.size.height - 1)

    # Moving

    async def _mark(self, place: int) -> None:
        place = max(0, min(place, len(self._window) - 1))
        number = self._window.number(place)
        if not number or number == self._number:
            return
        before, self._number = self._marked, number
        self._reveal()
        if await self._looked():
            self.refresh()
        else:
            self._redraw(before)
            self._redraw(self._marked)

    def _reveal(self) -> None:
        place, top, height = self._marked, self.scroll_offset.y, max(1, self._height)
        if place < top or place >= top + height:
            self.scroll_to(y=place if place < top else place - height + 1, animate=False, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Read what has come into sight."""
        super().watch_scroll_y(old_value, new_value)
        self.call_later(self._show_sight)

    async def _show_sight(self) -> None:
        if await self._looked():
            self.refresh()

    async def on_resize(self) -> None:
        """Keep the marked lead in sight."""
        self._reveal()
        await self._show_sight()

    async def action_move(self, step: int) -> None:
        """Mark the lead *step* lines on."""
        await self._mark(self._marked + step)

    async def action_page(self, step: int) -> None:
        """Mark the lead a page on."""
        await self._mark(self._marked + step * max(1, self._height - 1))

    async def action_edge(self, place: int) -> None:
        """Mark the newest or the oldest lead."""
        await self._mark(place if place >= 0 else len(self._window) - 1)

    async def on_click(self, event: events.Click) -> None:
        """Mark the lead that was clicked; a second click opens it."""
        await self._mark(event.y + self.scroll_offset.y)
        if event.chain > 1:
            self.post_message(self.Opened())

    # Finding

    def find(self) -> None:
        """Take what is typed as words to find leads by."""
        self._finder.typing = True
        self._sought_changed(self.sought)

    def on_key(self, event: events.Key) -> None:
        """Take a letter for the words, where they are typed."""
        before = self.sought
        if self._finder.takes(event):
            event.stop()
            event.prevent_default()
            self._sought_changed(before)

    def on_paste(self, event: events.Paste) -> None:
        """Take pasted words."""
        if self._finder.typing:
            event.stop()
            before = self.sought
            self._finder.add(event.text)
            self._sought_changed(before)

    def _sought_changed(self, before: str) -> None:
        self._measure()
        self._reveal()
        self._redraw_foot()
        if self.sought.split() != before.split():
            self.post_message(self.Sought(self.sought))

    def _redraw_foot(self) -> None:
        self.refresh(Region(0, self.size.height - 1, self.size.width, 1))
