"""Tasks of the stand-in: what is taken, what is refused, and where they are found."""

from __future__ import annotations

from typing import Any

import pytest
from sandbox_caller import Caller

from zoho.sandbox import World

TASKS = "/crm/v8/Tasks"
ALARM = {"ALARM": "FREQ=NONE;ACTION=POPUP;TRIGGER=DATE-TIME:2026-11-26T14:30:00+00:00"}


def task(**more: Any) -> dict[str, Any]:
    return {"Subject": "Call Ada", **more}


async def add(caller: Caller, **more: Any) -> Any:
    answer = await caller.call("POST", TASKS, {"data": [task(**more)]})
    return answer.status_code, answer.json()["data"][0]


def of(lead_id: str, module: str = "Leads") -> dict[str, Any]:
    return {"What_Id": {"id": lead_id}, "$se_module": module}


async def listed(
    caller: Caller, record_id: str, list_name: str = "Tasks", module: str = "Leads", query: str = ""
) -> Any:
    fields = {"Tasks": "Subject,Due_Date", "Notes": "Note_Title"}[list_name]
    answer = await caller.call("GET", f"/crm/v8/{module}/{record_id}/{list_name}?fields={fields}{query}")
    return answer.json() if answer.status_code == 200 else answer.status_code


async def test_a_task_stands_by_itself_and_in_the_list_of_its_lead(caller: Caller, world: World) -> None:
    lead_id = await caller.created_id()
    status, row = await add(
        caller, Due_Date="2026-11-26", Remind_At=ALARM, Status="Not Started", **of(lead_id)
    )
    assert (status, row["code"]) == (201, "SUCCESS")
    task_id = row["details"]["id"]
    (alone,) = (await caller.call("GET", f"{TASKS}/{task_id}")).json()["data"]
    assert (alone["Subject"], alone["Remind_At"], alone["What_Id"]["id"]) == ("Call Ada", ALARM, lead_id)
    assert (await listed(caller, lead_id))["data"] == [
        {"id": task_id, "Subject": "Call Ada", "Due_Date": "2026-11-26"}
    ]
    state = (await caller.call("GET", "/__admin/state")).json()
    assert state["tasks"] == len(state["records"]["Tasks"]) == 1


async def test_a_contact_is_named_by_who_id_and_an_account_by_what_id(caller: Caller, world: World) -> None:
    contact = world.records("Contacts")[0]["id"]
    account = world.keep("Accounts", {"Account_Name": "Acme"}).id
    assert (await add(caller, Who_Id={"id": contact}, **{"$se_module": "Contacts"}))[0] == 201
    assert (await add(caller, **of(account, "Accounts")))[0] == 201
    for record_id, module in ((contact, "Contacts"), (account, "Accounts")):
        assert len((await listed(caller, record_id, module=module))["data"]) == 1
    status, row = await add(caller, **of(contact, "Contacts"))
    assert (status, row["details"]["api_name"]) == (400, "What_Id")


@pytest.mark.parametrize(
    ("more", "code", "name"),
    [
        ({"Subject": ""}, "MANDATORY_NOT_FOUND", "Subject"),
        ({"Subject": None}, "MANDATORY_NOT_FOUND", "Subject"),
        ({"Subject": "x" * 301}, "INVALID_DATA", "Subject"),
        ({"Subject": 5}, "INVALID_DATA", "Subject"),
        ({"Description": "x" * 32_001}, "INVALID_DATA", "Description"),
        ({"Due_Date": "26.11.2026"}, "INVALID_DATA", "Due_Date"),
        ({"Due_Date": "20261126"}, "INVALID_DATA", "Due_Date"),
        ({"Due_Date": "2026-11-31"}, "INVALID_DATA", "Due_Date"),
        ({"Remind_At": "2026-11-26T14:30:00+00:00"}, "INVALID_DATA", "Remind_At"),
        ({"Remind_At": {"ALARM": "FREQ=NONE;ACTION=POPUP"}}, "INVALID_DATA", "Remind_At"),
        (
            {"Remind_At": {"ALARM": "FREQ=NONE;ACTION=POPUP;TRIGGER=DATE-TIME:2026-11-26T14:30:00"}},
            "INVALID_DATA",
            "Remind_At",
        ),
        ({"Status": "Perhaps"}, "INVALID_DATA", "Status"),
        ({"Priority": "None"}, "INVALID_DATA", "Priority"),
        ({"What_Id": {"id": "1"}, "$se_module": "Leads"}, "INVALID_DATA", "What_Id"),
        ({"What_Id": "1", "$se_module": "Leads"}, "INVALID_DATA", "What_Id"),
        ({"What_Id": {"id": "1"}}, "MANDATORY_NOT_FOUND", "$se_module"),
        ({"Who_Id": {"id": "1"}}, "INVALID_DATA", "Who_Id"),
    ],
)
async def test_what_is_wrong_is_refused_and_named(
    caller: Caller, world: World, more: dict[str, Any], code: str, name: str
) -> None:
    status, row = await add(caller, **more)
    assert (status, row["status"], row["code"], row["details"]["api_name"]) == (400, "error", code, name)
    assert row["details"]["json_path"].startswith(f"$.data[0].{name}")
    assert world.tasks == []


async def test_of_several_each_has_its_outcome(caller: Caller) -> None:
    answer = await caller.call("POST", TASKS, {"data": [task(), {}, "text"]})
    assert answer.status_code == 207
    assert [row["status"] for row in answer.json()["data"]] == ["success", "error", "error"]


async def test_lists_come_in_pages_newest_first(caller: Caller) -> None:
    lead_id = await caller.created_id()
    for number in range(3):
        await add(caller, Subject=f"Call {number}", **of(lead_id))
        await caller.call(
            "POST", f"/crm/v8/Leads/{lead_id}/Notes", {"data": [{"Note_Title": f"Note {number}"}]}
        )
    for list_name, name, field in (("Tasks", "Call", "Subject"), ("Notes", "Note", "Note_Title")):
        first = await listed(caller, lead_id, list_name, query="&per_page=2")
        assert [one[field] for one in first["data"]] == [f"{name} 2", f"{name} 1"]
        assert first["info"]["more_records"] is True
        second = await listed(caller, lead_id, list_name, query="&per_page=2&page=2")
        assert [one[field] for one in second["data"]] == [f"{name} 0"]
        assert second["info"]["more_records"] is False
        assert set(second["data"][0]) <= {"id", field, "Due_Date"}


async def test_a_list_of_tasks_wants_fields(caller: Caller) -> None:
    answer = await caller.call("GET", f"/crm/v8/Leads/{await caller.created_id()}/Tasks")
    assert (answer.status_code, answer.json()["code"]) == (400, "REQUIRED_PARAM_MISSING")


@pytest.mark.parametrize("list_name", ["Tasks", "Notes"])
async def test_who_is_not_there_has_no_list(caller: Caller, list_name: str) -> None:
    answer = await caller.call("GET", f"/crm/v8/Leads/1/{list_name}?fields=id")
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_DATA")


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        ("tasks.CREATE", "POST", TASKS),
        ("tasks.READ", "GET", f"{TASKS}/1"),
        ("tasks.READ", "GET", "/crm/v8/Leads/1/Tasks?fields=id"),
        ("Leads.READ", "GET", "/crm/v8/Leads/1/Tasks?fields=id"),
        ("notes.READ", "GET", "/crm/v8/Leads/1/Notes"),
    ],
)
async def test_each_call_wants_its_scope(
    caller: Caller, world: World, scope: str, method: str, path: str
) -> None:
    world.options.missing_scopes.add(f"ZohoCRM.modules.{scope}")
    answer = await caller.call(method, path, {"data": [task()]} if method == "POST" else None)
    assert (answer.status_code, answer.json()["code"]) == (401, "OAUTH_SCOPE_MISMATCH")
    assert world.tasks == []


async def test_a_deleted_lead_takes_its_notes_and_tasks_along(caller: Caller, world: World) -> None:
    lead_id = await caller.created_id()
    _, row = await add(caller, **of(lead_id))
    await add(caller)
    await caller.call("POST", f"/crm/v8/Leads/{lead_id}/Notes", {"data": [{"Note_Title": "Called"}]})
    await caller.call("DELETE", f"/crm/v8/Leads/{lead_id}")
    assert (await caller.call("GET", f"{TASKS}/{row['details']['id']}")).status_code == 204
    assert (len(world.living_tasks()), len(world.living_notes())) == (1, 0)
    await caller.call("POST", f"/crm/v8/settings/recycle_bin/{lead_id}/actions/restore")
    assert len((await listed(caller, lead_id))["data"]) == 1
    await caller.call("DELETE", f"/crm/v8/Leads/{lead_id}")
    await caller.call("DELETE", f"/crm/v8/settings/recycle_bin/{lead_id}")
    assert (len(world.tasks), len(world.notes)) == (1, 0)


@pytest.mark.parametrize(("kind", "kept"), [("drop-before", 0), ("drop-after", 1)])
async def test_faults_befall_tasks_as_they_do_leads(
    caller: Caller, world: World, kind: str, kept: int
) -> None:
    world.faults.order(kind, path=TASKS, method="POST")
    with pytest.raises(ConnectionResetError):
        await add(caller)
    assert len(world.tasks) == kept


async def test_a_reset_forgets_them(caller: Caller, world: World) -> None:
    await add(caller)
    world.reset()
    assert world.tasks == []
