"""Undo for one line of text: what was typed in one go is taken back in one go."""

from __future__ import annotations

_LONGEST = 100


class Undo:
    """The earlier texts of a line, each with the position of its caret."""

    def __init__(self) -> None:
        self._steps: list[tuple[str, int]] = []
        self._next: int | None = None

    def clear(self) -> None:
        """Forget everything: another line begins."""
        self._steps.clear()
        self._next = None

    def record(self, before: str, caret: int, typed: str) -> None:
        """Remember the text *before* a change.

        Args:
            before: The whole line before it.
            caret: Where the caret stood.
            typed: The one character that was inserted at the caret, or an empty string for any other change.
        """
        goes_on = bool(typed) and caret == self._next
        if not goes_on:
            self._steps.append((before, caret))
            del self._steps[:-_LONGEST]
        self._next = caret + 1 if typed and not typed.isspace() else None

    def step(self) -> tuple[str, int] | None:
        """Return the text before the last change and its caret, or None if there was no change."""
        self._next = None
        return self._steps.pop() if self._steps else None
