"""From Zoho's layout to the form of a lead.

Layouts are asked for rather than the field list: only they know which fields are mandatory in them and which
picklist values they offer (v8 Get Layouts, Get Fields).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zoho.api.models import Layout, LayoutField, LayoutSection
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
        "boolean",
        "integer",
        "bigint",
        "double",
        "decimal",
        "currency",
        "percent",
        "date",
        "textarea",
    }
)
"""Zoho's data types that the form has an editor for."""

_NONE = "-None-"
"""Zoho's first value of every picklist: it stands for *empty* and is never sent."""


def choose_layout(layouts: Sequence[Layout], layout_id: str | None = None) -> Layout:
    """Return the layout to use: the configured one, else the first that is active and visible.

    Raises:
        ConfigError: the configured layout is not among them, or none can be used.
    """
    usable = [layout for layout in layouts if layout.status == "active" and layout.visible]
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


def form_of(layout: Layout, *, key_field: str, pinned: Sequence[str] = ()) -> LeadForm:
    """Return the form of *layout*.

    Args:
        layout: as Zoho describes it.
        key_field: API name of the field that would hold our submission key.
        pinned: API names of the fields to put first, in this order.
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
    return LeadForm(layout.id, tuple(shown), key_field=key, missing=tuple(missing), sources=sources)


def holds_key(layouts: Sequence[Layout], *, layout_id: str | None, key_field: str) -> bool:
    """Say whether the layout of that id has *key_field*, a field that our submission key fits in once."""
    return any(
        form_of(layout, key_field=key_field).key_field is not None
        for layout in layouts
        if layout.id == layout_id and layout.status == "active"
    )


def _writable(layout: Layout, key_field: str) -> Iterator[tuple[LayoutSection, LayoutField]]:
    for section in sorted(layout.sections, key=lambda section: section.sequence_number):
        if section.type == "unused":
            continue
        for field in section.fields:
            # Our key is for no screen: an administrator may well have taken it off the create page.
            if _may_be_created(field, on_screen=field.api_name != key_field):
                yield section, field


def _may_be_created(field: LayoutField, *, on_screen: bool) -> bool:
    hidden = not field.visible or field.read_only or field.field_read_only
    absent = on_screen and field.view_type is not None and not field.view_type.create
    by_api = field.operation_type is None or field.operation_type.api_create
    return by_api and not hidden and not absent


def holds_a_key(field: LayoutField) -> bool:
    """Say whether a UUID fits in, once: a custom single-line field, unique or external for the org."""
    external = (field.external or {}).get("type") == "org"
    fits = field.data_type == "text" and (field.length is None or field.length >= 36)
    return fits and field.custom_field and (bool(field.unique) or external)


def _lead_field(section: LayoutSection, field: LayoutField) -> LeadField:
    return LeadField(
        api_name=field.api_name,
        label=clean_line(field.label),
        data_type=field.data_type,
        required=field.required or field.system_mandatory,
        length=field.length,
        decimal_place=field.decimal_place,
        options=_options(field),
        section=clean_line(section.display_label or section.name),
        help=clean_line(str((field.tooltip or {}).get("value") or "")),
    )


def _options(field: LayoutField) -> tuple[Option, ...]:
    return tuple(
        Option(item.actual_value, clean_line(item.display_value))
        for item in field.pick_list_values
        if item.type != "unused" and item.actual_value != _NONE
    )
