"""How far an import is: one line that is written anew on a terminal, a line now and then in a pipe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO


@dataclass(slots=True)
class Tally:
    """How many lines of the file are where."""

    total: int
    saved: int = 0
    created: int = 0
    refused: int = 0

    def __str__(self) -> str:
        return f"saved {self.saved:,} of {self.total:,}, created {self.created:,}, refused {self.refused:,}"

    @property
    def done(self) -> int:
        """Steps that are over: each line is saved and sent, or refused."""
        return self.saved + self.created + self.refused


class Progress:
    """Tells a `Tally`.

    Args:
        out: where to.
        terminal: whether that is a terminal.
        clock: seconds of any clock that never goes back.
    """

    def __init__(self, out: TextIO, *, terminal: bool, clock: Callable[[], float]) -> None:
        self._out = out
        self._terminal = terminal
        self._clock = clock
        self._next = 0.0
        self._tenth = 0
        self._shown = False

    def tell(self, tally: Tally) -> None:
        """Tell how far it is, if it is time to: each fifth of a second, or a tenth further."""
        if self._terminal:
            if self._clock() < self._next:
                return
            self._next = self._clock() + 0.2
            self._write(f"\r\x1b[K{tally}")
            self._shown = True
        else:
            tenth = 10 * tally.done // (2 * tally.total or 1)
            if tenth > self._tenth:
                self._tenth = tenth
                self._write(f"{tally}\n")

    def clear(self) -> None:
        """Take the line of a terminal away, before something else is told."""
        if self._shown:
            self._write("\r\x1b[K")
            self._shown = False

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()
