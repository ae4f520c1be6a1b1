"""A program in a real pseudo-terminal, driven as a person would: send keys, wait for the screen."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pyte

_KEYS = {
    "enter": "\r",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "escape": "\x1b",
    "space": " ",
    "backspace": "\x7f",
    "delete": "\x1b[3~",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "ctrl+_": "\x1f",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "f7": "\x1b[18~",
    "f8": "\x1b[19~",
    "f9": "\x1b[20~",
    "f10": "\x1b[21~",
    "f11": "\x1b[23~",
    "f12": "\x1b[24~",
}

# What pyte would print as text instead of passing over: CSI with a private marker other than "?" (kitty's
# keyboard protocol) or with an intermediate byte (mode queries), and whole OSC, DCS, APC and PM strings.
_UNKNOWN_TO_PYTE = re.compile(
    r"\x1b\[[<=>][0-9;:]*[ -/]*[@-~]|\x1b\[\?[0-9;]*[ -/]+[@-~]|\x1b[\]P_^][^\x07\x1b]*(?:\x07|\x1b\\)"
)
_UNFINISHED = re.compile(r"\x1b(?:\[[0-9;:<=>?]*[ -/]*|[\]P_^][^\x07\x1b]*\x1b?)?$")

_QUERIES: tuple[tuple[bytes, bytes], ...] = (
    (b"\x1b[c", b"\x1b[?62;22c"),  # DA1: a VT220 with colours
    (b"\x1b[?2026$p", b"\x1b[?2026;2$y"),  # synchronized output: known, and off
    (b"\x1b[?2048$p", b"\x1b[?2048;0$y"),  # resizes reported in the input: unknown
    (b"\x1b[?u", b"\x1b[?0u"),  # kitty's keyboard protocol: no flags
)


def keys(*names: str) -> str:
    """Return what a terminal sends for these keys: names as in Textual (``ctrl+s``, ``shift+tab``), or
    letters.
    """
    return "".join(_key(name) for name in names)


def _key(name: str) -> str:
    if name in _KEYS:
        return _KEYS[name]
    if name.startswith("ctrl+") and len(name) == 6:
        return chr(ord(name[-1].upper()) & 0x1F)
    if name.startswith("alt+"):
        return "\x1b" + _key(name[4:])
    if len(name) == 1:
        return name
    raise ValueError(f"Unknown key: {name}")


class PtySession:
    """A program in a pseudo-terminal of its own, of which it is the controlling process.

    Args:
        argv: The program and its arguments.
        env: What its environment has besides this process's own; None as a value takes a name out.
        size: Columns and rows.
        cwd: The folder in which it starts.
        answers: Answer the queries that Textual sends, as a modern terminal does.
    """

    def __init__(
        self,
        argv: Sequence[str | os.PathLike[str]],
        *,
        env: Mapping[str, str | None] | None = None,
        size: tuple[int, int] = (80, 24),
        cwd: str | Path | None = None,
        answers: bool = True,
    ) -> None:
        self.raw = bytearray()
        """Every byte that the program has written."""
        self._answers = answers
        self._answered = 0
        self._undigested = b""
        self._screen = pyte.Screen(*size)
        self._stream = pyte.Stream(self._screen)
        self._master: int | None = None
        self._master, slave = os.openpty()
        _set_size(slave, size)
        try:
            self.process = subprocess.Popen(
                [os.fspath(part) for part in argv],
                stdin=slave,
                stdout=slave,
                stderr=slave,
                cwd=cwd,
                env=_environment(env or {}),
                start_new_session=True,
                preexec_fn=_take_controlling_terminal,  # noqa: PLW1509 - one system call, no lock
            )
        finally:
            os.close(slave)
        os.set_blocking(self._master, False)

    def __enter__(self) -> PtySession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # What is seen

    def lines(self) -> list[str]:
        """Return the rows of the screen, without blanks at their ends."""
        rows = (self._screen.buffer[row] for row in range(self._screen.lines))
        # Not pyte's `display`, which fails where half of a wide character was written over.
        return ["".join(row[x].data for x in range(self._screen.columns)).rstrip() for row in rows]

    def text(self) -> str:
        """Return the screen as text."""
        return "\n".join(self.lines())

    @property
    def cursor(self) -> tuple[int, int]:
        """The cursor's column and row, from 0."""
        return self._screen.cursor.x, self._screen.cursor.y

    @property
    def cursor_shown(self) -> bool:
        """Whether the cursor is visible."""
        return not self._screen.cursor.hidden

    @property
    def cooked(self) -> bool:
        """Whether the terminal echoes and edits lines, as a shell needs it."""
        assert self._master is not None, "the line was hung up"
        flags = termios.tcgetattr(self._master)[3]
        return bool(flags & termios.ECHO and flags & termios.ICANON and flags & termios.ISIG)

    @property
    def buffer(self) -> Mapping[int, Mapping[int, pyte.screens.Char]]:
        """pyte's cells by row and column, with their styles."""
        return self._screen.buffer

    def mark(self) -> int:
        """Return a mark for `bytes_since`."""
        return len(self.raw)

    def bytes_since(self, mark: int) -> bytes:
        """Return what the program has written since *mark*."""
        return bytes(self.raw[mark:])

    # What is done

    def send(self, data: str | bytes) -> None:
        """Type *data*; for keys that are no letters see `keys`."""
        assert self._master is not None, "the line was hung up"
        pending = data.encode() if isinstance(data, str) else data
        while pending:
            try:
                pending = pending[os.write(self._master, pending) :]
            except BlockingIOError:
                self._pump(0.05)

    def press(self, *names: str) -> None:
        """Press keys by their names."""
        self.send(keys(*names))

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; what it showed is kept as far as it fits."""
        assert self._master is not None, "the line was hung up"
        self._screen.resize(rows, columns)
        _set_size(self._master, (columns, rows))
        self.process.send_signal(signal.SIGWINCH)

    def hang_up(self) -> None:
        """Drop the line: the kernel sends SIGHUP, and the terminal is gone."""
        if self._master is not None:
            os.close(self._master)
            self._master = None

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self.process.send_signal(number)

    # What is waited for

    def wait_for(self, wanted: str | Callable[[PtySession], object], timeout: float = 20) -> None:
        """Wait until the screen contains a text, or until a function of this session returns something true.

        Raises:
            AssertionError: after *timeout* seconds, or when the program has ended; with a picture of the
            screen.
        """
        holds = (lambda: wanted in self.text()) if isinstance(wanted, str) else (lambda: wanted(self))
        self._wait(holds, wanted, timeout)

    def wait_gone(self, text: str, timeout: float = 20) -> None:
        """Wait until the screen does not contain *text* any more."""
        self._wait(lambda: text not in self.text(), f"no {text!r}", timeout)

    def wait_quiet(self, seconds: float = 0.25, timeout: float = 20) -> None:
        """Wait until nothing has been written for some time."""
        end = time.monotonic() + timeout
        while self._pump(seconds):
            if time.monotonic() > end:
                raise AssertionError(f"Not quiet within {timeout} s\n{self.picture()}")

    def wait_stopped(self, timeout: float = 20) -> None:
        """Wait until the program has stopped itself (Ctrl+Z)."""
        flags = os.WSTOPPED | os.WNOHANG | os.WNOWAIT
        self._wait(lambda: os.waitid(os.P_PID, self.process.pid, flags), "the program to stop", timeout)

    def wait_exit(self, timeout: float = 20) -> int:
        """Wait until the program has ended, and return its exit status (negative: minus the signal)."""
        end = time.monotonic() + timeout
        while self.process.poll() is None:
            if time.monotonic() > end:
                raise AssertionError(f"No exit within {timeout} s\n{self.picture()}")
            self._pump(0.02)
        while self._pump(0):
            pass
        return self.process.returncode

    def _wait(self, holds: Callable[[], object], what: object, timeout: float) -> None:
        end = time.monotonic() + timeout
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"Not within {timeout} s: {what}\n{self.picture()}")
            if not self._pump(0.05) and self.process.poll() is not None and not holds():
                raise AssertionError(
                    f"Exit status {self.process.returncode} before: {what}\n{self.picture()}"
                )

    def picture(self) -> str:
        """Return the screen in a frame, for a message about a failure."""
        width = self._screen.columns
        rows = (f"|{line:<{width}}|" for line in self.lines())
        return "\n".join(["+" + "-" * width + "+", *rows, "+" + "-" * width + "+"])

    def close(self) -> None:
        """End the program, if it still runs, and close the terminal."""
        if self.process.poll() is None:
            for number in (signal.SIGCONT, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process.pid, number)
        self.process.wait()
        self.hang_up()

    def _pump(self, seconds: float) -> bool:
        """Read what there is, waiting for it at most so long; tell whether there was something."""
        if self._master is None:
            time.sleep(min(seconds, 0.02))
            return False
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            data = b""
        if not data:
            time.sleep(min(seconds, 0.02))  # nobody has the terminal open: it would be readable for ever
            return False
        self.raw += data
        if self._answers:
            self._answer()
        self._feed(data)
        return True

    def _answer(self) -> None:
        found = sorted(
            (place, reply, len(query))
            for query, reply in _QUERIES
            if (place := self.raw.find(query, self._answered)) >= 0
        )
        for place, reply, length in found:
            self._answered = place + length
            self.send(reply)

    def _feed(self, data: bytes) -> None:
        data = self._undigested + data
        self._undigested = b""
        text = data.decode("utf-8", "surrogateescape")
        unfinished = _UNFINISHED.search(text)
        if unfinished or (text and "\udc80" <= text[-1] <= "\udcff"):
            start = (
                unfinished.start()
                if unfinished
                else len(text.rstrip("".join(map(chr, range(0xDC80, 0xDD00)))))
            )
            self._undigested = text[start:].encode("utf-8", "surrogateescape")
            text = text[:start]
        self._stream.feed(_UNKNOWN_TO_PYTE.sub("", text))


def _take_controlling_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _set_size(descriptor: int, size: tuple[int, int]) -> None:
    columns, rows = size
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def _environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    # The developer's own terminal must not show through: its size, its colours, its multiplexer.
    taken_out = ("COLUMNS", "LINES", "COLORTERM", "NO_COLOR", "TERM_PROGRAM", "TMUX", "STY")
    merged: dict[str, str | None] = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    merged |= dict.fromkeys((*taken_out, *(name for name in merged if name.startswith("TEXTUAL"))))
    return {name: value for name, value in {**merged, **changes}.items() if value is not None}
