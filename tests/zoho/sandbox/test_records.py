from __future__ import annotations

from email.utils import formatdate
from typing import Any

import pytest
from sandbox_caller import Caller, Clock

from zoho.sandbox import World

LEADS = "/crm/v8/Leads"
LEAD: dict[str, Any] = {"Last_Name": "Roe", "Company": "Acme"}


async def read(caller: Caller, lead_id: str) -> dict[str, Any]:
    return (await caller.call("GET", f"{LEADS}/{lead_id}")).json()["data"][0]


async def fault_of(caller: Caller, **values: Any) -> dict[str, Any]:
    answer = await caller.create(LEAD | values)
    assert answer.status_code == 400
    return answer.json()["data"][0]


async def test_a_lead_is_read_back_as_it_was_sent(caller: Caller, world: World) -> None:
    sent = LEAD | {
        "First_Name": "Zoë 山田",
        "Email": "zoe@acme.example",
        "Phone": "+31 20 123 45 67",
        "Lead_Source": "Qualification Inbound",
        "No_of_Employees": 12,
        "Annual_Revenue": 1000.5,
        "Email_Opt_Out": True,
        "Description": "One line.\nAnother <b>line</b>.",
        "Submission_Key": "2f1c9a52-6f1e-4b57-9d51-8f5f6f6c8a10",
    }
    lead_id = await caller.created_id(**sent)
    assert isinstance(lead_id, str)
    found = await read(caller, lead_id)
    assert {name: found[name] for name in sent} == sent
    assert found["Full_Name"] == "Zoë 山田 Roe"
    assert found["Owner"]["id"] == world.users[0]["id"]
    assert world.records()[-1]["id"] == lead_id


async def test_a_request_without_content_type_is_understood(caller: Caller, world: World) -> None:
    assert (await caller.create(LEAD)).status_code == 201
    assert world.requests[-1].body == {"data": [LEAD]}
    assert world.requests[-1].token == str(caller.token)[-6:]


async def test_every_record_has_its_own_outcome_in_the_order_of_the_request(
    caller: Caller, world: World
) -> None:
    before = len(world.records())
    answer = await caller.create(LEAD, {"Company": "Acme"}, LEAD | {"Email": "x"}, LEAD)
    assert answer.status_code == 207
    rows = answer.json()["data"]
    assert [row["code"] for row in rows] == ["SUCCESS", "MANDATORY_NOT_FOUND", "INVALID_DATA", "SUCCESS"]
    assert rows[1]["details"] == {"api_name": "Last_Name", "json_path": "$.data[1].Last_Name"}
    assert rows[2]["details"]["json_path"] == "$.data[2].Email"
    assert len(world.records()) == before + 2


@pytest.mark.parametrize(
    ("values", "details"),
    [
        ({"Last_Name": "x" * 81}, {"maximum_length": 80}),
        ({"Phone": "1" * 31}, {"maximum_length": 30}),
        ({"Description": "x" * 32_001}, {"maximum_length": 32_000}),
        ({"No_of_Employees": 1_000_000_000}, {"maximum_length": 9}),
        ({"Company": 7}, {"expected_data_type": "text"}),
        ({"Email": "a@b"}, {"expected_data_type": "email"}),
        ({"Email": "a b@c.example"}, {"expected_data_type": "email"}),
        ({"No_of_Employees": "12"}, {"expected_data_type": "integer"}),
        ({"No_of_Employees": True}, {"expected_data_type": "integer"}),
        ({"Annual_Revenue": "12"}, {"expected_data_type": "double"}),
        ({"Email_Opt_Out": "yes"}, {"expected_data_type": "boolean"}),
        ({"Rating": ["Active"]}, {"expected_data_type": "picklist"}),
    ],
)
async def test_a_value_must_fit_its_field(
    caller: Caller, values: dict[str, Any], details: dict[str, Any]
) -> None:
    (name,) = values
    fault = await fault_of(caller, **values)
    assert fault["code"] == "INVALID_DATA"
    assert fault["details"] == details | {"api_name": name, "json_path": f"$.data[0].{name}"}


async def test_a_value_as_long_as_its_field_fits(caller: Caller) -> None:
    lead_id = await caller.created_id(Last_Name="é" * 80)
    assert (await read(caller, lead_id))["Last_Name"] == "é" * 80


async def test_a_choice_must_be_one_of_the_actual_values(caller: Caller, world: World) -> None:
    fault = await fault_of(caller, Lead_Source="Online Store")
    assert fault["details"]["supported_values"] == world.lead_source_values
    assert "Qualification Inbound" in world.lead_source_values
    lead_id = await caller.created_id(Lead_Source="OnlineStore")
    assert (await read(caller, lead_id))["Lead_Source"] == "OnlineStore"


async def test_no_choice_is_none(caller: Caller) -> None:
    lead_id = await caller.created_id(Lead_Source="-None-", Rating=None, City="")
    found = await read(caller, lead_id)
    assert (found["Lead_Source"], found["Rating"], found["City"]) == (None, None, None)


async def test_what_is_mandatory_may_not_be_empty(caller: Caller) -> None:
    for empty in ("", None):
        fault = await fault_of(caller, Company=empty)
        assert fault["code"] == "MANDATORY_NOT_FOUND"
        assert fault["details"]["api_name"] == "Company"


async def test_a_field_that_the_layout_requires_is_asked_for_only_where_the_layout_is_sent(
    caller: Caller, world: World
) -> None:
    layout = world.modules["Leads"].layouts[0]
    layout.required.add("Phone")
    assert (await caller.create(LEAD)).status_code == 201
    fault = await fault_of(caller, Layout={"id": layout.id})
    assert fault["code"] == "MANDATORY_NOT_FOUND"
    assert fault["details"]["api_name"] == "Phone"


async def test_a_field_outside_the_layout_that_is_sent_is_dropped_silently(
    caller: Caller, world: World
) -> None:
    short = world.add_layout("Short form", without=["Submission_Key", "City"])
    lead_id = await caller.created_id(Layout={"id": short.id}, Submission_Key="k", City="Delft", Phone="1234")
    found = await read(caller, lead_id)
    assert (found["Submission_Key"], found["City"], found["Phone"]) == (None, None, "1234")
    assert found["Layout"]["name"] == "Short form"


async def test_an_unknown_layout_or_owner_is_refused(caller: Caller) -> None:
    assert (await fault_of(caller, Layout={"id": "1"}))["details"]["api_name"] == "Layout"
    assert (await fault_of(caller, Owner={"id": "1"}))["details"]["api_name"] == "Owner"


async def test_an_owner_is_taken_over(caller: Caller, world: World) -> None:
    other = world.users[1]["id"]
    found = await read(caller, await caller.created_id(Owner={"id": other}))
    assert found["Owner"]["id"] == other
    assert found["Created_By"]["id"] == world.users[0]["id"]


async def test_what_zoho_writes_itself_is_not_taken(caller: Caller, world: World) -> None:
    lead_id = await caller.created_id(Created_Time="1999-01-01T00:00:00+00:00", id="5", Full_Name="Nobody")
    found = await read(caller, lead_id)
    assert found["Created_Time"] == world.now_text()
    assert found["Full_Name"] == "Roe"
    assert lead_id != "5"


async def test_an_unknown_field_is_ignored_or_refused_as_the_org_is_set(caller: Caller, world: World) -> None:
    lead_id = await caller.created_id(Shoe_Size="44")
    assert "Shoe_Size" not in await read(caller, lead_id)
    world.options.unknown_fields = "reject"
    fault = await fault_of(caller, Shoe_Size="44")
    assert fault["message"] == "the field api name given seems to be invalid"
    assert fault["details"] == {"api_name": "Shoe_Size", "json_path": "$.data[0].Shoe_Size"}


async def test_a_lone_surrogate_does_not_break_the_answers(caller: Caller) -> None:
    body = b'{"data":[{"Last_Name":"R\\ud800e","Company":"Acme"}]}'
    answer = await caller.call("POST", LEADS, body)
    assert answer.status_code == 201
    assert (await read(caller, answer.json()["data"][0]["details"]["id"]))["Last_Name"] == "R?e"
    assert (await caller.call("GET", "/")).status_code == 200


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 100_000, b'{"data":[{"Annual_Revenue":NaN}]}'])
async def test_a_body_that_is_no_request_is_refused(caller: Caller, world: World, body: bytes) -> None:
    before = len(world.records())
    assert (await caller.call("POST", LEADS, body)).status_code == 400
    assert len(world.records()) == before


async def test_times_carry_the_offset_of_the_org_and_every_answer_a_date(
    caller: Caller, world: World, clock: Clock
) -> None:
    clock.forward(0.9)
    answer = await caller.create(LEAD)
    assert answer.json()["data"][0]["details"]["Created_Time"] == "2026-09-21T15:13:20+01:00"
    assert answer.headers["Date"] == formatdate(clock(), usegmt=True)
    assert answer.headers.get_list("Date") == [answer.headers["Date"]]
    assert "Date" in (await caller.call("GET", "/nowhere")).headers


async def test_an_update_changes_what_is_sent_and_no_more(caller: Caller, clock: Clock) -> None:
    lead_id = await caller.created_id(City="Delft", Phone="1234")
    clock.forward(60)
    answer = await caller.call("PUT", f"{LEADS}/{lead_id}", {"data": [{"City": None, "Rating": "Active"}]})
    assert answer.json()["data"][0]["message"] == "record updated"
    found = await read(caller, lead_id)
    assert (found["City"], found["Phone"], found["Rating"]) == (None, "1234", "Active")
    assert found["Modified_Time"] > found["Created_Time"]


async def test_a_deleted_lead_is_gone_until_it_is_restored(caller: Caller, world: World) -> None:
    lead_id = await caller.created_id(Submission_Key="k")
    before = len(world.records())
    answer = await caller.call("DELETE", f"{LEADS}?ids={lead_id}")
    assert answer.json()["data"][0]["message"] == "record deleted"
    assert len(world.records()) == before - 1
    assert (await caller.call("GET", f"{LEADS}/{lead_id}")).status_code == 204
    bin_answer = await caller.call("GET", "/crm/v8/settings/recycle_bin")
    assert [one["id"] for one in bin_answer.json()["recycle_bin"]] == [lead_id]
    restored = await caller.call("POST", f"/crm/v8/settings/recycle_bin/{lead_id}/actions/restore")
    assert restored.json()["recycle_bin"][0]["message"] == "record restored"
    assert (await read(caller, lead_id))["Submission_Key"] == "k"
    assert (await caller.call("GET", "/crm/v8/settings/recycle_bin")).status_code == 204


async def test_leads_are_restored_by_ids_or_all_at_once(caller: Caller, world: World) -> None:
    ids = [lead["id"] for lead in world.records()[:3]]
    everyone = len(world.records())
    await caller.call("DELETE", f"{LEADS}?ids={','.join(ids)}")
    path = "/crm/v8/settings/recycle_bin/actions/restore"
    some = await caller.call("POST", path, {"ids": [ids[0], "1"]})
    assert some.status_code == 207
    assert len(world.records()) == everyone - 2
    rest = await caller.call("POST", path, {"restore_all_records": True})
    assert rest.status_code == 202
    assert len(world.records()) == everyone


async def test_the_recycle_bin_can_be_emptied_for_good(caller: Caller, world: World) -> None:
    lead_id = world.records()[0]["id"]
    await caller.call("DELETE", f"{LEADS}/{lead_id}")
    await caller.call("DELETE", f"/crm/v8/settings/recycle_bin?ids={lead_id}")
    answer = await caller.call("POST", f"/crm/v8/settings/recycle_bin/{lead_id}/actions/restore")
    assert answer.status_code == 400


async def test_a_list_has_the_fields_that_are_asked_for_newest_first(caller: Caller, world: World) -> None:
    answer = await caller.call("GET", f"{LEADS}?fields=Company,Shoe_Size&per_page=2&page=2&converted=both")
    body = answer.json()
    newest_first = world.records()[::-1]
    assert body["data"] == [{"id": one["id"], "Company": one["Company"]} for one in newest_first[2:4]]
    assert body["info"]["more_records"] is True


async def test_converted_leads_are_left_out_of_lists_and_counts_by_default(
    caller: Caller, world: World
) -> None:
    converted = [one["id"] for one in world.records() if one["Converted__s"]]
    listed = (await caller.call("GET", f"{LEADS}?fields=id")).json()["data"]
    assert converted
    assert not {one["id"] for one in listed} & set(converted)
    only = (await caller.call("GET", f"{LEADS}/actions/count?converted=true")).json()
    assert only == {"count": len(converted)}


async def test_contacts_are_served_and_other_modules_are_not(caller: Caller) -> None:
    contact = {"data": [{"Last_Name": "Roe", "Title": "CTO"}]}
    assert (await caller.call("POST", "/crm/v8/Contacts", contact)).status_code == 201
    for module in ("Loads", "Notes"):
        answer = await caller.call("GET", f"/crm/v8/{module}?fields=id")
        assert answer.status_code == 400
        assert answer.json()["code"] == "INVALID_MODULE"


async def test_paths_and_methods_that_do_not_exist(caller: Caller) -> None:
    wrong = await caller.call("GET", "/crm/v8/Leads/1/2/3/4")
    assert (wrong.status_code, wrong.json()["code"]) == (404, "INVALID_URL_PATTERN")
    wrong = await caller.call("PATCH", LEADS)
    assert (wrong.status_code, wrong.json()["code"]) == (400, "INVALID_REQUEST_METHOD")


async def test_the_scheme_of_the_header_must_be_zohos(caller: Caller) -> None:
    answer = await caller.call("GET", "/crm/v8/org", headers={"Authorization": f"Bearer {caller.token}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "AUTHENTICATION_FAILURE")


async def test_a_permission_that_is_denied_is_named(caller: Caller, world: World) -> None:
    world.options.denied_permissions.add("Crm_Implied_Create_Leads")
    before = len(world.records())
    answer = await caller.create(LEAD)
    assert answer.status_code == 403
    assert answer.json()["details"] == {"permissions": ["Crm_Implied_Create_Leads"]}
    assert len(world.records()) == before
    assert (await caller.call("GET", f"{LEADS}?fields=id")).status_code == 200


async def test_a_note_is_read_back_newest_first(caller: Caller, world: World) -> None:
    lead_id = world.records()[0]["id"]
    path = f"{LEADS}/{lead_id}/Notes"
    await caller.call("POST", path, {"data": [{"Note_Title": "First"}, {"Note_Content": "Zoë called"}]})
    notes = (await caller.call("GET", path)).json()["data"]
    assert [(one["Note_Title"], one["Note_Content"]) for one in notes] == [
        (None, "Zoë called"),
        ("First", None),
    ]
    assert notes[0]["Parent_Id"]["id"] == lead_id
    assert (await caller.call("GET", f"{LEADS}/{world.records()[1]['id']}/Notes")).status_code == 204
