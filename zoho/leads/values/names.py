"""A person's name in one piece, as first name and last name."""

from __future__ import annotations


def split_name(name: str) -> tuple[str, str]:
    """Return first name and last name; a single word is a last name, since Zoho must have one.

    ``Roe, Bob`` is the other way round. Words in small letters before the last belong to it: ``van Dijk``.
    """
    last, comma, first = (part.strip() for part in name.partition(","))
    if comma and last and first and "," not in first:
        return first, last
    words = name.replace(",", " ").split()
    start = len(words) - 1
    while start > 1 and words[start - 1].islower():
        start -= 1
    return " ".join(words[: max(start, 0)]), " ".join(words[max(start, 0) :])
