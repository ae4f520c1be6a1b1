"""Notes on a record. Source: the official specification ``related_notes`` (v8)."""

from __future__ import annotations

from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from zoho.sandbox.answers import answer, done, error, nothing, problem, rows_answer
from zoho.sandbox.guard import Refused, guarded, json_body
from zoho.sandbox.paging import asked_page, page_of
from zoho.sandbox.records import pick, record_module
from zoho.sandbox.shape import Json
from zoho.sandbox.world import Note, Record, World

LENGTHS = {"Note_Title": 120, "Note_Content": 65_535}


@guarded(
    "ZohoCRM.modules.notes.CREATE", "ZohoCRM.modules.{module}.READ", permission="Crm_Implied_Create_Notes"
)
async def create(world: World, request: Request) -> Response:
    """``POST /{module}/{id}/Notes``: each with a title or a content."""
    parent = parent_of(world, request)
    body = await json_body(request, lambda wrong: answer(wrong, 400))
    sent = body.get("data")
    if not isinstance(sent, list) or not sent:
        return problem(
            400, "INVALID_DATA", expected_data_type="jsonarray", api_name="data", json_path="$.data"
        )
    notes = cast("list[Any]", sent)
    return rows_answer([_added(world, parent, one, f"$.data[{i}]") for i, one in enumerate(notes)], 201)


@guarded("ZohoCRM.modules.notes.READ", "ZohoCRM.modules.{module}.READ", permission="Crm_Implied_View_Notes")
async def listing(world: World, request: Request) -> Response:
    """``GET /{module}/{id}/Notes``, newest first, with all fields or those of ``fields``; 204 for none."""
    parent = parent_of(world, request)
    found = [note for note in reversed(world.notes) if note.parent == parent.id]
    part, info = page_of(found, *asked_page(request))
    if not part:
        return nothing()
    shown = [_shown(world, parent, note) for note in part]
    if "fields" in request.query_params:
        names = request.query_params["fields"].split(",")
        shown = [pick(one, names) for one in shown]
    return answer({"data": shown, "info": info})


def parent_of(world: World, request: Request) -> Record:
    """Return the record of the path; raises `Refused` where there is none."""
    module = record_module(world, request)
    record = world.find(module.api_name, request.path_params["record_id"])
    if record is None:
        raise Refused(
            problem(400, "INVALID_DATA", "the related id given seems to be invalid", resource_path_index=1)
        )
    return record


def _added(world: World, parent: Record, sent: Any, path: str) -> Json:
    note = cast("Json", sent) if isinstance(sent, dict) else {}
    if not any(note.get(name) for name in LENGTHS):
        missing = [{"api_name": name, "json_path": f"{path}.{name}"} for name in LENGTHS]
        return error("EXPECTED_FIELD_MISSING", "expected field missing", expected_fields=missing)
    for name, most in LENGTHS.items():
        value = note.get(name)
        if value is not None and not isinstance(value, str):
            return error("INVALID_DATA", expected_data_type="text", api_name=name, json_path=f"{path}.{name}")
        if value is not None and len(value) > most:
            return error("INVALID_DATA", maximum_length=most, api_name=name, json_path=f"{path}.{name}")
    kept = Note(world.next_id(), parent.id, note.get("Note_Title"), note.get("Note_Content"), world.clock())
    world.notes.append(kept)
    return done("record added", _stamps(world, kept))


def _stamps(world: World, note: Note) -> Json:
    user = world.person(world.users[0]["id"])
    moment = world.now_text(note.created)
    return {
        "id": note.id,
        "Created_Time": moment,
        "Modified_Time": moment,
        "Created_By": user,
        "Modified_By": user,
    }


def _shown(world: World, parent: Record, note: Note) -> Json:
    module = world.modules[parent.module]
    return {
        **_stamps(world, note),
        "Owner": world.person(world.users[0]["id"]),
        "Note_Title": note.title,
        "Note_Content": note.content,
        "$attachments": [],
        "Parent_Id": {
            "module": {"api_name": module.api_name, "id": module.id},
            "name": world.show(parent)["Full_Name"],
            "id": parent.id,
        },
    }


routes = [
    Route("/crm/v8/{module}/{record_id}/Notes", create, methods=["POST"]),
    Route("/crm/v8/{module}/{record_id}/Notes", listing, methods=["GET"]),
]
