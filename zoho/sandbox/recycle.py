"""The recycle bin: what is in it, restoring, emptying.

Sources: the official specification ``recycle_bin`` (v8) for reading and deleting, and the page "Restore
Recycle Bin Records" of CRM v8 with the examples of its specification. ``filters`` are not served.
"""

from __future__ import annotations

from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from zoho.sandbox.answers import answer, done, error, nothing, problem, rows_answer
from zoho.sandbox.guard import guarded, json_body
from zoho.sandbox.paging import asked_page, page_of
from zoho.sandbox.shape import Json
from zoho.sandbox.world import Record, World


@guarded("ZohoCRM.settings.recycle_bin.READ")
async def listing(world: World, request: Request) -> Response:
    """``GET /settings/recycle_bin`` and ``/settings/recycle_bin/{id}``."""
    wanted = _asked_ids(request)
    found = [record for record in world.binned() if wanted is None or record.id in wanted]
    part, info = page_of(found, *asked_page(request))
    if not part:
        return nothing()
    return answer({"recycle_bin": [_entry(world, record) for record in part], "info": info})


@guarded("ZohoCRM.settings.recycle_bin.UPDATE")
async def restore_one(world: World, request: Request) -> Response:
    """``POST /settings/recycle_bin/{id}/actions/restore``; it needs no body."""
    row = _restored(world, request.path_params["record_id"])
    return answer(row, 400) if row["status"] == "error" else answer({"recycle_bin": [row]})


@guarded("ZohoCRM.settings.recycle_bin.UPDATE")
async def restore_many(world: World, request: Request) -> Response:
    """``POST /settings/recycle_bin/actions/restore`` with ``ids`` or ``restore_all_records``."""
    body = await json_body(request, lambda wrong: answer(wrong, 400))
    if body.get("restore_all_records") is True:
        for record in world.binned():
            record.deleted_at = None
        text = "Bulk restoration of records based on filters has been scheduled"
        scheduled: Json = {"code": "SCHEDULED", "details": {}, "message": text, "status": "success"}
        return answer({"recycle_bin": [scheduled]}, 202)
    ids = body.get("ids")
    if not isinstance(ids, list) or not ids:
        names = ["ids", "filters", "restore_all_records"]
        missing = [{"api_name": name, "json_path": f"$.{name}"} for name in names]
        return problem(400, "EXPECTED_FIELD_MISSING", "expected field missing", expected_fields=missing)
    return rows_answer([_restored(world, str(one)) for one in cast("list[Any]", ids)], 200, "recycle_bin")


@guarded("ZohoCRM.settings.recycle_bin.DELETE")
async def empty(world: World, request: Request) -> Response:
    """``DELETE /settings/recycle_bin?ids=`` and ``/settings/recycle_bin/{id}``: for good."""
    wanted = _asked_ids(request)
    if wanted is None:
        return problem(400, "REQUIRED_PARAM_MISSING", param="ids")
    return rows_answer([_forgotten(world, one) for one in wanted], 200, "recycle_bin")


def _asked_ids(request: Request) -> list[str] | None:
    if "record_id" in request.path_params:
        return [request.path_params["record_id"]]
    ids = request.query_params.get("ids")
    return ids.split(",") if ids else None


def _in_bin(world: World, record_id: str) -> Record | None:
    return next((record for record in world.binned() if record.id == record_id), None)


def _restored(world: World, record_id: str) -> Json:
    record = _in_bin(world, record_id)
    if record is None:
        return error("INVALID_DATA", "the id given seems to be invalid", id=record_id)
    record.deleted_at = None
    return done("record restored", {"id": record_id})


def _forgotten(world: World, record_id: str) -> Json:
    record = _in_bin(world, record_id)
    if record is None:
        return error("INVALID_DATA", "the id given seems to be invalid", id=record_id)
    world.erase(record)
    return done("record deleted", {"id": record_id})


def _entry(world: World, record: Record) -> Json:
    module = world.modules[record.module]
    return {
        "display_name": world.show(record)["Full_Name"],
        "deleted_time": world.now_text(record.deleted_at),
        "owner": world.person(record.owner),
        "module": {"api_name": module.api_name, "id": module.id},
        "deleted_by": world.person(world.users[0]["id"]),
        "id": record.id,
    }


_BIN = "/crm/v8/settings/recycle_bin"
routes = [
    Route(f"{_BIN}/actions/restore", restore_many, methods=["POST"]),
    Route(f"{_BIN}/{{record_id}}/actions/restore", restore_one, methods=["POST"]),
    Route(f"{_BIN}/{{record_id}}", listing, methods=["GET"]),
    Route(f"{_BIN}/{{record_id}}", empty, methods=["DELETE"]),
    Route(_BIN, listing, methods=["GET"]),
    Route(_BIN, empty, methods=["DELETE"]),
]
