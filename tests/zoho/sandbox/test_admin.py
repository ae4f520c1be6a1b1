from __future__ import annotations

import pytest
from sandbox_caller import Caller

from zoho.sandbox import World


async def test_a_fault_is_ordered_by_a_call_and_befalls_one_request(caller: Caller) -> None:
    answer = await caller.call("POST", "/__admin/faults", {"kind": "5xx_before", "status": 503})
    assert answer.status_code == 201
    assert (await caller.call("GET", "/crm/v8/org")).status_code == 503
    assert (await caller.call("GET", "/crm/v8/org")).status_code == 200


async def test_a_fault_can_be_for_a_path_and_a_method_and_more_than_once(caller: Caller) -> None:
    order = {
        "kind": "429",
        "times": 2,
        "path": "/crm/v8/Leads",
        "method": "post",
        "params": {"retry_after": 7},
    }
    await caller.call("POST", "/__admin/faults", order)
    lead = {"Last_Name": "Roe", "Company": "Acme"}
    assert (await caller.call("GET", "/crm/v8/org")).status_code == 200
    assert (await caller.call("GET", "/crm/v8/Leads?fields=id")).status_code == 200
    refused = [await caller.create(lead) for _ in range(2)]
    assert [(one.status_code, one.headers["Retry-After"]) for one in refused] == [(429, "7")] * 2
    assert (await caller.create(lead)).status_code == 201


async def test_a_fault_stays_until_it_is_cleared(caller: Caller) -> None:
    await caller.call("POST", "/__admin/faults", {"kind": "redirect", "times": None})
    for _ in range(3):
        assert (await caller.call("GET", "/crm/v8/org")).status_code == 302
    await caller.call("DELETE", "/__admin/faults")
    assert (await caller.call("GET", "/crm/v8/org")).status_code == 200


async def test_an_unknown_fault_is_told(caller: Caller, world: World) -> None:
    answer = await caller.call("POST", "/__admin/faults", {"kind": "flood"})
    assert answer.status_code == 400
    assert "drop-after" in answer.json()["error"]
    with pytest.raises(ValueError, match="flood"):
        world.faults.order("flood")


async def test_the_state_is_told(caller: Caller, world: World) -> None:
    lead_id = await caller.created_id()
    body = (await caller.call("GET", "/__admin/state")).json()
    assert body["leads"] == len(world.records()) == 9
    assert body["records"]["Leads"][-1]["id"] == lead_id
    [*_, last] = body["requests"]
    assert last.pop("began") <= last.pop("ended")
    assert last == {
        "method": "POST",
        "path": "/crm/v8/Leads",
        "query": "",
        "body": None,
        "token": str(caller.token)[-6:],
        "faults": [],
        "status": 201,
        "handled": True,
    }


async def test_tokens_are_ended(caller: Caller) -> None:
    await caller.call("POST", "/__admin/expire-tokens")
    assert (await caller.call("GET", "/crm/v8/org")).json()["code"] == "INVALID_TOKEN"


async def test_a_reset_brings_the_seeds_back(caller: Caller, world: World) -> None:
    seeded = world.records()
    await caller.created_id()
    world.faults.order("429")
    world.add_layout("Another")
    await caller.call("POST", "/__admin/reset")
    assert [one["id"] for one in world.records()] == [one["id"] for one in seeded]
    assert (await caller.call("GET", "/crm/v8/org")).status_code == 200
    assert len(world.modules["Leads"].layouts) == 1


async def test_a_page_of_another_site_may_not(caller: Caller, world: World) -> None:
    before = len(world.records())
    answer = await caller.call("POST", "/__admin/reset", headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert len(world.records()) == before


def test_the_log_of_requests_is_bounded(world: World) -> None:
    from zoho.sandbox.world import REMEMBERED_REQUESTS, Exchange

    for number in range(REMEMBERED_REQUESTS + 10):
        world.remember(Exchange("GET", f"/{number}", "", None, "", []))
    assert len(world.requests) == REMEMBERED_REQUESTS
    assert world.requests[-1].path == f"/{REMEMBERED_REQUESTS + 9}"
