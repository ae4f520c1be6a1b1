"""One lead: its values, checked against the form, and the record that is sent."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from zoho.leads.fields import SOURCE_FIELD, LeadField, LeadForm
from zoho.leads.values import WrongValueError, parse
from zoho.wire.clean import clean, clean_line
from zoho.wire.errors import FieldFault, RecordRejected


def read_lead(form: LeadForm, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of a lead as Zoho takes them.

    Args:
        form: the fields that there are; what it does not name is refused.
        typed: API names and what was typed; surrounding space is dropped, empty text is no value.

    Raises:
        RecordRejected: something is wrong; one fault for each field.
    """
    values: dict[str, Any] = {}
    faults = [_unknown(name) for name in typed if form.field(name) is None]
    for field in form.fields:
        try:
            value = parse(field, _cleaned(field, typed.get(field.api_name, "")))
        except WrongValueError as wrong:
            faults.append(FieldFault("invalid", str(wrong), "Correct it, then send.", field.api_name))
            continue
        if value is not None:
            values[field.api_name] = value
        elif field.required:
            faults.append(FieldFault("required", "This is needed.", "Fill it in, then send.", field.api_name))
    if faults:
        raise RecordRejected(tuple(faults))
    return values


def with_source(values: Mapping[str, Any], source: str) -> dict[str, Any]:
    """Return the values with ``Lead_Source`` set; a source among them wins."""
    return {SOURCE_FIELD: source, **values}


def record_of(
    values: Mapping[str, Any], *, layout_id: str | None, key_field: str | None, key: str
) -> dict[str, Any]:
    """Return the record to insert (v8 Insert Records): the values, the layout, our key.

    Sending ``Layout`` makes Zoho enforce the layout's mandatory fields.
    """
    record = dict(values)
    if layout_id is not None:
        record["Layout"] = {"id": layout_id}
    if key_field is not None:
        record[key_field] = key
    return record


def typed_of(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the text that a rep would type for *values*; the reverse of `read_lead`."""
    return {
        name: _typed(value) for name, value in values.items() if name != SOURCE_FIELD and value is not None
    }


def title_of(values: Mapping[str, Any]) -> str:
    """Return name and company, as a rep says them: ``Ada Lovelace, Analytical Engines``.

    Of a lead that has neither yet, whatever stands first in it.
    """
    name = " ".join(str(values[part]) for part in ("First_Name", "Last_Name") if values.get(part))
    title = ", ".join(str(part) for part in (name, values.get("Company")) if part)
    return title or next((str(values[name]) for name in values if name != SOURCE_FIELD and values[name]), "")


def _cleaned(field: LeadField, text: str) -> str:
    return clean(text) if field.data_type == "textarea" else clean_line(text)


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}"  # a rep types no exponent
    return str(value)


def _unknown(name: str) -> FieldFault:
    return FieldFault("unknown", "The org's form has no such field.", "Leave it out.", clean(name))
