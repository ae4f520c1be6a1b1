"""The form of a lead as fields of the screen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from tui.form import Choice, Field, Kind, Section
from zoho.leads.fields import LeadField, LeadForm, in_order

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
    "datetime": Kind.DATETIME,
    "boolean": Kind.CHECKBOX,
    "textarea": Kind.LONG_TEXT,
    "lookup": Kind.LOOKUP,
    "ownerlookup": Kind.LOOKUP,
    "userlookup": Kind.LOOKUP,
}
_LISTS: Mapping[str, Kind] = {"picklist": Kind.CHOICE, "multiselectpicklist": Kind.CHOICES}

_FORMATS: Mapping[Kind, str] = {
    Kind.DATE: "year-month-day",
    Kind.DATETIME: "year-month-day hour:minute",
    Kind.INTEGER: "whole number",
    Kind.DECIMAL: "number",
}
_SHORT = 20
"""Characters: a text that may have no more says so before it is too long."""


def sections_of(
    form: LeadForm,
    pinned: Sequence[str] = (),
    hidden: Collection[str] = (),
    moved: Collection[str] = (),
) -> list[Section]:
    """Return the sections of *form*, in the order of `zoho.leads.fields.in_order`.

    Args:
        form: the fields, in the layout's order.
        pinned: API names of the fields to show first.
        hidden: API names of the fields to leave out while they are empty.
        moved: API names of fields that stand first in *form* since they were pinned when it was read.
    """
    return [
        Section(title, tuple(_field(each, hidden) for each in inside))
        for title, inside in in_order(form, pinned, moved)
    ]


def _field(field: LeadField, hidden: Collection[str]) -> Field:
    kind = _KINDS.get(field.data_type, Kind.TEXT)
    if field.data_type in _LISTS and field.options:
        kind = _LISTS[field.data_type]
    return Field(
        name=field.api_name,
        label=field.label,
        kind=kind,
        required=field.required,
        choices=tuple(Choice(option.value, option.label) for option in field.options),
        help=field.help,
        placeholder=_hint(field, kind),
        hidden=field.api_name in hidden and not field.required,
        controlled_by=field.controlled_by,
        allowed=field.allowed,
    )


def _hint(field: LeadField, kind: Kind) -> str:
    """Return what may be entered: a format, a range, how long a short text may be."""
    if kind in (Kind.TEXT, Kind.PHONE):
        return f"max {field.length}" if field.length is not None and field.length <= _SHORT else ""
    parts = [_FORMATS.get(kind, "")]
    if kind is Kind.DECIMAL and field.decimal_place:
        parts.append("1 decimal" if field.decimal_place == 1 else f"{field.decimal_place} decimals")
    if kind in (Kind.INTEGER, Kind.DECIMAL):
        parts.append(_range(field.minimum, field.maximum))
    return ", ".join(part for part in parts if part)


def _range(minimum: float | None, maximum: float | None) -> str:
    if minimum is not None and maximum is not None:
        return f"{_number(minimum)} to {_number(maximum)}"
    if maximum is not None:
        return f"max {_number(maximum)}"
    return f"min {_number(minimum)}" if minimum is not None else ""


def _number(bound: float) -> str:
    return f"{int(bound):,}" if bound == int(bound) else f"{bound:,}"
