"""What was typed or pasted into one field, put where it belongs."""

from __future__ import annotations

from collections.abc import Mapping

from zoho.leads.fields import LeadField, LeadForm
from zoho.leads.values.around import Around
from zoho.leads.values.emails import split_address
from zoho.leads.values.names import split_name
from zoho.leads.values.parsing import parse
from zoho.leads.values.wrong import WrongValueError

FIRST, LAST = "First_Name", "Last_Name"


def understood(
    form: LeadForm, name: str, text: str, typed: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the texts that fields should have, by API name, now that *text* stands in the field *name*.

    ``Bob Roe <bob@x.com>`` in an e-mail field leaves the address there, and gives the name to the name fields
    if both are empty in *typed*; a phone number takes its international form. Nothing else is changed, and
    what is wrong is left as it is.
    """
    field = form.field(name)
    if field is None or not text.strip():
        return {}
    try:
        value = parse(field, text, Around.of(form, field, typed or {}))
    except WrongValueError:
        return {}
    if field.data_type not in ("email", "phone") or value == text:
        return {}
    person = split_address(text)[0] if field.data_type == "email" else ""
    free = not any((typed or {}).get(part, "").strip() for part in (FIRST, LAST))
    return {name: value, **(_as_names(form, person) if person and free else {})}


def named_at_last(form: LeadForm, typed: Mapping[str, str]) -> dict[str, str]:
    """Return the name fields anew where only the first one is filled: Zoho must have a last name."""
    whole = typed.get(FIRST, "").strip()
    if not whole or typed.get(LAST, "").strip() or form.field(FIRST) is None:
        return {}
    names = _as_names(form, whole)
    return {FIRST: "", **names} if LAST in names else {}


def _as_names(form: LeadForm, person: str) -> dict[str, str]:
    first, last = split_name(person) if form.field(FIRST) is not None else ("", person)
    fields = ((form.field(FIRST), first), (form.field(LAST), last))
    if any(field is None or not _fits(field, text) for field, text in fields if text):
        return {}
    return {field.api_name: text for field, text in fields if field is not None and text}


def _fits(field: LeadField, text: str) -> bool:
    return field.length is None or len(text) <= field.length
