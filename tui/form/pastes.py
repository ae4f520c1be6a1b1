"""Pastes of several lines into fields of one: the field has the first line, the others wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Paste:
    name: str
    text: str
    first: str
    others: tuple[str, ...]


class Pastes:
    """The pastes of one lead that have lines waiting."""

    def __init__(self) -> None:
        self._pastes: list[_Paste] = []

    def add(self, name: str, text: str, lines: Sequence[str]) -> None:
        """Let the *lines* of a paste wait but for the first one, which its field has; *text* is all of it."""
        self._pastes.append(_Paste(name, text, lines[0], tuple(lines[1:])))

    @property
    def of(self) -> str:
        """The field that the first of them was pasted into, or an empty string."""
        return self._pastes[0].name if self._pastes else ""

    @property
    def waiting(self) -> list[str]:
        """The lines that wait."""
        return [line for paste in self._pastes for line in paste.others]

    @property
    def text(self) -> str:
        """All that was pasted, as it was, the first lines too."""
        return "\n".join(paste.text for paste in self._pastes)

    def taken_out(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return the fields that have a first line, without it, where it still stands there."""
        left: dict[str, str] = {}
        for paste in self._pastes:
            value = left.get(paste.name, values.get(paste.name, ""))
            before, first, behind = value.rpartition(paste.first)
            left[paste.name] = (before + behind).strip() if first else value
        return left
