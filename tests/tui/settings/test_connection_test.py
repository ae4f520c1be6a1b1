"""Settings > Test connection, as the rep sees it: what is wrong, and the way through Zoho's menus."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from app_stage import API, Stage
from pydantic import SecretStr

from zoho.account.token_cache import TokenCache, token_identity
from zoho.sandbox import World

TOKEN = "/oauth/v2/token"


def world_of(**more: object) -> World:
    return World(submission_key="Submission_Key", base_url=API, **more)  # type: ignore[arg-type]


async def said(stage: Stage, *parts: str) -> None:
    """Test the connection, and wait for all of *parts* in the report."""
    async with stage.open(size=(100, 60)):
        await stage.press("f3", "f7")
        for part in parts:
            await stage.until(part)


async def test_a_profile_without_api_access(tmp_path: Path) -> None:
    stage = Stage(tmp_path, world_of(api_access=False))
    await said(
        stage,
        "Your Zoho profile has no API access.",
        "Setup > Security Control > Profiles > your profile > Developer Permissions > Zoho CRM API Access",
    )


async def test_missing_scopes_that_zoho_listed(tmp_path: Path) -> None:
    stage = Stage(tmp_path, world_of(missing_scopes={"ZohoCRM.modules.ALL"}))
    lacking = "The sign-in lacks these scopes: ZohoCRM.modules.leads.CREATE, ZohoCRM.modules.leads.READ."
    await said(stage, lacking, "Self Client > Generate Code > Scope")


async def test_missing_scopes_are_named_once(tmp_path: Path) -> None:
    stage = Stage(tmp_path, world_of(missing_scopes={"ZohoCRM.users.READ", "ZohoCRM.modules.ALL"}))
    async with stage.open(size=(100, 60)):
        await stage.press("f3", "f7")
        await stage.until("ZohoCRM.modules.leads.READ, ZohoCRM.users.READ.")
        found = await stage.app.desk.test_connection()
        assert [one.well for one in found] == [False]


async def test_another_data_centre(tmp_path: Path) -> None:
    world = world_of()
    world.faults.order("answer", path=TOKEN, times=None, body={"error": "invalid_client"})
    await said(
        Stage(tmp_path, world),
        "Zoho does not know this client id in this data centre.",
        "the client > Settings > Multi-DC",
    )


@pytest.mark.parametrize("fails", [False, True])
async def test_a_clock_that_is_wrong(tmp_path: Path, fails: bool) -> None:
    world = world_of(clock=lambda: time.time() + 900)
    if fails:
        world.faults.order("answer", path=TOKEN, times=None, body={"error": "invalid_code"})
    await said(Stage(tmp_path, world), "clock is 15 minutes behind Zoho", "timedatectl set-ntp true")


async def test_used_up_refreshes_say_when_it_goes_on_and_ask_for_nothing(tmp_path: Path) -> None:
    world = world_of()
    stage = Stage(tmp_path, world)
    identity = token_identity(world.client_id, SecretStr(world.refresh_token))
    cache = TokenCache(tmp_path / "data" / "token.json", identity=identity)
    for _ in range(5):
        cache.record_refresh(time.time() - 90)
    async with stage.open(size=(100, 60)):
        await stage.until("No more access tokens are asked for just now")  # before anything is pressed
        await stage.press("f3", "f7")
        await stage.until("leads wait, and it goes on in 9 minutes, at ")
    assert world.requests == []
