"""Numbers as people write them, with separators where these can be read in one way only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TypeVar

from zoho.leads.fields import LeadField
from zoho.leads.values.wrong import WrongValueError

_Number = TypeVar("_Number", int, float)

_LONGEST = 19
"""Digits of the largest integer that Zoho has a type for (64 bits)."""

_WHOLE = re.compile(r"[+-]?[0-9]+")
_PLAIN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)")
_SPACES = str.maketrans({"\u00a0": " ", "\u2009": " ", "\u202f": " ", "’": "'"})
_SEPARATED = re.compile(r"[0-9](?:[ ',.]?[0-9]+)+")


def whole_number(field: LeadField, text: str) -> int:
    """Return the whole number in *text*."""
    plain = text if _WHOLE.fullmatch(text) else _read(text, 0, "Digits only, such as 250.")
    return _within(field, _int(field, plain))


def decimal_number(field: LeadField, text: str) -> float | int:
    """Return the number in *text*; an integer where it has nothing after the point."""
    if field.data_type == "percent":
        text = text.removesuffix("%").rstrip()
    said = "A number with a point, such as 1234.50."
    plain = text if _PLAIN.fullmatch(text) else _read(text, field.decimal_place, said)
    whole, _, fraction = plain.partition(".")
    whole, fraction = whole.lstrip("+-").lstrip("0"), fraction.rstrip("0")
    places = len(fraction)
    if field.decimal_place is not None and places > field.decimal_place:
        raise WrongValueError(f"At most {field.decimal_place} digits after the point, this has {places}.")
    if not fraction:
        return _within(field, _int(field, f"{'-' if plain.startswith('-') else ''}{whole or '0'}"))
    if field.length is not None and len(whole) > field.length:
        raise WrongValueError(f"At most {field.length} digits, this has {len(whole)}.")
    number = float(plain)
    if Decimal(repr(number)) != Decimal(plain):
        # JSON's numbers hold no more: what is sent would not be what was typed.
        raise WrongValueError("At most 15 digits in all.")
    return _within(field, number)


def number_text(number: float) -> str:
    """Return a number as a rep types it: a point, no separators, no exponent."""
    if isinstance(number, int):
        return str(number)
    return str(int(number)) if number.is_integer() else f"{Decimal(repr(number)):f}"


def is_plain(field: LeadField, text: str) -> bool:
    """Say whether a number is typed as it is understood: digits, and a point where the field may have one."""
    pattern = _WHOLE if field.data_type in ("integer", "bigint") else _PLAIN
    return bool(pattern.fullmatch(text))


def _int(field: LeadField, text: str) -> int:
    digits = len(text.lstrip("+-").lstrip("0"))
    limit = _LONGEST if field.length is None else min(field.length, _LONGEST)
    if digits > limit:
        raise WrongValueError(f"At most {limit} digits, this has {digits}.")
    return int(text)


def _within(field: LeadField, number: _Number) -> _Number:
    low, high = field.minimum, field.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        ends = (("at least", low), ("at most", high))
        told = " and ".join(f"{word} {number_text(end)}" for word, end in ends if end is not None)
        raise WrongValueError(f"{told.capitalize()}.")
    return number


def _read(text: str, places: int | None, said: str) -> str:
    """Return the one number that *text* can mean, digits and a point; *places* are possible after that.

    Raises:
        WrongValueError: it means none (*said* tells it), or more than one.
    """
    text = text.translate(_SPACES)
    sign, digits = ("", text) if text[:1] not in ("+", "-") else (text[0], text[1:].lstrip())
    readings = set(_readings(digits, places)) if _SEPARATED.fullmatch(digits) else set[str]()
    if not readings:
        raise WrongValueError(said)
    if len(readings) > 1:
        both = " or ".join(sorted(readings, key=len, reverse=True))
        raise WrongValueError(f"This may be {both}: type one of them.")
    return sign + readings.pop()


def _readings(text: str, places: int | None) -> Iterator[str]:
    for point in ".,":
        whole, found, fraction = text.partition(point)
        if found and not fraction.isdigit():
            continue  # a second point, or something between the digits behind it
        if found and places is not None and len(fraction) > places:
            continue
        for digits in _ungrouped(whole, but=point):
            yield f"{digits}.{fraction}" if found else digits


def _ungrouped(whole: str, but: str) -> Iterator[str]:
    if whole.isdigit():
        yield whole
    for separator in " ',.".replace(but, ""):
        mark = re.escape(separator)
        # In India the groups before the last have two digits: 1,23,45,678.
        groups = rf"[1-9]\d{{0,2}}({mark}\d{{3}})+|[1-9]\d?({mark}\d\d)*{mark}\d{{3}}"
        if re.fullmatch(groups, whole, re.ASCII):
            yield whole.replace(separator, "")
