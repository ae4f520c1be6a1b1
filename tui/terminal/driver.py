"""The Textual driver: takes and gives back the terminal, and sends it nothing but changed cells."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import termios
import tty
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import constants, events
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size

from tui.terminal import modes
from tui.terminal.caret import caret_of
from tui.terminal.clipboard import as_sent, copy_sequence
from tui.terminal.descriptor import TerminalDescriptor
from tui.terminal.differ import CLEAR, Place, difference
from tui.terminal.foreign import ForeignEscapes
from tui.terminal.keyboard import Keyboard
from tui.terminal.order import KeyOrder
from tui.terminal.parser import FrameParser, is_frame
from tui.terminal.screen import Screen

if TYPE_CHECKING:
    from textual.app import App
    from textual.message import Message

_log = logging.getLogger(__name__)

_TEARS: Final = 1000
"""Bytes from which a change may arrive in pieces: below, it fits into one packet and is seen at once."""

_RELAYOUT: Final = 0.2
"""Seconds that Textual gets to draw for a new size. It does not where the size has come back to what it was:
then the old cells are drawn again.
"""


class CellDriver(LinuxDriver):
    """A driver for a terminal on Linux and macOS that sends only the cells that changed.

    Frames of Textual come by `write` and become cells of ``_wanted``; `flush` ends a frame and sends the
    difference to ``_shown``. Everything runs in the thread of the event loop, but for the keyboard, and but
    for the signal handlers of suspension, which wait until a frame is finished.
    """

    draws_caret: ClassVar[bool] = True
    """The terminal's own cursor marks the caret: nothing needs to be drawn for it."""

    stray_output: ClassVar[Path | None] = None
    """The file behind file descriptors 1 and 2 while the app runs; None: what is written there is thrown
    away.
    """

    on_suspend: Callable[[], None] | None = None
    """Called first when the terminal is given away, by Ctrl+Z or `App.suspend`; no coroutine runs before the
    stop.
    """

    on_resume: Callable[[], None] | None = None
    """Called when the terminal is ours again."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self.refused = 0
        """How many writes were neither a frame nor on the allow-list."""
        self._terminal = TerminalDescriptor(type(self).stray_output, self._draw, self._terminal_vanished)
        self._order = KeyOrder(app)
        self._keyboard: Keyboard | None = None
        self._active = False
        self._drawing = False
        self._postponed: set[int] = set()
        self._sync_known = False
        # First, so that no filter after it meets a stranger's escape. There is no public way to add one.
        app._filters.insert(0, ForeignEscapes())
        if self._size is None:
            self._size = self._terminal.size()
        self._wanted = Screen(*self._size)
        self._parser = FrameParser(self._wanted)
        self._forget_terminal()

    # What Textual writes

    def write(self, data: str) -> None:
        """Take one write of Textual: a frame, or one of the few sequences that may pass."""
        if not self._active:
            return
        self._drawing = True
        try:
            if is_frame(data):
                self._follow_size()
                self._parser.feed(data)
            elif data in (modes.SYNC_START, modes.SYNC_END):
                # Textual puts these around every frame once the terminal has said that it knows them.
                self._sync_known = True
            elif data == modes.BELL:
                self._terminal.write(data.encode())
            elif (copy := copy_sequence(data)) is not None:
                self._terminal.write(as_sent(copy, os.environ).encode())
            elif not data.startswith(modes.POINTER_SHAPE):
                self._refuse(data)
        finally:
            self._finish_drawing()

    def flush(self) -> None:
        """End a frame: send what has changed."""
        self._draw()

    def repaint(self) -> None:
        """Draw everything anew, whatever the terminal shows."""
        self._forget_terminal()
        self._draw()

    def _draw(self) -> None:
        if not self._active or self._terminal.busy:
            return  # a slow line: frames pass until the terminal has taken the last one
        if self._lost and self._size_differs():
            return  # cells of another size would go beyond the edges; Textual has been told of the new one
        self._drawing = True
        try:
            data = self._changes()
            if data:
                self._terminal.write(data.encode("utf-8", "replace"))
        finally:
            self._finish_drawing()

    def _changes(self) -> str:
        wanted, place = self._wanted, self._place
        start = ""
        if self._lost:
            self._lost = False
            start, place = CLEAR, Place(0, 0)
            self._shown = Screen(wanted.width, wanted.height)
            wanted.touched.update(range(wanted.height))
        caret = caret_of(self._app)
        if caret is not None and not (0 <= caret[0] < wanted.width and 0 <= caret[1] < wanted.height):
            caret = None  # the size has changed, and Textual has yet to lay the screen out for it
        cells, self._place = difference(self._shown, wanted, place, caret)
        for y in wanted.touched:
            self._shown.take_row(y, wanted)
        wanted.touched.clear()
        return self._framed(start + cells, caret_shown=caret is not None)

    def _framed(self, drawn: str, *, caret_shown: bool) -> str:
        large = len(drawn) > _TEARS
        if large and self._cursor_shown is not False:
            # On a large change the eye would follow the cursor about.
            self._cursor_shown = False
            drawn = modes.HIDE_CURSOR + drawn
        if self._cursor_shown != caret_shown:
            self._cursor_shown = caret_shown
            drawn += modes.SHOW_CURSOR if caret_shown else modes.HIDE_CURSOR
        if large and self._sync_known:
            drawn = modes.SYNC_START + drawn + modes.SYNC_END
        return drawn

    def _refuse(self, data: str) -> None:
        self.refused += 1
        if self.refused == 1:
            _log.warning("Dropped a sequence that is not on the terminal's allow-list: %.40r", data)

    def _forget_terminal(self) -> None:
        self._lost = True
        self._shown = Screen(0, 0)
        self._place = Place()
        self._cursor_shown: bool | None = None

    # What the rep types

    def send_message(self, message: Message) -> None:
        """Give the app a message from the keyboard; called in its thread."""
        self._loop.call_soon_threadsafe(self._order.deliver, message)

    # Size

    def _get_terminal_size(self) -> tuple[int, int]:
        return self._terminal.size()

    def _size_differs(self) -> bool:
        return self._terminal.size() != (self._wanted.width, self._wanted.height)

    def _follow_size(self) -> None:
        width, height = self._app.size
        if (width, height) != (self._wanted.width, self._wanted.height):
            self._wanted.resize(width, height)
            self._forget_terminal()

    def _terminal_resized(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._handle_resize)

    def _handle_resize(self) -> None:
        # The terminal has cropped, padded or rewrapped what it shows, even if it soon has its old size again.
        self._forget_terminal()
        self._tell_size()
        self._loop.call_later(_RELAYOUT, self._draw_if_lost)

    def _draw_if_lost(self) -> None:
        if self._lost:
            self._draw()

    def _tell_size(self) -> None:
        size = Size(*self._get_terminal_size())
        self.send_message(events.Resize(size, size))

    # Taking and giving back the terminal

    def start_application_mode(self) -> None:
        """Take the terminal: raw input, a screen of our own, descriptors 1 and 2 turned away from it."""
        if self._active or not self._wait_for_foreground():
            return
        if self._active:  # a SIGCONT handler ran while we waited
            return
        self._terminal.take()
        self._active = True
        self._forget_terminal()
        signal.signal(signal.SIGWINCH, self._terminal_resized)
        self._tell_size()
        self._set_raw()
        self._send_start()
        self._keyboard = Keyboard(
            self.fileno,
            debug=self._debug,
            on_message=self.process_message,
            on_vanished=self._terminal_vanished,
        )
        self._keyboard.start()
        if self._must_signal_resume:
            self._must_signal_resume = False
            self.send_message(self.SignalResume())

    def disable_input(self) -> None:
        """Read no more keys; those not read yet are thrown away, lest the shell take them for commands."""
        if self._keyboard is None:
            return
        self._keyboard.stop()
        self._keyboard = None
        signal.signal(signal.SIGWINCH, signal.SIG_DFL)
        with contextlib.suppress(termios.error):
            termios.tcflush(self.fileno, termios.TCIFLUSH)

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        if not self._active:
            return
        self._terminal.write(modes.stopping(mouse=self._mouse, kitty=_kitty()).encode())
        self.disable_input()
        self._active = False
        if self.attrs_before is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        self._terminal.give_back()

    def close(self) -> None:
        """Nothing is left to close: `stop_application_mode` has given everything back."""

    def _wait_for_foreground(self) -> bool:
        # A background job may not write. Setting the terminal's attributes to what they are tells: the kernel
        # stops us (SIGTTOU) until we are in the foreground, and refuses where nobody can bring us there.
        try:
            termios.tcsetattr(self.fileno, termios.TCSANOW, termios.tcgetattr(self.fileno))
        except termios.error:
            return False
        return True

    def _set_raw(self) -> None:
        self.attrs_before = termios.tcgetattr(self.fileno)
        attributes = termios.tcgetattr(self.fileno)
        attributes[tty.LFLAG] = self._patch_lflag(attributes[tty.LFLAG])
        attributes[tty.IFLAG] = self._patch_iflag(attributes[tty.IFLAG])
        attributes[tty.CC][termios.VMIN] = 1
        termios.tcsetattr(self.fileno, termios.TCSANOW, attributes)

    def _send_start(self) -> None:
        sync = os.environ.get("TERM_PROGRAM") != "Apple_Terminal"
        self._terminal.write(modes.starting(mouse=self._mouse, kitty=_kitty(), sync=sync).encode())

    def _terminal_vanished(self) -> None:
        """Leave the app: there is nobody to show anything to. May be called from any thread."""
        self._loop.call_soon_threadsafe(self._app.exit, None, 128 + signal.SIGHUP)

    # Suspension

    def suspend_application_mode(self) -> None:
        """Give the terminal away for a while; ``on_suspend`` is called first."""
        self._call(self.on_suspend)
        super().suspend_application_mode()

    def resume_application_mode(self) -> None:
        """Take the terminal again, and show at once what stood there; ``on_resume`` is called last."""
        super().resume_application_mode()
        self._draw()
        self._call(self.on_resume)

    def _call(self, hook: Callable[[], None] | None) -> None:
        if hook is None:
            return
        try:
            hook()
        except Exception:
            # The terminal has to change hands whatever happens in somebody else's room.
            _log.exception("A hook of the terminal's suspension failed")

    def _sigtstp_application(self, *_: object) -> None:
        if self._drawing:
            self._postponed.add(signal.SIGTSTP)
        else:
            super()._sigtstp_application()

    def _sigcont_application(self, *_: object) -> None:
        if self._drawing:
            self._postponed.add(signal.SIGCONT)
        elif not self._active:
            super()._sigcont_application()
        elif self._auto_restart:
            # Stopped by a SIGSTOP from outside: nobody asked us, and the shell has used the terminal
            # meanwhile.
            self._take_again()

    def _take_again(self) -> None:
        if not self._wait_for_foreground():
            return
        before = self.attrs_before
        self._set_raw()
        self.attrs_before = before
        self._send_start()
        self.repaint()

    def _finish_drawing(self) -> None:
        self._drawing = False
        while self._postponed:
            os.kill(os.getpid(), self._postponed.pop())


def _kitty() -> bool:
    return not constants.DISABLE_KITTY_KEY
