"""Odd bodies at a sign-in, and no secret in a text, a log, a repr or the locals of a traceback."""

from __future__ import annotations

import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from pytest_httpx import HTTPXMock
from sandbox_caller import Clock

from zoho.account import data_center
from zoho.api import Call
from zoho.api.sign_in import CodeReady, DeviceSignIn
from zoho.api.sign_in_end import SignedIn, revoke
from zoho.api.sign_in_host import HttpAccountsHost, OAuthClient, SignInHosts
from zoho.api.sign_in_pasted import exchange_grant_code, try_refresh_token
from zoho.wire import ZohoError
from zoho.wire.http import build_http_client

EU = "https://accounts.zoho.eu"
BEGIN, POLL, TOKEN = f"{EU}/oauth/v3/device/code", f"{EU}/oauth/v3/device/token", f"{EU}/oauth/v2/token"
CLIENT = OAuthClient("1000.CLIENT", SecretStr("canary-client-secret"))
HOSTS = SignInHosts(data_center("eu"), EU)
BEGUN = {
    "device_code": "1004.canary-device",
    "user_code": "ABCD-EFGH",
    "expires_in": 300_000,
    "interval": 5000,
}
TOKENS = {"access_token": "1000.canary-access", "refresh_token": "1000.canary-refresh"}


def everything_in(error: BaseException | None) -> str:
    """The error, and the locals of each of its frames (but the test's) and of those of errors behind it."""
    told = ""
    while error is not None:
        report = traceback.TracebackException.from_exception(error, capture_locals=True)
        frames = [frame for frame in report.stack if frame.filename != __file__]
        told += repr([(frame.name, frame.locals) for frame in frames]) + repr(error) + repr(vars(error))
        error = error.__cause__ or error.__context__
    return told


@pytest.fixture
async def host(calls: list[Call]) -> AsyncIterator[HttpAccountsHost]:
    async with build_http_client() as http:
        yield HttpAccountsHost(http, on_call=calls.append)


@pytest.fixture
def service(host: HttpAccountsHost, clock: Clock) -> DeviceSignIn:
    async def sleep(seconds: float) -> None:
        clock.forward(seconds)

    return DeviceSignIn(host=host, client=CLIENT, hosts=HOSTS, clock=clock, now=clock, sleep=sleep)


async def by_device(host: HttpAccountsHost, service: DeviceSignIn) -> Any:
    return [event async for event in service.events()]


async def by_code(host: HttpAccountsHost, service: DeviceSignIn) -> Any:
    return await exchange_grant_code(host, CLIENT, HOSTS, SecretStr("1000.canary-grant"))


async def by_refresh_token(host: HttpAccountsHost, service: DeviceSignIn) -> Any:
    return await try_refresh_token(host, CLIENT, HOSTS, SecretStr("1000.canary-refresh"))


Way = Callable[[HttpAccountsHost, DeviceSignIn], Awaitable[Any]]

ANSWERS: list[Any] = [
    httpx.ReadTimeout("x"),
    httpx.ConnectError("x"),
    {"json": {"error": "invalid_client"}},
    {"json": {"error": "invalid_code"}},
    {"json": {"error": "Access Denied", "status": "failure"}},
    {"html": "<h1>"},
    {"json": {"access_token": "1000.canary-access"}},
    {"json": TOKENS | {"api_domain": "https://evil.test"}},
    {"json": TOKENS | {"access_token": "canary with blanks"}},
]


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("way", [by_device, by_code, by_refresh_token])
async def test_no_secret_is_told(
    host: HttpAccountsHost,
    service: DeviceSignIn,
    httpx_mock: HTTPXMock,
    caplog: pytest.LogCaptureFixture,
    calls: list[Call],
    way: Way,
    answer: Any,
) -> None:
    caplog.set_level(logging.DEBUG)
    httpx_mock.add_response(url=BEGIN, json=BEGUN, is_optional=True)
    httpx_mock.add_response(url=f"{TOKEN}/revoke", json={"status": "success"}, is_optional=True)
    for url in (POLL, TOKEN):
        if isinstance(answer, Exception):
            httpx_mock.add_exception(answer, url=url, is_reusable=True, is_optional=True)
        else:
            httpx_mock.add_response(url=url, **answer, is_reusable=True, is_optional=True)
    told = ""
    try:
        told = repr(await way(host, service))
    except ZohoError as error:
        told = everything_in(error)
    told += caplog.text + repr(calls) + repr(service) + repr(vars(service))
    assert "1000.CLIENT" in told, "what is no secret is in it"
    assert "canary" not in told
    assert {request.url.query for request in httpx_mock.get_requests()} == {b""}


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("https://accounts.zoho.eu/oauth/v3/device", "https://accounts.zoho.eu/oauth/v3/device"),
        ("https://accounts.zoho.com/device", "https://accounts.zoho.com/device"),
        ("https://evil.test/device", f"{EU}/oauth/v3/device"),
        ("https://accounts.zoho.eu@evil.test/", f"{EU}/oauth/v3/device"),
        ("https://accounts.zoho.eu/\x1b[2J", f"{EU}/oauth/v3/device"),
        ("https://accounts.zoho.eu.evil.test/", f"{EU}/oauth/v3/device"),
        ("http://accounts.zoho.eu/", f"{EU}/oauth/v3/device"),
        ("http://127.0.0.1/device", f"{EU}/oauth/v3/device"),
        ("javascript:alert(1)", f"{EU}/oauth/v3/device"),
        (None, f"{EU}/oauth/v3/device"),
    ],
)
async def test_a_password_is_typed_only_on_a_page_of_zoho(
    service: DeviceSignIn, httpx_mock: HTTPXMock, told: str | None, shown: str
) -> None:
    httpx_mock.add_response(
        url=BEGIN, json=BEGUN | {"verification_url": told, "verification_uri_complete": told}
    )
    events = service.events()
    first = await anext(events)
    await events.aclose()
    assert isinstance(first, CodeReady)
    assert first.address == shown
    assert first.complete_address == (shown if shown == told else None)


async def test_a_life_in_milliseconds_by_either_name(
    service: DeviceSignIn, httpx_mock: HTTPXMock, clock: Clock
) -> None:
    httpx_mock.add_response(url=BEGIN, json=BEGUN)
    body = TOKENS | {"expires_in_sec": 3600, "expires_in": 3_600_000, "api_domain": "https://www.zohoapis.eu"}
    httpx_mock.add_response(url=POLL, json=body, status_code=400)
    got = [event async for event in service.events()][-1]
    assert isinstance(got, SignedIn)
    assert got.access.expires_at == clock() + 3600
    assert got.access.api_domain == "https://www.zohoapis.eu"


async def test_a_token_is_given_back_in_the_body(host: HttpAccountsHost, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=f"{TOKEN}/revoke", html="<h1>nothing</h1>")
    said = await revoke(host, EU, SecretStr("1000.canary-refresh"))
    assert isinstance(said, ZohoError), "a page with status 200 says nothing"
    assert httpx_mock.get_requests()[0].content == b"token=1000.canary-refresh"
    assert "canary" not in repr(said)
