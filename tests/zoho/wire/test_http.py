"""The one factory of httpx clients: careful by default."""

from __future__ import annotations

import logging
import ssl
from pathlib import Path

import httpx
import pytest

import zoho
from zoho.wire.capped import MIB, BodyTooLarge
from zoho.wire.http import Deadlines, build_http_client

PACKAGE = Path(zoho.__file__).parent


def answering(response: httpx.Response) -> httpx.MockTransport:
    return httpx.MockTransport(lambda _: response)


async def test_what_is_said_of_us() -> None:
    async with build_http_client(transport=answering(httpx.Response(200))) as http:
        sent = (await http.get("https://zoho.test/")).request.headers
    assert sent["User-Agent"] == f"zoho-leads/{zoho.__version__}"
    assert (sent["Accept"], sent["Accept-Encoding"]) == ("application/json", "gzip")


async def test_each_part_of_a_call_has_its_time_limit() -> None:
    limits = Deadlines(connect=1, read=2, write=3, pool=4, overall=5)
    async with build_http_client(deadlines=limits) as http:
        assert http.timeout.as_dict() == {"connect": 1, "read": 2, "write": 3, "pool": 4}
    async with build_http_client() as http:
        assert None not in http.timeout.as_dict().values()


@pytest.mark.parametrize("location", ["https://evil.test/", "https://xn--accounts.test", "https://[", "\xff"])
async def test_redirects_are_not_followed(location: str) -> None:
    answer = httpx.Response(302, headers={b"Location": location.encode()})
    async with build_http_client(transport=answering(answer)) as http:
        assert (await http.get("https://zoho.test/")).status_code == 302


async def test_bodies_are_capped() -> None:
    class Large(httpx.AsyncByteStream):
        async def __aiter__(self):  # type: ignore[no-untyped-def]
            yield b" " * (MIB + 1)

    async with build_http_client(transport=answering(httpx.Response(200, stream=Large()))) as http:
        with pytest.raises(BodyTooLarge):
            await http.get("https://zoho.test/")


async def test_certificates_are_checked_against_the_hosts_own() -> None:
    async with build_http_client() as http:
        pool = http._transport._pool  # type: ignore[attr-defined]
        context = pool._ssl_context
    assert type(context).__module__.startswith("truststore")
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
async def test_a_proxy_is_honoured_but_not_for_this_machine(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://proxy.test:3128")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    async with build_http_client() as http:
        direct = http._transport
        for scheme in ("http", "https"):
            assert http._transport_for_url(httpx.URL(f"{scheme}://{host}:8000/")) is direct
            assert http._transport_for_url(httpx.URL(f"{scheme}://www.zohoapis.eu/")) is not direct


async def test_whole_urls_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        async with build_http_client(transport=answering(httpx.Response(200))) as http:
            await http.get("https://zoho.test/?secret=1")
    assert "secret" not in caplog.text


def test_no_client_is_made_anywhere_else() -> None:
    makers = ("httpx.AsyncClient(", "httpx.Client(", "httpx.request(", "httpx.get(", "httpx.post(")
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(maker in path.read_text("utf-8") for maker in makers)
    }
    assert found == {"wire/http.py"}
