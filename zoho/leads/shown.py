"""A value of a lead as a person types and reads it: labels of picklists, names, the time of the wall."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from zoho.leads.fields import LeadForm
from zoho.leads.values.choices import BETWEEN, record_text
from zoho.leads.values.moments import moment_text
from zoho.leads.values.numbers import number_text
from zoho.wire.shapes import as_list, as_object


def typed_text(value: Any, data_type: str = "", zone: tzinfo | None = None) -> str:
    """Return the text that a rep would type for a value of that Zoho data type."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, list):
        return BETWEEN.join(map(str, as_list(value)))
    if (other := as_object(value)) and "id" in other:
        return record_text(str(other["id"]), str(other.get("name") or ""))
    return moment_text(value, zone) if data_type == "datetime" and isinstance(value, str) else str(value)


def shown(form: LeadForm, name: str, value: Any, zone: tzinfo | None = None) -> str:
    """Return the value of the field *name* for a person to read."""
    field = form.field(name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(shown(form, name, item) for item in as_list(value))
    if other := as_object(value):
        return str(other.get("name") or other.get("id") or "")
    labels = {option.value: option.label for option in field.options} if field else {}
    text = typed_text(value, field.data_type if field else "", zone)
    return labels.get(text, text)
