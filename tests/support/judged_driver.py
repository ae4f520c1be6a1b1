"""The driver on a stand-in for the terminal, judged after every frame against what Textual itself wrote."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Literal

from model_terminal import Cell, ModelTerminal
from textual.errors import NoWidget
from textual.geometry import Size
from textual.widgets import Input, TextArea

from tui.terminal.driver import CellDriver


class Terminal:
    """Stands in for the descriptor: a model terminal, another for Textual's own bytes, and a slow line."""

    def __init__(self, size: tuple[int, int], drained: Callable[[], None]) -> None:
        self.ours = ModelTerminal(*size)
        self.textuals = ModelTerminal(*size, crops=True)
        for model in (self.ours, self.textuals):
            model.feed("\x1b[?7l\x1b[?25l")
        self.busy = False
        self.written = 0
        """Bytes so far."""
        self.frames: list[bytes] | None = None
        """Every write from now on, if a test puts a list here."""
        self._drained = drained

    def write(self, data: bytes) -> None:
        self.written += len(data)
        if self.frames is not None:
            self.frames.append(data)
        self.ours.feed(data)

    def size(self) -> tuple[int, int]:
        return self.ours.columns, self.ours.rows

    def resize(self, size: tuple[int, int]) -> None:
        self.ours.resize(*size, litter=True)
        self.textuals.resize(*size)

    def wait_on_line(self) -> None:
        self.busy = True

    def drain(self) -> None:
        self.busy = False
        self._drained()


class JudgedDriver(CellDriver):
    """The driver, without a keyboard and with the stand-in, judged at the end of every frame."""

    judged = 0
    """Frames of all its sessions so far."""

    failures: ClassVar[list[Exception]] = []

    _terminal: Any

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        assert self._size is not None
        self._terminal = Terminal(self._size, self._draw)

    @property
    def terminal(self) -> Terminal:
        return self._terminal

    def start_application_mode(self) -> None:
        self._active = True
        self._sync_known = True

    def stop_application_mode(self) -> None:
        self._active = False

    def resize(self, size: tuple[int, int]) -> None:
        """Give the terminal another size, and tell of it as the signal does."""
        self.terminal.resize(size)
        self._handle_resize()

    def write(self, data: str) -> None:
        super().write(data)
        if self._active and data.startswith("\x1b[") and not data.startswith("\x1b[?"):
            self.terminal.textuals.feed(data)

    def _draw(self) -> None:
        try:
            super()._draw()
        except Exception as error:
            # The event loop would only log it, where a timer has called.
            type(self).failures.append(error)
            raise

    def flush(self) -> None:
        assert not self.failures, self.failures
        super().flush()
        if not (self._lost or self.terminal.busy or self._size_differs()):
            self.judge()

    def judge(self) -> None:
        """Fail unless both terminals show the same, and the cursor stands where it should."""
        ours, textuals = self.terminal.ours, self.terminal.textuals
        wrong = list(_differences(ours, textuals))
        assert not wrong, wrong[:5]
        caret = self._expected_caret()
        assert (ours.cursor_shown and (ours.x, ours.y)) == caret, (ours.cursor_shown, ours.x, ours.y, caret)
        type(self).judged += 1

    def _expected_caret(self) -> tuple[int, int] | Literal[False]:
        focused: Any = self._app.focused
        if not getattr(focused, "shows_terminal_cursor", isinstance(focused, (Input, TextArea))):
            return False
        try:
            visible = self._app.screen.find_widget(focused).visible_region
        except NoWidget:  # its screen has still to be laid out
            return False
        x, y = focused.cursor_screen_offset
        if type(focused).cursor_screen_offset is Input.cursor_screen_offset:
            x -= focused.cursor_at_end
        return (x, y) if visible.intersection(Size(*self.terminal.size()).region).contains(x, y) else False


def _differences(ours: ModelTerminal, textuals: ModelTerminal) -> Iterator[tuple[int, int, Cell, Cell]]:
    for y, rows in enumerate(zip(ours.seen(), textuals.seen(), strict=True)):
        for x, (mine, theirs) in enumerate(zip(*rows, strict=True)):
            if mine != theirs:
                yield x, y, mine, theirs


@contextmanager
def signals_kept() -> Iterator[None]:
    """Put the signal handlers that the driver takes back afterwards."""
    numbers = (signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH)
    before = [signal.getsignal(number) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
