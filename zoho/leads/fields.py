"""The fields that a lead may have, as the org's layout offers them. Standard library only: the first frame of
the screen is drawn from these, before pydantic is loaded.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from zoho.wire.shapes import as_list, as_object

SOURCE_FIELD = "Lead_Source"
"""API name of the field that tells where a lead came from."""
OURS = "?"
"""What the names of fields that are ours begin with, such as answers; no API name of Zoho's does."""
PINNED, CALLER = "Pinned", "Caller"
"""Titles of the sections that no layout has."""
TOLD_FIRST = ("First_Name", "Last_Name", "Company", "Email", "Phone")
"""API names of what a caller says first."""


@dataclass(frozen=True, slots=True)
class Option:
    """A picklist value: ``value`` is sent (``actual_value``), ``label`` is shown (``display_value``)."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class LeadField:
    """A field that a rep may fill in.

    ``data_type`` is Zoho's (``text``, ``email``, ``picklist``...); ``length`` counts characters, of numbers
    digits; ``decimal_place`` is the number of digits after the point; ``minimum`` and ``maximum`` bound a
    number, both included. Where ``controlled_by`` names another picklist, ``allowed`` has the values that go
    with each value of that one; a value of it that is not in ``allowed`` allows all. ``lookup_module`` is the
    API name of the module that a lookup refers to (``Users`` for an owner). ``default`` is what Zoho fills in
    where nothing is sent, as a rep would type it. ``unique`` says that no two leads may have the same value.
    """

    api_name: str
    label: str
    data_type: str
    required: bool = False
    length: int | None = None
    decimal_place: int | None = None
    options: tuple[Option, ...] = ()
    section: str = ""
    help: str = ""
    minimum: float | None = None
    maximum: float | None = None
    controlled_by: str = ""
    allowed: tuple[tuple[str, tuple[str, ...]], ...] = ()
    lookup_module: str = ""
    default: str = ""
    unique: bool = False

    def options_for(self, controlling: str) -> tuple[Option, ...]:
        """Return the options that go with the value *controlling* of the field that controls this one."""
        allowed = dict(self.allowed).get(controlling) if self.controlled_by else None
        if allowed is None:
            return self.options
        return tuple(option for option in self.options if option.value in allowed)


@dataclass(frozen=True, slots=True)
class LeadForm:
    """What a rep is asked for: the fields of one layout, in its order.

    ``layout_id`` is None for the stock form, which is not the org's own. ``key_field`` is the API name of the
    unique field for our submission key, if the layout has one. ``missing`` names (by label) required fields
    of a type that this form cannot show. ``sources`` are the org's values of ``Lead_Source``; empty, unknown.
    ``region`` is the country (ISO 3166, two letters: ``GB``) whose phone numbers are typed without a country
    code; empty, it is not known. ``other_layouts`` are those that this user could take instead: id and name.
    """

    layout_id: str | None
    fields: tuple[LeadField, ...]
    key_field: str | None = None
    missing: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    region: str = ""
    layout_name: str = ""
    other_layouts: tuple[tuple[str, str], ...] = ()

    def field(self, api_name: str) -> LeadField | None:
        """Return the field of that API name."""
        return next((field for field in self.fields if field.api_name == api_name), None)

    def label(self, api_name: str | None) -> str:
        """Return the label of a field, the API name itself where the form does not show it."""
        field = self.field(api_name) if api_name else None
        return field.label if field else (api_name or "")

    def to_json(self) -> dict[str, Any]:
        """Return the form as JSON values, for the start snapshot: few, since they are read at each start."""
        whole = {one.name: getattr(self, one.name) for one in fields(self)}
        return {**whole, "fields": [_told(field) for field in self.fields]}

    @classmethod
    def from_json(cls, value: Any) -> LeadForm | None:
        """Return the form that `to_json` wrote; None where *value* is not one."""
        data = as_object(value)
        try:
            shown = tuple(_field(as_object(item)) for item in as_list(data["fields"]))
            others = tuple((str(one), str(name)) for one, name in as_list(data.get("other_layouts")))
            form = cls(
                data["layout_id"],
                shown,
                key_field=data["key_field"],
                missing=tuple(map(str, as_list(data["missing"]))),
                sources=tuple(map(str, as_list(data["sources"]))),
                region=str(data.get("region") or ""),
                layout_name=str(data.get("layout_name") or ""),
                other_layouts=others,
            )
            return form if shown else None
        except (KeyError, TypeError, ValueError):
            return None


def in_order(
    form: LeadForm, pinned: Sequence[str] = (), moved: Collection[str] = ()
) -> list[tuple[str, list[LeadField]]]:
    """Return the sections of *form*, title and fields, in the order in which a rep is asked for them.

    What is pinned comes first, in a section of its own. Where nothing is, what a caller says first does: at
    the head of its section where the layout has all of it in one, else in a section of its own too. No field
    stands under the title of a section that it is not in.

    Args:
        form: the fields, in the layout's order.
        pinned: API names of the fields to show first.
        moved: API names of fields that stand first in *form* since they were pinned when it was read.
    """
    by_name = {field.api_name: field for field in form.fields}
    first = [name for name in pinned if name in by_name]
    title = PINNED
    ordered = sorted(form.fields, key=lambda field: field.api_name in moved)
    if not first and not _come_first(ordered):
        first, title = [name for name in TOLD_FIRST if name in by_name], CALLER
        homes = {by_name[name].section for name in first}
        if len(homes) == 1:
            title = homes.pop()
    rest = [field for field in form.fields if field.api_name not in first]
    sections = [(title, [by_name[name] for name in first])] if first else []
    for section in dict.fromkeys(field.section for field in ordered if field.api_name not in first):
        inside = [field for field in rest if field.section == section]
        if first and section == title:
            sections[0][1].extend(inside)
        else:
            sections.append((section, inside))
    return sections


def _come_first(fields: Sequence[LeadField]) -> bool:
    """Whether the layout itself begins with what a caller says first."""
    told = {field.api_name for field in fields if field.api_name in TOLD_FIRST}
    return {field.api_name for field in fields[: len(told)]} == told


def _told(field: LeadField) -> dict[str, Any]:
    """Return what of *field* is not at its default; an option that is shown as it is sent is one text."""
    told = {one.name: getattr(field, one.name) for one in fields(field)}
    said = {name: value for name, value in told.items() if value != _UNTOLD.get(name)}
    if field.options:
        said["options"] = [
            option.value if option.value == option.label else (option.value, option.label)
            for option in field.options
        ]
    return said


_UNTOLD: Mapping[str, Any] = {one.name: one.default for one in fields(LeadField)}


def _field(data: Mapping[str, Any]) -> LeadField:
    pairs = [as_list(item) for item in as_list(data.get("allowed"))]
    allowed = tuple((str(value), tuple(map(str, as_list(values)))) for value, values in pairs)
    options = tuple(_option(item) for item in as_list(data.get("options")))
    given: dict[str, Any] = {**data, "options": options, "allowed": allowed}
    return LeadField(**given)


def _option(item: Any) -> Option:
    if isinstance(item, str):
        return Option(item, item)
    value, label = as_list(item)
    return Option(str(value), str(label))
