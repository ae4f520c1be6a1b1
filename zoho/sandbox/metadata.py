"""What clients ask an org about itself: fields, layouts, modules, users, organisation.

Sources: the official specifications ``fields``, ``layouts``, ``map_dependency``, ``pick_list_values``,
``modules``, ``users``, ``org`` and ``duplicate_check_preference`` (v8).
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from zoho.sandbox.answers import answer, nothing, problem
from zoho.sandbox.customizing import CUSTOMIZE, field_of
from zoho.sandbox.describe import (
    dependency_object,
    field_object,
    layout_object,
    module_object,
    org_object,
    user_object,
)
from zoho.sandbox.guard import Refused, guarded, module_of, whole_number
from zoho.sandbox.shape import Json, Layout, Module
from zoho.sandbox.world import World


@guarded("ZohoCRM.settings.fields.READ")
async def fields(world: World, request: Request) -> Response:
    """``GET /settings/fields?module=``."""
    module = module_of(world, request)
    return answer({"fields": [field_object(one, world.profiles) for one in module.fields.values()]})


@guarded("ZohoCRM.settings.fields.READ")
async def field(world: World, request: Request) -> Response:
    """``GET /settings/fields/{id}?module=``."""
    found = field_of(module_of(world, request), request.path_params["field_id"])
    return nothing() if found is None else answer({"fields": [field_object(found, world.profiles)]})


@guarded("ZohoCRM.settings.fields.READ", permission=CUSTOMIZE)
async def pick_list_values(world: World, request: Request) -> Response:
    """``GET /settings/fields/{id}/pick_list_values?module=``; 204 if the field is no picklist."""
    found = field_of(module_of(world, request), request.path_params["field_id"])
    if found is None or not found.values:
        return nothing()
    described: list[Json] = field_object(found, world.profiles)["pick_list_values"]
    return answer({"pick_list_values": [{**one, "layout_associations": None} for one in described]})


@guarded("ZohoCRM.settings.layouts.READ")
async def layouts(world: World, request: Request) -> Response:
    """``GET /settings/layouts?module=``."""
    module = module_of(world, request)
    maps = world.options.layout_maps
    return answer(
        {"layouts": [layout_object(module, one, world.profiles, maps=maps) for one in module.layouts]}
    )


@guarded("ZohoCRM.settings.layouts.READ")
async def layout(world: World, request: Request) -> Response:
    """``GET /settings/layouts/{id}?module=``."""
    module = module_of(world, request)
    found = module.layout(request.path_params["layout_id"])
    if found is None:
        return nothing()
    maps = world.options.layout_maps
    return answer({"layouts": [layout_object(module, found, world.profiles, maps=maps)]})


@guarded("ZohoCRM.settings.map_dependency.READ")
async def map_dependencies(world: World, request: Request) -> Response:
    """``GET /settings/layouts/{id}/map_dependency?module=``: which picklists control others; 204, none do."""
    module = module_of(world, request)
    found = _layout_named(module, request).dependencies
    if not found:
        return nothing()
    info = {"per_page": 200, "count": len(found), "page": 1, "more_records": False}
    told = [dependency_object(module, one, whole=False) for one in found]
    return answer({"map_dependency": told, "info": info})


@guarded("ZohoCRM.settings.map_dependency.READ")
async def map_dependency(world: World, request: Request) -> Response:
    """``GET /settings/layouts/{id}/map_dependency/{id}?module=``: one of them, with its values."""
    module = module_of(world, request)
    wanted = request.path_params["dependency_id"]
    for one in _layout_named(module, request).dependencies:
        if one.id == wanted:
            return answer({"map_dependency": [dependency_object(module, one, whole=True)]})
    return problem(400, "INVALID_DATA", "the id given seems to be invalid", resource_path_index=4)


def _layout_named(module: Module, request: Request) -> Layout:
    found = module.layout(request.path_params["layout_id"])
    if found is None:
        raise Refused(problem(400, "INVALID_DATA", "the id given seems to be invalid", resource_path_index=2))
    return found


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
    """``GET /users``: a page of them; ``type=CurrentUser`` is the user of the token."""
    some = world.users[:1] if request.query_params.get("type") == "CurrentUser" else world.users
    page = whole_number(request, "page", 1, 1, 10_000)
    size = whole_number(request, "per_page", 200, 1, 200)
    part = some[(page - 1) * size : page * size]
    if not part:
        return nothing()
    info = {"per_page": size, "count": len(part), "page": page, "more_records": page * size < len(some)}
    return answer({"users": [user_object(one, world.profiles) for one in part], "info": info})


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


_SETTINGS = "/crm/v8/settings"
routes = [
    Route(f"{_SETTINGS}/fields", fields, methods=["GET"]),
    Route(f"{_SETTINGS}/fields/{{field_id}}", field),
    Route(f"{_SETTINGS}/fields/{{field_id}}/pick_list_values", pick_list_values),
    Route(f"{_SETTINGS}/layouts", layouts),
    Route(f"{_SETTINGS}/layouts/{{layout_id}}/map_dependency", map_dependencies),
    Route(f"{_SETTINGS}/layouts/{{layout_id}}/map_dependency/{{dependency_id}}", map_dependency),
    Route(f"{_SETTINGS}/layouts/{{layout_id}}", layout, methods=["GET"]),
    Route(f"{_SETTINGS}/modules", modules),
    Route(f"{_SETTINGS}/modules/{{identifier}}", module),
    Route(f"{_SETTINGS}/duplicate_check_preference", duplicate_check_preference),
    Route("/crm/v8/users", users),
    Route("/crm/v8/users/{user_id}", user),
    Route("/crm/v8/org", org),
]
