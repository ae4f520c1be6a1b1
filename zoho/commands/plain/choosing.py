"""Which of a list is meant: by its number in the list, or by letters of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from zoho.leads.fields import Option

_NUMBERS = re.compile(r"[0-9]+(?:[,\s]+[0-9]+)+")

_YES = frozenset({"y", "yes", "true", "1"})
_NO = frozenset({"n", "no", "false", "0"})


def matches(labels: Sequence[str], text: str) -> list[int]:
    """Return the places (from 0) of what *text* may mean in a list; one alone is meant.

    A number is the place of that one, counted from 1. Letters are the whole of it, or else its beginning, or
    that of one of its words, or stand somewhere in it: the first of these that any has. One letter alone is
    too little for the last two.
    """
    if text.isascii() and text.isdigit():
        return [int(text) - 1] if 1 <= int(text[:6]) <= len(labels) else []
    sought = text.casefold()
    lower = [label.casefold() for label in labels]
    rules: tuple[Callable[[str], bool], ...] = (
        lambda label: label == sought,
        lambda label: label.startswith(sought),
        lambda label: any(word.startswith(sought) for word in re.split(r"\W+", label)),
        lambda label: sought in label,
    )
    for rule in rules if len(sought) > 1 else rules[:2]:
        if found := [place for place, label in enumerate(lower) if rule(label)]:
            return found
    return []


def parts_of(text: str) -> list[str]:
    """Return what several choices are named by: numbers with commas or blanks between, or ``;`` between."""
    if _NUMBERS.fullmatch(text):
        return re.split(r"[,\s]+", text)
    return [part for each in text.split(";") if (part := each.strip())]


def yes_or_no(text: str) -> str | None:
    """Return ``true`` or ``false``; None, it is neither."""
    lower = text.casefold()
    return "true" if lower in _YES else "false" if lower in _NO else None


def labels_of(options: Sequence[Option]) -> list[str]:
    """Return what a person reads of each."""
    return [option.label for option in options]
