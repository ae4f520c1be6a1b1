"""No secret in a text, a log, a repr or the locals of a traceback, whatever goes wrong."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pytest_httpx import HTTPXMock

from zoho.api import Call, ZohoClient
from zoho.wire import ZohoError

LEADS = "https://www.zohoapis.eu/crm/v8/Leads"
TOKEN = "https://accounts.zoho.eu/oauth/v2/token"
SECRETS = ("s3cret-of-the-client", "1000.refresh-me", "1000.seed", "1000.new")
REFUSED = {"code": "INVALID_TOKEN", "status": "error", "message": "no", "details": {}}


def everything_in(error: BaseException | None) -> str:
    """The error, and the locals of each of its frames (but the test's) and of those of errors behind it."""
    told = ""
    while error is not None:
        report = traceback.TracebackException.from_exception(error, capture_locals=True)
        frames = [frame for frame in report.stack if frame.filename != __file__]
        told += repr([(frame.name, frame.locals) for frame in frames]) + repr(error) + repr(vars(error))
        error = error.__cause__ or error.__context__
    return told


@pytest.mark.parametrize(
    ("token_answer", "lead_answer"),
    [
        (httpx.ConnectError("x"), None),
        (httpx.ReadTimeout("x"), None),
        ({"json": {"error": "invalid_code"}}, None),
        ({"json": {"error": "invalid_client_secret", "error_description": "x"}}, None),
        ({"json": {"error": "Access Denied", "status": "failure"}}, None),
        ({"html": "<h1>"}, None),
        ({"json": {"access_token": "1000.new", "api_domain": "https://evil.test"}}, None),
        ({"json": {"access_token": "1000.new"}}, httpx.ConnectError("x")),
        ({"json": {"access_token": "1000.new"}}, httpx.ReadTimeout("x")),
        ({"json": {"access_token": "1000.new"}}, {"status_code": 500}),
        ({"json": {"access_token": "1000.new"}}, {"status_code": 401, "json": REFUSED}),
    ],
)
async def test_no_secret_is_told(
    connect: Callable[..., ZohoClient],
    httpx_mock: HTTPXMock,
    caplog: pytest.LogCaptureFixture,
    calls: list[Call],
    token_answer: Any,
    lead_answer: Any,
) -> None:
    caplog.set_level(logging.DEBUG)

    def play(url: str, answer: Any) -> None:
        if isinstance(answer, Exception):
            httpx_mock.add_exception(answer, url=url, is_reusable=True)
        elif answer is not None:
            httpx_mock.add_response(url=url, **answer)

    httpx_mock.add_response(url=LEADS, status_code=401, json=REFUSED)
    play(TOKEN, token_answer)
    play(LEADS, lead_answer)
    async with connect() as zoho:
        with pytest.raises(ZohoError) as caught:
            await zoho.create_lead({"Last_Name": "Roe"})
        told = everything_in(caught.value) + caplog.text + repr(calls) + repr(zoho) + repr(vars(zoho))
    assert "('create_lead', {" in told, "the traceback and its locals are in it"
    assert [secret for secret in SECRETS if secret in told] == []


async def test_a_library_says_nothing_by_itself(
    connect: Callable[..., ZohoClient], httpx_mock: HTTPXMock, capsys: pytest.CaptureFixture[str]
) -> None:
    assert any(isinstance(one, logging.NullHandler) for one in logging.getLogger("zoho").handlers)
    httpx_mock.add_response(status_code=500, is_reusable=True)
    async with connect() as zoho:
        with pytest.raises(ZohoError):
            await zoho.get_lead("1")
    assert capsys.readouterr() == ("", "")


async def test_no_url_of_ours_reaches_the_log(
    connect: Callable[..., ZohoClient], httpx_mock: HTTPXMock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    httpx_mock.add_response(status_code=204)
    async with connect() as zoho:
        await zoho.search_leads(email="ada@acme.test")
    assert "GET /crm/v8/Leads/search 204" in caplog.text
    assert "acme" not in caplog.text, "a lead's values are nobody's business"
