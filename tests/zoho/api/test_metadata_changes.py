"""Changing an org: what is sent, what is answered, and that it is sent once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sandbox_caller import Clock

from zoho.account import Paths, load_config
from zoho.api import ZohoClient
from zoho.api.answers import Answer, read_changed
from zoho.sandbox import World, create_app
from zoho.wire import OutcomeUnknown, PermissionMissing, RateLimited, RequestRejected, ZohoError

KEY = {
    "field_label": "Submission Key",
    "data_type": "text",
    "length": 36,
    "unique": {"case_sensitive": False},
}
FAIR = {"display_value": "Fair", "actual_value": "Fair"}


@pytest.fixture
def world(clock: Clock) -> World:
    return World(clock=clock)


@pytest.fixture
async def zoho(world: World, paths: Paths, clock: Clock) -> AsyncIterator[ZohoClient]:
    here = "http://127.0.0.1"
    environ = {
        "ZOHO_ALLOW_LOOPBACK": "1",
        "ZOHO_ACCOUNTS_URL": here,
        "ZOHO_API_DOMAIN": here,
        "ZOHO_ACCESS_TOKEN": world.issue_access_token(),
    }
    config = load_config(environ=environ, paths=paths)
    transport = httpx.ASGITransport(create_app(world))
    async with ZohoClient.from_config(config, paths=paths, clock=clock, transport=transport) as client:
        yield client


async def names(zoho: ZohoClient) -> list[str]:
    return [field.api_name for field in await zoho.fields(unused=True)]


async def test_a_field_is_created_and_put_on_a_layout(zoho: ZohoClient, world: World) -> None:
    made = await zoho.add_field(KEY)
    field = next(one for one in await zoho.fields(unused=True) if one.id == made)
    assert (field.api_name, field.length, field.unique) == ("Submission_Key", 36, {"case_sensitive": False})
    (layout,) = await zoho.layouts()
    section = layout.sections[0]
    changes = {"sections": [{"id": section.id, "fields": [{"id": made}]}]}
    assert await zoho.change_layout(layout.id, changes) == layout.id
    (after,) = await zoho.layouts()
    assert [one.api_name for one in after.sections[0].fields][-1] == "Submission_Key"
    assert {one.query for one in world.requests if one.path.endswith("/fields")} == {
        "module=Leads",
        "module=Leads&type=all",
    }


async def test_a_value_is_added_to_a_picklist(zoho: ZohoClient) -> None:
    field = next(one for one in await zoho.fields() if one.api_name == "Lead_Source")
    assert field.id is not None
    before = await zoho.pick_list_values(field.id)
    assert await zoho.change_field(field.id, {"pick_list_values": [FAIR]}) == field.id
    after = await zoho.pick_list_values(field.id)
    assert after[:-1] == before
    assert after[-1].actual_value == "Fair"


async def test_a_field_that_is_no_picklist_has_no_values(zoho: ZohoClient) -> None:
    company = next(one for one in await zoho.fields() if one.api_name == "Company")
    assert await zoho.pick_list_values(str(company.id)) == []


@pytest.mark.parametrize(
    "scope", ["fields.CREATE", "fields.UPDATE", "layouts.UPDATE"], ids=lambda scope: scope.lower()
)
async def test_a_scope_that_is_missing_is_named(zoho: ZohoClient, world: World, scope: str) -> None:
    world.options.missing_scopes.add(f"ZohoCRM.settings.{scope}")
    (layout,) = await zoho.layouts()
    source = str(next(one.id for one in await zoho.fields() if one.api_name == "Lead_Source"))
    calls = {
        "fields.CREATE": lambda: zoho.add_field(KEY),
        "fields.UPDATE": lambda: zoho.change_field(source, {"pick_list_values": [FAIR]}),
        "layouts.UPDATE": lambda: zoho.change_layout(layout.id, {"name": "Other"}),
    }
    with pytest.raises(PermissionMissing, match=f"ZohoCRM.settings.{scope}"):
        await calls[scope]()


async def test_a_permission_that_is_missing_is_named_with_the_way_to_it(
    zoho: ZohoClient, world: World
) -> None:
    world.options.denied_permissions.add("Crm_Implied_Customize_Zoho_CRM")
    with pytest.raises(PermissionMissing) as failed:
        await zoho.add_field(KEY)
    assert "Crm_Implied_Customize_Zoho_CRM" in failed.value.what
    assert "Setup > Security Control > Profiles" in failed.value.next_step


async def test_what_zoho_refuses_is_an_error_of_the_request(zoho: ZohoClient) -> None:
    with pytest.raises(RequestRejected) as failed:
        await zoho.add_field(KEY | {"field_label": "Company"})
    assert (failed.value.code, failed.value.details["api_name"]) == ("DUPLICATE_DATA", "field_label")


@pytest.mark.parametrize(
    ("fault", "error"), [("5xx-after", OutcomeUnknown), ("5xx-before", OutcomeUnknown), ("429", RateLimited)]
)
async def test_a_change_is_sent_once_whatever_happens(
    zoho: ZohoClient, world: World, fault: str, error: type[ZohoError]
) -> None:
    world.faults.order(fault, method="POST", path="/crm/v8/settings/fields")
    with pytest.raises(error):
        await zoho.add_field(KEY)
    assert [one.method for one in world.requests].count("POST") == 1
    assert ("Submission_Key" in await names(zoho)) == (fault == "5xx-after")


@pytest.mark.parametrize("call", ["change_field", "change_layout"])
async def test_no_id_changes_the_path(zoho: ZohoClient, call: str) -> None:
    with pytest.raises(ValueError, match="digits"):
        await getattr(zoho, call)("../Leads", {})


GOOD = {"code": "SUCCESS", "details": {"id": "7"}, "message": "field updated", "status": "success"}
WRONG = {"code": "INVALID_DATA", "details": {}, "message": "invalid data", "status": "error"}


@pytest.mark.parametrize(("status", "body"), [(201, {"fields": [GOOD]}), (200, {"fields": [GOOD, WRONG]})])
def test_the_id_is_read(status: int, body: Any) -> None:
    assert read_changed(Answer(status, body), "fields") == "7"


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"fields": [WRONG]}, RequestRejected),
        (400, WRONG, RequestRejected),
        (200, {"fields": [WRONG]}, RequestRejected),
        (200, {"layouts": [GOOD]}, OutcomeUnknown),
        (200, {"fields": [{**GOOD, "details": {}}]}, OutcomeUnknown),
        (200, {"fields": [{**GOOD, "code": "SCHEDULED"}]}, OutcomeUnknown),
        (200, None, OutcomeUnknown),
        (204, None, OutcomeUnknown),
        (502, {"fields": [GOOD]}, OutcomeUnknown),
    ],
)
def test_an_answer_without_an_id_is_an_error(status: int, body: Any, error: type[ZohoError]) -> None:
    with pytest.raises(error):
        read_changed(Answer(status, body), "fields")
