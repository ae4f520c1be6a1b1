"""What an org checks of a record only where the request asks for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sandbox_caller import Caller, Clock

from zoho.sandbox import World


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    async with Caller(World(clock=Clock(), org="strict")) as one:
        yield one


def lead(world: World, **values: Any) -> dict[str, Any]:
    """Return a lead that breaks no rule, but for *values*; None leaves one out."""
    good = {
        "Layout": {"id": world.modules["Leads"].layouts[0].id},
        "Last_Name": "Roe",
        "Company": "Acme",
        "Owner": {"id": world.users[0]["id"]},
        "Parent_Account": {"id": world.living("Accounts")[0].id},
        "Customer_Type": "End",
        "Email": "roe@acme.example",
        "Region": "France",
        "Branch": "Metz",
    }
    return {name: value for name, value in {**good, **values}.items() if value is not None}


def asked(*names: str) -> list[dict[str, str]]:
    return [{"name": name} for name in names]


EVERY = ("layout_rules", "global_map_dependency", "range_validation", "criteria_validation_rule")
MAPS, RULES, RANGES, CHECKS = "global_map_dependency", "layout_rules", "range_validation", EVERY[3]

# what is wrong -> the feature that sees it, the code, and the fields that it names
WRONG: dict[str, tuple[dict[str, Any], str, str, dict[str, str]]] = {
    "a value that does not go with another": (
        {"Branch": "Delft"},
        MAPS,
        "DEPENDENT_MISMATCH",
        {"api_name": "Branch", "dependee": "Region"},
    ),
    "a value that another asks for": (
        {"Branch": None},
        MAPS,
        "DEPENDENT_FIELD_MISSING",
        {"api_name": "Branch", "dependee": "Region"},
    ),
    "what a layout rule requires": (
        {"Customer_Type": "Reseller", "Seats": 10},
        RULES,
        "MANDATORY_NOT_FOUND",
        {"api_name": "Phone", "layout_rule": "Partner details"},
    ),
    "a number that is too great": ({"Seats": 5001}, RANGES, "INVALID_DATA", {"api_name": "Seats"}),
    "a number that is too small": (
        {"No_of_Employees": 0},
        RANGES,
        "INVALID_DATA",
        {"api_name": "No_of_Employees"},
    ),
    "a validation rule": (
        {"Email": None},
        CHECKS,
        "INVALID_DATA",
        {"api_name": "Email", "validation_rule": "Reachable"},
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_it_is_refused_where_the_request_asks_for_the_check(caller: Caller, wrong: str) -> None:
    values, feature, code, named = WRONG[wrong]
    others = [name for name in EVERY if name != feature]
    answer = await caller.create(lead(caller.world, **values), apply_feature_execution=asked(*others))
    assert answer.status_code == 201, answer.text
    caller.world.reset()
    answer = await caller.create(lead(caller.world, **values), apply_feature_execution=asked(*EVERY))
    (row,) = answer.json()["data"]
    assert (answer.status_code, row["code"]) == (400, code)
    details = row["details"]
    assert details["json_path"] == f"$.data[0].{named['api_name']}"
    for key, value in named.items():
        told = details[key]
        assert value == (told if isinstance(told, str) else told.get("api_name") or told["name"])


async def test_what_is_good_passes_every_check(caller: Caller) -> None:
    good = lead(caller.world, Customer_Type="Reseller", Phone="020 7946 0018", Seats=10, Region="Japan")
    answer = await caller.create({**good, "Branch": "Osaka"}, apply_feature_execution=asked(*EVERY))
    assert answer.status_code == 201, answer.text


async def test_what_goes_with_a_value_of_which_nothing_is_said_passes(caller: Caller) -> None:
    answer = await caller.create(lead(caller.world, District="Oost"), apply_feature_execution=asked(MAPS))
    assert answer.status_code == 201, answer.text


async def test_several_faults_are_told_together(caller: Caller) -> None:
    bad = lead(caller.world, Customer_Type="Reseller", Email=None, Branch="Delft")
    answer = await caller.create(bad, apply_feature_execution=asked(*EVERY))
    (row,) = answer.json()["data"]
    assert row["code"] == "MULTIPLE_OR_MULTI_ERRORS"
    assert [(one["code"], one["details"]["api_name"]) for one in row["details"]["errors"]] == [
        ("DEPENDENT_MISMATCH", "Branch"),
        ("MANDATORY_NOT_FOUND", "Phone"),
        ("INVALID_DATA", "Seats"),
        ("INVALID_DATA", "Email"),
    ]


async def test_a_layout_rule_needs_the_field_that_it_asks_about(caller: Caller) -> None:
    caller.world.modules["Leads"].layouts[0].required.discard("Customer_Type")
    answer = await caller.create(
        lead(caller.world, Customer_Type=None), apply_feature_execution=asked("layout_rules")
    )
    (row,) = answer.json()["data"]
    assert row["code"] == "EXPECTED_FIELD_MISSING"
    assert row["details"]["expected_fields"] == [
        {"api_name": "Customer_Type", "json_path": "$.data[0].Customer_Type"}
    ]


async def test_the_strict_org_asks_for_a_lookup_and_an_owner(caller: Caller) -> None:
    for name in ("Owner", "Parent_Account"):
        (row,) = (await caller.create(lead(caller.world, **{name: None}))).json()["data"]
        assert (row["code"], row["details"]["api_name"]) == ("MANDATORY_NOT_FOUND", name)


async def test_an_address_may_occur_once(caller: Caller) -> None:
    assert (await caller.create(lead(caller.world))).status_code == 201
    (row,) = (await caller.create(lead(caller.world, Email="Roe@acme.example"))).json()["data"]
    assert (row["code"], row["details"]["api_name"]) == ("DUPLICATE_DATA", "Email")


async def test_an_update_is_not_checked(caller: Caller) -> None:
    (row,) = (await caller.create(lead(caller.world))).json()["data"]
    body = {"data": [{"id": row["details"]["id"], "Branch": "Osaka"}], "apply_feature_execution": asked(MAPS)}
    assert (await caller.call("PUT", "/crm/v8/Leads", body)).status_code == 200
