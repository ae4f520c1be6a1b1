"""The orgs that the stand-in can be, as their metadata tells them, and what their records may hold."""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sandbox_caller import Caller, Clock

from zoho.commands.sandbox import ORG_NAMES
from zoho.sandbox import World
from zoho.sandbox.orgs import ORGS

LAYOUTS = "/crm/v8/settings/layouts"
Enter = Callable[[str], Caller]


@pytest.fixture
async def enter() -> AsyncIterator[Enter]:
    opened: list[Caller] = []

    def of(org: str, **options: Any) -> Caller:
        opened.append(Caller(World(clock=Clock(), submission_key="Submission_Key", org=org, **options)))
        return opened[-1]

    yield of
    for one in opened:
        await one.__aexit__(None, None, None)


async def layouts(caller: Caller) -> list[dict[str, Any]]:
    answer = await caller.call("GET", f"{LAYOUTS}?module=Leads")
    assert answer.status_code == 200
    return answer.json()["layouts"]


async def fields(caller: Caller) -> dict[str, dict[str, Any]]:
    first = (await layouts(caller))[0]
    return {one["api_name"]: one for section in first["sections"] for one in section["fields"]}


async def read_back(caller: Caller, lead_id: str) -> dict[str, Any]:
    return (await caller.call("GET", f"/crm/v8/Leads/{lead_id}")).json()["data"][0]


def account(world: World, place: int = 0) -> str:
    return world.living("Accounts")[place].id


def test_the_verb_offers_every_org() -> None:
    assert set(ORG_NAMES) == set(ORGS)
    with pytest.raises(KeyError):
        World(org="nowhere")


@pytest.mark.parametrize("org", ORG_NAMES)
async def test_each_takes_a_lead_and_is_the_same_after_a_reset(enter: Enter, org: str) -> None:
    caller = enter(org)
    before = await layouts(caller)
    caller.world.reset()
    after = await layouts(caller)
    assert [[f["api_name"] for s in one["sections"] for f in s["fields"]] for one in before] == [
        [f["api_name"] for s in one["sections"] for f in s["fields"]] for one in after
    ]
    assert await caller.created_id()


async def test_the_large_one(enter: Enter) -> None:
    found = await fields(enter("large"))
    assert sum(one["custom_field"] for one in found.values()) == 121, "with our key"
    assert max(len(one["pick_list_values"]) for one in found.values()) == 4000, "Zoho's most"
    kinds = {one["data_type"] for one in found.values() if one["custom_field"]}
    assert {"lookup", "userlookup", "multiselectpicklist", "datetime", "percent", "currency"} <= kinds
    ids = [value["id"] for one in found.values() for value in one["pick_list_values"]]
    assert len(ids) == len(set(ids))
    assert found["Needs_note"]["required"]
    assert found["Budget_share"]["range"] == {"from": 0, "to": 100}


async def test_the_renamed_one(enter: Enter) -> None:
    found = await fields(enter("rtl"))
    shown = [one["display_label"] for one in found.values()]
    assert {"R", "AL"} <= {unicodedata.bidirectional(label[0]) for label in shown}
    assert any(unicodedata.east_asian_width(label[0]) == "W" for label in shown)
    assert 40 < max(map(len, shown)) <= 50, "Zoho's most"
    assert found["Lead_Status"]["pick_list_values"][1]["actual_value"].isascii()


async def test_the_strict_ones_layouts(enter: Enter) -> None:
    caller = enter("strict")
    assert [(one["name"], one["status"]) for one in await layouts(caller)] == [
        ("Standard", "active"),
        ("Short", "active"),
        ("Retired", "inactive"),
    ]
    found = await fields(caller)
    assert {name for name, one in found.items() if one["required"]} == {
        *("Last_Name", "Company", "Owner", "Customer_Type", "Parent_Account", "Region")
    }
    owner = found["Owner"]
    assert (owner["read_only"], owner["field_read_only"], owner["view_type"]["create"]) == (False, True, True)
    assert found["Parent_Account"]["lookup"]["module"]["api_name"] == "Accounts"
    assert found["Email"]["unique"] == {"case_sensitive": False}
    assert found["Seats"]["validation_rule"]["id"]
    assert found["Newsletter"]["default_value"] is True
    assert found["Customer_Type"]["tooltip"]["value"] == "Resellers need a phone number."


async def test_a_layout_tells_which_values_go_together(enter: Enter) -> None:
    found = await fields(enter("strict"))
    told = {
        value["actual_value"]: {
            one["api_name"]: [child["actual_value"] for child in one["pick_list_values"]]
            for one in value["maps"]
        }
        for value in found["Region"]["pick_list_values"]
    }
    assert told == {
        "-None-": {"Branch": ["-None-"]},
        "Netherlands": {"Branch": ["-None-", "Amsterdam", "Delft", "Utrecht"]},
        "France": {"Branch": ["-None-", "Lille", "Lyon", "Metz"]},
        "Japan": {"Branch": ["-None-", "Osaka", "Sapporo"]},
    }


async def test_the_map_of_dependencies_tells_it_where_a_layout_does_not(enter: Enter) -> None:
    caller = enter("strict", layout_maps=False)
    first = (await layouts(caller))[0]
    region = (await fields(caller))["Region"]["pick_list_values"]
    assert all("maps" not in value for value in region)
    path = f"{LAYOUTS}/{first['id']}/map_dependency"
    listed = (await caller.call("GET", f"{path}?module=Leads")).json()
    assert [(one["parent"]["api_name"], one["child"]["api_name"]) for one in listed["map_dependency"]] == [
        ("Region", "Branch"),
        ("Branch", "District"),
    ]
    assert all("pick_list_values" not in one for one in listed["map_dependency"])
    wanted = listed["map_dependency"][0]["id"]
    (one,) = (await caller.call("GET", f"{path}/{wanted}?module=Leads")).json()["map_dependency"]
    told = {v["actual_value"]: [m["actual_value"] for m in v["maps"]] for v in one["pick_list_values"]}
    assert told["Japan"] == ["-None-", "Osaka", "Sapporo"]
    other = (await layouts(enter("stock")))[0]["id"]
    assert (await enter("stock").call("GET", f"{LAYOUTS}/{other}/map_dependency?module=Leads")).content == b""
    assert (await caller.call("GET", f"{path}/7?module=Leads")).status_code == 400
    assert (await caller.call("GET", f"{LAYOUTS}/7/map_dependency?module=Leads")).status_code == 400
    caller.world.options.missing_scopes.add("ZohoCRM.settings.map_dependency.READ")
    assert (await caller.call("GET", f"{path}?module=Leads")).json()["code"] == "OAUTH_SCOPE_MISMATCH"


async def test_what_a_record_of_it_holds(enter: Enter) -> None:
    caller = enter("strict")
    world = caller.world
    account_id, user_id = account(world), world.users[1]["id"]
    lead_id = await caller.created_id(
        Owner={"id": user_id},
        Parent_Account={"id": account_id},
        Second_Contact={"id": user_id, "name": "whoever"},
        Interests=["Cloud", "Training"],
        Call_Back="2027-01-02T15:04:00-05:00",
        Discount=12.5,
    )
    lead = await read_back(caller, lead_id)
    assert lead["Parent_Account"] == {"name": "Babbage Mills", "id": account_id}
    assert lead["Second_Contact"] == {"name": "Zoë Laurent", "id": user_id}
    assert lead["Owner"]["id"] == user_id
    assert (lead["Interests"], lead["Discount"]) == (["Cloud", "Training"], 12.5)
    assert lead["Call_Back"] == "2027-01-02T21:04:00+01:00", "in the org's own offset"
    assert lead["Newsletter"] is True, "by default"
    assert (await read_back(caller, await caller.created_id(Newsletter=False)))["Newsletter"] is False


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"Parent_Account": {"id": "7"}}, "the related id given seems to be invalid"),
        ({"Parent_Account": "Babbage Mills"}, "jsonobject"),
        ({"Parent_Account": {}}, "the related id given seems to be invalid"),
        ({"Second_Contact": {"id": "7"}}, "the related id given seems to be invalid"),
        ({"Interests": "Cloud"}, "jsonarray"),
        ({"Interests": ["Cloud", "Rain"]}, "supported_values"),
        ({"Call_Back": "2027-01-02T15:04:00"}, "datetime"),
    ],
)
async def test_what_no_record_of_it_holds(enter: Enter, wrong: dict[str, Any], told: str) -> None:
    answer = await enter("strict").create({"Last_Name": "Roe", "Company": "Acme", **wrong})
    assert answer.status_code == 400
    (row,) = answer.json()["data"]
    assert (row["code"], row["details"]["api_name"]) == ("INVALID_DATA", next(iter(wrong)))
    assert told in answer.text


async def test_users_come_in_pages(enter: Enter) -> None:
    caller = enter("stock")
    first = (await caller.call("GET", "/crm/v8/users?page=1&per_page=2")).json()
    second = (await caller.call("GET", "/crm/v8/users?page=2&per_page=2")).json()
    assert [len(one["users"]) for one in (first, second)] == [2, 1]
    assert [one["info"]["more_records"] for one in (first, second)] == [True, False]
    assert (await caller.call("GET", "/crm/v8/users?page=3&per_page=2")).status_code == 204


async def test_accounts_are_found_by_a_word_and_by_a_query(enter: Enter) -> None:
    caller = enter("strict", search_lag=0.0)
    found = await caller.call("GET", "/crm/v8/Accounts/search?word=engines")
    assert [one["Account_Name"] for one in found.json()["data"]] == ["Difference Engines"]
    query = "select id, Account_Name from Accounts where Account_Name like '%love%' limit 10"
    answer = await caller.call("POST", "/crm/v8/coql", {"select_query": query})
    assert [one["Account_Name"] for one in answer.json()["data"]] == ["Lovelace & Daughters"]
    lead_id = await caller.created_id(Parent_Account={"id": account(caller.world)})
    query = f"select Parent_Account, Interests from Leads where id = '{lead_id}'"
    (row,) = (await caller.call("POST", "/crm/v8/coql", {"select_query": query})).json()["data"]
    assert row["Parent_Account"] == {"name": "Babbage Mills", "id": account(caller.world)}
