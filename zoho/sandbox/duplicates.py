"""Unique fields: who holds a value already, and how Zoho tells it.

Sources: the DUPLICATE_DATA and MULTIPLE_OR_MULTI_ERRORS examples of the official specification ``record``,
and the order of matching of the page "Upsert Records" of CRM v8.
"""

from __future__ import annotations

from collections.abc import Iterable

from zoho.sandbox.answers import error
from zoho.sandbox.shape import Json, Module
from zoho.sandbox.world import Record, World

SYSTEM_DUPLICATE_FIELD = "Email"


def holder(world: World, module: Module, name: str, value: object) -> Record | None:
    """The oldest record that holds *value* in the field *name*."""
    if value is None:
        return None
    sensitive = module.fields[name].unique is True
    wanted = _key(value, sensitive)
    return next(
        (r for r in world.living(module.api_name) if _key(r.values.get(name), sensitive) == wanted), None
    )


def collisions(
    world: World, module: Module, values: Json, path: str, itself: Record | None = None
) -> Json | None:
    """The outcome of a record that repeats what a unique field may hold once; None if it repeats nothing."""
    found: list[Json] = []
    for field in module.unique_fields():
        other = holder(world, module, field.api_name, values.get(field.api_name))
        if other is not None and other is not itself:
            found.append(_duplicate(world, module, field.api_name, other, path))
    if len(found) > 1:
        return error("MULTIPLE_OR_MULTI_ERRORS", errors=found)
    return found[0] if found else None


def match_order(module: Module, listed: Iterable[str] | None) -> list[str]:
    """The fields by which an upsert looks for a record, in order.

    No list: Email, then every unique field. A list: its fields, then the remaining unique ones; Email only if
    it is listed.
    """
    first = [SYSTEM_DUPLICATE_FIELD] if listed is None else list(listed)
    unique = [field.api_name for field in module.unique_fields()]
    return [*first, *(name for name in unique if name not in first)]


def _key(value: object, sensitive: bool) -> object:
    return value.casefold() if isinstance(value, str) and not sensitive else value


def _duplicate(world: World, module: Module, name: str, other: Record, path: str) -> Json:
    return error(
        "DUPLICATE_DATA",
        api_name=name,
        duplicate_record={
            "Owner": world.person(other.owner, "zuid"),
            "module": {"api_name": module.api_name, "id": module.id},
            "id": other.id,
        },
        json_path=f"{path}.{name}",
        id=other.id,
        more_records=False,
    )
