"""The org that a lead goes to: read from Zoho, and known again after a restart."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sandbox_caller import Clock

from zoho.account import Config, Paths
from zoho.account.snapshot import load_snapshot, save_snapshot
from zoho.api import ZohoClient
from zoho.leads.check_up import check_up
from zoho.leads.layout_cache import save_layouts
from zoho.leads.org import OrgProfile, read_org
from zoho.leads.org_cache import load_org, save_org
from zoho.sandbox import World, create_app
from zoho.wire import ConfigError, PermissionMissing, ZohoError

URL = "http://127.0.0.1"


@pytest.fixture
def world() -> World:
    return World(clock=Clock(), submission_key="Submission_Key")


@pytest.fixture
def config(world: World) -> Config:
    return Config(
        client_id=world.client_id,
        client_secret=SecretStr(world.client_secret),
        refresh_token=SecretStr(world.refresh_token),
        accounts_url=URL,
        api_domain=URL,
        allow_loopback=True,
    )


@pytest.fixture
def zoho(world: World, config: Config, tmp_path: Path) -> ZohoClient:
    folders = dict.fromkeys(("config_dir", "site_config_dir", "data_dir", "cache_dir", "log_dir"), tmp_path)
    transport = httpx.ASGITransport(create_app(world))
    return ZohoClient.from_config(config, paths=Paths(**folders), transport=transport, clock=world.clock)


async def profile(zoho: ZohoClient, **more: Any) -> OrgProfile:
    return await read_org(zoho, data_center="us", key_field="Submission_Key", **more)


async def test_the_org_is_read(zoho: ZohoClient, world: World) -> None:
    async with zoho:
        found = await profile(zoho, pinned=["Phone"])
    user = world.users[0]
    assert (found.org_id, found.org_name) == (world.org["id"], world.org["company_name"])
    assert (found.user_id, found.user_name) == (user["id"], f"{user['first_name']} {user['last_name']}")
    assert found.key == f"us:{world.org['id']}:{found.environment}:{user['id']}"
    assert found.form.fields[0].api_name == "Phone"
    assert found.form.key_field == "Submission_Key"


async def test_a_layout_that_is_configured_is_used(zoho: ZohoClient, world: World) -> None:
    other = world.add_layout("Short", without=["Phone"])
    async with zoho:
        found = await profile(zoho, layout_id=other.id)
        assert found.form.layout_id == other.id
        assert found.form.field("Phone") is None
        with pytest.raises(ConfigError):
            await profile(zoho, layout_id="1")


async def test_the_org_is_known_again(zoho: ZohoClient, config: Config, tmp_path: Path) -> None:
    async with zoho:
        found = await profile(zoho)
    assert OrgProfile.from_json(json.loads(json.dumps(found.to_json()))) == found
    path = tmp_path / "snapshot.json"
    assert load_org(path, config) is None
    save_org(path, config, found)
    assert load_org(path, config) == found
    for change in (
        {"client_id": "other"},
        {"data_center": "eu"},
        {"layout_id": "9"},
        {"pinned_fields": ("A",)},
    ):
        assert load_org(path, config.model_copy(update=change)) is None, "of another sign-in or form"


async def test_a_form_of_another_layout_is_made_of_what_is_kept(
    zoho: ZohoClient, world: World, config: Config, tmp_path: Path
) -> None:
    short = world.add_layout("Short", without=["Phone"])
    snapshot, layouts = tmp_path / "snapshot.json", tmp_path / "metadata.json"
    async with zoho:
        found = await profile(zoho, keep=partial(save_layouts, layouts))
        other = await profile(zoho, layout_id=short.id, pinned=["Email"])
    assert (found.form.layout_name, found.form.other_layouts) == ("Standard", ((short.id, "Short"),))
    assert (found.form.region, other.form.region) == ("NL", "NL")
    save_org(snapshot, config, found)
    changed = config.model_copy(update={"layout_id": short.id, "pinned_fields": ("Email",)})
    assert load_org(snapshot, changed, layouts=layouts) == other
    assert load_org(snapshot, config, layouts=layouts) == found
    gone = config.model_copy(update={"layout_id": "7"})
    assert load_org(snapshot, gone, layouts=layouts) is None
    assert load_org(snapshot, changed, layouts=tmp_path / "none.json") is None
    for foreign in ({"client_id": "other"}, {"data_center": "eu"}, {"refresh_token": SecretStr("other")}):
        assert load_org(snapshot, changed.model_copy(update=foreign), layouts=layouts) is None
    told = load_snapshot(snapshot)
    del told["who"]
    save_snapshot(snapshot, told)
    assert load_org(snapshot, changed, layouts=layouts) is None, "of a version that did not tell whose it is"


async def strict_form(
    config: Config, tmp_path: Path, fault: dict[str, Any] | None = None, **options: Any
) -> tuple[OrgProfile, World]:
    world = World(clock=Clock(), org="strict", **options)
    if fault is not None:
        world.faults.order("answer", **fault)
    folders = dict.fromkeys(("config_dir", "site_config_dir", "data_dir", "cache_dir", "log_dir"), tmp_path)
    transport = httpx.ASGITransport(create_app(world))
    paths = Paths(**folders)
    async with ZohoClient.from_config(config, paths=paths, transport=transport, clock=world.clock) as zoho:
        return await profile(zoho), world


def of_branch(found: OrgProfile) -> list[str]:
    branch = found.form.field("Branch")
    assert branch is not None
    return [option.value for option in branch.options_for("Japan")]


async def test_a_strict_org(config: Config, tmp_path: Path) -> None:
    found, world = await strict_form(config, tmp_path)
    form = found.form
    assert {one.api_name for one in form.fields if one.required} == {
        *("Last_Name", "Company", "Owner", "Customer_Type", "Parent_Account", "Region")
    }
    assert [name for _, name in form.other_layouts] == ["Short"]
    kinds = {one.api_name: (one.data_type, one.lookup_module) for one in form.fields if one.lookup_module}
    assert kinds == {
        "Owner": ("ownerlookup", "Users"),
        "Second_Contact": ("userlookup", "Users"),
        "Parent_Account": ("lookup", "Accounts"),
    }
    seats, email, news = (form.field(name) for name in ("Seats", "Email", "Newsletter"))
    assert seats is not None
    assert email is not None
    assert news is not None
    assert (seats.minimum, seats.maximum, email.unique, news.default) == (1, 5000, True, "true")
    assert of_branch(found) == ["Osaka", "Sapporo"]
    assert not any("map_dependency" in one.path for one in world.requests), "the layout tells it"


async def test_where_the_layout_does_not_tell_it_the_map_of_dependencies_is_read(
    config: Config, tmp_path: Path
) -> None:
    found, _ = await strict_form(config, tmp_path, layout_maps=False)
    whole, _ = await strict_form(config, tmp_path / "other")
    assert found.form.fields == whole.form.fields


async def test_who_may_not_read_that_map_is_offered_every_value(config: Config, tmp_path: Path) -> None:
    lacks = {"ZohoCRM.settings.map_dependency.READ"}
    found, _ = await strict_form(config, tmp_path, layout_maps=False, missing_scopes=lacks)
    assert len(of_branch(found)) == 8


async def test_a_map_that_nobody_understands_is_no_reason_to_have_no_form(
    config: Config, tmp_path: Path
) -> None:
    fault = {"path": "/crm/v8/settings/layouts/", "method": "GET", "times": None, "body": {"layouts": []}}
    found, _ = await strict_form(config, tmp_path, layout_maps=False, fault=fault)
    assert len(of_branch(found)) == 8


@pytest.mark.parametrize("broken", [None, {}, {"form": {}}, []])
def test_what_is_no_org_is_none(broken: Any) -> None:
    assert OrgProfile.from_json(broken) is None


async def test_an_org_of_another_version_is_none(zoho: ZohoClient) -> None:
    async with zoho:
        known = (await profile(zoho)).to_json()
    assert OrgProfile.from_json({**known, "from_the_future": 1}) is None
    del known["org_id"]
    assert OrgProfile.from_json(known) is None


async def test_a_check_up_says_what_is_well_and_what_is_not(zoho: ZohoClient, world: World) -> None:
    async with zoho:
        found = await profile(zoho)
        source = world.lead_source_values[0]
        assert all(one.well for one in await check_up(zoho, read=found, source=source))
        said = await check_up(zoho, read=found, source="Nowhere")
        assert [one.what for one in said if not one.well] == [
            "The org's list of lead sources lacks “Nowhere”."
        ]
        world.options.missing_scopes.add("ZohoCRM.coql.READ")
        (missing,) = [one for one in await check_up(zoho, read=found, source=source) if not one.well]
        assert "ZohoCRM.coql.READ" in missing.what


async def test_a_check_up_of_an_org_that_cannot_be_read(zoho: ZohoClient, world: World) -> None:
    world.options.api_access = False
    async with zoho:
        with pytest.raises(PermissionMissing) as caught:
            await profile(zoho)
        error: ZohoError = caught.value
        (finding,) = await check_up(zoho, read=error, source="x")
    assert not finding.well
    assert (finding.what, finding.next_step) == (error.what, error.next_step)
