"""A sign-in that is stopped: what Zoho answers at that moment is not fetched and then lost."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from pydantic import SecretStr
from sandbox_server import Serving
from verbs import Home, credentials

from zoho.commands.place import Place
from zoho.commands.sign_in_run import GrantCode, Kept, SignInRun, Step
from zoho.sandbox import World
from zoho.wire.errors import ConfigError


@pytest.fixture
def home(tmp_path: Path, world: World, url: Serving) -> Home:
    given = credentials(world, url)
    del given["ZOHO_REFRESH_TOKEN"]
    return Home(tmp_path, given)


async def asked(world: World, path: str) -> None:
    async with asyncio.timeout(20):
        while not any(one.path == path for one in world.requests):  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # the stand-in lives in another thread


async def test_a_token_that_comes_after_the_word_to_stop_is_given_back(home: Home, world: World) -> None:
    world.faults.order("latency", path="/oauth/v2/token", ms=700)
    run = SignInRun.prepared(Place(), home.env)
    heard: list[Step] = []
    task = asyncio.create_task(run.run(GrantCode(SecretStr(world.new_grant_code())), {}, heard.append))
    await asked(world, "/oauth/v2/token")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [one.path for one in world.requests][-1] == "/oauth/v2/token/revoke"
    assert world.tokens.alive_refresh_tokens() == [world.refresh_token]
    assert heard == []
    assert not home.config_file.exists()


async def test_who_stops_while_the_one_before_is_revoked_is_signed_in(home: Home, world: World) -> None:
    earlier = world.tokens.grant()
    home.config_file.write_text(json.dumps({"client_id": world.client_id, "refresh_token": earlier}))
    world.faults.order("latency", path="/oauth/v2/token/revoke", ms=700)
    run = SignInRun.prepared(Place(), home.env)
    heard: list[Step] = []
    task = asyncio.create_task(run.run(GrantCode(SecretStr(world.new_grant_code())), {}, heard.append))
    await asked(world, "/oauth/v2/token/revoke")
    assert heard == [Kept()]
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    kept = json.loads(home.config_file.read_text())["refresh_token"]
    assert world.tokens.alive_refresh_tokens() == [world.refresh_token, kept]


async def test_another_data_centre_than_the_configured_one_is_kept_too(home: Home, world: World) -> None:
    environ = {name: value for name, value in home.env.items() if name != "ZOHO_DATA_CENTER"}
    heard: list[Step] = []
    run = SignInRun.prepared(Place(), environ, center="eu")
    done = await run.run(GrantCode(SecretStr(world.new_grant_code())), {}, heard.append)
    assert heard == [Kept()]
    assert [finding.what[:15] for finding in done.findings] == ["Data centre: eu"]
    assert json.loads(home.config_file.read_text())["data_center"] == "eu"


def test_what_could_not_be_kept_does_not_begin(home: Home, world: World) -> None:
    with pytest.raises(ConfigError, match="ZOHO_DATA_CENTER"):
        SignInRun.prepared(Place(), home.env, center="us")
    with pytest.raises(ConfigError, match="ZOHO_REFRESH_TOKEN"):
        SignInRun.prepared(Place(), {**home.env, "ZOHO_REFRESH_TOKEN": "1000.canary"})
    assert world.requests == []
