"""What an administrator's org still lacks for our leads, and the steps that add it. Decisions only, no calls.

A step is decided anew from what Zoho shows after the one before: whether a field that was created stands on a
layout by itself is not documented, and a run that was killed goes on where it stopped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from zoho.api.models import Layout, LayoutField, LayoutSection
from zoho.leads.fields import SOURCE_FIELD
from zoho.leads.layout import form_of, holds_a_key
from zoho.wire.clean import clean_line
from zoho.wire.errors import ConfigError

KEY_LENGTH = 36
"""Characters of a UUID."""

_LONGEST_LABEL = 25  # v8 Create Fields
_BY_HAND = "docs/zoho.md tells how to add one by hand."


@dataclass(frozen=True, slots=True)
class AddField:
    """Create the field for the submission key; ``label`` is what Zoho makes its API name from."""

    label: str

    @property
    def words(self) -> str:
        """What is done."""
        return f"Create the field “{self.label}”: one line, no duplicates, {KEY_LENGTH} characters."

    @property
    def field(self) -> dict[str, Any]:
        """The field, as v8 Create Fields takes it."""
        return {
            "field_label": self.label,
            "data_type": "text",
            "length": KEY_LENGTH,
            # Ours are all lower case. The looser rule is the safer one: it refuses more.
            "unique": {"case_sensitive": False},
        }


@dataclass(frozen=True, slots=True)
class PlaceField:
    """Put the field on a layout. ``field_id`` is None until it is created."""

    label: str
    layout: str
    layout_id: str
    section_id: str
    field_id: str | None = None

    @property
    def words(self) -> str:
        """What is done."""
        unless = "" if self.field_id else ", unless Zoho does so itself"
        return f"Put “{self.label}” on the layout {self.layout}{unless}."

    @property
    def changes(self) -> dict[str, Any]:
        """The change, as v8 Update a Layout takes it."""
        return {"sections": [{"id": self.section_id, "fields": [{"id": self.field_id}]}]}


@dataclass(frozen=True, slots=True)
class AddValue:
    """Add a value to a picklist; the others stay as they are."""

    label: str
    field_id: str
    value: str

    @property
    def words(self) -> str:
        """What is done."""
        return f"Add “{self.value}” to the values of {self.label}; the others stay."

    @property
    def changes(self) -> dict[str, Any]:
        """The change, as v8 Update Field by ID takes it: the new value alone."""
        return {"pick_list_values": [{"display_value": self.value, "actual_value": self.value}]}


Step = AddField | PlaceField | AddValue


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the configuration asks of an org: the API name of the field for our key, and the source."""

    key_field: str
    source: str


@dataclass(frozen=True, slots=True)
class Shape:
    """An org's Leads as Zoho shows them: its layouts, and its fields with those that stand on no layout."""

    layouts: Sequence[Layout]
    fields: Sequence[LayoutField]

    @property
    def active(self) -> list[Layout]:
        """The layouts that leads may be sent with, now or by another user."""
        return [layout for layout in self.layouts if layout.status == "active"]

    def field(self, api_name: str) -> LayoutField | None:
        """Return the field of that API name."""
        return next((field for field in self.fields if field.api_name == api_name), None)


@dataclass(frozen=True, slots=True)
class LayoutState:
    """Whether leads with our key and source can be sent with a layout; ``missing`` says why not."""

    name: str
    missing: tuple[str, ...] = ()


def plan(shape: Shape, wishes: Wishes) -> list[Step]:
    """Return the steps that bring *shape* nearer to *wishes*, in their order; none is left when it is there.

    Raises:
        ConfigError: the name of the key field is taken by a field that cannot hold a key, or cannot be had.
    """
    return [*_key_steps(shape, wishes.key_field), *_source_steps(shape, wishes.source)]


def states(layouts: Sequence[Layout], wishes: Wishes) -> list[LayoutState]:
    """Return for each active layout whether it is ready, and what is missing there."""
    return [
        LayoutState(_name(layout), (*_key_missing(layout, wishes), *_source_missing(layout, wishes)))
        for layout in layouts
        if layout.status == "active"
    ]


def lost_values(before: Shape, after: Shape) -> list[str]:
    """Return the values of ``Lead_Source`` that were there and are not any more."""
    return [value for value in _values(before) if value not in _values(after)]


# The key


def _key_steps(shape: Shape, key_field: str) -> Iterator[Step]:
    known = shape.field(key_field)
    if known is None:
        label = _label_for(key_field)
        _check_label_is_free(shape, label, key_field)
        yield AddField(label)
    else:
        _check_it_holds_a_key(known)
        label = clean_line(known.label)
    for layout in shape.active:
        section = _section_for_key(layout)
        if _on_layout(layout, key_field) is None and section is not None and section.id is not None:
            field_id = known.id if known else None
            yield PlaceField(label, _name(layout), layout.id, section.id, field_id)


def _check_it_holds_a_key(field: LayoutField) -> None:
    if holds_a_key(field):
        return
    why = "is not a single-line field of your own"
    if field.data_type == "text" and field.custom_field:
        short = field.length is not None and field.length < KEY_LENGTH
        why = f"holds {field.length} characters, not {KEY_LENGTH}" if short else "allows duplicate values"
    raise ConfigError(
        f"Leads has a field {field.api_name} already, but it {why}.",
        next_step="Give another name (submission_key_field), or mend the field in Zoho; nothing was changed.",
        field="submission_key_field",
        code="key_field_unfit",
    )


def _label_for(key_field: str) -> str:
    label = key_field.replace("_", " ")
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*", key_field)
    if plain and len(label) <= _LONGEST_LABEL:
        return label
    raise ConfigError(
        f"Leads has no field {key_field}, and none of that name can be created: Zoho makes the name from a "
        f"label of at most {_LONGEST_LABEL} letters, digits and blanks.",
        next_step=f"Give another name (submission_key_field). {_BY_HAND}",
        field="submission_key_field",
        code="key_field_name",
    )


def _check_label_is_free(shape: Shape, label: str, key_field: str) -> None:
    for field in shape.fields:
        if label.casefold() in {(field.field_label or "").casefold(), field.label.casefold()}:
            name = clean_line(field.api_name)
            raise ConfigError(
                f"Leads has a field “{clean_line(field.label)}” already, but its API name is {name}, not "
                f"{key_field}.",
                next_step=f"Set submission_key_field to {name}, or rename it: Setup > Developer Hub > "
                "APIs and SDKs > API Names > Leads.",
                field="submission_key_field",
                code="key_field_label",
            )


def _section_for_key(layout: Layout) -> LayoutSection | None:
    """Return the section that has the last name: every layout has that, and it is no subform."""
    used = [section for section in layout.sections if section.type != "unused"]
    for section in used:
        if any(field.api_name == "Last_Name" for field in section.fields):
            return section
    return used[0] if used else None


def _key_missing(layout: Layout, wishes: Wishes) -> Iterator[str]:
    if form_of(layout, key_field=wishes.key_field).key_field is not None:
        return
    field = _on_layout(layout, wishes.key_field)
    if field is None:
        yield f"The field {wishes.key_field} is not on it."
    elif not holds_a_key(field):
        yield f"The field {wishes.key_field} does not refuse duplicate values there."
    else:
        yield f"The field {wishes.key_field} may not be written through the API by this user."


# The source


def _source_steps(shape: Shape, source: str) -> Iterator[Step]:
    field = shape.field(SOURCE_FIELD)
    # A value that one layout has and another lacks cannot be given to the other through the API.
    if field is None or field.id is None or field.data_type != "picklist" or source in _values(shape):
        return
    if not any(option.display_value == source for option in field.pick_list_values):
        yield AddValue(clean_line(field.label), field.id, source)


def _source_missing(layout: Layout, wishes: Wishes) -> Iterator[str]:
    field, source = _on_layout(layout, SOURCE_FIELD), wishes.source
    if source in form_of(layout, key_field=wishes.key_field).sources:
        return
    if field is None:
        yield f"The field {SOURCE_FIELD} is not on it."
        return
    used = [option for option in field.pick_list_values if option.type != "unused"]
    actual = next((option.actual_value for option in used if option.display_value == source), source)
    if actual != source:
        yield f"{clean_line(field.label)} shows “{source}” for the value “{actual}”: set source to that."
    elif any(option.actual_value == source for option in used):
        yield f"{clean_line(field.label)} may not be written through the API by this user."
    else:
        yield f"{clean_line(field.label)} does not offer “{source}” there."


def _values(shape: Shape) -> list[str]:
    fields = [shape.field(SOURCE_FIELD), *(_on_layout(layout, SOURCE_FIELD) for layout in shape.layouts)]
    every = [option.actual_value for field in fields if field for option in field.pick_list_values]
    return list(dict.fromkeys(every))


def _on_layout(layout: Layout, api_name: str) -> LayoutField | None:
    return next(
        (
            field
            for section in layout.sections
            if section.type != "unused"
            for field in section.fields
            if field.api_name == api_name
        ),
        None,
    )


def _name(layout: Layout) -> str:
    return clean_line(layout.display_label or layout.name)
