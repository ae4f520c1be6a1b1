"""Finding a choice by typing: fast for thousands of them, and without accents or case. No screen needed."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from rich.cells import cell_len

from tui.form.fields import Choice
from tui.text import line


def folded(text: str) -> str:
    """Return *text* as it is compared: without case, and letters without their accents."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


class ChoiceSearch:
    """The choices of a field, prepared for searching in their labels."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        self.labels = [line(choice.label) for choice in choices]
        self.longest = max(map(cell_len, self.labels), default=0)
        self._folded = [folded(label) for label in self.labels]

    def find(self, text: str) -> list[int]:
        """Return the numbers of the choices that fit *text*: every word of it is somewhere in the label.

        Labels that begin with the text come first, then those with words that begin so, then the rest; each
        group keeps the order of the picklist. No text fits all.
        """
        wanted = folded(text.strip())
        words = wanted.split()
        ranked: tuple[list[int], list[int], list[int]] = ([], [], [])
        for number, label in enumerate(self._folded):
            if all(word in label for word in words):
                ranked[_rank(label, wanted, words)].append(number)
        return [number for group in ranked for number in group]


def _rank(label: str, wanted: str, words: Sequence[str]) -> int:
    if label.startswith(wanted):
        return 0
    return 1 if all(f" {word}" in f" {label}" for word in words) else 2
