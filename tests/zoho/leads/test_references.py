"""What a lookup may refer to is found while it is typed."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from sandbox_caller import Clock

from zoho.account import Config, Paths
from zoho.api import ZohoClient
from zoho.leads.references import MOST, References
from zoho.sandbox import World, create_app
from zoho.wire import PermissionMissing

URL = "http://127.0.0.1"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    return World(clock=clock, org="strict")


@pytest.fixture
def references(world: World, tmp_path: Path, clock: Clock) -> References:
    config = Config(
        client_id=world.client_id,
        client_secret=SecretStr(world.client_secret),
        refresh_token=SecretStr(world.refresh_token),
        accounts_url=URL,
        api_domain=URL,
        allow_loopback=True,
    )
    folders = dict.fromkeys(("config_dir", "site_config_dir", "data_dir", "cache_dir", "log_dir"), tmp_path)
    transport = httpx.ASGITransport(create_app(world))
    client = ZohoClient.from_config(config, paths=Paths(**folders), transport=transport, clock=clock)
    return References(client, clock=clock)


def names(found: list[tuple[str, str]]) -> list[str]:
    return [name for _, name in found]


def calls(world: World) -> int:
    return sum(one.path.startswith("/crm") for one in world.requests)


async def test_accounts_by_a_part_of_their_name(references: References, world: World) -> None:
    world.keep("Accounts", {"Account_Name": "Engines\x1b of Love"})
    assert names(await references.search("Accounts", " eNgines ")) == [
        "Engines^[ of Love",
        "Difference Engines",
    ], "who begins with it comes first, and what was just made is found"
    ((found, name),) = await references.search("Accounts", "babb")
    assert (world.find("Accounts", found) is not None, name) == (True, "Babbage Mills")


@pytest.mark.parametrize("word", ["", " ", "b", "nobody", "it's", "100%", "\\"])
async def test_what_finds_nothing(references: References, word: str) -> None:
    assert await references.search("Accounts", word) == []


async def test_too_little_is_not_asked_for(references: References, world: World) -> None:
    await references.search("Accounts", "b")
    await references.search("Accounts; drop", "babb")
    assert calls(world) == 0


async def test_people_are_found_by_their_whole_name(references: References, world: World) -> None:
    kept = world.keep("Contacts", {"First_Name": "Ada", "Last_Name": "Lovelace"})
    assert (kept.id, "Ada Lovelace") in await references.search("Contacts", "a lov")


async def test_not_too_many_at_once(references: References, world: World) -> None:
    for number in range(MOST + 5):
        world.keep("Accounts", {"Account_Name": f"Mill {number:03d}"})
    assert len(await references.search("Accounts", "mill")) == MOST


async def test_users_are_asked_for_once_in_a_while(
    references: References, world: World, clock: Clock
) -> None:
    assert names(await references.search("Users", "")) == ["Robin Ellis", "Zoë Laurent", "健二 山田"]
    assert names(await references.search("Users", "LAU")) == ["Zoë Laurent"]
    assert names(await references.search("Users", "山")) == ["健二 山田"]
    assert calls(world) == 1
    clock.forward(601)
    await references.search("Users", "")
    assert calls(world) == 2


async def test_all_pages_of_users_are_read(references: References, world: World) -> None:
    robin = world.users[0]
    more = [{**robin, "id": f"99{number:04d}", "last_name": f"Doe {number}"} for number in range(300)]
    world.users.extend(more)
    assert names(await references.search("Users", "doe 299")) == ["Robin Doe 299"]
    assert calls(world) == 2


async def test_a_permission_that_is_missing_is_told(references: References, world: World) -> None:
    world.options.denied_permissions.add("Crm_Implied_View_Accounts")
    with pytest.raises(PermissionMissing) as failed:
        await references.search("Accounts", "babb")
    assert "Crm_Implied_View_Accounts" in failed.value.what
    world.options.missing_scopes.add("ZohoCRM.users.READ")
    with pytest.raises(PermissionMissing, match=r"ZohoCRM\.users\.READ"):
        await references.search("Users", "rob")
