from __future__ import annotations

from typing import Any

import pytest
from sandbox_caller import Caller

from zoho.sandbox import World

LEAD: dict[str, Any] = {"Last_Name": "Roe", "Company": "Acme"}


async def upsert(caller: Caller, record: dict[str, Any], *listed: str) -> dict[str, Any]:
    body: dict[str, Any] = {"data": [record]}
    if listed:
        body["duplicate_check_fields"] = list(listed)
    return (await caller.call("POST", "/crm/v8/Leads/upsert", body)).json()["data"][0]


async def test_a_key_that_was_sent_before_names_the_record_that_has_it(caller: Caller, world: World) -> None:
    first = await caller.created_id(Submission_Key="k1")
    before = len(world.records())
    answer = await caller.create(LEAD | {"Submission_Key": "k1"})
    row = answer.json()["data"][0]
    assert (answer.status_code, row["code"]) == (400, "DUPLICATE_DATA")
    details = row["details"]
    assert details["api_name"] == "Submission_Key"
    assert details["json_path"] == "$.data[0].Submission_Key"
    assert details["duplicate_record"]["id"] == first
    assert details["duplicate_record"]["module"]["api_name"] == "Leads"
    assert details["duplicate_record"]["Owner"]["id"] == world.users[0]["id"]
    assert len(world.records()) == before


async def test_the_same_key_twice_in_one_request(caller: Caller) -> None:
    answer = await caller.create(LEAD | {"Submission_Key": "k"}, LEAD | {"Submission_Key": "k"})
    assert answer.status_code == 207
    first, second = answer.json()["data"]
    assert second["details"]["duplicate_record"]["id"] == first["details"]["id"]


async def test_records_without_a_key_do_not_collide(caller: Caller) -> None:
    assert (await caller.create(LEAD, LEAD, LEAD | {"Submission_Key": None})).status_code == 201


async def test_an_insert_repeats_an_email_unless_the_field_is_unique(caller: Caller, world: World) -> None:
    await caller.created_id(Email="a@b.example")
    await caller.created_id(Email="a@b.example")
    world.add_unique_field("Email", case_sensitive=False)
    answer = await caller.create(LEAD | {"Email": "A@B.example"})
    assert answer.json()["data"][0]["details"]["api_name"] == "Email"


@pytest.mark.parametrize(("sensitive", "status"), [(True, 201), (False, 400)])
async def test_case_counts_where_the_field_says_so(
    caller: Caller, world: World, sensitive: bool, status: int
) -> None:
    world.add_unique_field("Submission_Key", case_sensitive=sensitive)
    await caller.created_id(Submission_Key="abc")
    assert (await caller.create(LEAD | {"Submission_Key": "ABC"})).status_code == status


async def test_two_collisions_are_told_together(caller: Caller, world: World) -> None:
    world.add_unique_field("Phone")
    ours = await caller.created_id(Submission_Key="k")
    theirs = await caller.created_id(Phone="123")
    row = (await caller.create(LEAD | {"Submission_Key": "k", "Phone": "123"})).json()["data"][0]
    assert row["code"] == "MULTIPLE_OR_MULTI_ERRORS"
    told = {
        one["details"]["api_name"]: one["details"]["duplicate_record"]["id"]
        for one in row["details"]["errors"]
    }
    assert told == {"Submission_Key": ours, "Phone": theirs}


async def test_a_lead_in_the_recycle_bin_holds_no_key(caller: Caller) -> None:
    first = await caller.created_id(Submission_Key="k")
    await caller.call("DELETE", f"/crm/v8/Leads/{first}")
    assert await caller.created_id(Submission_Key="k") != first


async def test_an_update_may_keep_its_own_key_and_not_take_anothers(caller: Caller) -> None:
    first = await caller.created_id(Submission_Key="1")
    await caller.created_id(Submission_Key="2")
    for key, status in (("1", 200), ("2", 400)):
        body = {"data": [{"Submission_Key": key}]}
        assert (await caller.call("PUT", f"/crm/v8/Leads/{first}", body)).status_code == status


async def test_an_upsert_overwrites_the_lead_with_the_same_email(caller: Caller, world: World) -> None:
    first = await caller.created_id(Email="a@b.example", City="Delft")
    before = len(world.records())
    row = await upsert(caller, LEAD | {"Email": "A@b.example", "City": "Gouda"})
    assert (row["action"], row["duplicate_field"], row["details"]["id"]) == ("update", "Email", first)
    assert len(world.records()) == before
    assert world.records()[-1]["City"] == "Gouda"


async def test_an_upsert_that_matches_nothing_inserts(caller: Caller) -> None:
    row = await upsert(caller, LEAD)
    assert (row["action"], row["duplicate_field"], row["message"]) == ("insert", None, "record added")


@pytest.mark.parametrize(
    ("listed", "matched"),
    [
        ((), "Email"),
        (("Submission_Key",), "Submission_Key"),
        (("Phone",), "Phone"),
        (("Email",), "Email"),
    ],
)
async def test_the_order_of_matching(
    caller: Caller, world: World, listed: tuple[str, ...], matched: str
) -> None:
    # Each of the three could match, and the record itself holds all values, so that nothing is in the way.
    world.add_unique_field("Phone")
    await caller.created_id(Email="a@b.example", Submission_Key="k", Phone="123")
    row = await upsert(
        caller, LEAD | {"Email": "a@b.example", "Submission_Key": "k", "Phone": "123"}, *listed
    )
    assert row["duplicate_field"] == matched


async def test_an_upsert_falls_through_to_unique_fields_that_were_not_listed(
    caller: Caller, world: World
) -> None:
    world.add_unique_field("Phone")
    stranger = await caller.created_id(Phone="123", Last_Name="Stranger")
    row = await upsert(caller, LEAD | {"Submission_Key": "new", "Phone": "123"}, "Submission_Key")
    assert (row["duplicate_field"], row["details"]["id"]) == ("Phone", stranger)


async def test_an_upsert_that_matches_one_record_and_collides_with_another_is_refused(
    caller: Caller, world: World
) -> None:
    world.add_unique_field("Phone")
    await caller.created_id(Email="a@b.example")
    other = await caller.created_id(Phone="123")
    row = await upsert(caller, LEAD | {"Email": "a@b.example", "Phone": "123"})
    assert row["code"] == "DUPLICATE_DATA"
    assert row["details"]["duplicate_record"]["id"] == other
