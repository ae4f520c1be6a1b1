from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sandbox_caller import Caller, Clock

from zoho.sandbox import World

FIRST_FIELDS = [
    "First_Name",
    "Last_Name",
    "Company",
    "Email",
    "Phone",
    "Mobile",
    "Designation",
    "Lead_Status",
    "Lead_Source",
    "Industry",
    "Website",
    "No_of_Employees",
    "Annual_Revenue",
    "Rating",
    "Email_Opt_Out",
]
SETTINGS = "/crm/v8/settings"


async def get(caller: Caller, path: str) -> Any:
    answer = await caller.call("GET", path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def layout(caller: Caller) -> dict[str, Any]:
    return (await get(caller, f"{SETTINGS}/layouts?module=Leads"))["layouts"][0]


def every_id(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, one in value.items():
            if key == "id":
                yield one
            else:
                yield from every_id(one)
    elif isinstance(value, list):
        for one in value:
            yield from every_id(one)


async def test_the_layout_has_its_sections_and_fields_in_order(caller: Caller) -> None:
    sections = (await layout(caller))["sections"]
    assert [one["name"] for one in sections] == [
        "Lead Information",
        "Address Information",
        "Description Information",
    ]
    listed = [[field["api_name"] for field in one["fields"]] for one in sections]
    assert listed[0][: len(FIRST_FIELDS)] == FIRST_FIELDS
    assert listed[1] == ["Street", "City", "State", "Zip_Code", "Country"]
    assert listed[2] == ["Description"]


async def test_what_must_be_filled_and_what_cannot_be(caller: Caller) -> None:
    fields = {f["api_name"]: f for section in (await layout(caller))["sections"] for f in section["fields"]}
    assert [name for name, f in fields.items() if f["required"]] == ["Last_Name", "Company"]
    assert fields["Designation"]["display_label"] == "Title"
    for name in ("Owner", "Created_By", "Created_Time", "Full_Name"):
        assert not fields[name]["view_type"]["create"]
        assert not fields[name]["operation_type"]["api_create"]
    assert fields["Email"]["view_type"]["create"]


async def test_a_layout_that_requires_more_says_so(caller: Caller, world: World) -> None:
    world.modules["Leads"].layouts[0].required.add("Phone")
    fields = {f["api_name"]: f for section in (await layout(caller))["sections"] for f in section["fields"]}
    assert fields["Phone"]["required"]
    assert not fields["Phone"]["system_mandatory"]


async def test_choices_begin_with_none_and_their_display_may_differ(caller: Caller) -> None:
    fields = {f["api_name"]: f for section in (await layout(caller))["sections"] for f in section["fields"]}
    values = fields["Lead_Source"]["pick_list_values"]
    assert values[0]["actual_value"] == "-None-"
    assert {v["display_value"]: v["actual_value"] for v in values}["Online Store"] == "OnlineStore"
    assert values[-1]["actual_value"] == "Qualification Inbound"
    assert fields["Phone"]["pick_list_values"] == []


@pytest.mark.parametrize(
    "path",
    [
        f"{SETTINGS}/fields?module=Leads",
        f"{SETTINGS}/layouts?module=Leads",
        f"{SETTINGS}/modules",
        "/crm/v8/users",
        "/crm/v8/org",
        "/crm/v8/Leads?fields=Owner,Created_By",
    ],
)
async def test_every_id_is_a_string_of_digits(caller: Caller, path: str) -> None:
    ids = list(every_id(await get(caller, path)))
    assert ids
    assert all(isinstance(one, str) and one.isdigit() and len(one) <= 19 for one in ids)


async def test_no_two_fields_or_values_share_an_id(caller: Caller) -> None:
    fields = (await get(caller, f"{SETTINGS}/fields?module=Leads"))["fields"]
    ids = [f["id"] for f in fields] + [v["id"] for f in fields for v in f["pick_list_values"]]
    assert len(ids) == len(set(ids))


async def test_the_submission_key_is_a_unique_single_line_field_that_holds_a_uuid(caller: Caller) -> None:
    fields = {f["api_name"]: f for f in (await get(caller, f"{SETTINGS}/fields?module=Leads"))["fields"]}
    key = fields["Submission_Key"]
    assert (key["data_type"], key["custom_field"], key["unique"]) == ("text", True, {"case_sensitive": True})
    assert key["length"] >= 36
    assert fields["Email"]["unique"] == {}


async def test_an_org_without_submission_key_has_no_such_field(clock: Clock) -> None:
    async with Caller(World(clock=clock)) as caller:
        fields = (await get(caller, f"{SETTINGS}/fields?module=Leads"))["fields"]
    assert "Submission_Key" not in {f["api_name"] for f in fields}


async def test_an_administrator_adds_a_unique_field_and_puts_it_on_a_layout(clock: Clock) -> None:
    world = World(clock=clock)
    async with Caller(world) as caller:
        wanted = {
            "field_label": "Submission Key",
            "data_type": "text",
            "length": 64,
            "unique": {"case_sensitive": True},
        }
        made = await caller.call("POST", f"{SETTINGS}/fields?module=Leads", {"fields": [wanted]})
        field_id = made.json()["fields"][0]["details"]["id"]
        there = await layout(caller)
        change = {
            "layouts": [{"sections": [{"id": there["sections"][0]["id"], "fields": [{"id": field_id}]}]}]
        }
        assert "Submission_Key" not in str(there)
        path = f"{SETTINGS}/layouts/{there['id']}?module=Leads"
        assert (await caller.call("PATCH", path, change)).status_code == 200
        assert "Submission_Key" in str(await layout(caller))
        lead = {"Last_Name": "Roe", "Company": "Acme", "Layout": {"id": there["id"]}, "Submission_Key": "k"}
        assert (await caller.create(lead)).status_code == 201
        assert (await caller.create(lead)).json()["data"][0]["code"] == "DUPLICATE_DATA"


async def test_customising_needs_a_permission(caller: Caller, world: World) -> None:
    world.options.denied_permissions.add("Crm_Implied_Customize_Zoho_CRM")
    answer = await caller.call("POST", f"{SETTINGS}/fields?module=Leads", {"fields": []})
    assert answer.status_code == 403
    assert (await caller.call("GET", f"{SETTINGS}/layouts?module=Leads")).status_code == 200


async def field_of(caller: Caller, api_name: str) -> dict[str, Any]:
    fields = (await get(caller, f"{SETTINGS}/fields?module=Leads"))["fields"]
    return next(one for one in fields if one["api_name"] == api_name)


async def patch_values(caller: Caller, *values: dict[str, str]) -> Any:
    field_id = (await field_of(caller, "Lead_Source"))["id"]
    body = {"fields": [{"pick_list_values": list(values)}]}
    return await caller.call("PATCH", f"{SETTINGS}/fields/{field_id}?module=Leads", body)


async def test_a_value_sent_alone_is_added_behind_the_others(caller: Caller) -> None:
    before = (await field_of(caller, "Lead_Source"))["pick_list_values"]
    lead = {"Last_Name": "Roe", "Company": "Acme", "Lead_Source": "Fair"}
    assert (await caller.create(lead)).status_code == 400
    changed = await patch_values(caller, {"display_value": "Fair 2026", "actual_value": "Fair"})
    assert (changed.status_code, changed.json()["fields"][0]["code"]) == (200, "SUCCESS")
    after = (await field_of(caller, "Lead_Source"))["pick_list_values"]
    assert after[:-1] == before
    assert (after[-1]["display_value"], after[-1]["actual_value"]) == ("Fair 2026", "Fair")
    assert "Fair 2026" in str(await layout(caller))
    assert (await caller.create(lead)).status_code == 201


async def test_a_value_sent_with_its_id_is_renamed(caller: Caller) -> None:
    before = (await field_of(caller, "Lead_Source"))["pick_list_values"]
    await patch_values(caller, {"id": before[2]["id"], "display_value": "Another name"})
    after = (await field_of(caller, "Lead_Source"))["pick_list_values"]
    assert after[2] == before[2] | {"display_value": "Another name"}
    assert [one for one in after if one != after[2]] == [one for one in before if one != before[2]]


async def test_of_values_that_are_refused_none_is_kept(caller: Caller) -> None:
    before = await field_of(caller, "Lead_Source")
    new = {"display_value": "Fair", "actual_value": "Fair"}
    assert (await patch_values(caller, new, new)).json()["fields"][0]["code"] == "DUPLICATE_DATA"
    assert await field_of(caller, "Lead_Source") == before


async def test_changing_values_needs_a_scope_and_a_permission(caller: Caller, world: World) -> None:
    new = {"display_value": "Fair", "actual_value": "Fair"}
    world.options.missing_scopes.add("ZohoCRM.settings.fields.UPDATE")
    assert (await patch_values(caller, new)).json()["code"] == "OAUTH_SCOPE_MISMATCH"
    world.options.missing_scopes.clear()
    world.options.denied_permissions.add("Crm_Implied_Customize_Zoho_CRM")
    denied = await patch_values(caller, new)
    assert (denied.status_code, denied.json()["code"]) == (403, "NO_PERMISSION")


async def test_of_fields_that_are_refused_none_is_made(caller: Caller) -> None:
    good = {"field_label": "Budget", "data_type": "text"}
    answer = await caller.call("POST", f"{SETTINGS}/fields?module=Leads", {"fields": [good, {}]})
    assert answer.status_code == 400
    fields = (await get(caller, f"{SETTINGS}/fields?module=Leads"))["fields"]
    assert "Budget" not in {one["api_name"] for one in fields}


@pytest.mark.parametrize(
    ("unique", "described"),
    [
        (True, {"case_sensitive": False}),
        ({"case_sensitive": True}, {"case_sensitive": True}),
        (False, {}),
        (None, {}),
    ],
)
async def test_a_new_field_may_be_unique(caller: Caller, unique: Any, described: dict[str, bool]) -> None:
    wanted = {"field_label": "Budget Code", "data_type": "text", "length": 36, "unique": unique}
    await caller.call("POST", f"{SETTINGS}/fields?module=Leads", {"fields": [wanted]})
    made = await field_of(caller, "Budget_Code")
    assert (made["unique"], made["length"], made["custom_field"]) == (described, 36, True)


async def test_a_new_field_gets_another_api_name_where_its_own_is_taken(caller: Caller, world: World) -> None:
    world.modules["Leads"].fields["Submission_Key"].label = "Old key"
    wanted = {"field_label": "Submission Key", "data_type": "text"}
    await caller.call("POST", f"{SETTINGS}/fields?module=Leads", {"fields": [wanted]})
    assert (await field_of(caller, "Submission_Key1"))["field_label"] == "Submission Key"


async def test_a_field_that_came_through_the_api_is_checked_on_each_layout_it_stands_on(clock: Clock) -> None:
    world = World(clock=clock)
    second = world.add_layout("Partner")
    async with Caller(world) as caller:
        wanted = {"field_label": "Submission Key", "data_type": "text", "unique": {"case_sensitive": False}}
        made = await caller.call("POST", f"{SETTINGS}/fields?module=Leads", {"fields": [wanted]})
        field_id = made.json()["fields"][0]["details"]["id"]
        sections = [{"id": second.sections[0].id, "fields": [{"id": field_id}]}]
        path = f"{SETTINGS}/layouts/{second.id}?module=Leads"
        await caller.call("PATCH", path, {"layouts": [{"sections": sections}]})
        lead = {"Last_Name": "Roe", "Company": "Acme", "Submission_Key": "k"}
        first = world.modules["Leads"].layouts[0]
        for _ in range(2):  # the layout drops the key
            assert (await caller.create(lead | {"Layout": {"id": first.id}})).status_code == 201
        assert (await caller.create(lead | {"Layout": {"id": second.id}})).status_code == 201
        again = await caller.create(lead | {"Layout": {"id": second.id}, "Submission_Key": "K"})
        assert again.json()["data"][0]["code"] == "DUPLICATE_DATA"


async def test_the_current_user_and_all_users(caller: Caller, world: World) -> None:
    current = (await get(caller, "/crm/v8/users?type=CurrentUser"))["users"]
    assert [one["id"] for one in current] == [world.users[0]["id"]]
    assert current[0]["profile"]["name"] == "Inbound Sales"
    everyone = (await get(caller, "/crm/v8/users"))["users"]
    assert "Zoë Laurent" in {one["full_name"] for one in everyone}


async def test_the_org(caller: Caller) -> None:
    org = (await get(caller, "/crm/v8/org"))["org"][0]
    assert (org["company_name"], org["type"]) == ("Zylker Ltd", "sandbox")


async def test_an_empty_world_has_no_leads(clock: Clock) -> None:
    assert World(seed=False, clock=clock).records() == []


def test_the_seeds_are_varied_and_fit_their_fields(world: World) -> None:
    leads = world.records()
    assert len(leads) == 8
    assert len({lead["Owner"]["id"] for lead in leads}) == 3
    assert [lead["Created_Time"] for lead in leads] == sorted(lead["Created_Time"] for lead in leads)
    fields = world.modules["Leads"].fields
    for lead in leads:
        for name, value in lead.items():
            if isinstance(value, str) and name in fields and fields[name].values:
                assert value in {actual for _, actual in fields[name].values}
