"""Picklists that control others: which values of the one go with which of the other.

A layout tells it as ``maps`` of the controlling picklist's values; where a layout is told without them, the
mapped dependencies of the layout do (v8 Get Mapped Dependency Fields). A picklist has at most one that
controls it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from zoho.api.models import Layout, LayoutField, MapDependency, MappedValue

_NONE = "-None-"
"""The value of a picklist that stands for *empty*."""


@dataclass(frozen=True, slots=True)
class Control:
    """What controls a picklist: ``by`` is the API name of another one, and ``allowed`` has for its values
    (empty text: none is chosen) those that go with each.
    """

    by: str
    allowed: tuple[tuple[str, tuple[str, ...]], ...]


def controls_of(layout: Layout) -> dict[str, Control]:
    """Return what controls which picklist, by the API name of the controlled one, as *layout* tells it."""
    found: dict[str, tuple[str, list[tuple[str, tuple[str, ...]]]]] = {}
    for field in _picklists(layout):
        for value in field.pick_list_values:
            for one in value.maps or ():
                by, allowed = found.setdefault(one.api_name, (field.api_name, []))
                if by == field.api_name and value.type != "unused":
                    allowed.append((_value(value.actual_value), _values(one.pick_list_values)))
    return {name: Control(by, tuple(allowed)) for name, (by, allowed) in found.items() if allowed}


def tells_of_controls(layout: Layout) -> bool:
    """Say whether *layout* tells which picklists control others, be it that none does."""
    values = [value for field in _picklists(layout) for value in field.pick_list_values]
    return not values or any(value.maps is not None for value in values)


def controls_in(dependencies: Iterable[MapDependency]) -> Mapping[str, Control]:
    """Return what controls which picklist, by the API name of the controlled one, as *dependencies* tell it.

    Those between the fields of a subform are left out.
    """
    return {
        one.child.api_name: Control(
            one.parent.api_name,
            tuple((_value(value.actual_value), _values(value.maps)) for value in one.pick_list_values),
        )
        for one in dependencies
        if is_of_the_lead(one) and one.pick_list_values
    }


def is_of_the_lead(dependency: MapDependency) -> bool:
    """Say whether *dependency* is in force, and between two fields of the lead itself."""
    return dependency.active and not dependency.sub_module


def _picklists(layout: Layout) -> Iterator[LayoutField]:
    for section in layout.sections:
        yield from (field for field in section.fields if field.pick_list_values)


def _value(actual: str) -> str:
    return "" if actual == _NONE else actual


def _values(mapped: Sequence[MappedValue]) -> tuple[str, ...]:
    return tuple(value.actual_value for value in mapped if value.actual_value != _NONE)
