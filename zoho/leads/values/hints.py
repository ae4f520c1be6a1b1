"""What is worth a second look though nothing is wrong with it. A hint changes nothing and stops nobody."""

from __future__ import annotations

from zoho.leads.fields import LeadField
from zoho.leads.values.around import NOWHERE, Around
from zoho.leads.values.emails import email_hint
from zoho.leads.values.numbers import is_plain, number_text
from zoho.leads.values.parsing import parse
from zoho.leads.values.phones import phone_hint
from zoho.leads.values.wrong import WrongValueError

_NUMBERS = frozenset({"integer", "bigint", "double", "decimal", "currency", "percent"})


def hint(field: LeadField, text: str, around: Around = NOWHERE) -> str:
    """Return a hint about *text* in *field*, one sentence; empty where there is none, or it is wrong."""
    stripped = text.strip()
    try:
        value = parse(field, text, around)
    except WrongValueError:
        return ""
    if value is None:
        return ""
    if field.data_type == "email":
        return email_hint(stripped)
    if field.data_type == "phone":
        return phone_hint(field, stripped, around.region)
    if field.data_type in _NUMBERS and not is_plain(field, stripped):
        return f"Understood as {number_text(value)}."
    return ""
