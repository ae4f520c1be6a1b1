"""From Zoho's layout to the form of a lead.

Layouts are asked for rather than the field list: only they know which fields are mandatory in them and which
picklist values they offer (v8 Get Layouts, Get Fields).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from zoho.api.models import Layout, LayoutField, LayoutSection
from zoho.leads.dependencies import Control, controls_of
from zoho.leads.fields import SOURCE_FIELD, LeadField, LeadForm, Option
from zoho.wire.clean import clean_line
from zoho.wire.errors import ConfigError

SHOWN_TYPES = frozenset(
    {
        "text",
        "email",
        "phone",
        "website",
        "picklist",
        "multiselectpicklist",
        "boolean",
        "integer",
        "bigint",
        "double",
        "decimal",
        "currency",
        "percent",
        "date",
        "datetime",
        "textarea",
        "lookup",
        "ownerlookup",
        "userlookup",
    }
)
"""Zoho's data types that the form has an editor for."""

_NONE = "-None-"
"""Zoho's first value of every picklist: it stands for *empty* and is never sent."""

_USERS: Mapping[str, str] = {"ownerlookup": "Users", "userlookup": "Users"}


def choose_layout(layouts: Sequence[Layout], layout_id: str | None = None) -> Layout:
    """Return the layout to use: the configured one, else the first that is active and visible.

    Raises:
        ConfigError: the configured layout is not among them, or none can be used.
    """
    usable = _usable(layouts)
    if layout_id is not None:
        usable = [layout for layout in usable if layout.id == layout_id]
    if usable:
        return usable[0]
    offered = ", ".join(f"{layout.id} ({clean_line(layout.name)})" for layout in layouts) or "none"
    raise ConfigError(
        "The layout for leads cannot be used." if layout_id else "Zoho offers this user no layout for leads.",
        next_step=f"Set layout_id to one of: {offered}; or ask your administrator.",
        code="no_layout",
    )


def other_layouts(layouts: Sequence[Layout], chosen: Layout) -> tuple[tuple[str, str], ...]:
    """Return id and name of the layouts that could be used instead of *chosen*."""
    return tuple((one.id, _name(one)) for one in _usable(layouts) if one.id != chosen.id)


def form_of(
    layout: Layout,
    *,
    key_field: str,
    pinned: Sequence[str] = (),
    source: str = "",
    controls: Mapping[str, Control] | None = None,
) -> LeadForm:
    """Return the form of *layout*.

    Args:
        layout: as Zoho describes it.
        key_field: API name of the field that would hold our submission key.
        pinned: API names of the fields to put first, in this order.
        source: what ``Lead_Source`` will be: a picklist that it controls offers what goes with that.
        controls: which picklists control which, by the API name of the controlled one; by default what the
            layout itself tells.
    """
    shown: list[LeadField] = []
    missing: list[str] = []
    key: str | None = None
    sources: tuple[str, ...] = ()
    for section, field in _writable(layout, key_field):
        if field.api_name == key_field:
            key = key_field if holds_a_key(field) else None
        elif field.api_name == SOURCE_FIELD:
            sources = tuple(option.value for option in _options(field))
        elif field.data_type in SHOWN_TYPES:
            shown.append(_lead_field(section, field))
        elif field.required or field.system_mandatory:
            missing.append(clean_line(field.label))
    order = {name: place for place, name in enumerate(pinned)}
    shown.sort(key=lambda field: order.get(field.api_name, len(order)))
    found = controls_of(layout) if controls is None else controls
    return LeadForm(
        layout.id,
        tuple(_controlled(shown, found, source)),
        key_field=key,
        missing=tuple(missing),
        sources=sources,
        layout_name=_name(layout),
    )


def holds_key(layouts: Sequence[Layout], *, layout_id: str | None, key_field: str) -> bool:
    """Say whether the layout of that id has *key_field*, a field that our submission key fits in once."""
    return any(
        form_of(layout, key_field=key_field).key_field is not None
        for layout in layouts
        if layout.id == layout_id and layout.status == "active"
    )


def holds_a_key(field: LayoutField) -> bool:
    """Say whether a UUID fits in, once: a custom single-line field, unique or external for the org."""
    external = (field.external or {}).get("type") == "org"
    fits = field.data_type == "text" and (field.length is None or field.length >= 36)
    return fits and field.custom_field and (bool(field.unique) or external)


def _usable(layouts: Sequence[Layout]) -> list[Layout]:
    return [layout for layout in layouts if layout.status == "active" and layout.visible]


def _name(layout: Layout) -> str:
    return clean_line(layout.display_label or layout.name)


def _writable(layout: Layout, key_field: str) -> Iterator[tuple[LayoutSection, LayoutField]]:
    for section in sorted(layout.sections, key=lambda section: section.sequence_number):
        if section.type == "unused":
            continue
        for field in section.fields:
            if field.type == "unused":
                continue
            # Our key is for no screen: an administrator may well have taken it off the create page.
            if _may_be_created(field, on_screen=field.api_name != key_field):
                yield section, field


def _may_be_created(field: LayoutField, *, on_screen: bool) -> bool:
    # Zoho's own sample of a record has an owner, and its sample of fields calls that field read-only.
    locked = field.field_read_only and field.data_type != "ownerlookup"
    hidden = not field.visible or field.read_only or locked
    absent = on_screen and field.view_type is not None and not field.view_type.create
    by_api = field.operation_type is None or field.operation_type.api_create
    return by_api and not hidden and not absent


def _lead_field(section: LayoutSection, field: LayoutField) -> LeadField:
    options = _options(field)
    bounds = field.range
    return LeadField(
        api_name=field.api_name,
        label=clean_line(field.label),
        data_type=field.data_type,
        required=field.required or field.system_mandatory,
        length=field.length,
        decimal_place=_decimal_place(field),
        options=options,
        section=clean_line(section.display_label or section.name),
        help=clean_line(str((field.tooltip or {}).get("value") or "")),
        minimum=bounds.least if bounds else None,
        maximum=bounds.greatest if bounds else None,
        lookup_module=_USERS.get(field.data_type) or field.lookup_module,
        default=_default(field.default_value, options),
        unique=bool(field.unique),
    )


def _decimal_place(field: LayoutField) -> int | None:
    if field.decimal_place is None and field.currency is not None:
        return field.currency.precision
    return field.decimal_place


def _options(field: LayoutField) -> tuple[Option, ...]:
    return tuple(
        Option(item.actual_value, clean_line(item.display_value))
        for item in field.pick_list_values
        if item.type != "unused" and item.actual_value != _NONE
    )


def _default(value: Any, options: Sequence[Option]) -> str:
    """Return *value* as a rep would type it. Of a picklist, Zoho gives what is shown or what is sent."""
    if isinstance(value, bool):
        return str(value).lower()
    text = clean_line(value) if isinstance(value, str) else ""
    if not options or any(option.value == text for option in options):
        return text
    return next((option.value for option in options if option.label == text), "")


def _controlled(
    shown: Sequence[LeadField], controls: Mapping[str, Control], source: str
) -> Iterator[LeadField]:
    names = {field.api_name for field in shown}
    for field in shown:
        control = controls.get(field.api_name)
        if control is None:
            yield field
        elif control.by == SOURCE_FIELD:  # which is no field of the form, but known
            yield replace(field, options=_going_with(field, control, source))
        elif control.by in names:
            yield replace(field, controlled_by=control.by, allowed=control.allowed)
        else:  # what controls it cannot be filled in
            yield field


def _going_with(field: LeadField, control: Control, value: str) -> tuple[Option, ...]:
    return replace(field, controlled_by=control.by, allowed=control.allowed).options_for(value)
