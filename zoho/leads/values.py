"""What a rep typed, checked and turned into what Zoho takes. Pure functions over one field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from zoho.leads.fields import LeadField

_LONGEST_NUMBER = 19
"""Digits of the largest integer that Zoho has a type for (64 bits)."""


class WrongValueError(ValueError):
    """The text is no value of the field. The message says why, in words, without naming the field."""


def problem(field: LeadField, text: str) -> str | None:
    """Return what is wrong with *text* in *field*, in words, or None. Empty text is never wrong here."""
    try:
        parse(field, text)
    except WrongValueError as wrong:
        return str(wrong)
    return None


def parse(field: LeadField, text: str) -> Any:
    """Return the JSON value that Zoho takes for *text*; None where it is empty.

    Raises:
        WrongValueError: if it is no value of this field.
    """
    stripped = text.strip()
    if not stripped:
        return None
    return _PARSERS.get(field.data_type, _text)(field, stripped)


def _text(field: LeadField, text: str) -> str:
    limit = field.length
    if limit is not None and len(text) > limit:
        raise WrongValueError(f"At most {limit:,} characters, this has {len(text):,}.")
    return text


def _email(field: LeadField, text: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        # The syntax alone: a rep's line may be down, and a caller's domain may have no mail today.
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise WrongValueError(f"This is no e-mail address: {_sentence(str(error))}") from None
    return _text(field, text)


def _phone(field: LeadField, text: str) -> str:
    if sum(character.isdigit() for character in text) < 3:
        raise WrongValueError("A phone number has at least three digits.")
    return _text(field, text)


def _website(field: LeadField, text: str) -> str:
    if re.search(r"\s", text) or "." not in text:
        raise WrongValueError("A web address looks like www.example.com.")
    return _text(field, text)


def _integer(field: LeadField, text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise WrongValueError("Digits only, such as 250.")
    digits = len(text.lstrip("+-").lstrip("0"))
    limit = _LONGEST_NUMBER if field.length is None else min(field.length, _LONGEST_NUMBER)
    if digits > limit:
        raise WrongValueError(f"At most {limit} digits, this has {digits}.")
    return int(text)


def _decimal(field: LeadField, text: str) -> float | int:
    if not re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)", text):
        raise WrongValueError("A number with a point, such as 1234.50.")
    whole, _, fraction = text.partition(".")
    whole, fraction = whole.lstrip("+-").lstrip("0"), fraction.rstrip("0")
    places = len(fraction)
    if field.decimal_place is not None and places > field.decimal_place:
        raise WrongValueError(f"At most {field.decimal_place} digits after the point, this has {places}.")
    if not fraction:
        return _integer(field, f"{'-' if text.startswith('-') else ''}{whole or '0'}")
    if field.length is not None and len(whole) > field.length:
        raise WrongValueError(f"At most {field.length} digits, this has {len(whole)}.")
    number = float(text)
    if Decimal(repr(number)) != Decimal(text):
        # JSON's numbers hold no more: what is sent would not be what was typed.
        raise WrongValueError("At most 15 digits in all.")
    return number


def _date(field: LeadField, text: str) -> str:
    del field
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise WrongValueError("A date is written year-month-day, such as 2026-01-31.") from None


def _boolean(field: LeadField, text: str) -> bool:
    del field
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if text.lower() not in known:
        raise WrongValueError("Yes or no.")
    return known[text.lower()]


def _picklist(field: LeadField, text: str) -> str:
    for option in field.options:
        if text in (option.value, option.label):
            return option.value
    if field.options:
        raise WrongValueError(f"“{text}” is not in the list.")
    return _text(field, text)


_PARSERS: Mapping[str, Callable[[LeadField, str], Any]] = {
    "email": _email,
    "phone": _phone,
    "website": _website,
    "integer": _integer,
    "bigint": _integer,
    "double": _decimal,
    "decimal": _decimal,
    "currency": _decimal,
    "percent": _decimal,
    "date": _date,
    "boolean": _boolean,
    "picklist": _picklist,
}


def _sentence(text: str) -> str:
    text = text.strip().rstrip(".")
    return f"{text[:1].lower()}{text[1:]}."
