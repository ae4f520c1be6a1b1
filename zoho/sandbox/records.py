"""Records of Leads, Contacts and Accounts: create, upsert, update, read, list, count, delete.

Sources: the official specification ``record`` (v8) with its examples, and the pages "Insert Records", "Upsert
Records", "Get Records" and "Delete Records" of CRM v8.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from zoho.sandbox.answers import answer, done, error, failed_rows, nothing, problem, rows_answer
from zoho.sandbox.duplicates import collisions, holder, match_order
from zoho.sandbox.guard import Refused, guarded, json_body, module_of
from zoho.sandbox.paging import asked_page, page_of
from zoho.sandbox.shape import Json, Module
from zoho.sandbox.validation import Draft, Invalid, check_options, check_record
from zoho.sandbox.world import Record, World

PER_CALL = 100
MODULES = {"Leads", "Contacts", "Accounts"}


def record_module(
    world: World, request: Request, refusal: Callable[[Json], Response] | None = None
) -> Module:
    """Return the module of the path, if it is one whose records are served.

    Raises:
        Refused: it is not.
    """
    module = module_of(world, request, refusal)
    if module.api_name not in MODULES:
        raise Refused(problem(400, "INVALID_MODULE", resource_path_index=0))
    return module


@guarded("ZohoCRM.modules.{module}.CREATE", permission="Crm_Implied_Create_{module}")
async def create(world: World, request: Request) -> Response:
    """``POST /{module}``: 201 when all were added, 207 when some were, 400 when none was."""
    module = record_module(world, request, failed_rows)
    _, sent, features = await sent_records(request)
    rows = [_created(world, module, one, f"$.data[{i}]", features) for i, one in enumerate(sent)]
    return rows_answer(rows, 201)


@guarded("ZohoCRM.modules.{module}.CREATE", permission="Crm_Implied_Create_{module}")
async def upsert(world: World, request: Request) -> Response:
    """``POST /{module}/upsert``: each record updates the first one that it matches, or is added."""
    module = record_module(world, request, failed_rows)
    body, sent, features = await sent_records(request)
    order = match_order(module, _listed_fields(module, body))
    rows = [_upserted(world, module, one, f"$.data[{i}]", order, features) for i, one in enumerate(sent)]
    return rows_answer(rows, 200)


@guarded("ZohoCRM.modules.{module}.UPDATE", permission="Crm_Implied_Edit_{module}")
async def update(world: World, request: Request) -> Response:
    """``PUT /{module}`` and ``PUT /{module}/{id}``."""
    module = record_module(world, request, failed_rows)
    _, sent, _ = await sent_records(request)
    path_id = request.path_params.get("record_id")
    if path_id is not None and sent and isinstance(sent[0], dict):
        sent = [{**cast("Json", sent[0]), "id": path_id}]
    since = request.headers.get("if-unmodified-since")
    rows = [_updated(world, module, one, f"$.data[{i}]", since) for i, one in enumerate(sent)]
    if any(row["code"] == "ALREADY_MODIFIED" for row in rows):
        return answer({"data": rows[:1]}, 412)
    return rows_answer(rows, 200)


@guarded("ZohoCRM.modules.{module}.READ", permission="Crm_Implied_View_{module}")
async def get_one(world: World, request: Request) -> Response:
    """``GET /{module}/{id}``: a record with all its fields, or those of ``fields``; 204 if there is none."""
    module = record_module(world, request)
    record_id: str = request.path_params["record_id"]
    if not record_id.isdigit():
        return problem(400, "INVALID_DATA", "the id given seems to be invalid", resource_path_index=1)
    record = world.find(module.api_name, record_id)
    if record is None:
        return nothing()
    shown = world.show(record)
    if "fields" in request.query_params:
        shown = pick(shown, request.query_params["fields"].split(","))
    return answer({"data": [shown]})


@guarded("ZohoCRM.modules.{module}.READ", permission="Crm_Implied_View_{module}")
async def get_many(world: World, request: Request) -> Response:
    """``GET /{module}?fields=...``: a page of records; ``fields`` must be given, with at most 50 names."""
    module = record_module(world, request)
    names = request.query_params.get("fields", "").split(",")
    if names == [""]:
        return problem(400, "REQUIRED_PARAM_MISSING", param_name="fields")
    if len(names) > 50:
        return problem(400, "LIMIT_EXCEEDED", limit=50, param_name="fields")
    found = _kept_by_converted(world.living(module.api_name), request)
    if "ids" in request.query_params:
        wanted = set(request.query_params["ids"].split(","))
        found = [record for record in found if record.id in wanted]
    return page_answer(world, request, found, names)


@guarded("ZohoCRM.modules.{module}.READ", permission="Crm_Implied_View_{module}")
async def count(world: World, request: Request) -> Response:
    """``GET /{module}/actions/count``."""
    module = record_module(world, request)
    return answer({"count": len(_kept_by_converted(world.living(module.api_name), request))})


@guarded("ZohoCRM.modules.{module}.DELETE", permission="Crm_Implied_Delete_{module}")
async def delete_many(world: World, request: Request) -> Response:
    """``DELETE /{module}?ids=1,2``: into the recycle bin."""

    def bare(wrong: Json) -> Response:
        return answer({**wrong, "details": {}}, 400)

    module = record_module(world, request, bare)
    ids = request.query_params.get("ids")
    if not ids:
        return problem(400, "REQUIRED_PARAM_MISSING", param_name="ids")
    rows = [_deleted(world, module, record_id) for record_id in ids.split(",")]
    if all(row["status"] == "error" for row in rows):
        return answer(rows[0], 400)
    return rows_answer(rows, 200)


@guarded("ZohoCRM.modules.{module}.DELETE", permission="Crm_Implied_Delete_{module}")
async def delete_one(world: World, request: Request) -> Response:
    """``DELETE /{module}/{id}``: into the recycle bin."""
    module = record_module(world, request)
    row = _deleted(world, module, request.path_params["record_id"])
    return answer(row, 400) if row["status"] == "error" else answer({"data": [row]})


def pick(shown: Json, names: list[str]) -> Json:
    """The named fields of a record, and its id."""
    return {"id": shown["id"], **{name: shown[name] for name in names if name in shown}}


def page_answer(world: World, request: Request, found: list[Record], names: list[str] | None) -> Response:
    """Return a page of *found* by the query's ``page``, ``per_page``, ``sort_by`` and ``sort_order``."""
    page, per_page = asked_page(request)
    if page * per_page > 2000 and page > 1:
        return problem(400, "LIMIT_REACHED", "Cannot fetch more than 2000 records", limit=2000)
    by = request.query_params.get("sort_by", "id")
    shown = [world.show(record) for record in found]
    shown.sort(key=lambda one: (str(one.get(by) or ""), one["id"]))
    ascending = request.query_params.get("sort_order") == "asc"
    if not ascending:
        shown.reverse()
    part, info = page_of(shown, page, per_page)
    if not part:
        return nothing()
    info |= {"sort_by": by, "sort_order": "asc" if ascending else "desc"}
    return answer({"data": [pick(one, names) if names else one for one in part], "info": info})


def _kept_by_converted(found: list[Record], request: Request) -> list[Record]:
    wanted = request.query_params.get("converted", "false")
    return [record for record in found if wanted == "both" or record.converted == (wanted == "true")]


async def sent_records(request: Request) -> tuple[Json, list[Any], set[str]]:
    """The body, its list of records, and the features that it switches on.

    Raises:
        Refused: there is no list of 1 to 100 records, or an option is unknown.
    """
    body = await json_body(request, failed_rows)
    where: Json = {"api_name": "data", "json_path": "$.data"}
    sent = body.get("data")
    if sent is None:
        raise Refused(failed_rows(error("MANDATORY_NOT_FOUND", **where)))
    if not isinstance(sent, list) or not sent:
        raise Refused(failed_rows(error("INVALID_DATA", expected_data_type="jsonarray", **where)))
    listed = cast("list[Any]", sent)
    if len(listed) > PER_CALL:
        raise Refused(failed_rows(error("INVALID_DATA", maximum_length=PER_CALL, **where)))
    try:
        features = check_options(body)
    except Invalid as invalid:
        raise Refused(failed_rows(invalid.row)) from None
    return body, listed, features


def _listed_fields(module: Module, body: Json) -> list[str] | None:
    listed = body.get("duplicate_check_fields")
    if not isinstance(listed, list) or not listed:
        return None
    allowed = match_order(module, None)
    names = cast("list[Any]", listed)
    for place, name in enumerate(names):
        if name not in allowed:
            where = f"$.duplicate_check_fields[{place}]"
            wrong = error("INVALID_DATA", api_name="duplicate_check_fields", json_path=where)
            raise Refused(failed_rows(wrong))
    return names


def _created(world: World, module: Module, sent: Any, path: str, features: set[str]) -> Json:
    try:
        draft = check_record(world, module, sent, path, new=True, features=features)
    except Invalid as invalid:
        return invalid.row
    return collisions(world, module, draft.values, path) or _added(world, module, draft)


def _added(world: World, module: Module, draft: Draft, **more: Any) -> Json:
    layout = draft.layout.id if draft.layout else None
    record = world.keep(module.api_name, draft.values, owner=draft.owner, layout=layout)
    return done("record added", {**_stamps(world, record), "$approval_state": "approved"}, **more)


def _upserted(
    world: World, module: Module, sent: Any, path: str, order: list[str], features: set[str]
) -> Json:
    try:
        record, matched = _match(world, module, sent, order)
        draft = check_record(world, module, sent, path, new=record is None, features=features)
    except Invalid as invalid:
        return invalid.row
    clash = collisions(world, module, draft.values, path, record)
    if clash is not None:
        return clash
    if record is None:
        return _added(world, module, draft, duplicate_field=None, action="insert")
    world.change(record, draft.values, draft.owner)
    return done("record updated", _stamps(world, record), duplicate_field=matched, action="update")


def _match(world: World, module: Module, sent: Any, order: list[str]) -> tuple[Record | None, str | None]:
    if not isinstance(sent, dict):
        return None, None
    values = cast("Json", sent)
    if isinstance(values.get("id"), str):
        return world.find(module.api_name, values["id"]), None
    for name in order:
        record = holder(world, module, name, values.get(name) or None)
        if record is not None:
            return record, name
    return None, None


def _updated(world: World, module: Module, sent: Any, path: str, since: str | None) -> Json:
    record_id: Any = cast("Json", sent).get("id") if isinstance(sent, dict) else None
    if record_id is None:
        return error("MANDATORY_NOT_FOUND", api_name="id", json_path=f"{path}.id")
    record = world.find(module.api_name, str(record_id))
    if record is None:
        return error(
            "INVALID_DATA", "the id given seems to be invalid", api_name="id", json_path=f"{path}.id"
        )
    if since is not None and _is_later(record.modified, since):
        text = "record updated time has already passed if-unmodified-since time"
        return error("ALREADY_MODIFIED", text, **_stamps(world, record))
    try:
        draft = check_record(world, module, sent, path, new=False)
    except Invalid as invalid:
        return invalid.row
    clash = collisions(world, module, draft.values, path, record)
    if clash is not None:
        return clash
    world.change(record, draft.values, draft.owner)
    return done("record updated", _stamps(world, record))


def _is_later(modified: float, since: str) -> bool:
    try:
        return int(modified) > datetime.fromisoformat(since).timestamp()
    except ValueError:
        return False


def _deleted(world: World, module: Module, record_id: str) -> Json:
    record = world.find(module.api_name, record_id)
    if record is None:
        return error("INVALID_DATA", "the id given seems to be invalid", id=record_id)
    record.deleted_at = world.clock()
    return done("record deleted", {"id": record_id})


def _stamps(world: World, record: Record) -> Json:
    return {
        "Modified_Time": world.now_text(record.modified),
        "Modified_By": world.person(record.modified_by),
        "Created_Time": world.now_text(record.created),
        "id": record.id,
        "Created_By": world.person(record.created_by),
    }


# After every route whose path is more exact: {module} matches anything.
routes = [
    Route("/crm/v8/{module}/upsert", upsert, methods=["POST"]),
    Route("/crm/v8/{module}/actions/count", count),
    Route("/crm/v8/{module}/{record_id}", get_one, methods=["GET"]),
    Route("/crm/v8/{module}/{record_id}", update, methods=["PUT"]),
    Route("/crm/v8/{module}/{record_id}", delete_one, methods=["DELETE"]),
    Route("/crm/v8/{module}", get_many, methods=["GET"]),
    Route("/crm/v8/{module}", create, methods=["POST"]),
    Route("/crm/v8/{module}", update, methods=["PUT"]),
    Route("/crm/v8/{module}", delete_many, methods=["DELETE"]),
]
