"""Names and companies in the letters of a mail address, so that they can be compared with it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from zoho.leads.pasted import untyped

_CYRILLIC: Final = dict(
    zip("абвгґдеёжзийклмнопрстуфхцчшщъыьэюяіїє", (
        *("a", "b", "v", "g", "g", "d", "e", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r"),
        *("s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya", "i", "i", "e"),
    ), strict=True)
)  # fmt: skip
_GREEK: Final = dict(
    zip("αβγδεζηθικλμνξοπρσςτυφχψω", (
        *("a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "s"),
        *("t", "y", "f", "ch", "ps", "o"),
    ), strict=True)
)  # fmt: skip
_LETTERS: Final = str.maketrans(_CYRILLIC | _GREEK)
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})


@lru_cache(2048)
def spelled_out(word: str) -> frozenset[str]:
    """Return how an address may spell a word: ``Müller`` is ``muller`` or ``mueller``, ``Анна`` ``anna``."""
    small = word[:100].casefold()
    # Greek and Cyrillic letters first: their accents are part of some of them (й, ї).
    both = (small.translate(_LETTERS), small.translate(_UMLAUTS).translate(_LETTERS))
    plain = (untyped.without_accents(one).translate(_LETTERS) for one in both)
    return frozenset(re.sub(r"[^a-z0-9]", "", one) for one in plain) - {""}


def tokens_of(local: str) -> list[str]:
    """Return the words of a mailbox's name: ``p.van-dijk2`` has p, van, dijk."""
    return [part for part in re.split(r"[^a-z]+", local[:100].casefold()) if part]


def alike(word: str, token: str) -> bool:
    """Say whether a word of a name may be that word of an address, small slips of transliteration aside."""
    from rapidfuzz.fuzz import ratio

    return any(
        one == token or (min(len(one), len(token)) >= 5 and ratio(one, token) >= 84)
        for one in spelled_out(word)
    )
