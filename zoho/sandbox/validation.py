"""Is a record what the org's fields allow? The first fault of a record is reported, as its outcome.

Shapes: the error examples of the official specification ``record`` (createRecords): ``api_name`` and
``json_path`` name the field, ``expected_data_type``, ``maximum_length`` or ``supported_values`` say what
was expected.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from zoho.sandbox.answers import error
from zoho.sandbox.rules import broken_rules
from zoho.sandbox.shape import Field, Json, Layout, Module
from zoho.sandbox.world import ORG_OFFSET, World

EMAIL = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+\.[^@\s,;<>()]+")
FEATURES = (
    "layout_rules",
    "range_validation",
    "assignment_rules",
    "function_validation_rule",
    "criteria_validation_rule",
    "global_map_dependency",
    "territory_subordinates",
)
TRIGGERS = ("workflow", "approval", "blueprint", "pathfinder", "orchestration")


class Invalid(Exception):
    """A record is refused; ``row`` is its outcome."""

    def __init__(self, row: Json) -> None:
        super().__init__(row["code"])
        self.row = row


@dataclass(slots=True)
class Draft:
    """A record that passed: what is to be stored. ``layout`` is None when the client named none."""

    values: Json
    owner: str | None
    layout: Layout | None


def check_record(
    world: World, module: Module, sent: Any, path: str, *, new: bool, features: Collection[str] = ()
) -> Draft:
    """Return what is to be stored of a record.

    Args:
        sent: the record as it came.
        path: where it stands in the request, as ``$.data[0]``.
        new: is it to be created? Then fields that must be there are asked for.
        features: what the request switches on besides (``apply_feature_execution``).

    Raises:
        Invalid: a fault of the record.
    """
    if not isinstance(sent, dict):
        raise Invalid(error("INVALID_DATA", expected_data_type="jsonobject", api_name="data", json_path=path))
    record = cast("Json", sent)
    layout = _layout(module, record, path)
    _check_mandatory(module, layout, record, path, new)
    values: Json = {}
    for name, value in record.items():
        field = _field(world, module, layout, name, path)
        if field is not None:
            values[name] = _checked(world, field, value, f"{path}.{name}")
    if "Tag" in record:
        values["Tag"] = _tags(record["Tag"], f"{path}.Tag")
    if new:
        _fill_in(module, layout, values)
        broken = broken_rules(module, layout or module.layouts[0], values, path, features)
        if broken is not None:
            raise Invalid(broken)
    return Draft(values, _owner(world, record, path), layout)


def _fill_in(module: Module, layout: Layout | None, values: Json) -> None:
    """Give a new record what its fields have by default, where nothing was sent."""
    names = (layout or module.layouts[0]).field_names()
    for field in module.fields.values():
        if field.default is not None and field.api_name in names:
            values.setdefault(field.api_name, field.default)


def check_options(body: Json) -> set[str]:
    """Check what stands beside the records of a request; return the features that it switches on.

    Raises:
        Invalid: an unknown feature or trigger.
    """
    named = [("name", f"apply_feature_execution[{i}].name", f, FEATURES) for i, f in _features(body)]
    triggers = body.get("trigger")
    if isinstance(triggers, list):
        told = enumerate(cast("list[Any]", triggers))
        named += [("trigger", f"trigger[{i}]", t, TRIGGERS) for i, t in told]
    for name, place, value, allowed in named:
        if value not in allowed:
            raise Invalid(
                error("INVALID_DATA", api_name=name, json_path=f"$.{place}", supported_values=list(allowed))
            )
    return {name for _, name in _features(body)}


def _features(body: Json) -> list[tuple[int, Any]]:
    listed = body.get("apply_feature_execution")
    if not isinstance(listed, list):
        return []
    objects = enumerate(cast("list[Any]", listed))
    return [(i, cast("Json", one).get("name") if isinstance(one, dict) else None) for i, one in objects]


def _layout(module: Module, record: Json, path: str) -> Layout | None:
    if "Layout" not in record:
        return None
    layout = module.layout(_id_of(record["Layout"]) or "")
    if layout is None or layout.status != "active":
        raise Invalid(error("INVALID_DATA", api_name="Layout", json_path=f"{path}.Layout"))
    return layout


def _check_mandatory(module: Module, layout: Layout | None, record: Json, path: str, new: bool) -> None:
    mandatory = {f.api_name for f in module.fields.values() if f.mandatory}
    if layout is not None:
        mandatory |= layout.required
    for name in module.fields:
        missing = new or name in record
        if name in mandatory and missing and record.get(name) in (None, "", "-None-"):
            raise Invalid(error("MANDATORY_NOT_FOUND", api_name=name, json_path=f"{path}.{name}"))


def _field(world: World, module: Module, layout: Layout | None, name: str, path: str) -> Field | None:
    """The field to be written, or None where Zoho drops it silently."""
    if name in {"id", "Layout", "Owner", "Tag"} or name.startswith("$"):
        return None
    field = module.fields.get(name)
    if field is None:
        if world.options.unknown_fields == "reject":
            text = "the field api name given seems to be invalid"
            raise Invalid(error("INVALID_DATA", text, api_name=name, json_path=f"{path}.{name}"))
        return None
    outside = layout is not None and name not in layout.field_names()
    return None if field.automatic or outside else field


def _owner(world: World, record: Json, path: str) -> str | None:
    if "Owner" not in record:
        return None
    owner = _id_of(record["Owner"])
    if owner is None or all(user["id"] != owner for user in world.users):
        raise Invalid(error("INVALID_DATA", api_name="Owner", json_path=f"{path}.Owner"))
    return owner


def _id_of(value: Any) -> str | None:
    found: Any = cast("Json", value).get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else None


def _tags(value: Any, path: str) -> list[Json]:
    tags = cast("list[Any]", value) if isinstance(value, list) else [None]
    names: list[Any] = [cast("Json", t).get("name") if isinstance(t, dict) else None for t in tags]
    if not all(isinstance(name, str) and name for name in names):
        raise Invalid(error("INVALID_DATA", expected_data_type="jsonarray", api_name="Tag", json_path=path))
    return [
        {"name": name, "id": f"41508680000009{place:05d}", "color_code": None}
        for place, name in enumerate(names)
    ]


def _checked(world: World, field: Field, value: Any, path: str) -> Any:
    if value is None or value == "":
        return None
    if field.data_type in {"lookup", "userlookup"}:
        return _referred(world, field, value, path)
    try:
        return CHECKS.get(field.data_type, _text)(field, value)
    except _Wrong as wrong:
        details: Json = {**wrong.details, "api_name": field.api_name, "json_path": path}
        raise Invalid(error("INVALID_DATA", **details)) from None


def _referred(world: World, field: Field, value: Any, path: str) -> str:
    """Return the id of the record or user that a lookup refers to."""
    found = _id_of(value)
    if not isinstance(value, dict):
        raise Invalid(
            error("INVALID_DATA", expected_data_type="jsonobject", api_name=field.api_name, json_path=path)
        )
    if field.data_type == "userlookup":
        known = any(user["id"] == found for user in world.users)
    else:
        known = found is not None and world.find(field.refers_to, found) is not None
    if found is None or not known:
        text = "the related id given seems to be invalid"
        raise Invalid(error("INVALID_DATA", text, api_name=field.api_name, json_path=path))
    return found


class _Wrong(Exception):
    """A value does not fit its field; ``details`` says what was expected."""

    def __init__(self, **details: Any) -> None:
        super().__init__()
        self.details = details


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise _Wrong(expected_data_type=field.data_type)
    if len(value) > field.length:
        raise _Wrong(maximum_length=field.length)
    return value


def _email(field: Field, value: Any) -> str:
    text = _text(field, value)
    if not EMAIL.fullmatch(text):
        raise _Wrong(expected_data_type="email")
    return text


def _choice(field: Field, value: Any) -> str | None:
    text = _text(field, value)
    if text == "-None-":
        return None
    actual = [one for _, one in field.values]
    if text not in actual:
        raise _Wrong(supported_values=actual)
    return text


def _choices(field: Field, value: Any) -> list[str]:
    if not isinstance(value, list):
        raise _Wrong(expected_data_type="jsonarray")
    return [one for item in cast("list[Any]", value) if (one := _choice(field, item)) is not None]


def _boolean(field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Wrong(expected_data_type="boolean")
    return value


def _integer(field: Field, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _Wrong(expected_data_type="integer")
    return _digits(field, value)


def _decimal(field: Field, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _Wrong(expected_data_type="double")
    _digits(field, int(value))
    return float(value)


def _digits(field: Field, value: int) -> int:
    if len(str(abs(value))) > field.length:
        raise _Wrong(maximum_length=field.length)
    return value


def _date(field: Field, value: Any) -> str:
    try:
        date.fromisoformat(_text(field, value))
    except ValueError:
        raise _Wrong(expected_data_type="date") from None
    return value


def _datetime(field: Field, value: Any) -> str:
    try:
        moment = datetime.fromisoformat(_text(field, value))
    except ValueError:
        raise _Wrong(expected_data_type="datetime") from None
    if moment.tzinfo is None:
        raise _Wrong(expected_data_type="datetime")
    return moment.astimezone(ORG_OFFSET).isoformat(timespec="seconds")


CHECKS: dict[str, Callable[[Field, Any], Any]] = {
    "boolean": _boolean,
    "currency": _decimal,
    "date": _date,
    "datetime": _datetime,
    "double": _decimal,
    "email": _email,
    "integer": _integer,
    "multiselectpicklist": _choices,
    "percent": _decimal,
    "picklist": _choice,
}
