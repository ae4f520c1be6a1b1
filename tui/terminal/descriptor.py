"""A descriptor of the terminal of our own, and nobody else's way to the screen.

Textual writes to ``sys.__stderr__``: file descriptor 2 *is* the screen, and whatever a library, a child
process or the interpreter writes there tears it. Here the terminal is opened once more, and descriptors 1 and
2 point at a file until the terminal is given back.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

_FIRST_RETRY: Final = 0.004
_LAST_RETRY: Final = 0.1


class TerminalDescriptor:
    """Writes to the terminal without waiting for it.

    On a slow line the terminal takes no more for a while. What it has not taken is kept and offered again,
    and `busy` tells that there is such a rest: whoever draws can let frames pass meanwhile, and draw the last
    of them when *on_drained* is called.

    Args:
        stray_output: The file that gets what others write to descriptors 1 and 2; None: it is thrown away.
        on_drained: Called when the terminal has taken everything that it once had not.
        on_vanished: Called once, when the terminal is gone.
    """

    def __init__(
        self, stray_output: Path | None, on_drained: Callable[[], None], on_vanished: Callable[[], None]
    ) -> None:
        self._stray_output = stray_output
        self._on_drained = on_drained
        self._on_vanished = on_vanished
        self._descriptor: int | None = None
        self._set_aside: dict[int, int] = {}
        self._rest = b""
        self._retry: asyncio.TimerHandle | None = None
        self._gone = False

    @property
    def busy(self) -> bool:
        """Whether the terminal has not yet taken all that was written."""
        return bool(self._rest)

    def take(self) -> None:
        """Open the terminal and turn descriptors 1 and 2 away from it; one that is no terminal stays as it
        is.
        """
        if self._descriptor is not None:
            return
        terminals = [number for number in (1, 2) if os.isatty(number)]
        self._descriptor = _open_again(terminals[0] if terminals else 0)
        self._rest = b""
        self._gone = False
        _flush_streams()
        stray = self._open_stray_output()
        for number in terminals:
            self._set_aside[number] = os.dup(number)
            os.dup2(stray, number)
        os.close(stray)

    def give_back(self) -> None:
        """Wait a little until the terminal has taken everything, then put descriptors 1 and 2 back."""
        if self._descriptor is None:
            return
        self._drain(seconds=3.0)
        self._stop_retrying()
        # What was printed but still stands in a buffer belongs to the file, not on the shell's screen.
        _flush_streams()
        for number, original in self._set_aside.items():
            os.dup2(original, number)
            os.close(original)
        self._set_aside.clear()
        os.close(self._descriptor)
        self._descriptor = None

    def write(self, data: bytes) -> None:
        """Send *data*, now or, after what is still waiting, as soon as the terminal takes it."""
        if self._descriptor is None or self._gone:
            return
        if self._rest:
            self._rest += data
            return
        self._rest = data[self._send(data) :]
        if self._rest:
            self._retry_after(_FIRST_RETRY)

    def size(self) -> tuple[int, int]:
        """Return the terminal's columns and rows; 80 and 24 where it does not know."""
        for number in (self._descriptor, 1, 2, 0):
            try:
                columns, rows = os.get_terminal_size(number) if number is not None else (0, 0)
            except OSError:
                continue
            if columns and rows:
                return columns, rows
        return 80, 24

    def _send(self, data: bytes) -> int:
        if self._descriptor is None:
            return 0
        try:
            return os.write(self._descriptor, data)
        except BlockingIOError:
            return 0
        except OSError:
            self._vanish()
            return len(data)

    def _vanish(self) -> None:
        if not self._gone:
            self._gone = True
            self._rest = b""
            self._on_vanished()

    def _retry_after(self, seconds: float) -> None:
        # A timer and not `add_writer`: kqueue cannot watch every kind of terminal.
        loop = asyncio.get_running_loop()
        self._retry = loop.call_later(seconds, self._send_rest, min(seconds * 2, _LAST_RETRY))

    def _send_rest(self, seconds: float) -> None:
        sent = self._send(self._rest)
        self._rest = self._rest[sent:]
        if self._rest:
            self._retry_after(_FIRST_RETRY if sent else seconds)
        elif not self._gone:
            self._on_drained()

    def _drain(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        if self._descriptor is None:
            return
        while self._rest and not self._gone and (left := until - time.monotonic()) > 0:
            if select.select([], [self._descriptor], [], left)[1]:
                self._rest = self._rest[self._send(self._rest) :]

    def _stop_retrying(self) -> None:
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None

    def _open_stray_output(self) -> int:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        try:
            return os.open(self._stray_output or os.devnull, flags, 0o600)
        except OSError:
            return os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)


def _open_again(number: int) -> int:
    """Open the terminal behind a descriptor once more.

    A second opening can be made non-blocking for us alone; with `dup` the shell and every child would get
    that too. Where the terminal's device cannot be opened (another user's after su), a blocking copy has to
    do.
    """
    try:
        return os.open(os.ttyname(number), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return os.dup(number)


def _flush_streams() -> None:
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
