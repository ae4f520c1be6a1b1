"""Saying and asking, line by line: on a terminal as it is, or through a pipe."""

from __future__ import annotations

import re
from typing import TextIO

from zoho.wire.clean import clean

_TO_ASCII = str.maketrans({"…": "...", **dict(zip("“”‘’–—·", "\"\"''---", strict=True))})
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


class Talk:
    """The two ends of the conversation: a line is written, one is read. No cursor is moved, no colour used.

    Args:
        source: what the rep types comes from there.
        out: what is said goes there.
        terminal: whether a person types into a terminal, which shows what is typed, and where.
        utf8: whether more than ASCII may be written.
    """

    def __init__(self, source: TextIO, out: TextIO, *, terminal: bool, utf8: bool) -> None:
        self._source = source
        self._out = out
        self._terminal = terminal
        self._utf8 = utf8
        self._open = False
        """Whether a question stands in a line of its own that has not ended."""

    def say(self, *lines: str) -> None:
        """Write lines, each of which may be several."""
        for line in lines:
            self._write(f"{line}\n")

    def ask(self, question: str) -> str:
        """Return the line that is typed after *question*, without what is no text.

        Raises:
            EOFError: nothing comes any more.
        """
        while True:
            # In a pipe nobody presses Enter visibly: the question's line has to end by itself.
            self._write(f"{question}: " if self._terminal else f"{question}:\n")
            self._open = self._terminal
            line = self._read()
            self._open = False
            wrong = _wrong(line)
            if not wrong:
                return clean(line)
            self.say(wrong)

    def more(self) -> str:
        """Return another line of the same answer; raises as `ask`."""
        while wrong := _wrong(line := self._read()):
            self.say(f"{wrong} Only this line again.")
        return clean(line)

    def end_line(self) -> None:
        """End the line in which a question was left unanswered."""
        if self._open:
            self._write("\n")
            self._open = False

    def _read(self) -> str:
        try:
            line = self._source.readline()
        except OSError:  # the terminal is gone
            raise EOFError from None
        if not line:
            raise EOFError
        return line.rstrip("\r\n")

    def _write(self, text: str) -> None:
        text = clean(text)
        if not self._utf8:
            text = text.translate(_TO_ASCII).encode("ascii", "backslashreplace").decode()
        self._out.write(text)
        self._out.flush()


def _wrong(line: str) -> str:
    if _SURROGATE.search(line):
        return "That line is not UTF-8. Type it again."
    if _CONTROL.search(line):
        return "That line has a key in it that is no text, such as an arrow. Type it again."
    return ""
