"""The form of a lead as fields of the screen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

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

PINNED, CALLER = "Pinned", "Caller"
"""Titles of the sections that no layout has."""
TOLD_FIRST = ("First_Name", "Last_Name", "Company", "Email", "Phone")
"""API names of what a caller says first."""


def sections_of(
    form: LeadForm,
    pinned: Sequence[str] = (),
    hidden: Collection[str] = (),
    moved: Collection[str] = (),
) -> list[Section]:
    """Return the sections of *form*.

    What is pinned comes first, in a section of its own. Where nothing is, what a caller says first does: at
    the head of its section where the layout has all of it in one, else in a section of its own too. No field
    stands under the title of a section that it is not in.

    Args:
        form: the fields, in the layout's order.
        pinned: API names of the fields to show first.
        hidden: API names of the fields to leave out while they are empty.
        moved: API names of fields that stand first in *form* since they were pinned when it was read.
    """
    fields = {field.api_name: field for field in form.fields}
    first = [name for name in pinned if name in fields]
    title = PINNED
    ordered = sorted(form.fields, key=lambda field: field.api_name in moved)
    if not first and not _come_first(ordered):
        first, title = [name for name in TOLD_FIRST if name in fields], CALLER
        homes = {fields[name].section for name in first}
        if len(homes) == 1:
            title = homes.pop()
    rest = [field for field in form.fields if field.api_name not in first]
    sections = [(title, [fields[name] for name in first])] if first else []
    for section in dict.fromkeys(field.section for field in ordered if field.api_name not in first):
        inside = [field for field in rest if field.section == section]
        if first and section == title:
            sections[0][1].extend(inside)
        else:
            sections.append((section, inside))
    return [Section(name, tuple(_field(each, hidden) for each in inside)) for name, inside in sections]


def _come_first(fields: Sequence[LeadField]) -> bool:
    """Whether the layout itself begins with what a caller says first."""
    told = {field.api_name for field in fields if field.api_name in TOLD_FIRST}
    return {field.api_name for field in fields[: len(told)]} == told


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
