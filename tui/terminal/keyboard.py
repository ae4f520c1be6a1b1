"""The thread that reads what the rep types."""

from __future__ import annotations

import contextlib
import os
import re
import select
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable
from threading import Thread
from typing import Final

from textual import events
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.message import Message

from tui.terminal.paste import PasteReader

_TICK: Final = 0.1
"""Seconds between two looks at the clock, by which an Esc of its own is told from the start of a sequence."""
_ALT: Final = re.compile(r"\x1b([ac-eg-z])")
"""Alt and a letter; Esc b and Esc f are what some terminals send for a word back and on."""
_ESC: Final = "\x1b"
_TYPED_ON: Final = re.compile(r"[^\W_OPX]")
"""What goes on with no sequence of a terminal: a letter or digit, but those that sequences begin with."""


class Keyboard:
    """Reads a terminal in a thread of its own until it is stopped or the terminal is gone.

    Args:
        descriptor: The terminal, already without line editing.
        debug: Textual's debug mode: it writes the parsed keys to a file.
        on_message: Gets every key, paste and mouse event, in the thread.
        on_vanished: Called once, in the thread, when the terminal is gone. (A reader that goes on after the
            end of its input spins: ready to be read, and nothing there.)
    """

    def __init__(
        self,
        descriptor: int,
        *,
        debug: bool,
        on_message: Callable[[Message], None],
        on_vanished: Callable[[], None],
    ) -> None:
        self._descriptor = descriptor
        self._parser = XTermParser(debug)
        self._pastes = PasteReader()
        self._on_message = on_message
        self._on_vanished = on_vanished
        # A byte in this pipe ends the waiting at once; without it, leaving the app would wait for the next
        # tick.
        self._woken, self._wake = os.pipe()
        self._stopped = False
        self._after_escape = self._escape_waits = False
        self._thread = Thread(target=self._run, name="keyboard", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """Stop reading and wait for the thread; keys that were typed but not read stay where they are."""
        if self._stopped:
            return
        self._stopped = True
        os.write(self._wake, b"\0")
        self._thread.join()
        os.close(self._woken)
        os.close(self._wake)

    def _run(self) -> None:
        # A byte that is no UTF-8 (a key of an old locale) is one wrong letter, not the end of the app.
        decode = getincrementaldecoder("utf-8")("replace").decode
        while not self._stopped:
            ready = select.select([self._descriptor, self._woken], [], [], _TICK)[0]
            if self._woken in ready:
                break
            if ready:
                try:
                    data = os.read(self._descriptor, 4096)
                except BlockingIOError:
                    continue
                except OSError:
                    data = b""
                if not data:
                    self._on_vanished()
                    break
                self._read(decode(data))
            else:
                self._take(self._pastes.flush())
            for message in self._parser.tick():
                self._escape_waits = False
                self._on_message(message)
        with contextlib.suppress(EOFError, ParseError):
            for _ in self._parser.feed(""):
                pass

    def _read(self, packet: str) -> None:
        """Take what came at once.

        A terminal writes Alt and a letter at once, and they stay in one packet; a person's Esc and the letter
        after it are two, however fast (in one only where the line held them back: then it cannot be told, and
        is taken for Alt). Textual's parser goes by the clock, and would join what came within 0.1 s.
        """
        if self._after_escape and _TYPED_ON.match(packet):
            self._take(self._pastes.flush())
            if self._escape_waits:
                self._type("[27u")  # with the Esc that waits: the key Esc, told at once
        self._after_escape = packet.endswith(_ESC)
        self._take(self._pastes.feed(packet))

    def _take(self, parts: Iterable[tuple[bool, str]]) -> None:
        for pasted, text in parts:
            if pasted:
                self._on_message(events.Paste(text.replace("\x00", "")))
                continue
            self._type(_ALT.sub(_told_apart, text))

    def _type(self, text: str) -> None:
        for message in self._parser.feed(text):
            self._on_message(message)
        self._escape_waits = text.endswith(_ESC)


def _told_apart(alt: re.Match[str]) -> str:
    """Return Alt and a letter as terminals send it that tell keys apart.

    No sequence begins with Esc and a small letter, but Textual's parser waits for more of one: what came in
    the same packet made an ``^`` and a typed letter of it, and alone it was a key that is text.
    """
    return f"\x1b[{ord(alt[1])};3u"
