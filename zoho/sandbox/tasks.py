"""Tasks: creating some, reading one, and those of a record.

Sources: the page "Insert Records" of CRM v8, which serves Tasks; Zoho's developer post Kaizen 36 for what a
task has (``What_Id`` with ``$se_module``, ``Who_Id`` for a contact, ``Remind_At``); the page "Get Related
Records" of CRM v8 and the official specification ``related_records`` (v8.0) for the list of a record. How a
task is refused is told nowhere: as any record is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from zoho.sandbox.answers import answer, done, error, nothing, problem, rows_answer
from zoho.sandbox.guard import guarded
from zoho.sandbox.notes import parent_of
from zoho.sandbox.paging import asked_page, page_of
from zoho.sandbox.records import pick, sent_records
from zoho.sandbox.shape import Json
from zoho.sandbox.validation import Invalid
from zoho.sandbox.world import Task, World

LENGTHS = {"Subject": 300, "Description": 32_000}
CHOICES = {
    "Status": ["Not Started", "Deferred", "In Progress", "Completed", "Waiting for input"],
    "Priority": ["High", "Highest", "Low", "Lowest", "Normal"],
}
ALARM = re.compile(r"FREQ=NONE;ACTION=(?:EMAIL|POPUP|EMAILANDPOPUP);TRIGGER=DATE-TIME:(?P<moment>\S+)")


@guarded("ZohoCRM.modules.tasks.CREATE", permission="Crm_Implied_Create_Tasks")
async def create(world: World, request: Request) -> Response:
    """``POST /Tasks``: 201 when all were added, 207 when some were, 400 when none was."""
    _, sent, _ = await sent_records(request)
    return rows_answer([_created(world, one, f"$.data[{i}]") for i, one in enumerate(sent)], 201)


@guarded("ZohoCRM.modules.tasks.READ", permission="Crm_Implied_View_Tasks")
async def get_one(world: World, request: Request) -> Response:
    """``GET /Tasks/{id}``; 204 if there is none."""
    task_id: str = request.path_params["record_id"]
    if not task_id.isdigit():
        return problem(400, "INVALID_DATA", "the id given seems to be invalid", resource_path_index=1)
    found = [world.show_task(task) for task in world.living_tasks() if task.id == task_id]
    return answer({"data": found}) if found else nothing()


@guarded("ZohoCRM.modules.tasks.READ", "ZohoCRM.modules.{module}.READ", permission="Crm_Implied_View_Tasks")
async def listing(world: World, request: Request) -> Response:
    """``GET /{module}/{id}/Tasks?fields=...``, newest first; 204 if there are none."""
    parent = parent_of(world, request)
    names = request.query_params.get("fields", "")
    if not names:
        return problem(400, "REQUIRED_PARAM_MISSING", param_name="fields")
    found = [task for task in reversed(world.living_tasks()) if parent.id in task.parents]
    part, info = page_of(found, *asked_page(request))
    if not part:
        return nothing()
    shown = [pick(world.show_task(task), names.split(",")) for task in part]
    return answer({"data": shown, "info": info})


def _created(world: World, sent: Any, path: str) -> Json:
    if not isinstance(sent, dict):
        return error("INVALID_DATA", expected_data_type="jsonobject", api_name="data", json_path=path)
    task = cast("Json", sent)
    try:
        _check_mandatory(task, path)
        for name, check in CHECKS.items():
            if task.get(name) is not None:
                check(name, task[name], f"{path}.{name}")
        parents = _parents(world, task, path)
    except Invalid as invalid:
        return invalid.row
    kept = Task(world.next_id(), parents, {name: task.get(name) for name in KEPT}, world.clock())
    world.tasks.append(kept)
    return done("record added", {**world.task_stamps(kept), "$approval_state": "approved"})


def _check_mandatory(task: Json, path: str) -> None:
    if task.get("Subject") in (None, ""):
        raise Invalid(error("MANDATORY_NOT_FOUND", api_name="Subject", json_path=f"{path}.Subject"))
    if task.get("What_Id") is not None and not task.get("$se_module"):
        raise Invalid(error("MANDATORY_NOT_FOUND", api_name="$se_module", json_path=f"{path}.$se_module"))


def _parents(world: World, task: Json, path: str) -> list[str]:
    """Return the ids of the records that it belongs to."""
    module = task.get("$se_module")
    wanted = {"What_Id": module if module in {"Leads", "Accounts"} else None, "Who_Id": "Contacts"}
    found: list[str] = []
    for name, of in wanted.items():
        if task.get(name) is None:
            continue
        where = {"api_name": name, "json_path": f"{path}.{name}"}
        if not isinstance(task[name], dict):
            raise Invalid(error("INVALID_DATA", expected_data_type="jsonobject", **where))
        record_id = cast("Json", task[name]).get("id")
        if of is None or not isinstance(record_id, str) or world.find(of, record_id) is None:
            raise Invalid(error("INVALID_DATA", "the related id given seems to be invalid", **where))
        found.append(record_id)
    return found


def _wrong(name: str, path: str, **expected: Any) -> Invalid:
    return Invalid(error("INVALID_DATA", **expected, api_name=name, json_path=path))


def _text(name: str, value: Any, path: str) -> None:
    if not isinstance(value, str):
        raise _wrong(name, path, expected_data_type="text")
    if len(value) > LENGTHS[name]:
        raise _wrong(name, path, maximum_length=LENGTHS[name])


def _choice(name: str, value: Any, path: str) -> None:
    if value not in CHOICES[name]:
        raise _wrong(name, path, supported_values=CHOICES[name])


def _date(name: str, value: Any, path: str) -> None:
    try:
        good = isinstance(value, str) and len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        good = False
    if not good:
        raise _wrong(name, path, expected_data_type="date")


def _reminder(name: str, value: Any, path: str) -> None:
    if not isinstance(value, dict):
        raise _wrong(name, path, expected_data_type="jsonobject")
    alarm: Any = cast("Json", value).get("ALARM")
    found = ALARM.fullmatch(alarm) if isinstance(alarm, str) else None
    try:
        good = found is not None and datetime.fromisoformat(found["moment"]).tzinfo is not None
    except ValueError:
        good = False
    if not good:
        raise _wrong(name, f"{path}.ALARM", expected_data_type="ALARM")


CHECKS: dict[str, Callable[[str, Any, str], None]] = {
    "Subject": _text,
    "Description": _text,
    "Status": _choice,
    "Priority": _choice,
    "Due_Date": _date,
    "Remind_At": _reminder,
}
KEPT = (*CHECKS, "What_Id", "Who_Id", "$se_module")

# Before those of records: {module} matches anything.
routes = [
    Route("/crm/v8/Tasks", create, methods=["POST"]),
    Route("/crm/v8/Tasks/{record_id}", get_one, methods=["GET"]),
    Route("/crm/v8/{module}/{record_id}/Tasks", listing, methods=["GET"]),
]
