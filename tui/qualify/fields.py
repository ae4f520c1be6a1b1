"""The form of a lead as fields of the screen."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from tui.form import Choice, Field, Kind, Section
from zoho.leads.fields import LeadField, LeadForm

_KINDS: Mapping[str, Kind] = {
    "email": Kind.EMAIL,
    "phone": Kind.PHONE,
    "website": Kind.URL,
    "integer": Kind.INTEGER,
    "bigint": Kind.INTEGER,
    "double": Kind.DECIMAL,
    "decimal": Kind.DECIMAL,
    "currency": Kind.DECIMAL,
    "percent": Kind.DECIMAL,
    "date": Kind.DATE,
    "boolean": Kind.CHECKBOX,
    "textarea": Kind.LONG_TEXT,
}

_HINTS: Mapping[Kind, str] = {Kind.DATE: "year-month-day"}


def sections_of(form: LeadForm) -> list[Section]:
    """Return the sections of *form*, in the layout's order."""
    grouped = groupby(form.fields, key=lambda field: field.section)
    return [Section(title, tuple(map(_field, fields))) for title, fields in grouped]


def _field(field: LeadField) -> Field:
    kind = _KINDS.get(field.data_type, Kind.TEXT)
    if field.data_type == "picklist" and field.options:
        kind = Kind.CHOICE
    return Field(
        name=field.api_name,
        label=field.label,
        kind=kind,
        required=field.required,
        choices=tuple(Choice(option.value, option.label) for option in field.options),
        help=field.help,
        placeholder=_HINTS.get(kind, ""),
    )
