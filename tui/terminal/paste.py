"""Pasted text taken out of what the terminal sends, before anything looks for keys in it.

A terminal puts a paste between two marks. Textual's parser looks for keys inside: an ESC in the pasted text
ends the paste there, and the rest is typed, so that a Ctrl+S or Ctrl+Q of somebody else's would act.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_START: Final = "\x1b[200~"
_END: Final = "\x1b[201~"


class PasteReader:
    """Splits what is read, in whatever pieces it comes, into what was typed and what was pasted."""

    def __init__(self) -> None:
        self._pending = ""
        self._pasting = False

    def feed(self, text: str) -> Iterator[tuple[bool, str]]:
        """Take a piece; give (was it pasted, text) for each part that is whole, in order."""
        self._pending += text
        while self._pending:
            mark = _END if self._pasting else _START
            before, found, after = self._pending.partition(mark)
            if not found:
                if not self._pasting:
                    yield from self._typed(_overlap(self._pending))
                return
            self._pending = after
            if self._pasting or before:
                yield self._pasting, before
            self._pasting = not self._pasting

    def flush(self) -> Iterator[tuple[bool, str]]:
        """Nothing came for a while: what looked like the beginning of a paste was typed (an Esc)."""
        if not self._pasting:
            yield from self._typed(0)

    def _typed(self, kept: int) -> Iterator[tuple[bool, str]]:
        cut = len(self._pending) - kept
        typed, self._pending = self._pending[:cut], self._pending[cut:]
        if typed:
            yield False, typed


def _overlap(text: str) -> int:
    """Return how many characters at the end of *text* may be the beginning of a start mark."""
    return next((size for size in range(len(_START) - 1, 0, -1) if text.endswith(_START[:size])), 0)
