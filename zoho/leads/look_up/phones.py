"""Phone numbers as people write them, made comparable. Pure functions, standard library only."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

E164 = Callable[[str], str | None]
"""Returns a number as E.164 (``+442079460018``); None where its country is not known."""

COMPARED_DIGITS = 9
"""The last digits by which numbers are compared where the country of one is not known: no national number is
told apart by less, and a trunk prefix (0) or a country code stands before them."""

FEWEST_DIGITS = 7

_EXTENSION = re.compile(r"\s*(?:;ext=|ext\.?|extn\.?|x|#|,|durchwahl|poste)\s*[0-9]+\s*$", re.IGNORECASE)


def international(text: str) -> str | None:
    """Return a number that names its country (``+44 (0)20 7946 0018``, ``0044...``) as E.164, else None."""
    number = _EXTENSION.sub("", text).strip()
    if not number.startswith(("+", "00")):
        return None
    digits = digits_of(re.sub(r"\(\s*0\s*\)", "", number))
    digits = digits if number.startswith("+") else digits[2:]
    return f"+{digits}" if FEWEST_DIGITS <= len(digits) <= 15 and digits[0] != "0" else None


@lru_cache(2048)
def digits_of(text: str) -> str:
    """Return the digits of a number, without its extension."""
    return "".join(filter(str.isdigit, _EXTENSION.sub("", text).translate(_DIGITS)))


def same_number(one: str, other: str, e164: E164) -> bool:
    """Say whether two numbers are the same: by E.164, or by their last digits where one has no country."""
    if digits_of(one)[-4:] != digits_of(other)[-4:]:
        return False  # as nearly always: understanding a number takes a hundred times as long
    left, right = e164(one), e164(other)
    if left is not None and right is not None:
        return left == right
    shorter, longer = sorted((_national(text)[-COMPARED_DIGITS:] for text in (one, other)), key=len)
    # A shorter one is a local number, of which every town may have one.
    return len(shorter) >= FEWEST_DIGITS and shorter == longer


def endings(text: str) -> list[str]:
    """Return the ways in which the last four digits of a number are written: together, and in two groups.

    Zoho keeps a number as it was typed; with these as patterns it is found however it was grouped.
    """
    digits = digits_of(text)[-4:]
    if len(digits) < 4:
        return []
    in_pairs = [f"{digits[:2]}{sign}{digits[2:]}" for sign in " -."]
    after_one = [f"{digits[0]}{sign}{digits[1:]}" for sign in " -."]
    return [digits, *in_pairs, *after_one]


def _national(text: str) -> str:
    """Return the digits that tell a number apart within its country; the country's may stand before them."""
    return digits_of(re.sub(r"\(\s*0\s*\)", "", text)).lstrip("0")


_DIGITS = {base + value: str(value) for base in (0x660, 0x6F0, 0xFF10) for value in range(10)}
"""Arabic, Persian and full-width digits, which a paste may bring."""
