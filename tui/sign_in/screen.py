"""The screen that shows where to go and the code to type, counts down, and says how it ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.messages import Say
from tui.sign_in.words import on_screen
from tui.text import ASCII_SIGNS, plain, signs
from zoho.commands.code_screen import CodeRow, address_words, code_rows, waiting_words
from zoho.commands.qr_code import Ink

if TYPE_CHECKING:
    from textual.worker import Worker

    from zoho.api.sign_in import CodeReady
    from zoho.commands.sign_in_run import Step
    from zoho.wire.errors import ZohoError

_ROWS_AROUND, _COLUMNS_AROUND = 4, 2
"""Title, address, a blank row and what is waited for; a margin left and right."""

_INKS = {
    Ink.BLOCKS: "ansi_black on ansi_white",
    Ink.DARK: "on ansi_black",
    Ink.LIGHT: "on ansi_white",
    Ink.NONE: "",
}


class SignInScreen(ModalScreen[None]):
    """One sign-in by device code, from the first question to Zoho to its end.

    The work is the app's and not the screen's. Leaving the screen stops it, until the sign-in is kept: from
    then on it goes to its end without the screen.

    Args:
        begin: begins the work; it is to tell this screen `hear`, and `fail` or `end`.
    """

    BINDINGS: ClassVar = [
        Binding("escape", "dismiss", "Stop", show=False),
        Binding("enter", "again", "Again", show=False),
    ]

    def __init__(self, begin: Callable[[SignInScreen], Worker[Any]]) -> None:
        super().__init__()
        self._begin = begin
        self._work: Worker[Any] | None = None
        self._ready: CodeReady | None = None
        self._kept = self._ended = False
        self._failed = False

    def compose(self) -> ComposeResult:
        """Make the screen."""
        with Vertical(id="sign-in"):
            yield Static(plain("Sign in to Zoho", "bold"))
            yield Static(id="sign-in-address")
            yield Static(id="sign-in-code")
            yield Static(id="sign-in-state")

    def on_mount(self) -> None:
        """Begin."""
        self._start()

    def _start(self) -> None:
        self._failed = False
        self._clear("")
        self._show("state", "Asking Zoho for a code … Esc stops.")
        self._work = self._begin(self)

    # What the work tells

    def hear(self, step: Step) -> None:
        """Show how far it is."""
        from zoho.api.sign_in import CodeReady, GoingOn, Waiting
        from zoho.commands.sign_in_run import Kept

        if isinstance(step, Kept):
            self._kept = True
        if isinstance(step, CodeReady):
            self._ready = step
            self._draw()
        elif isinstance(step, Waiting):
            if self._ready is not None:  # elsewhere nobody is waited for any more
                self._show("state", f"{waiting_words(step)} Esc stops.")
        elif isinstance(step, GoingOn):
            self._clear(f"Approved. Your account is at the data centre {step.center.code}.")
            self._show("state", "Going on there … Esc stops.")
        elif isinstance(step, Kept):
            self._clear("Signed in.")
            self._show("state", "Asking Zoho who you are …")

    def fail(self, error: ZohoError) -> None:
        """Say why there is no sign-in, and what to do next."""
        self._failed = True
        self._clear("")
        self._show("code", f"{signs().attention} {on_screen(error.what)}\n\n{on_screen(error.next_step)}")
        self._show("state", "Enter tries again. Esc goes back to Settings.")

    def end(self) -> None:
        """Leave: it is done."""
        self._ended = self._kept = True
        if self.is_attached and self.is_active:
            self.dismiss()

    def on_screen_resume(self) -> None:
        """Leave, if it was done while another screen lay over this one."""
        if self._ended:
            self.dismiss()

    # Its looks

    def on_resize(self, event: events.Resize) -> None:
        """Draw the code for the new size."""
        self._draw()

    def _draw(self) -> None:
        ready = self._ready
        if ready is None:
            return
        self._show("address", address_words(ready))
        rows = code_rows(
            ready,
            self.size.width - _COLUMNS_AROUND,
            self.size.height - _ROWS_AROUND,
            ascii_only=signs() is ASCII_SIGNS,
            colours=not self.app.no_color,
        )
        for code in self.query("#sign-in-code").results(Static):
            code.update(Content("\n").join(map(_drawn, rows)))

    def _clear(self, said: str) -> None:
        self._ready = None
        self._show("address", said)
        self._show("code", "")

    def _show(self, part: str, text: str) -> None:
        # There is nothing to show it on while the screen goes; the work may go on without it.
        for shown in self.query(f"#sign-in-{part}").results(Static):
            # No layout for what is one line: it is counted down in each second.
            shown.update(plain(text), layout=part != "state")

    # Its keys

    def action_again(self) -> None:
        """Begin again, after a failure."""
        if self._failed:
            self._start()

    def on_unmount(self) -> None:
        """Stop what is not kept yet, and say so."""
        if self.stop():
            self.app.post_message(Say("Sign-in stopped: nothing was changed."))

    def stop(self) -> bool:
        """Stop what is not kept yet; tell whether there was anything to stop."""
        work, self._work = self._work, None
        if self._kept or self._failed or work is None:
            return False
        work.cancel()
        return True


def _drawn(row: CodeRow) -> Content:
    return Content("").join([*(plain(text, _INKS[ink]) for text, ink in row.picture), plain(row.text)])
