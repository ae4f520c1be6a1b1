"""From the text of a field to the value that Zoho takes, or to what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from zoho.leads.fields import LeadField
from zoho.leads.values.around import NOWHERE, Around
from zoho.leads.values.choices import chosen, record, several
from zoho.leads.values.emails import email_address
from zoho.leads.values.moments import day, moment
from zoho.leads.values.numbers import decimal_number, whole_number
from zoho.leads.values.phones import phone_number
from zoho.leads.values.wrong import WrongValueError


def problem(field: LeadField, text: str, around: Around = NOWHERE) -> str | None:
    """Return what is wrong with *text* in *field*, in words, or None. Empty text is never wrong here."""
    try:
        parse(field, text, around)
    except WrongValueError as wrong:
        return str(wrong)
    return None


def parse(field: LeadField, text: str, around: Around = NOWHERE) -> Any:
    """Return the JSON value that Zoho takes for *text*; None where it is empty.

    Raises:
        WrongValueError: if it is no value of this field.
    """
    stripped = text.strip()
    if not stripped:
        return None
    return _PARSERS.get(field.data_type, _text)(field, stripped, around)


def _text(field: LeadField, text: str, around: Around = NOWHERE) -> str:
    del around
    limit = field.length
    if limit is not None and len(text) > limit:
        raise WrongValueError(f"At most {limit:,} characters, this has {len(text):,}.")
    return text


def _website(field: LeadField, text: str, around: Around) -> str:
    if re.search(r"\s", text) or "." not in text:
        raise WrongValueError("A web address looks like www.example.com.")
    return _text(field, text, around)


def _boolean(field: LeadField, text: str, around: Around) -> bool:
    del field, around
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if text.lower() not in known:
        raise WrongValueError("Yes or no.")
    return known[text.lower()]


def _picklist(field: LeadField, text: str, around: Around) -> str:
    value = chosen(field, text, around.controlling)
    return value if field.options else _text(field, value)


_Parser = Callable[[LeadField, str, Around], Any]

_WHOLE: _Parser = lambda field, text, _: whole_number(field, text)  # noqa: E731 - as those in the table
_DECIMAL: _Parser = lambda field, text, _: decimal_number(field, text)  # noqa: E731
_RECORD: _Parser = lambda _, text, __: record(text)  # noqa: E731

_PARSERS: Mapping[str, _Parser] = {
    "email": lambda field, text, _: _text(field, email_address(text)),
    "phone": lambda field, text, around: phone_number(field, text, around.region),
    "website": _website,
    **dict.fromkeys(("integer", "bigint"), _WHOLE),
    **dict.fromkeys(("double", "decimal", "currency", "percent"), _DECIMAL),
    "date": lambda _, text, __: day(text),
    "datetime": lambda _, text, around: moment(text, around.zone),
    "boolean": _boolean,
    "picklist": _picklist,
    "multiselectpicklist": lambda field, text, around: several(field, text, around.controlling),
    **dict.fromkeys(("lookup", "ownerlookup", "userlookup"), _RECORD),
}
