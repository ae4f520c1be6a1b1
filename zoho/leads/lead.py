"""One lead: its values, checked against the form, and the record that is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from zoho.leads.fields import OURS, SOURCE_FIELD, LeadField, LeadForm
from zoho.leads.shown import shown, typed_text
from zoho.leads.values.around import Around
from zoho.leads.values.parsing import parse
from zoho.leads.values.wrong import WrongValueError
from zoho.wire.clean import clean, clean_line
from zoho.wire.errors import FieldFault, RecordRejected
from zoho.wire.shapes import as_object

_NO_FORM = LeadForm(None, ())


def read_lead(form: LeadForm, typed: Mapping[str, str], *, zone: tzinfo | None = None) -> dict[str, Any]:
    """Return the values of a lead as Zoho takes them; of another record also its name, for the screen.

    Args:
        form: the fields that there are; what it does not name is refused.
        typed: API names and what was typed; surrounding space is dropped, empty text is no value. A 0 or a
            *no* that was typed is a value.
        zone: of times that are typed without one; None, the machine's.

    Raises:
        RecordRejected: something is wrong; one fault for each field.
    """
    values: dict[str, Any] = {}
    faults = [_unknown(name) for name in typed if form.field(name) is None]
    for field in form.fields:
        try:
            text = _cleaned(field, typed.get(field.api_name, ""))
            value = parse(field, text, Around.of(form, field, typed, zone))
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

    Sending ``Layout`` makes Zoho enforce the layout's mandatory fields. Another record is told by its id.
    """
    record = {name: _without_name(value) for name, value in values.items()}
    if layout_id is not None:
        record["Layout"] = {"id": layout_id}
    if key_field is not None:
        record[key_field] = key
    return record


def typed_of(
    values: Mapping[str, Any], form: LeadForm | None = None, *, zone: tzinfo | None = None
) -> dict[str, str]:
    """Return the text that a rep would type for *values*; the reverse of `read_lead`.

    Args:
        values: as `read_lead` returned them.
        form: the fields that there are; with it, times are those of the wall.
        zone: of these times; None, the machine's.
    """
    typed: dict[str, str] = {}
    for name, value in values.items():
        field = form.field(name) if form else None
        if name != SOURCE_FIELD and value is not None:
            typed[name] = typed_text(value, field.data_type if field else "", zone)
    return typed


def title_of(values: Mapping[str, Any]) -> str:
    """Return name and company, as a rep says them: ``Ada Lovelace, Analytical Engines``.

    Of a lead that has neither yet, whatever stands first in it.
    """
    name = " ".join(str(values[part]) for part in ("First_Name", "Last_Name") if values.get(part))
    title = ", ".join(str(part) for part in (name, values.get("Company")) if part)
    of_zoho = ((name, value) for name, value in values.items() if not name.startswith(OURS))
    first = ((name, value) for name, value in of_zoho if name != SOURCE_FIELD and value)
    return title or next((shown(_NO_FORM, name, value) for name, value in first), "")


def _cleaned(field: LeadField, text: str) -> str:
    return clean(text) if field.data_type == "textarea" else clean_line(text)


def _without_name(value: Any) -> Any:
    other = as_object(value)
    return {"id": other["id"]} if set(other) == {"id", "name"} else value


def _unknown(name: str) -> FieldFault:
    return FieldFault("unknown", "The org's form has no such field.", "Leave it out.", clean(name))
