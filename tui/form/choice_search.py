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
        """Return the numbers of the choices that fit *text*.

        Labels that begin with it come first, then those with a word that does, then those that contain it;
        each group keeps the order of the picklist. No text fits all.
        """
        wanted = folded(text.strip())
        if not wanted:
            return list(range(len(self.labels)))
        begins: list[int] = []
        word: list[int] = []
        within: list[int] = []
        for number, label in enumerate(self._folded):
            position = label.find(wanted)
            if position == 0:
                begins.append(number)
            elif position > 0:
                (word if f" {wanted}" in label else within).append(number)
        return begins + word + within
