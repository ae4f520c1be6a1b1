"""What a module of the stand-in's org is made of: fields, sections, layouts.

The stock of fields and picklist values is in ``stock.json``. Its names, kinds and lengths are those of a
new org (help.zoho.com "Standard modules and fields", the create-lead page of a stock org, and the samples
of the official specifications ``fields`` and ``layouts``); where the sources disagree, the newer and larger
length stands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Any

Json = dict[str, Any]

JSON_TYPES = {
    "bigint": "string",
    "boolean": "boolean",
    "currency": "double",
    "double": "double",
    "integer": "integer",
    "lookup": "jsonobject",
    "multiselectpicklist": "jsonarray",
    "ownerlookup": "jsonobject",
    "percent": "double",
    "userlookup": "jsonobject",
}

# The numbers that stock fields carry in Zoho's samples; clients that draw by ui_type expect them.
UI_TYPES = {
    "bigint": 20,
    "boolean": 301,
    "currency": 36,
    "date": 24,
    "datetime": 333,
    "double": 38,
    "email": 25,
    "integer": 32,
    "lookup": 4,
    "multiselectpicklist": 100,
    "ownerlookup": 8,
    "percent": 39,
    "phone": 33,
    "picklist": 2,
    "textarea": 3,
    "userlookup": 8,
    "website": 21,
}


@dataclass(slots=True)
class Field:
    """One field of a module.

    Args:
        values: ``(display_value, actual_value)`` of a picklist, without ``-None-``.
        mandatory: required on every call, whatever the layout (Zoho's ``system_mandatory``).
        automatic: written by Zoho alone.
        unique: None, or whether the uniqueness is case sensitive.
        bounds: the least and the greatest number, checked where a request asks for it.
        decimals: digits after the point; None, as many as its kind of field has.
        refers_to: API name of the module that a lookup refers to.
        default: what a new record gets where nothing is sent.
        tooltip: what the form tells about it.
    """

    id: str
    api_name: str
    label: str
    data_type: str
    length: int
    values: tuple[tuple[str, str], ...] = ()
    mandatory: bool = False
    automatic: bool = False
    unique: bool | None = None
    custom: bool = False
    json_type: str = "string"
    ui_type: int = 1
    bounds: tuple[float | None, float | None] | None = None
    decimals: int | None = None
    refers_to: str = ""
    default: str | bool | None = None
    tooltip: str = ""


@dataclass(slots=True)
class Dependency:
    """One picklist of a layout controls another.

    ``values`` has, for values of ``parent`` (``-None-``: none chosen), those of ``child`` that go with each.
    """

    id: str
    parent: str
    child: str
    values: dict[str, list[str]]


@dataclass(slots=True)
class LayoutRule:
    """Where ``field`` has one of ``values``, the fields ``required`` must be filled in."""

    id: str
    name: str
    field: str
    values: set[str]
    required: list[str]


@dataclass(slots=True)
class ValidationRule:
    """A record is refused on ``field``, with ``message``, unless ``holds``."""

    id: str
    name: str
    field: str
    message: str
    holds: Callable[[Json], bool]


@dataclass(slots=True)
class Section:
    """A titled group of fields of a layout, by their API names."""

    id: str
    name: str
    api_name: str
    columns: int
    fields: list[str]


@dataclass(slots=True)
class Layout:
    """One form of a module. ``required`` holds only when the layout's id is sent with a record."""

    id: str
    name: str
    sections: list[Section]
    required: set[str] = field(default_factory=set[str])
    status: str = "active"
    dependencies: list[Dependency] = field(default_factory=list[Dependency])
    rules: list[LayoutRule] = field(default_factory=list[LayoutRule])
    checks: list[ValidationRule] = field(default_factory=list[ValidationRule])

    def field_names(self) -> set[str]:
        """API names of all fields on the layout."""
        return {name for section in self.sections for name in section.fields}


@dataclass(slots=True)
class Module:
    """A module with its fields (in the order of the metadata) and layouts (the first is the default)."""

    id: str
    api_name: str
    singular: str
    plural: str
    fields: dict[str, Field]
    layouts: list[Layout]

    def unique_fields(self) -> list[Field]:
        """The fields that allow no duplicate values, in the order of the metadata."""
        return [f for f in self.fields.values() if f.unique is not None]

    def lookups(self) -> list[str]:
        """API names of the fields that refer to records or users."""
        return [f.api_name for f in self.fields.values() if f.data_type in {"lookup", "userlookup"}]

    def layout(self, layout_id: str) -> Layout | None:
        """The layout of that id."""
        return next((one for one in self.layouts if one.id == layout_id), None)


def stock_modules(next_id: Callable[[], str]) -> dict[str, Module]:
    """Return the modules of a new org, made from ``stock.json``."""
    stock: dict[str, Json] = json.loads(files("zoho.sandbox").joinpath("stock.json").read_text("utf-8"))
    return {name: _module(name, spec, next_id) for name, spec in stock.items()}


def another_layout(model: Layout, name: str, without: Iterable[str], next_id: Callable[[], str]) -> Layout:
    """Return a layout like *model* under another name, without some fields."""
    left_out = set(without)
    sections = [
        replace(s, id=next_id(), fields=[f for f in s.fields if f not in left_out]) for s in model.sections
    ]
    kept = [one for one in model.dependencies if not left_out & {one.parent, one.child}]
    return Layout(next_id(), name, sections, model.required - left_out, dependencies=kept)


def _module(name: str, spec: Json, next_id: Callable[[], str]) -> Module:
    fields = {f.api_name: f for f in _fields(spec, next_id)}
    sections = [
        Section(next_id(), s["name"], s["api_name"], s["columns"], [f["api_name"] for f in s["fields"]])
        for s in spec["sections"]
    ]
    required = {f.api_name for f in fields.values() if f.mandatory}
    layout = Layout(next_id(), "Standard", sections, required)
    module_id = f"415086800000000{2173 + 2 * int(spec['id_block'])}"
    return Module(module_id, name, spec["singular"], spec["plural"], fields, [layout])


def _fields(spec: Json, next_id: Callable[[], str]) -> Iterator[Field]:
    yield Field(next_id(), "id", "Record Id", "bigint", 20, automatic=True, ui_type=20)
    for one in (*(f for s in spec["sections"] for f in s["fields"]), *spec["unplaced"]):
        kind: str = one["data_type"]
        values: list[str | list[str]] = one.get("values", [])
        yield Field(
            next_id(),
            one["api_name"],
            one["label"],
            kind,
            one["length"],
            values=tuple((v, v) if isinstance(v, str) else (v[0], v[1]) for v in values),
            mandatory=one.get("mandatory", False),
            automatic=one.get("automatic", False),
            json_type=one.get("json_type", JSON_TYPES.get(kind, "string")),
            ui_type=one.get("ui_type", UI_TYPES.get(kind, 1)),
            refers_to=one.get("refers_to", ""),
        )


def custom_field(next_id: Callable[[], str], api_name: str, label: str, data_type: str, **more: Any) -> Field:
    """Return a new custom field; *more* are parts of `Field`."""
    parts: Json = {
        "length": 255,
        "custom": True,
        "json_type": JSON_TYPES.get(data_type, "string"),
        "ui_type": UI_TYPES.get(data_type, 1),
        **more,
    }
    return Field(next_id(), api_name, label, data_type, **parts)
