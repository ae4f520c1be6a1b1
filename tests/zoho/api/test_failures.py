"""The failure table: what each kind of failure means for a lead that was being sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pytest_httpx import HTTPXMock, IteratorStream

from zoho.api import Call, RecordCreated, ZohoClient
from zoho.wire import (
    DuplicateRejected,
    NotReached,
    OutcomeUnknown,
    PermissionMissing,
    RateLimited,
    RecordRejected,
    RequestRejected,
    Resend,
    SignInError,
    TokenThrottled,
    UnexpectedAnswer,
    ZohoError,
)
from zoho.wire.http import Deadlines

LEADS = "https://www.zohoapis.eu/crm/v8/Leads"
TOKEN = "https://accounts.zoho.eu/oauth/v2/token"
LEAD = {"Last_Name": "Roe", "Company": "Acme"}
CREATED = {"code": "SUCCESS", "status": "success", "message": "record added", "details": {"id": "77"}}
Connect = Callable[..., ZohoClient]


def fault(code: str, **details: Any) -> dict[str, Any]:
    return {"code": code, "status": "error", "message": f"said {code}", "details": details}


def posts(httpx_mock: HTTPXMock, url: str = LEADS) -> int:
    return len(httpx_mock.get_requests(method="POST", url=url))


async def failure(zoho: ZohoClient) -> ZohoError:
    async with zoho:
        with pytest.raises(ZohoError) as caught:
            await zoho.create_lead(LEAD)
    return caught.value


async def results(zoho: ZohoClient, count: int) -> list[Any]:
    async with zoho:
        return list(await zoho.create_leads([LEAD] * count))


# 401


@pytest.mark.parametrize("code", ["INVALID_TOKEN", "AUTHENTICATION_FAILURE", "INVALID_OAUTHTOKEN"])
async def test_a_401_costs_one_refresh_and_one_more_post(
    connect: Connect, httpx_mock: HTTPXMock, calls: list[Call], code: str
) -> None:
    httpx_mock.add_response(url=LEADS, status_code=401, json=fault(code))
    httpx_mock.add_response(url=TOKEN, json={"access_token": "1000.new", "expires_in": 3600})
    httpx_mock.add_response(url=LEADS, status_code=201, json={"data": [CREATED]})
    async with connect() as zoho:
        assert await zoho.create_lead(LEAD) == "77"
    first, second = httpx_mock.get_requests(url=LEADS)
    assert first.content == second.content
    assert second.headers["Authorization"] == "Zoho-oauthtoken 1000.new"
    assert [(call.path, call.status, call.code) for call in calls] == [
        ("/crm/v8/Leads", 401, code),
        ("/oauth/v2/token", 200, "SUCCESS"),
        ("/crm/v8/Leads", 201, "SUCCESS"),
    ]


async def test_a_second_401_asks_to_sign_in(connect: Connect, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=LEADS, status_code=401, json=fault("INVALID_TOKEN"), is_reusable=True)
    httpx_mock.add_response(url=TOKEN, json={"access_token": "1000.new", "expires_in": 3600})
    error = await failure(connect())
    assert isinstance(error, SignInError)
    assert (error.status, error.code, error.resend) == (401, "INVALID_TOKEN", Resend.NO)
    assert "Settings" in error.next_step
    assert (posts(httpx_mock), posts(httpx_mock, TOKEN)) == (2, 1)


async def test_a_missing_scope_is_named_and_no_token_is_asked_for(
    connect: Connect, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=LEADS, status_code=401, json=fault("OAUTH_SCOPE_MISMATCH"))
    error = await failure(connect())
    assert isinstance(error, PermissionMissing)
    assert "ZohoCRM.modules.leads.CREATE" in error.what
    assert posts(httpx_mock, TOKEN) == 0


@pytest.mark.parametrize(
    ("call", "scope"),
    [
        (lambda zoho: zoho.get_lead("1"), "ZohoCRM.modules.leads.READ"),
        (lambda zoho: zoho.search_leads(word="Roe"), "ZohoSearch.securesearch.READ"),
        (lambda zoho: zoho.coql("select id from Leads where id = 1"), "ZohoCRM.coql.READ"),
        (lambda zoho: zoho.layouts(), "ZohoCRM.settings.layouts.READ"),
        (lambda zoho: zoho.fields(), "ZohoCRM.settings.fields.READ"),
        (lambda zoho: zoho.current_user(), "ZohoCRM.users.READ"),
        (lambda zoho: zoho.org(), "ZohoCRM.org.READ"),
        (lambda zoho: zoho.create_note("1", title="a", content="b"), "ZohoCRM.modules.notes.CREATE"),
        (lambda zoho: zoho.delete_lead("1"), "ZohoCRM.modules.leads.DELETE"),
        (lambda zoho: zoho.restore_lead("1"), "ZohoCRM.settings.recycle_bin.UPDATE"),
    ],
)
async def test_each_call_names_its_scope(
    connect: Connect, httpx_mock: HTTPXMock, call: Callable[[ZohoClient], Any], scope: str
) -> None:
    httpx_mock.add_response(status_code=401, json=fault("OAUTH_SCOPE_MISMATCH"))
    async with connect() as zoho:
        with pytest.raises(PermissionMissing) as caught:
            await call(zoho)
    assert scope in caught.value.what


async def test_a_401_that_is_not_zohos_costs_no_token(connect: Connect, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=LEADS, status_code=401, html="<h1>Proxy log-in</h1>")
    error = await failure(connect())
    assert isinstance(error, UnexpectedAnswer)
    assert posts(httpx_mock, TOKEN) == 0


# 403, other 4xx, 3xx


async def test_a_profile_without_api_access_is_told_who_can_switch_it_on(
    connect: Connect, httpx_mock: HTTPXMock
) -> None:
    body = fault("NO_PERMISSION", permissions=["Crm_Implied_Api_Access"])
    httpx_mock.add_response(url=LEADS, status_code=403, json=body)
    error = await failure(connect())
    assert isinstance(error, PermissionMissing)
    assert error.what == "Your Zoho profile has no API access."
    assert "Developer Permissions > Zoho CRM API Access" in error.next_step
    assert posts(httpx_mock) == 1


@pytest.mark.parametrize(
    "body",
    [
        fault("NO_PERMISSION", permissions=["Crm_Implied_Create_Leads"]),
        {"data": [fault("NO_PERMISSION", permissions=["Crm_Implied_Create_Leads"])]},
    ],
)
async def test_a_missing_permission_is_named(connect: Connect, httpx_mock: HTTPXMock, body: Any) -> None:
    httpx_mock.add_response(url=LEADS, status_code=403, json=body)
    error = await failure(connect())
    assert isinstance(error, PermissionMissing)
    assert "Crm_Implied_Create_Leads" in error.what
    assert error.resend is Resend.NO


@pytest.mark.parametrize("status", [400, 404, 405, 413, 415])
async def test_another_error_object_refuses_the_request(
    connect: Connect, httpx_mock: HTTPXMock, status: int
) -> None:
    httpx_mock.add_response(url=LEADS, status_code=status, json=fault("INVALID_URL_PATTERN"))
    error = await failure(connect())
    assert isinstance(error, RequestRejected)
    assert (error.code, error.status, error.field) == ("INVALID_URL_PATTERN", status, None)
    assert error.what == "Zoho does not know the address that was asked."


@pytest.mark.parametrize("status", [400, 403, 404, 407, 418])
@pytest.mark.parametrize("body", [b"<h1>Blocked by policy</h1>", b"", b"[]", b'{"error": 1}', b"\xff"])
async def test_a_4xx_that_is_not_zohos_is_the_set_ups_fault(
    connect: Connect, httpx_mock: HTTPXMock, status: int, body: bytes
) -> None:
    httpx_mock.add_response(url=LEADS, status_code=status, content=body)
    error = await failure(connect())
    assert isinstance(error, UnexpectedAnswer)
    assert (error.status, error.code) == (status, f"http_{status}")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_never_followed(connect: Connect, httpx_mock: HTTPXMock, status: int) -> None:
    httpx_mock.add_response(url=LEADS, status_code=status, headers={"Location": "https://evil.test/"})
    error = await failure(connect())
    assert isinstance(error, UnexpectedAnswer)
    assert "redirect" in error.what
    assert len(httpx_mock.get_requests()) == 1


# 429


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "17"}, 17.0),
        ({}, None),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "9" * 30}, None),
    ],
)
async def test_too_many_requests(
    connect: Connect, httpx_mock: HTTPXMock, headers: dict[str, str], wait: float | None
) -> None:
    httpx_mock.add_response(url=LEADS, status_code=429, headers=headers, json=fault("TOO_MANY_REQUESTS"))
    error = await failure(connect())
    assert isinstance(error, RateLimited)
    assert (error.wait, error.credits_exhausted, error.resend) == (wait, False, Resend.YES)
    assert posts(httpx_mock) == 1


async def test_credits_that_are_used_up_are_told_apart(connect: Connect, httpx_mock: HTTPXMock) -> None:
    body = {"code": "TOO_MANY_REQUESTS", "status": "error", "message": "API credits exceeded", "details": {}}
    httpx_mock.add_response(url=LEADS, status_code=429, json=body)
    error = await failure(connect())
    assert isinstance(error, RateLimited)
    assert error.credits_exhausted


async def test_a_429_need_not_be_json(connect: Connect, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=LEADS, status_code=429, html="<h1>Slow down</h1>")
    assert isinstance(await failure(connect()), RateLimited)


# Nobody knows


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, json.dumps(fault("INTERNAL_ERROR")).encode()),
        (502, b"<h1>Bad gateway</h1>"),
        (503, b""),
        (504, json.dumps({"data": [CREATED]}).encode()),
        (200, b"<html>Welcome to the hotel</html>"),
        (200, b""),
        (204, b""),
        (201, b'{"data": [{"code": "SUCC'),
        (201, b'{"data": []}'),
        (201, b'{"data": "none"}'),
        (201, b'{"data": [17]}'),
        (201, b"[" * 100_000),
        (201, json.dumps({"data": [CREATED, CREATED]}).encode()),
        (400, json.dumps({"data": [CREATED, CREATED]}).encode()),
        (201, json.dumps({"data": [{**CREATED, "details": {}}]}).encode()),
        (201, json.dumps({"data": [{**CREATED, "details": {"id": None}}]}).encode()),
        (201, json.dumps({"data": [{"code": "SOMETHING", "status": "success", "details": {}}]}).encode()),
    ],
)
async def test_an_answer_that_does_not_tell_leaves_it_unknown(
    connect: Connect, httpx_mock: HTTPXMock, status: int, body: bytes
) -> None:
    httpx_mock.add_response(url=LEADS, status_code=status, content=body)
    error = await failure(connect())
    assert isinstance(error, OutcomeUnknown)
    assert (error.status, error.resend) == (status, Resend.UNKNOWN)
    assert posts(httpx_mock) == 1


async def test_fewer_rows_than_sent_leave_the_rest_unknown(connect: Connect, httpx_mock: HTTPXMock) -> None:
    rows = [CREATED, fault("MANDATORY_NOT_FOUND", api_name="Company")]
    httpx_mock.add_response(url=LEADS, status_code=207, json={"data": rows})
    kinds = [type(one) for one in await results(connect(), 4)]
    assert kinds == [RecordCreated, RecordRejected, OutcomeUnknown, OutcomeUnknown]


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (httpx.ConnectError("x"), NotReached),
        (httpx.ConnectTimeout("x"), NotReached),
        (httpx.PoolTimeout("x"), NotReached),
        (httpx.ProxyError("x"), NotReached),
        (httpx.UnsupportedProtocol("x"), NotReached),
        (httpx.ReadTimeout("x"), OutcomeUnknown),
        (httpx.WriteTimeout("x"), OutcomeUnknown),
        (httpx.ReadError("x"), OutcomeUnknown),
        (httpx.WriteError("x"), OutcomeUnknown),
        (httpx.CloseError("x"), OutcomeUnknown),
        (httpx.RemoteProtocolError("x"), OutcomeUnknown),
        (httpx.LocalProtocolError("x"), OutcomeUnknown),
        (httpx.DecodingError("x"), OutcomeUnknown),
        (httpx.TooManyRedirects("x"), OutcomeUnknown),
    ],
)
async def test_a_failing_line(
    connect: Connect,
    httpx_mock: HTTPXMock,
    calls: list[Call],
    raised: httpx.HTTPError,
    kind: type[ZohoError],
) -> None:
    httpx_mock.add_exception(raised, url=LEADS)
    error = await failure(connect())
    assert type(error) is kind
    assert error.code == type(raised).__name__
    assert error.resend is (Resend.YES if kind is NotReached else Resend.UNKNOWN)
    assert posts(httpx_mock) == 1, "a lead is never sent twice by the client"
    assert [(call.path, call.status, call.code) for call in calls] == [("/crm/v8/Leads", None, error.code)]


async def test_a_line_that_breaks_in_the_body_leaves_it_unknown(
    connect: Connect, httpx_mock: HTTPXMock
) -> None:
    class Broken(httpx.AsyncByteStream):
        async def __aiter__(self):  # type: ignore[no-untyped-def]
            yield b'{"data": ['
            raise httpx.ReadError("reset")

    httpx_mock.add_response(url=LEADS, status_code=201, stream=Broken())
    assert isinstance(await failure(connect()), OutcomeUnknown)


async def test_an_answer_in_an_encoding_that_nobody_asked_for(
    connect: Connect, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(
        url=LEADS, status_code=201, headers={"Content-Encoding": "br"}, stream=IteratorStream([b"x"])
    )
    assert isinstance(await failure(connect()), OutcomeUnknown)


async def test_the_overall_deadline_leaves_it_unknown(
    connect: Connect, httpx_mock: HTTPXMock, calls: list[Call]
) -> None:
    async def never(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    httpx_mock.add_callback(never, url=LEADS)
    error = await failure(connect(deadlines=Deadlines(overall=0.01)))
    assert type(error) is OutcomeUnknown
    assert (error.code, calls[-1].code) == ("TimeoutError", "TimeoutError")


async def test_a_cancelled_send_is_told_as_such(
    connect: Connect, httpx_mock: HTTPXMock, calls: list[Call]
) -> None:
    begun = asyncio.Event()

    async def never(_: httpx.Request) -> httpx.Response:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    httpx_mock.add_callback(never, url=LEADS)
    async with connect() as zoho:
        task = asyncio.create_task(zoho.create_lead(LEAD))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert [(call.path, call.status, call.code) for call in calls] == [("/crm/v8/Leads", None, "cancelled")]


# One record's faults


@pytest.mark.parametrize("status", [200, 201, 202, 207, 400])
async def test_a_record_is_refused_whatever_the_status(
    connect: Connect, httpx_mock: HTTPXMock, status: int
) -> None:
    row = fault("MANDATORY_NOT_FOUND", api_name="Company", json_path="$.data[0].Company")
    httpx_mock.add_response(url=LEADS, status_code=status, json={"data": [row]})
    error = await failure(connect())
    assert type(error) is RecordRejected
    assert (error.field, error.status, error.resend) == ("Company", status, Resend.NO)


async def test_the_bare_error_of_a_single_record_is_that_records(
    connect: Connect, httpx_mock: HTTPXMock
) -> None:
    details = {"api_name": "Submission_Key", "duplicate_record": {"id": "55"}}
    httpx_mock.add_response(url=LEADS, status_code=400, json=fault("DUPLICATE_DATA", **details))
    error = await failure(connect())
    assert isinstance(error, DuplicateRejected)
    assert [(one.id, one.field) for one in error.duplicates] == [("55", "Submission_Key")]


async def test_the_bare_error_of_a_batch_is_the_requests(connect: Connect, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=LEADS, status_code=400, json=fault("INVALID_DATA", api_name="Email"))
    async with connect() as zoho:
        with pytest.raises(RequestRejected):
            await zoho.create_leads([LEAD, LEAD])


async def test_a_created_record_is_not_lost_beside_an_error_of_the_request(
    connect: Connect, httpx_mock: HTTPXMock
) -> None:
    rows = [CREATED, fault("INVALID_DATA", json_path="$.apply_feature_execution[0].name")]
    httpx_mock.add_response(url=LEADS, status_code=207, json={"data": rows})
    first, second = await results(connect(), 2)
    assert isinstance(first, RecordCreated), (
        "raising here would have the batch sent again, and the lead twice"
    )
    assert isinstance(second, RecordRejected)


# The token request of a lead


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.ConnectError("x"), NotReached),
        (httpx.ReadTimeout("x"), NotReached),
        (httpx.RemoteProtocolError("x"), NotReached),
        ({"status_code": 503}, NotReached),
        ({"html": "<h1>Down</h1>"}, NotReached),
        ({"json": {"error": "general_error"}}, NotReached),
        ({"json": {"error": "invalid_code"}}, SignInError),
        ({"json": {"error": "Access Denied", "status": "failure"}}, TokenThrottled),
    ],
)
@pytest.mark.parametrize("seed", [None, "1000.seed"])
async def test_a_failing_token_request_never_leaves_a_lead_unknown(
    connect: Connect, httpx_mock: HTTPXMock, seed: str | None, answer: Any, kind: type[ZohoError]
) -> None:
    if isinstance(answer, Exception):
        httpx_mock.add_exception(answer, url=TOKEN, is_reusable=True)
    else:
        httpx_mock.add_response(url=TOKEN, **answer)
    if seed is not None:
        httpx_mock.add_response(url=LEADS, status_code=401, json=fault("INVALID_TOKEN"))
    error = await failure(connect(seed=seed))
    assert type(error) is kind
    assert error.resend is not Resend.UNKNOWN
    assert posts(httpx_mock) == (0 if seed is None else 1), "never sent without a good token"


async def test_the_deadline_during_a_refresh_does_not_leave_a_lead_unknown(
    connect: Connect, httpx_mock: HTTPXMock, calls: list[Call]
) -> None:
    async def never(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    httpx_mock.add_response(url=LEADS, status_code=401, json=fault("INVALID_TOKEN"))
    httpx_mock.add_callback(never, url=TOKEN)
    error = await failure(connect(deadlines=Deadlines(overall=0.05)))
    assert type(error) is NotReached, "Zoho refused the request: it was not applied"
    assert [(call.path, call.status) for call in calls] == [("/crm/v8/Leads", 401)]


# Reads are repeated, as they change nothing


@pytest.mark.parametrize(
    "first", [httpx.ConnectError("x"), httpx.ReadTimeout("x"), {"status_code": 503}, {"status_code": 500}]
)
async def test_a_read_is_tried_again(connect: Connect, httpx_mock: HTTPXMock, first: Any) -> None:
    for _ in range(2):
        if isinstance(first, Exception):
            httpx_mock.add_exception(first)
        else:
            httpx_mock.add_response(**first)
    httpx_mock.add_response(json={"data": [{"id": "1"}]})
    async with connect() as zoho:
        assert await zoho.get_lead("1") is not None


async def test_a_read_is_tried_three_times_at_most(connect: Connect, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(status_code=500, json=fault("INTERNAL_ERROR"), is_reusable=True)
    async with connect() as zoho:
        with pytest.raises(OutcomeUnknown):
            await zoho.org()
    assert len(httpx_mock.get_requests()) == 3


@pytest.mark.parametrize(
    ("status", "body"),
    [(429, fault("TOO_MANY_REQUESTS")), (403, fault("NO_PERMISSION")), (404, fault("INVALID_URL_PATTERN"))],
)
async def test_a_read_that_was_refused_is_not_tried_again(
    connect: Connect, httpx_mock: HTTPXMock, status: int, body: dict[str, Any]
) -> None:
    httpx_mock.add_response(status_code=status, json=body)
    async with connect() as zoho:
        with pytest.raises(ZohoError):
            await zoho.layouts()
    assert len(httpx_mock.get_requests()) == 1


async def test_a_read_does_not_repeat_a_failing_token_request(
    connect: Connect, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=TOKEN, status_code=503)
    async with connect(seed=None) as zoho:
        with pytest.raises(NotReached):
            await zoho.layouts()
    assert len(httpx_mock.get_requests()) == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda zoho: zoho.create_note("1", title="a", content="b"),
        lambda zoho: zoho.delete_lead("1"),
        lambda zoho: zoho.restore_lead("1"),
        lambda zoho: zoho.create_leads([LEAD]),
    ],
)
async def test_a_write_is_sent_once(
    connect: Connect, httpx_mock: HTTPXMock, call: Callable[[ZohoClient], Any]
) -> None:
    httpx_mock.add_response(status_code=500)
    async with connect() as zoho:
        with pytest.raises(OutcomeUnknown):
            await call(zoho)
    assert len(httpx_mock.get_requests()) == 1


async def test_every_failure_says_what_to_do(connect: Connect, httpx_mock: HTTPXMock) -> None:
    for status in (200, 302, 400, 403, 404, 429, 500):
        httpx_mock.add_response(url=LEADS, status_code=status, json=fault("SOMETHING_NEW"))
    for _ in range(7):
        error = await failure(connect())
        assert error.what.endswith(".")
        assert error.next_step.endswith(".")
        assert str(error) == f"{error.what} {error.next_step}"
