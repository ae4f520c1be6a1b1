"""Phone numbers, in the one form in which they are found again: ``+44 20 7946 0018 ext. 12``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zoho.leads.fields import LeadField
from zoho.leads.values.wrong import WrongValueError

LONGEST = 30
"""Characters that a phone field of Zoho takes, where the layout says nothing else."""

_FEWEST_DIGITS = 3
_TYPED = re.compile(
    r"[+＋]?[\d\s()./\u2010-\u2015\u2212-]+(?:(?:;ext=|ext\.?|extn\.?|x|#|,)\s*\d{1,7})?", re.IGNORECASE
)
"""One number, perhaps with an extension. Nothing else: phonenumbers drops words and second numbers."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A number whose country is known: ``text`` as it is stored, with the extension; ``e164`` without it.

    ``known`` says that numbers of that kind are given out in that country.
    """

    text: str
    e164: str
    known: bool


def read_phone(text: str, region: str = "") -> Phone | None:
    """Return the number in *text*; None where it is none, or none of one country for certain.

    Args:
        text: as it was typed.
        region: country of a number that names none (``GB``); empty, it is not known.
    """
    typed = _bare(text)
    if not _TYPED.fullmatch(typed):
        return None
    import phonenumbers
    from phonenumbers import PhoneNumberFormat, ValidationResult

    if typed.startswith("00") and not region:
        typed = f"+{typed[2:]}"  # the way out of nearly every country
    try:
        number = phonenumbers.parse(typed, region.upper() or None)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return None
    known = phonenumbers.is_valid_number(number)
    if not known and not _names_its_country(typed):
        return None  # it may well be one of another country, typed without its code
    extension = f" ext. {number.extension}" if number.extension else ""
    number.extension = None
    return Phone(
        phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL) + extension,
        phonenumbers.format_number(number, PhoneNumberFormat.E164),
        known,
    )


def e164(text: str, region: str = "") -> str | None:
    """Return a number as E.164 (``+442079460018``) without its extension; None as `read_phone`."""
    phone = read_phone(text, region)
    return phone.e164 if phone else None


def phone_number(field: LeadField, text: str, region: str) -> str:
    """Return a number as it is sent: in international form, or as it was typed where it has none."""
    if sum(character.isdigit() for character in text) < _FEWEST_DIGITS:
        raise WrongValueError("A phone number has at least three digits.")
    limit = _limit(field)
    phone = read_phone(text, region)
    if phone is not None and len(phone.text) <= limit:
        return phone.text
    if len(text) > limit:
        raise WrongValueError(f"At most {limit} characters, this has {len(text)}.")
    return text


def phone_hint(field: LeadField, text: str, region: str) -> str:
    """Return what is doubtful about a number, or nothing."""
    phone = read_phone(text, region)
    if phone is None:
        return f"Kept as typed: {_why_not(text, region)}"
    if len(phone.text) > _limit(field):
        return f"Kept as typed: {phone.text} is too long for Zoho."
    return "" if phone.known else "No such number is known in that country: read it back."


def _why_not(text: str, region: str) -> str:
    typed = _bare(text)
    if not _TYPED.fullmatch(typed):
        return "it is not one number alone."
    if _names_its_country(typed):
        return "numbers of that country look different."
    if region:
        return f"it is no number of {region.upper()}. Of another country, begin with +."
    return "begin with + and the country's code."


def _limit(field: LeadField) -> int:
    return LONGEST if field.length is None else field.length


def _names_its_country(typed: str) -> bool:
    return typed.startswith(("+", "＋"))


def _bare(text: str) -> str:
    text = text.strip()
    return text[4:].strip() if text[:4].lower() == "tel:" else text
