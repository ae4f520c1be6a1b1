"""What stands between here and a created lead: each fault in words, with the way through Zoho's menus."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sandbox_caller import Clock

from zoho.account import Config, Paths
from zoho.account.scopes import SCOPES
from zoho.api import ZohoClient
from zoho.leads.check_up import Finding, check_up
from zoho.leads.org import OrgProfile, read_org
from zoho.leads.sign_in_check import sign_in_findings
from zoho.sandbox import World, create_app
from zoho.wire import ZohoError

URL = "http://127.0.0.1"
TOKEN = "/oauth/v2/token"
LEADS_READ, COQL = "ZohoCRM.modules.leads.READ", "ZohoCRM.coql.READ"
GUARDED = {LEADS_READ: "ZohoCRM.modules.Leads.READ"}
"""How the stand-in spells what it refuses, where that differs: with the module's API name."""

Look = Callable[..., Any]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    return World(clock=clock, submission_key="Submission_Key")


@pytest.fixture
def look(world: World, tmp_path: Path, clock: Clock) -> Look:
    """Look at what is wrong, as another run of the program, whose clock is *ahead* seconds ahead."""

    async def of(*, ahead: float = 0.0) -> list[Finding]:
        config = Config(
            client_id=world.client_id,
            client_secret=SecretStr(world.client_secret),
            refresh_token=SecretStr(world.refresh_token),
            accounts_url=URL,
            api_domain=URL,
            allow_loopback=True,
        )
        folders = dict.fromkeys(
            ("config_dir", "site_config_dir", "data_dir", "cache_dir", "log_dir"), tmp_path / "rep"
        )
        async with ZohoClient.from_config(
            config,
            paths=Paths(**folders),
            transport=httpx.ASGITransport(create_app(world)),
            clock=lambda: clock() + ahead,
        ) as client:
            read: OrgProfile | ZohoError
            try:
                read = await read_org(client, data_center="us", key_field="Submission_Key")
            except ZohoError as error:
                read = error
            found = await check_up(client, read=read, source=world.lead_source_values[0])
            return found + sign_in_findings(scope=client.scope, clock_offset=client.clock_offset)

    return of


def wrong(found: list[Finding]) -> list[Finding]:
    return [one for one in found if not one.well]


def lists_no_scopes(world: World) -> None:
    """The token answer has no ``scope``, as most of Zoho's."""
    body = {"access_token": world.issue_access_token(), "expires_in": 3600}
    world.faults.order("answer", path=TOKEN, body=body)


async def test_all_is_well(look: Look) -> None:
    assert wrong(await look()) == []


async def test_a_profile_without_api_access(look: Look, world: World) -> None:
    world.options.api_access = False
    (found,) = wrong(await look())
    assert found.what == "Your Zoho profile has no API access."
    assert (
        "Setup > Security Control > Profiles > your profile > Developer Permissions > Zoho CRM API Access"
        in found.next_step
    )


@pytest.mark.parametrize(
    "missing",
    [
        {"ZohoCRM.users.READ"},
        {"ZohoCRM.org.READ", "ZohoCRM.settings.layouts.READ"},
        {"ZohoCRM.users.READ", COQL},
        {"ZohoCRM.users.READ", LEADS_READ},
        {"ZohoCRM.users.READ", LEADS_READ, "ZohoCRM.org.READ"},
    ],
)
async def test_missing_scopes_are_named_where_zoho_lists_none(
    look: Look, world: World, missing: set[str]
) -> None:
    lists_no_scopes(world)
    world.options.missing_scopes |= {GUARDED.get(name, name) for name in missing}
    (found,) = wrong(await look())
    names = ", ".join(name for name in SCOPES if name in missing)
    assert found.what == f"The sign-in lacks these scopes: {names}."
    assert "Self Client > Generate Code > Scope" in found.next_step


async def test_missing_scopes_that_zoho_lists_are_named_once(look: Look, world: World) -> None:
    lacking = {"ZohoCRM.users.READ", "ZohoCRM.modules.ALL"}
    world.options.missing_scopes |= lacking
    found = wrong(await look())
    assert set(found) == {found[0]}
    assert found[0].what == (
        "The sign-in lacks these scopes: ZohoCRM.modules.leads.CREATE, ZohoCRM.modules.leads.READ, "
        "ZohoCRM.users.READ."
    )


async def test_a_look_up_that_lacks_a_scope_says_where_it_is_given(look: Look, world: World) -> None:
    lists_no_scopes(world)
    world.options.missing_scopes.add(COQL)
    (found,) = wrong(await look())
    assert found.what.startswith("Leads cannot be looked up. The sign-in lacks a scope")
    assert "Self Client > Generate Code > Scope" in found.next_step


async def test_another_data_centre_looks_like_an_unknown_client(look: Look, world: World) -> None:
    world.faults.order("answer", path=TOKEN, body={"error": "invalid_client"})
    (found,) = wrong(await look())
    assert found.what == "Zoho does not know this client id in this data centre."
    assert "in Settings, choose the data centre" in found.next_step
    assert "the client > Settings > Multi-DC" in found.next_step


@pytest.mark.parametrize(("ahead", "words"), [(-900, "15 minutes behind"), (3600, "60 minutes ahead of")])
async def test_a_clock_that_is_wrong(look: Look, ahead: float, words: str) -> None:
    (found,) = wrong(await look(ahead=ahead))
    assert f"clock is {words} Zoho's" in found.what
    assert "Date & Time > Set time and date automatically" in found.next_step


async def test_a_clock_that_is_wrong_is_told_where_the_sign_in_fails_too(look: Look, world: World) -> None:
    world.faults.order("answer", path=TOKEN, body={"error": "invalid_code"})
    first, second = wrong(await look(ahead=-900))
    assert first.what == "Zoho does not accept the refresh token any more."
    assert "15 minutes behind" in second.what
