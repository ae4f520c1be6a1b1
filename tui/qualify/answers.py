"""The screen that answers "who is this?": everybody who is known, and a key for each answer."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from enum import Enum, auto
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui.actions import key_of
from tui.messages import Say
from tui.qualify.deeds import Deeds, Difference, may_be_updated
from tui.qualify.known_words import full_words
from tui.text import line, plain, signs
from zoho.leads.look_up.known import OUTBOX, Match
from zoho.wire.errors import ZohoError

_MOST = 20


class _Mode(Enum):
    LIST = auto()
    NOTE = auto()
    UPDATE = auto()
    REASON = auto()
    BUSY = auto()


class AnswerScreen(ModalScreen[str | None]):
    """Who is known, and what the rep wants done about it; it ends with what was done in words, or None.

    Args:
        matches: who is known, the most certain first.
        deeds: does what is answered.
        why: what is said above them.
    """

    BINDINGS: ClassVar = [
        Binding("escape", "back", "Back", show=False, priority=True),
        Binding("down,j", "mark(1)", show=False, priority=True),
        Binding("up,k", "mark(-1)", show=False, priority=True),
        Binding("o", "address", "Address", show=False),
        Binding("n", "note", "Note", show=False),
        Binding("u", "update", "Update", show=False),
        Binding("c", "create", "Create anyway", show=False),
        Binding("y", "take(True)", show=False),
        Binding("l", "take(False)", show=False),
    ]

    def __init__(self, matches: Sequence[Match], deeds: Deeds, *, why: str = "") -> None:
        super().__init__()
        self._page = Static(id="answers-known")
        self._matches = list(matches[:_MOST])
        self._more = len(matches) - len(self._matches)
        self._deeds = deeds
        self._why = why
        self._place = 0
        self._mode = _Mode.LIST
        self._said = ""
        self._differing: list[Difference] = []
        self._taken: dict[str, Any] = {}
        self._at = 0
        self._done = ""
        """What was done, in words, while another screen lay over this one."""

    def compose(self) -> ComposeResult:
        """Make the screen."""
        with VerticalScroll(id="answers"):
            yield self._page
            yield Input(id="answers-text", select_on_focus=False)
            yield Static(id="answers-keys")

    def on_mount(self) -> None:
        """Show the matches."""
        field = self.query_one(Input)
        field.cursor_blink = False
        field.display = False
        self.query_one(VerticalScroll).focus()
        self._show()

    def show(self, matches: Sequence[Match]) -> None:
        """Show more about who is known than when this was opened."""
        self._matches = list(matches[:_MOST])
        if self.is_mounted:
            self._show()

    # What is seen

    @property
    def _marked(self) -> Match:
        return self._matches[self._place]

    def _show(self, said: str = "") -> None:
        self._said = said
        if not self.query("#answers-known"):
            return
        self._page.update(Content("\n").join(self._lines()))
        self.query_one("#answers-keys", Static).update(plain(self._keys, "dim"))

    def _lines(self) -> Iterator[Content]:
        marks, now = signs(), time.time()
        yield plain(self._why or f"Who is this? {line(self._deeds.title, 60)}", "bold")
        for place, match in enumerate(self._matches):
            name, *rest = full_words(match, marks, now)
            pointer = marks.pointer if place == self._place else " "
            yield plain(f"{pointer} {line(name, 70)}", "bold" if place == self._place else "")
            # What it is first, why it is known last: each has a line of its own at 80 columns.
            dot = f" {marks.between} "
            for words in (rest[:-2], rest[-2:]):
                if words:
                    yield plain(f"    {line(dot.join(words), 200)}")
            if place == self._place and (address := self._deeds.address_of(match)):
                yield plain(f"    {address}", "dim")
        if self._more:
            yield plain(f"  and {self._more} more")
        yield plain("")
        yield from self._asked()
        if self._said:
            yield plain(f"{marks.attention} {self._said}", "bold")

    def _asked(self) -> Iterator[Content]:
        name = line(self._marked.name, 60)
        if self._mode is _Mode.NOTE:
            yield plain(f"The note for {name}:")
        elif self._mode is _Mode.REASON:
            yield plain("Why is it another one?")
        elif self._mode is _Mode.UPDATE and self._at < len(self._differing):
            differs = self._differing[self._at]
            yield plain(f"{line(differs.label, 40)} ({self._at + 1} of {len(self._differing)})", "bold")
            yield plain(f"    there: {line(differs.there, 200)}")
            yield plain(f"    here:  {line(differs.here, 200)}")

    @property
    def _keys(self) -> str:
        if self._mode is _Mode.LIST:
            create = ["C creates it all the same"] if self._deeds.may_create else []
            update = ["U updates it"] if may_be_updated(self._marked) else []
            there = (
                [] if self._marked.module == OUTBOX else ["O copies its address", "N notes on it", *update]
            )
            return " · ".join([*there, *create, "Esc goes back"])
        return {
            _Mode.NOTE: "Enter adds the note now · Esc goes back",
            _Mode.REASON: "Enter saves and sends it · Esc goes back",
            _Mode.UPDATE: "Y takes what stands here · L leaves what stands there · Esc goes back",
            _Mode.BUSY: "A moment … Esc goes back meanwhile",
        }[self._mode]

    def _go(self, mode: _Mode, said: str = "") -> None:
        self._mode = mode
        field = self.query_one(Input)
        field.display = mode in (_Mode.NOTE, _Mode.REASON)
        if field.display:
            field.focus()
        else:
            self.query_one(VerticalScroll).focus()
        self._show(said)

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A letter answers only where it is not typed into a text."""
        del parameters
        if action == "take":
            return self._mode is _Mode.UPDATE
        if action in ("mark", "address", "note", "update", "create"):
            return self._mode is _Mode.LIST
        return True

    def action_back(self) -> None:
        """Go back: to the list, or to where the rep came from."""
        if self._mode in (_Mode.LIST, _Mode.BUSY):
            self.dismiss(None)
        else:
            self._go(_Mode.LIST)

    def action_mark(self, step: int) -> None:
        """Mark the next one, or the one before."""
        self._place = max(0, min(len(self._matches) - 1, self._place + step))
        self._show()

    def action_address(self) -> None:
        """Send the address of the record to the terminal's clipboard."""
        address = self._deeds.address_of(self._marked)
        if address:
            self.app.copy_to_clipboard(address)
        else:
            self._show("This one has no address in Zoho yet.")

    def action_note(self) -> None:
        """Let a note be typed."""
        if self._in_zoho():
            self._go(_Mode.NOTE)

    def action_create(self) -> None:
        """Let a reason be typed."""
        if self._deeds.may_create:
            self._go(_Mode.REASON)
        else:
            edit = f"{key_of('log.edit')} in the Log changes it."
            self._show(f"Zoho would refuse it again: the value must be unique. {edit}")

    def action_update(self) -> None:
        """Show the fields that differ, one by one."""
        if not self._in_zoho():
            return
        if not may_be_updated(self._marked):
            self._show("Only a lead has the fields of this form: add a note to it (N).")
            return

        async def read() -> None:
            self._differing = await self._deeds.differences(self._marked)
            self._taken, self._at = {}, 0
            if not self._is_there:
                return
            if self._differing:
                self._go(_Mode.UPDATE)
            else:
                self._go(_Mode.LIST, "Nothing differs from what stands there.")

        self._work(read, _Mode.LIST)

    def _in_zoho(self) -> bool:
        if self._marked.module == OUTBOX:
            self._show(f"This one is in your own outbox: see the Log ({key_of('tab.log')}).")
        return self._marked.module != OUTBOX

    def action_take(self, take: bool) -> None:
        """Take the value that stands here, or leave the one there; after the last, update the record."""
        differs = self._differing[self._at]
        if take:
            self._taken[differs.api_name] = differs.value
        self._at += 1
        if self._at < len(self._differing):
            self._show()
        elif self._taken:
            self._finish(lambda: self._deeds.change(self._marked, self._taken), _Mode.LIST)
        else:
            self._go(_Mode.LIST, "Nothing was taken: it stays as it is.")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: add the note, or save the lead with its reason."""
        text = event.value.strip()
        if not text:
            self._show("A few words are needed.")
        elif self._mode is _Mode.NOTE:
            self._finish(lambda: self._deeds.note(self._marked, text), _Mode.NOTE)
        elif self._mode is _Mode.REASON:
            self._finish(lambda: self._deeds.create(text), _Mode.REASON)

    # Doing it

    @property
    def _is_there(self) -> bool:
        """Whether the rep has not gone back; another screen (the help) may lie over this one."""
        return self in self.app.screen_stack

    def on_screen_resume(self) -> None:
        """End, if it was done while another screen lay over this one."""
        if self._done:
            self.dismiss(self._done)

    def _finish(self, deed: Callable[[], Awaitable[str]], back: _Mode) -> None:
        app = self.app

        async def done() -> None:
            words = await deed()
            if self.is_current:
                self.dismiss(words)
            elif self._is_there:
                self._done = words
            else:
                app.post_message(Say(words))

        self._work(done, back)

    def _work(self, work: Callable[[], Awaitable[None]], back: _Mode) -> None:
        """Do something about Zoho; where it fails, all is as it was before, and the text still there."""

        async def told() -> None:
            try:
                await work()
            except ZohoError as error:
                if self._is_there:
                    self._go(back, str(error))
                else:
                    app.post_message(Say(str(error), failed=True))

        app = self.app
        self._go(_Mode.BUSY)
        # The app's, not the screen's: what is sent is not cut off with it.
        app.run_worker(told, description="answering who it is", exit_on_error=False)
