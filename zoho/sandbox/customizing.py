"""What an administrator changes through the API: new fields, the values of a picklist, a layout's fields.

Sources: the official specifications ``fields`` (Create Fields, Update Field by ID) and ``layouts`` (Update a
Layout), v8; and Kaizen 205 of Zoho's developer posts, where a value sent alone is added to a picklist and one
sent with its id is renamed. A field's API name cannot be chosen: Zoho makes it from the label.
"""

from __future__ import annotations

import re
from typing import Any, NoReturn, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from zoho.sandbox.answers import answer, done, error, problem
from zoho.sandbox.describe import field_object
from zoho.sandbox.guard import Refused, guarded, json_body, module_of
from zoho.sandbox.shape import JSON_TYPES, UI_TYPES, Field, Json, Layout, Module, Section
from zoho.sandbox.world import World

CUSTOMIZE = "Crm_Implied_Customize_Zoho_CRM"

_LABEL = 25
_VALUE = 25
_AT_ONCE = 5
_VALUES_AT_ONCE = 10
_TEXT_LENGTH = 255
_OF_A_NEW_FIELD = (
    "field_label data_type length filterable tooltip profiles external crypt encrypt_case textarea unique "
    "hipaa_compliance_enabled private pick_list_values enable_record_state default_value "
    "pick_list_values_sorted_lexically enable_colour_code global_picklist history_tracking_enabled "
    "history_tracking separator auto_number _update_existing_records formula decimal_place "
    "number_separator currency rollup_summary lookup multiselectlookup"
)


@guarded("ZohoCRM.settings.fields.CREATE", permission=CUSTOMIZE)
async def add_fields(world: World, request: Request) -> Response:
    """``POST /settings/fields?module=``: custom fields, which stand on no layout yet; all or none."""
    module = module_of(world, request)
    sent = await _sent(request, "fields", _AT_ONCE)
    for place, one in enumerate(sent):
        _check_new_field(module, one, f"$.fields[{place}]")
    made = [_added_field(world, module, one) for one in sent]
    return answer({"fields": [done("field created", {"id": field.id}) for field in made]}, 201)


@guarded("ZohoCRM.settings.fields.UPDATE", permission=CUSTOMIZE)
async def change_field(world: World, request: Request) -> Response:
    """``PATCH /settings/fields/{id}?module=``: values of a picklist, new ones and new names; nothing else."""
    module = module_of(world, request)
    found = field_of(module, request.path_params["field_id"])
    if found is None:
        return problem(400, "INVALID_DATA", "the id given seems to be invalid", resource_path_index=2)
    (sent,) = await _sent(request, "fields", 1)
    for key in sent.keys() - {"id", "pick_list_values"}:
        _refuse("fields", "INVALID_DATA", key, f"$.fields[0].{key}", supported_values=["pick_list_values"])
    listed = sent.get("pick_list_values", [])
    if not isinstance(listed, list) or not found.values:
        where = ("pick_list_values", "$.fields[0].pick_list_values")
        _refuse("fields", "INVALID_DATA", *where, expected_data_type="jsonarray")
    values = cast("list[Json]", listed)
    if len(values) > _VALUES_AT_ONCE:
        _exceeded("fields", "pick_list_values", "$.fields[0].pick_list_values", _VALUES_AT_ONCE)
    found.values = _changed_values(world, found, values)
    return answer({"fields": [done("field updated", {"id": found.id})]})


@guarded("ZohoCRM.settings.layouts.UPDATE", permission=CUSTOMIZE)
async def change_layout(world: World, request: Request) -> Response:
    """``PATCH /settings/layouts/{id}?module=``: put existing fields, by their ids, into sections."""
    module = module_of(world, request)
    found = module.layout(request.path_params["layout_id"])
    if found is None:
        return problem(400, "INVALID_DATA", "the id given seems to be invalid", resource_path_index=2)
    (sent,) = await _sent(request, "layouts", 1)
    sections = cast("list[Json]", sent.get("sections", []))
    if len(sections) > _AT_ONCE or sum(len(one.get("fields", [])) for one in sections) > _AT_ONCE:
        _exceeded("layouts", "sections", "$.layouts[0].sections", _AT_ONCE)
    wanted = [
        place
        for number, one in enumerate(sections)
        for place in _places(module, found, one, f"$.layouts[0].sections[{number}]")
    ]
    for section, name in wanted:
        if name not in found.field_names():
            section.fields.append(name)
    return answer({"layouts": [done("layout updated successfully", {"id": found.id})]})


def field_of(module: Module, field_id: str) -> Field | None:
    """Return the field of that id."""
    return next((one for one in module.fields.values() if one.id == field_id), None)


async def _sent(request: Request, key: str, most: int) -> list[Json]:
    """Return the objects that the body has under *key*: at least one, and at most *most*."""
    body = await json_body(request, lambda wrong: answer({**wrong, "details": {}}, 400))
    sent = body.get(key)
    if not isinstance(sent, list) or not sent or not all(isinstance(one, dict) for one in cast("Any", sent)):
        wrong = {"api_name": key, "json_path": f"$.{key}", "expected_data_type": "jsonarray"}
        raise Refused(problem(400, "INVALID_DATA", **wrong))
    listed = cast("list[Json]", sent)
    if len(listed) > most:
        _exceeded(key, key, f"$.{key}", most)
    return listed


def _refuse(key: str, code: str, name: str, path: str, **details: Any) -> NoReturn:
    raise Refused(answer({key: [error(code, api_name=name, json_path=path, **details)]}, 400))


def _exceeded(key: str, name: str, path: str, limit: int) -> NoReturn:
    due_to = [{"api_name": name, "json_path": path}]
    raise Refused(answer({key: [error("LIMIT_EXCEEDED", limit=limit, limit_due_to=due_to)]}, 400))


def _check_new_field(module: Module, sent: Json, path: str) -> None:
    known = _OF_A_NEW_FIELD.split()
    for key in sent.keys() - set(known):
        _refuse("fields", "INVALID_DATA", key, f"{path}.{key}", supported_values=known[:25])
    for key in ("field_label", "data_type"):
        if not sent.get(key):
            _refuse("fields", "MANDATORY_NOT_FOUND", key, f"{path}.{key}")
    label = str(sent["field_label"])
    where = ("field_label", f"{path}.field_label")
    if len(label) > _LABEL:
        _refuse("fields", "INVALID_DATA", *where, maximum_length=_LABEL)
    if not _api_name(label).isidentifier():
        _refuse("fields", "INVALID_DATA", *where, expected_data_type="text")
    if any(label.casefold() == one.label.casefold() for one in module.fields.values()):
        _refuse("fields", "DUPLICATE_DATA", *where)
    if sent["data_type"] not in ("text", *UI_TYPES):
        kinds = ["text", *UI_TYPES]
        _refuse("fields", "INVALID_DATA", "data_type", f"{path}.data_type", supported_values=kinds)
    length = sent.get("length", 1)
    if not isinstance(length, int) or not 1 <= length <= _TEXT_LENGTH:
        _refuse("fields", "INVALID_DATA", "length", f"{path}.length", maximum_length=_TEXT_LENGTH)


def _api_name(label: str) -> str:
    return re.sub(r"\s+", "_", label.strip())


def _added_field(world: World, module: Module, sent: Json) -> Field:
    label, kind = str(sent["field_label"]), str(sent["data_type"])
    name, number = _api_name(label), 1
    while name in module.fields:
        name, number = f"{_api_name(label)}{number}", number + 1
    listed: list[Json] = sent.get("pick_list_values") or []
    made = Field(
        world.next_id(),
        name,
        label,
        kind,
        int(sent.get("length") or _TEXT_LENGTH),
        values=tuple((str(v["display_value"]), str(v["actual_value"])) for v in listed),
        unique=_uniqueness(sent.get("unique")),
        custom=True,
        json_type=JSON_TYPES.get(kind, "string"),
        ui_type=UI_TYPES.get(kind, 1),
    )
    module.fields[name] = made
    return made


def _uniqueness(sent: Any) -> bool | None:
    """Return whether case counts; None if duplicates are allowed. The specification has both forms."""
    if isinstance(sent, dict):
        return bool(cast("Json", sent).get("case_sensitive"))
    return False if sent is True else None


def _changed_values(world: World, field: Field, sent: list[Json]) -> tuple[tuple[str, str], ...]:
    described: list[Json] = field_object(field, world.profiles)["pick_list_values"]
    places = {one["id"]: number - 1 for number, one in enumerate(described)}  # the first is -None-
    values = list(field.values)
    for number, one in enumerate(sent):
        path = f"$.fields[0].pick_list_values[{number}]"
        for key in ("display_value", "actual_value"):
            if len(str(one.get(key, ""))) > _VALUE:
                _refuse("fields", "INVALID_DATA", key, f"{path}.{key}", maximum_length=_VALUE)
        if "id" not in one:
            values.append(_new_value(values, one, path))
        elif places.get(one["id"], -1) < 0:
            _refuse("fields", "INVALID_DATA", "id", f"{path}.id", expected_data_type="bigint")
        elif "display_value" in one:
            place = places[one["id"]]
            values[place] = (str(one["display_value"]), values[place][1])
    return tuple(values)


def _new_value(values: list[tuple[str, str]], sent: Json, path: str) -> tuple[str, str]:
    for key in ("display_value", "actual_value"):
        if not sent.get(key):
            _refuse("fields", "MANDATORY_NOT_FOUND", key, f"{path}.{key}")
    new = (str(sent["display_value"]), str(sent["actual_value"]))
    for place, key in enumerate(("display_value", "actual_value")):
        if any(new[place] == one[place] for one in values):
            _refuse("fields", "DUPLICATE_DATA", key, f"{path}.{key}")
    return new


def _places(module: Module, layout: Layout, sent: Json, path: str) -> list[tuple[Section, str]]:
    """Return the fields of one section of the request, each with the section that it shall stand in."""
    section = next((one for one in layout.sections if one.id == sent.get("id")), None)
    if section is None:
        _refuse("layouts", "INVALID_DATA", "id", f"{path}.id")
    found: list[tuple[Section, str]] = []
    for number, one in enumerate(cast("list[Json]", sent.get("fields", []))):
        field = field_of(module, str(one.get("id")))
        if field is None:
            _refuse("layouts", "INVALID_DATA", "id", f"{path}.fields[{number}].id")
        found.append((section, field.api_name))
    return found


_SETTINGS = "/crm/v8/settings"
routes = [
    Route(f"{_SETTINGS}/fields", add_fields, methods=["POST"]),
    Route(f"{_SETTINGS}/fields/{{field_id}}", change_field, methods=["PATCH"]),
    Route(f"{_SETTINGS}/layouts/{{layout_id}}", change_layout, methods=["PATCH"]),
]
