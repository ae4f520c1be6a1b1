"""Every call of the client: what it asks Zoho for, and what it makes of the usual answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pytest_httpx import HTTPXMock

from zoho.api import Call, RecordCreated, ZohoClient
from zoho.wire import OutcomeUnknown, RecordRejected, RequestRejected, ZohoError

API = "https://www.zohoapis.eu"
LEADS = f"{API}/crm/v8/Leads"
Connect = Callable[..., ZohoClient]


def created(identity: str) -> dict[str, Any]:
    details = {"id": identity, "$approval_state": "approved", "Created_By": {"id": "1", "name": "Ada"}}
    return {"code": "SUCCESS", "status": "success", "message": "record added", "details": details}


def sent(httpx_mock: HTTPXMock) -> Any:
    (request,) = httpx_mock.get_requests()
    return json.loads(request.content)


async def test_create_lead_adds_the_source_and_returns_the_id(
    connect: Connect, httpx_mock: HTTPXMock, calls: list[Call]
) -> None:
    httpx_mock.add_response(method="POST", url=LEADS, status_code=201, json={"data": [created("77")]})
    async with connect() as zoho:
        assert await zoho.create_lead({"Last_Name": "Roe", "Company": "Acme"}) == "77"
    lead = {"Lead_Source": "Qualification Inbound", "Last_Name": "Roe", "Company": "Acme"}
    assert sent(httpx_mock) == {"data": [lead]}
    (request,) = httpx_mock.get_requests()
    assert request.headers["Authorization"] == "Zoho-oauthtoken 1000.seed"
    assert request.headers["Content-Type"] == "application/json"
    assert [(call.method, call.path, call.status, call.code) for call in calls] == [
        ("POST", "/crm/v8/Leads", 201, "SUCCESS")
    ]


async def test_create_lead_uses_the_configured_source_but_not_over_the_leads_own(
    connect: Connect, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(status_code=201, json={"data": [created("1")]}, is_reusable=True)
    async with connect(source="Fair") as zoho:
        await zoho.create_lead({"Last_Name": "Roe"})
        await zoho.create_lead({"Last_Name": "Roe", "Lead_Source": "Web"})
    sources = [json.loads(one.content)["data"][0]["Lead_Source"] for one in httpx_mock.get_requests()]
    assert sources == ["Fair", "Web"]


async def test_create_lead_raises_what_zoho_refused(connect: Connect, httpx_mock: HTTPXMock) -> None:
    details = {"api_name": "Email", "json_path": "$.data[0].Email", "maximum_length": 100}
    row = {"code": "INVALID_DATA", "status": "error", "message": "invalid data", "details": details}
    httpx_mock.add_response(status_code=400, json={"data": [row]})
    async with connect() as zoho:
        with pytest.raises(RecordRejected) as caught:
            await zoho.create_lead({"Last_Name": "Roe"})
    assert caught.value.field == "Email"
    assert caught.value.what == "Too long for Zoho: at most 100 characters."


async def test_create_leads_tells_of_each_record_in_order(connect: Connect, httpx_mock: HTTPXMock) -> None:
    refused = {"code": "MANDATORY_NOT_FOUND", "status": "error", "details": {"api_name": "Last_Name"}}
    rows = [created("1"), refused, created("3")]
    httpx_mock.add_response(status_code=207, json={"data": rows})
    records = [{"Last_Name": "A"}, {"Company": "B"}, {"Last_Name": "C"}]
    async with connect() as zoho:
        first, second, third = await zoho.create_leads(records)
    assert sent(httpx_mock) == {"data": records}, "as they are, without a source"
    assert isinstance(first, RecordCreated)
    assert first.id == "1"
    assert first.details["$approval_state"] == "approved"
    assert isinstance(second, RecordRejected)
    assert (second.field, second.status) == ("Last_Name", 207)
    assert isinstance(third, RecordCreated)


async def test_create_leads_takes_a_hundred(connect: Connect, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(status_code=201, json={"data": [created(str(n)) for n in range(100)]})
    async with connect() as zoho:
        results = await zoho.create_leads([{"Last_Name": str(n)} for n in range(100)])
    assert [result.id for result in results if isinstance(result, RecordCreated)] == [
        str(n) for n in range(100)
    ]


@pytest.mark.parametrize("count", [0, 101])
async def test_create_leads_refuses_what_zoho_would(connect: Connect, count: int) -> None:
    async with connect() as zoho:
        with pytest.raises(ValueError, match="1 to 100"):
            await zoho.create_leads([{"Last_Name": "Roe"}] * count)


async def test_get_lead(connect: Connect, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(
        method="GET", url=f"{LEADS}/123", json={"data": [{"id": "123", "Last_Name": "Roe", "Email": None}]}
    )
    async with connect() as zoho:
        lead = await zoho.get_lead("123")
    assert lead is not None
    assert (lead.id, lead.get("Last_Name"), lead.get("Email"), lead.get("Never")) == (
        "123",
        "Roe",
        None,
        None,
    )


async def test_get_lead_that_is_not_there(connect: Connect, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=f"{LEADS}/123", status_code=204)
    async with connect() as zoho:
        assert await zoho.get_lead("123") is None


@pytest.mark.parametrize("identity", ["", "../org", "1/2", "12a", "\u0661", "1?x=2"])
@pytest.mark.parametrize("call", ["get", "delete", "note", "restore"])
async def test_no_id_changes_the_path(connect: Connect, call: str, identity: str) -> None:
    async with connect() as zoho:
        asked = {
            "get": lambda: zoho.get_lead(identity),
            "delete": lambda: zoho.delete_lead(identity),
            "note": lambda: zoho.create_note(identity, title="a", content="b"),
            "restore": lambda: zoho.restore_lead(identity),
        }
        with pytest.raises(ValueError, match="digits"):
            await asked[call]()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email", "roe+x@acme.test"),
        ("phone", "+44 20 7946 0018"),
        ("criteria", "((Last_Name:equals:Roe)and(Company:equals:Acme))"),
        ("word", "Ro & e=1"),
    ],
)
async def test_search(connect: Connect, httpx_mock: HTTPXMock, name: str, value: str) -> None:
    httpx_mock.add_response(json={"data": [{"id": "5", "Last_Name": "Roe"}], "info": {"count": 1}})
    async with connect() as zoho:
        found = await zoho.search_leads(**{name: value})
    assert [one.id for one in found] == ["5"]
    (request,) = httpx_mock.get_requests()
    assert request.url.path == "/crm/v8/Leads/search"
    query = dict(request.url.params)
    assert query.pop("fields").startswith("id,First_Name,Last_Name,Company,Email")
    assert query == {name: value, "converted": "both"}


async def test_search_without_a_match_is_an_empty_list(connect: Connect, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(status_code=204)
    async with connect() as zoho:
        assert await zoho.search_leads(email="x@acme.test", converted="false") == []
    assert httpx_mock.get_requests()[0].url.params["converted"] == "false"


@pytest.mark.parametrize("asked", [{}, {"email": ""}, {"email": "a@b.test", "phone": "123"}])
async def test_search_is_by_one_thing(connect: Connect, asked: dict[str, str]) -> None:
    async with connect() as zoho:
        with pytest.raises(ValueError, match="exactly one"):
            await zoho.search_leads(**asked)


async def test_coql(connect: Connect, httpx_mock: HTTPXMock) -> None:
    query = "select id from Leads where Last_Name = 'Roe' limit 5"
    httpx_mock.add_response(method="POST", url=f"{API}/crm/v8/coql", json={"data": [{"id": "5"}]})
    async with connect() as zoho:
        assert [one.id for one in await zoho.coql(query)] == ["5"]
    assert sent(httpx_mock) == {"select_query": query}


async def test_coql_without_a_match_is_an_empty_list(connect: Connect, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(status_code=204)
    async with connect() as zoho:
        assert await zoho.coql("select id from Leads where Last_Name = 'X'") == []


async def test_layouts_are_read_whole_and_nulls_count_as_left_out(
    connect: Connect, httpx_mock: HTTPXMock
) -> None:
    field = {
        "api_name": "Lead_Status",
        "field_label": "Status",
        "display_label": None,
        "data_type": "picklist",
        "length": 120,
        "read_only": None,
        "tooltip": None,
        "view_type": {"create": True},
        "pick_list_values": [{"display_value": "New", "actual_value": "new", "id": 12}],
    }
    empty = {"name": "Notes", "display_label": None, "fields": None, "sequence_number": 2}
    layout = {
        "id": 4150868000000000001,
        "name": "Standard",
        "status": "active",
        "visible": True,
        "sections": [{"name": "Lead Information", "sequence_number": 1, "fields": [field]}, empty],
    }
    httpx_mock.add_response(url=f"{API}/crm/v8/settings/layouts?module=Leads", json={"layouts": [layout]})
    async with connect() as zoho:
        (found,) = await zoho.layouts()
    assert found.id == "4150868000000000001", "an id is a string, whatever Zoho writes"
    (status,) = found.sections[0].fields
    assert (status.label, status.read_only, status.length) == ("Status", False, 120)
    assert status.pick_list_values[0].actual_value == "new"
    assert found.sections[1].fields == []


async def test_a_large_layout_is_no_attack(connect: Connect, httpx_mock: HTTPXMock) -> None:
    padded = {"id": "1", "name": "x" * (3 * 1024 * 1024)}
    httpx_mock.add_response(stream=_stream(json.dumps({"layouts": [padded]}).encode()))
    async with connect() as zoho:
        assert len((await zoho.layouts())[0].name) == 3 * 1024 * 1024


async def test_a_large_record_is(connect: Connect, httpx_mock: HTTPXMock) -> None:
    body = json.dumps({"data": [{"id": "1", "Last_Name": "x" * (3 * 1024 * 1024)}]}).encode()
    httpx_mock.add_response(stream=_stream(body), is_reusable=True)
    async with connect() as zoho:
        with pytest.raises(OutcomeUnknown) as caught:
            await zoho.get_lead("1")
    assert caught.value.code == "BodyTooLarge"


async def test_fields(connect: Connect, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(
        url=f"{API}/crm/v8/settings/fields?module=Leads", json={"fields": [{"id": "1", "api_name": "Email"}]}
    )
    async with connect() as zoho:
        assert [one.api_name for one in await zoho.fields()] == ["Email"]


async def test_current_user(connect: Connect, httpx_mock: HTTPXMock) -> None:
    user = {"id": "9", "full_name": "Ada", "profile": {"id": "2", "name": "Standard"}, "role": None}
    httpx_mock.add_response(url=f"{API}/crm/v8/users?type=CurrentUser", json={"users": [user]})
    async with connect() as zoho:
        found = await zoho.current_user()
    assert (found.id, found.full_name, found.role) == ("9", "Ada", None)
    assert found.profile is not None
    assert found.profile.name == "Standard"


async def test_org(connect: Connect, httpx_mock: HTTPXMock) -> None:
    org = {"id": "9", "company_name": "Zylker", "domain_name": "org9", "type": "sandbox"}
    httpx_mock.add_response(url=f"{API}/crm/v8/org", json={"org": [org]})
    async with connect() as zoho:
        found = await zoho.org()
    assert (found.id, found.company_name, found.type) == ("9", "Zylker", "sandbox")


@pytest.mark.parametrize("answer", [{"status_code": 204}, {"json": {"org": []}}])
async def test_metadata_that_nobody_may_see_is_an_error(
    connect: Connect, httpx_mock: HTTPXMock, answer: dict[str, Any]
) -> None:
    httpx_mock.add_response(**answer)
    async with connect() as zoho:
        with pytest.raises(ZohoError):
            await zoho.org()


async def test_metadata_of_another_shape_says_where(connect: Connect, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(json={"layouts": [{"id": "1", "sections": [{"fields": [{"length": 4}]}]}]})
    async with connect() as zoho:
        with pytest.raises(OutcomeUnknown) as caught:
            await zoho.layouts()
    assert caught.value.code == "unexpected_shape"
    assert caught.value.details == {"at": "layouts.sections.0.fields.0.api_name", "reason": "missing"}


async def test_create_note(connect: Connect, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(
        method="POST", url=f"{LEADS}/123/Notes", status_code=201, json={"data": [created("88")]}
    )
    async with connect() as zoho:
        assert await zoho.create_note("123", title="Call", content="Later") == "88"
    assert sent(httpx_mock) == {"data": [{"Note_Title": "Call", "Note_Content": "Later"}]}


async def test_create_note_raises_what_zoho_refused(connect: Connect, httpx_mock: HTTPXMock) -> None:
    row = {"code": "INVALID_DATA", "status": "error", "details": {"api_name": "Note_Title"}}
    httpx_mock.add_response(status_code=202, json={"data": [row]})
    async with connect() as zoho:
        with pytest.raises(RecordRejected) as caught:
            await zoho.create_note("123", title="Call", content="Later")
    assert caught.value.field == "Note_Title"


async def test_delete_lead(connect: Connect, httpx_mock: HTTPXMock) -> None:
    row = {"code": "SUCCESS", "status": "success", "details": {"id": "123"}, "message": "record deleted"}
    httpx_mock.add_response(method="DELETE", url=f"{LEADS}/123", json={"data": [row]})
    async with connect() as zoho:
        await zoho.delete_lead("123")


async def test_delete_lead_raises_what_zoho_refused(connect: Connect, httpx_mock: HTTPXMock) -> None:
    row = {"code": "RECORD_LOCKED", "status": "error", "details": {}, "message": "locked"}
    httpx_mock.add_response(status_code=400, json={"data": [row]})
    async with connect() as zoho:
        with pytest.raises(RecordRejected) as caught:
            await zoho.delete_lead("123")
    assert caught.value.what == "The record is locked in Zoho."


async def test_delete_lead_with_an_answer_that_says_nothing(connect: Connect, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(json={})
    async with connect() as zoho:
        with pytest.raises(OutcomeUnknown):
            await zoho.delete_lead("123")


async def test_restore_lead(connect: Connect, httpx_mock: HTTPXMock) -> None:
    row = {"code": "SUCCESS", "status": "success", "details": {"id": "123"}, "message": "record restored"}
    url = f"{API}/crm/v8/settings/recycle_bin/123/actions/restore"
    httpx_mock.add_response(method="POST", url=url, json={"recycle_bin": [row]})
    async with connect() as zoho:
        await zoho.restore_lead("123")
    assert httpx_mock.get_requests()[-1].content == b""


@pytest.mark.parametrize(
    ("status", "inside"), [(400, False), (200, True), (400, True)], ids=["alone", "listed", "listed, 400"]
)
async def test_restore_lead_raises_what_zoho_refused(
    connect: Connect, httpx_mock: HTTPXMock, status: int, inside: bool
) -> None:
    row = {"code": "INVALID_DATA", "status": "error", "details": {"id": "1"}, "message": "the id is invalid"}
    httpx_mock.add_response(status_code=status, json={"recycle_bin": [row]} if inside else row)
    async with connect() as zoho:
        with pytest.raises(RequestRejected) as caught:
            await zoho.restore_lead("123")
    assert caught.value.code == "INVALID_DATA"


@pytest.mark.parametrize(
    ("status", "row"), [(200, None), (202, {"code": "SCHEDULED", "status": "success", "details": {}})]
)
async def test_restore_lead_with_an_answer_that_does_not_say_that_it_is_back(
    connect: Connect, httpx_mock: HTTPXMock, status: int, row: Any
) -> None:
    httpx_mock.add_response(status_code=status, json={"recycle_bin": [row]} if row else {})
    async with connect() as zoho:
        with pytest.raises(OutcomeUnknown):
            await zoho.restore_lead("123")


async def test_foreign_text_is_cleaned_at_the_door(connect: Connect, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(json={"data": [{"id": "1", "Last_Name": "R\x1b]0;x\x07oe\u202e"}]})
    async with connect() as zoho:
        lead = await zoho.get_lead("1")
    assert lead is not None
    assert lead.get("Last_Name") == "R^[]0;x^Goe\\u202e"


@pytest.mark.parametrize(
    ("header", "offset"),
    [
        ("Tue, 22 Sep 2026 00:53:20 GMT", 4_800),
        ("", None),
        ("yesterday", None),
        ("Mon, 01 Jan 2024 00:00:00 +99999999999999999999", None),
        ("Mon, 01 Jan 99999 00:00:00 GMT", None),
    ],
)
async def test_the_offset_of_zohos_clock_is_told(
    connect: Connect, httpx_mock: HTTPXMock, clock: Any, header: str, offset: float | None
) -> None:
    clock.now = 1_790_033_600.0  # 2026-09-21 23:33:20 UTC
    httpx_mock.add_response(headers={"Date": header}, json={"data": [{"id": "1"}]})
    async with connect() as zoho:
        await zoho.get_lead("1")
        assert zoho.clock_offset == offset


def _stream(body: bytes) -> httpx.AsyncByteStream:
    class Stream(httpx.AsyncByteStream):
        async def __aiter__(self):  # type: ignore[no-untyped-def]
            for start in range(0, len(body), 65536):
                yield body[start : start + 65536]

    return Stream()
