"""What Zoho checks of a new lead only where it is asked to: the configuration asks, for each record alike."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sandbox_caller import Clock

from zoho.account import Paths, load_config
from zoho.account.config import FEATURES
from zoho.api import ZohoClient
from zoho.sandbox import World, create_app
from zoho.sandbox.validation import FEATURES as KNOWN
from zoho.wire import RecordRejected

LEAD = {"Last_Name": "Roe", "Company": "Acme", "Region": "France", "Branch": "Delft"}


@pytest.fixture
def world(clock: Clock) -> World:
    return World(clock=clock, org="strict")


def client_of(world: World, paths: Paths, *features: str) -> ZohoClient:
    here = "http://127.0.0.1"
    environ = {
        "ZOHO_ALLOW_LOOPBACK": "1",
        "ZOHO_ACCOUNTS_URL": here,
        "ZOHO_API_DOMAIN": here,
        "ZOHO_ACCESS_TOKEN": world.issue_access_token(),
    }
    options = {"apply_feature_execution": features} if features else {}
    config = load_config(environ=environ, paths=paths, options=options)
    transport = httpx.ASGITransport(create_app(world))
    return ZohoClient.from_config(config, paths=paths, transport=transport, clock=world.clock)


def sent(world: World) -> dict[str, Any]:
    (call,) = (one for one in world.requests if one.method == "POST")
    return call.body


async def test_by_default_nothing_is_asked_for(world: World, paths: Paths) -> None:
    async with client_of(world, paths) as client:
        assert await client.create_lead(LEAD)
    assert set(sent(world)) == {"data"}


async def test_what_is_configured_is_asked_for(world: World, paths: Paths) -> None:
    async with client_of(world, paths, "global_map_dependency", "layout_rules") as client:
        with pytest.raises(RecordRejected) as failed:
            await client.create_lead(LEAD)
    assert len(failed.value.faults) == 2
    assert sent(world)["apply_feature_execution"] == [
        {"name": "global_map_dependency"},
        {"name": "layout_rules"},
    ]


def test_the_names_are_those_that_zoho_takes() -> None:
    assert FEATURES == KNOWN
