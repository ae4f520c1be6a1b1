"""What clients ask an org about itself: fields, layouts, modules, users, organisation; and adding a field.

Sources: the official specifications ``fields``, ``layouts``, ``pick_list_values``, ``modules``, ``users``,
``org`` and ``duplicate_check_preference`` (v8).
"""

from __future__ import annotations

from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from zoho.sandbox.answers import answer, done, nothing, problem
from zoho.sandbox.describe import field_object, layout_object, module_object, org_object, user_object
from zoho.sandbox.guard import guarded, json_body, module_of
from zoho.sandbox.shape import JSON_TYPES, UI_TYPES, Field, Json, Layout, Module
from zoho.sandbox.world import World

CUSTOMIZE = "Crm_Implied_Customize_Zoho_CRM"


@guarded("ZohoCRM.settings.fields.READ")
async def fields(world: World, request: Request) -> Response:
    """``GET /settings/fields?module=``."""
    module = module_of(world, request)
    return answer({"fields": [field_object(one, world.profiles) for one in module.fields.values()]})


@guarded("ZohoCRM.settings.fields.READ")
async def field(world: World, request: Request) -> Response:
    """``GET /settings/fields/{id}?module=``."""
    found = _field(module_of(world, request), request.path_params["field_id"])
    return nothing() if found is None else answer({"fields": [field_object(found, world.profiles)]})


@guarded("ZohoCRM.settings.fields.READ", permission=CUSTOMIZE)
async def pick_list_values(world: World, request: Request) -> Response:
    """``GET /settings/fields/{id}/pick_list_values?module=``; 204 if the field is no picklist."""
    found = _field(module_of(world, request), request.path_params["field_id"])
    if found is None or not found.values:
        return nothing()
    described: list[Json] = field_object(found, world.profiles)["pick_list_values"]
    return answer({"pick_list_values": [{**one, "layout_associations": None} for one in described]})


@guarded("ZohoCRM.settings.fields.CREATE", permission=CUSTOMIZE)
async def add_fields(world: World, request: Request) -> Response:
    """``POST /settings/fields?module=``: custom fields, which stand on no layout yet."""
    module = module_of(world, request)
    body = await json_body(request, lambda wrong: answer({**wrong, "details": {}}, 400))
    sent = body.get("fields")
    if not isinstance(sent, list) or not sent:
        return problem(400, "INVALID_DATA", api_name="fields", json_path="$.fields")
    rows: list[Json] = []
    for place, one in enumerate(cast("list[Json]", sent)):
        label = str(one.get("field_label", ""))
        name = label.replace(" ", "_")
        if (
            not name.isidentifier()
            or name in module.fields
            or one.get("data_type") not in UI_TYPES | {"text": 1}
        ):
            return problem(
                400, "INVALID_DATA", api_name="field_label", json_path=f"$.fields[{place}].field_label"
            )
        rows.append(done("field created", {"id": _added_field(world, module, name, one).id}))
    return answer({"fields": rows}, 201)


@guarded("ZohoCRM.settings.layouts.READ")
async def layouts(world: World, request: Request) -> Response:
    """``GET /settings/layouts?module=``."""
    module = module_of(world, request)
    return answer({"layouts": [layout_object(module, one, world.profiles) for one in module.layouts]})


@guarded("ZohoCRM.settings.layouts.READ")
async def layout(world: World, request: Request) -> Response:
    """``GET /settings/layouts/{id}?module=``."""
    module = module_of(world, request)
    found = module.layout(request.path_params["layout_id"])
    return nothing() if found is None else answer({"layouts": [layout_object(module, found, world.profiles)]})


@guarded("ZohoCRM.settings.layouts.UPDATE", permission=CUSTOMIZE)
async def change_layout(world: World, request: Request) -> Response:
    """``PATCH /settings/layouts/{id}?module=``: put existing fields, by their ids, into sections."""
    module = module_of(world, request)
    found = module.layout(request.path_params["layout_id"])
    if found is None:
        return problem(400, "INVALID_DATA", "the id given seems to be invalid", resource_path_index=2)
    body = await json_body(request, lambda wrong: answer(wrong, 400))
    for change in cast("list[Json]", body.get("layouts", [])):
        for section in cast("list[Json]", change.get("sections", [])):
            _place_fields(module, found, section)
    return answer({"layouts": [done("layout updated successfully", {"id": found.id})]})


@guarded("ZohoCRM.settings.modules.READ")
async def modules(world: World, request: Request) -> Response:
    """``GET /settings/modules``."""
    every = world.modules.values()
    return answer({"modules": [module_object(one, i, world.profiles) for i, one in enumerate(every, 1)]})


@guarded("ZohoCRM.settings.modules.READ")
async def module(world: World, request: Request) -> Response:
    """``GET /settings/modules/{api_name or id}``."""
    wanted = request.path_params["identifier"]
    every = enumerate(world.modules.values(), 1)
    found = [module_object(one, i, world.profiles) for i, one in every if wanted in (one.api_name, one.id)]
    return answer({"modules": found}) if found else problem(400, "INVALID_MODULE", resource_path_index=2)


@guarded("ZohoCRM.users.READ")
async def users(world: World, request: Request) -> Response:
    """``GET /users``; ``type=CurrentUser`` is the user of the token."""
    some = world.users[:1] if request.query_params.get("type") == "CurrentUser" else world.users
    info = {"per_page": 200, "count": len(some), "page": 1, "more_records": False}
    return answer({"users": [user_object(one, world.profiles) for one in some], "info": info})


@guarded("ZohoCRM.users.READ")
async def user(world: World, request: Request) -> Response:
    """``GET /users/{id}``."""
    wanted = request.path_params["user_id"]
    found = [user_object(one, world.profiles) for one in world.users if one["id"] == wanted]
    return answer({"users": found}) if found else nothing()


@guarded("ZohoCRM.org.READ")
async def org(world: World, request: Request) -> Response:
    """``GET /org``."""
    return answer({"org": [org_object(world.org, world.users[0])]})


@guarded("ZohoCRM.settings.duplicate_check_preference.READ")
async def duplicate_check_preference(world: World, request: Request) -> Response:
    """``GET /settings/duplicate_check_preference``: 204, it is off."""
    return nothing()


def _field(module: Module, field_id: str) -> Field | None:
    return next((one for one in module.fields.values() if one.id == field_id), None)


def _added_field(world: World, module: Module, name: str, sent: Json) -> Field:
    kind = str(sent["data_type"])
    listed: list[Json] = sent.get("pick_list_values") or []
    made = Field(
        world.next_id(),
        name,
        str(sent["field_label"]),
        kind,
        int(sent.get("length") or 255),
        values=tuple((str(v["display_value"]), str(v["actual_value"])) for v in listed),
        unique=_uniqueness(sent.get("unique")),
        custom=True,
        json_type=JSON_TYPES.get(kind, "string"),
        ui_type=UI_TYPES.get(kind, 1),
    )
    module.fields[name] = made
    return made


def _uniqueness(sent: Any) -> bool | None:
    return bool(cast("Json", sent).get("case_sensitive")) if isinstance(sent, dict) else None


def _place_fields(module: Module, layout: Layout, sent: Json) -> None:
    section = next((one for one in layout.sections if one.id == sent.get("id")), layout.sections[0])
    for one in cast("list[Json]", sent.get("fields", [])):
        found = _field(module, str(one.get("id")))
        if found is not None and found.api_name not in layout.field_names():
            section.fields.append(found.api_name)


_SETTINGS = "/crm/v8/settings"
routes = [
    Route(f"{_SETTINGS}/fields", fields, methods=["GET"]),
    Route(f"{_SETTINGS}/fields", add_fields, methods=["POST"]),
    Route(f"{_SETTINGS}/fields/{{field_id}}", field),
    Route(f"{_SETTINGS}/fields/{{field_id}}/pick_list_values", pick_list_values),
    Route(f"{_SETTINGS}/layouts", layouts),
    Route(f"{_SETTINGS}/layouts/{{layout_id}}", layout, methods=["GET"]),
    Route(f"{_SETTINGS}/layouts/{{layout_id}}", change_layout, methods=["PATCH"]),
    Route(f"{_SETTINGS}/modules", modules),
    Route(f"{_SETTINGS}/modules/{{identifier}}", module),
    Route(f"{_SETTINGS}/duplicate_check_preference", duplicate_check_preference),
    Route("/crm/v8/users", users),
    Route("/crm/v8/users/{user_id}", user),
    Route("/crm/v8/org", org),
]
