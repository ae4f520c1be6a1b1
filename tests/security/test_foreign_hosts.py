"""Whatever Zoho's answers or the configuration name: no token, secret or lead goes to a foreign host.

`tests/zoho/account/test_data_centers.py` holds the rule itself; here whole calls are made, and every other
name of a host leads to a listening trap, so that a request that should not be made arrives there.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sandbox_server import serve
from trap import Trap, World, listening
from verbs import Home, credentials

from zoho import sandbox
from zoho.account import DATA_CENTERS, Paths, default_paths, load_config
from zoho.api import ZohoClient
from zoho.api.sign_in import DeviceSignIn
from zoho.api.sign_in_end import revoke
from zoho.api.sign_in_host import HttpAccountsHost, OAuthClient, SignInHosts
from zoho.api.sign_in_pasted import exchange_grant_code
from zoho.wire.errors import ConfigError, ZohoError
from zoho.wire.http import build_http_client

API, ACCOUNTS = "https://www.zohoapis.eu", "https://accounts.zoho.eu"
LEAD = {"Last_Name": "Roe", "Company": "Acme"}
SECRETS = {
    "ZOHO_CLIENT_ID": "1000.CLIENT",
    "ZOHO_CLIENT_SECRET": "canary-client-secret",
    "ZOHO_REFRESH_TOKEN": "1000.canary.refresh",
}

TRAP = "TRAP"
"""Stands for the trap's own port, which is known only once it listens."""


def hostile(host: str) -> list[str]:
    """Return addresses that are not *host*'s, or not by https alone, and look as if they were."""
    end = host.removeprefix("www.").removeprefix("accounts.")
    return [
        f"http://{host}",
        "https://evil.example",
        f"https://{host}.evil.example",
        f"https://{end}.evil.example",
        f"https://evil-{end}",
        f"https://{host}@evil.example",
        f"https://{host}:443@evil.example",
        f"https://{host}%40evil.example",
        f"https://{host}%2eevil.example",
        f"https://evil.example/{host}",
        f"https://evil.example#{host}",
        f"https://evil.example?{host}",
        f"https://evil.example\\{host}",
        f"https://{host}\\@evil.example",
        f"https://evil.example\\@{host}",
        f"https://{host}\t.evil.example",
        f"https://{host}\n.evil.example",
        f"https://{host}\r\nX-Injected: 1",
        f"https://{host}.",
        f"https://{host}:8443",
        f"https://user:password@{host}",
        f"https://{host.replace('o', chr(0x43E), 1)}",  # a Cyrillic o
        f"https://{host.replace('o', chr(0x3BF), 1)}",  # a Greek one
        f"https://{host.replace('.', chr(0x3002))}",  # ideographic full stops, which IDNA takes for dots
        f"https://xn--{host}",
        f"HTTP://{host.upper()}",
        f"https://EVIL.EXAMPLE/{host.upper()}",
        f"//{host}",
        host,
        "https://127.0.0.1",
        "https://[::1]",
        f"http://127.0.0.1:{TRAP}",
        f"http://localhost:{TRAP}",
        "https://169.254.169.254",
        "https://2130706433",
        "https://0x7f000001",
        f"https://{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}.example",
        f"https://{host}/{'x' * 100_000}",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://evil.example",
    ]


@pytest.fixture
def trap() -> Iterator[Trap]:
    with listening() as opened:
        yield opened


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """A home of its own: the configuration of whoever runs the tests must neither be read nor written."""
    named = {"ZOHO_CONFIG": str(tmp_path / "zoho_config.json"), "ZOHO_DATA_DIR": str(tmp_path / "data")}
    return default_paths(named)


Make = Callable[..., World]


@pytest.fixture
async def make(trap: Trap) -> AsyncIterator[Make]:
    """Make a world out of what Zoho's hosts answer, by path."""
    made: list[World] = []

    def world(answers: Mapping[str, httpx.Response]) -> World:
        def answer(request: httpx.Request) -> httpx.Response:
            told = answers.get(request.url.path) or httpx.Response(404)
            return httpx.Response(told.status_code, headers=told.headers, content=told.content)

        made.append(World((API, ACCOUNTS), answer, trap))
        return made[-1]

    yield world
    for one in made:
        await one.aclose()


def here(url: str, trap: Trap) -> str:
    return url.replace(TRAP, str(trap.port))


def grant(**more: Any) -> httpx.Response:
    return httpx.Response(200, json={"access_token": "1000.canary.access", "expires_in": 3600, **more})


def assert_nothing_went_astray(world: World, trap: Trap) -> None:
    assert world.foreign == []
    assert (trap.callers, bytes(trap.heard)) == (0, b"")


async def create_lead(world: World, paths: Paths, environ: Mapping[str, str]) -> None:
    config = load_config(
        config_file=paths.named_config_file,
        environ={"ZOHO_DATA_CENTER": "eu", **SECRETS, **environ},
        paths=paths,
    )
    async with ZohoClient.from_config(config, paths=paths, transport=world) as zoho:
        await zoho.create_lead(LEAD)


async def test_the_trap_hears_whoever_is_caught(make: Make, trap: Trap) -> None:
    world = make({})
    async with build_http_client(transport=world) as http:
        await http.post("http://evil.example/", data={"secret": "canary"})
    assert world.foreign == ["http://evil.example/"]
    assert b"Host: evil.example" in trap.heard
    async with asyncio.timeout(10):  # the body may be a packet of its own
        while b"secret=canary" not in trap.heard:  # noqa: ASYNC110 - it is heard in a thread
            await asyncio.sleep(0.01)


# What a token answer names


@pytest.mark.parametrize("domain", hostile("www.zohoapis.eu"))
async def test_a_token_goes_to_no_host_that_came_with_it(
    domain: str, make: Make, trap: Trap, paths: Paths
) -> None:
    world = make({"/oauth/v2/token": grant(api_domain=here(domain, trap))})
    with pytest.raises(ZohoError):
        await create_lead(world, paths, {})
    assert [str(one.url) for one in world.asked] == [f"{ACCOUNTS}/oauth/v2/token"]
    assert_nothing_went_astray(world, trap)


@pytest.mark.parametrize("domain", hostile("www.zohoapis.eu"))
async def test_nor_at_a_sign_in(domain: str, make: Make, trap: Trap) -> None:
    tokens = grant(api_domain=here(domain, trap), refresh_token="1000.canary.refresh")
    world = make({"/oauth/v2/token": tokens, "/oauth/v2/token/revoke": httpx.Response(200, json={})})
    async with build_http_client(transport=world) as http:
        with pytest.raises(ZohoError):
            await exchange_grant_code(HttpAccountsHost(http), CLIENT, HOSTS, SecretStr("1000.canary.code"))
    assert_nothing_went_astray(world, trap)


CLIENT = OAuthClient("1000.CLIENT", SecretStr("canary-client-secret"))
HOSTS = SignInHosts(DATA_CENTERS["eu"], ACCOUNTS)


# Where a redirect points


@pytest.mark.parametrize("status", [302, 307])
@pytest.mark.parametrize("location", [*hostile("www.zohoapis.eu"), "//evil.example", "/\\evil.example"])
async def test_no_redirect_of_the_api_is_followed(
    location: str, status: int, make: Make, trap: Trap, paths: Paths
) -> None:
    moved = httpx.Response(status, headers={b"Location": here(location, trap).encode()})
    world = make({"/oauth/v2/token": grant(api_domain=API), "/crm/v8/Leads": moved})
    with pytest.raises(ZohoError):
        await create_lead(world, paths, {})
    assert [one.url.path for one in world.asked] == ["/oauth/v2/token", "/crm/v8/Leads"]
    assert_nothing_went_astray(world, trap)


@pytest.mark.parametrize("status", [302, 307])
@pytest.mark.parametrize("location", [*hostile("accounts.zoho.eu"), "//evil.example", "/\\evil.example"])
async def test_no_redirect_of_the_accounts_host_is_followed(
    location: str, status: int, make: Make, trap: Trap
) -> None:
    moved = httpx.Response(status, headers={b"Location": here(location, trap).encode()})
    world = make(dict.fromkeys(("/oauth/v2/token", "/oauth/v2/token/revoke", "/oauth/v3/device/code"), moved))
    async with build_http_client(transport=world) as http:
        host = HttpAccountsHost(http)
        with pytest.raises(ZohoError):
            await exchange_grant_code(host, CLIENT, HOSTS, SecretStr("1000.canary.code"))
        with pytest.raises(ZohoError):
            async for _ in DeviceSignIn(host=host, client=CLIENT, hosts=HOSTS).events():
                pass
        assert isinstance(await revoke(host, ACCOUNTS, SecretStr("1000.canary.refresh")), ZohoError)
    assert len(world.asked) == 3
    assert_nothing_went_astray(world, trap)


# What is configured


@pytest.mark.parametrize("by", ["environment", "file"])
@pytest.mark.parametrize(
    ("key", "url"),
    [
        *(("api_domain", url) for url in hostile("www.zohoapis.eu")),
        *(("accounts_url", url) for url in hostile("accounts.zoho.eu")),
    ],
)
async def test_a_configured_host_that_is_not_zohos_gets_nothing(
    key: str, url: str, by: str, make: Make, trap: Trap, paths: Paths
) -> None:
    world, given = make({"/oauth/v2/token": grant(api_domain=API)}), here(url, trap)
    environ = {f"ZOHO_{key.upper()}": given} if by == "environment" else {}
    if by == "file":
        file = paths.named_config_file
        assert file is not None
        file.write_text(json.dumps({key: given}))
        file.chmod(0o600)
    with pytest.raises(ConfigError):
        await create_lead(world, paths, environ)
    assert world.asked == []
    assert_nothing_went_astray(world, trap)


# Where a sign-in is sent on to


@pytest.mark.parametrize(
    "location",
    [
        *hostile("accounts.zoho.eu"),
        "us.evil.example",
        "../us",
        "us\n.evil.example",
        "",
        "u\u017f",
        "com.evil",
    ],
)
@pytest.mark.parametrize("key", ["user_location", "dc"])
async def test_a_sign_in_goes_on_at_no_foreign_host(location: str, key: str, make: Make, trap: Trap) -> None:
    begun = {"user_code": "ABC", "device_code": "1000.canary.device", "interval": 5, "expires_in": 60}
    seconds = iter(range(10_000))

    async def sleep(_: float) -> None:
        return None

    elsewhere = httpx.Response(200, json={"error": "other_dc", key: here(location, trap)})
    world = make(
        {"/oauth/v3/device/code": httpx.Response(200, json=begun), "/oauth/v3/device/token": elsewhere}
    )
    async with build_http_client(transport=world) as http:
        service = DeviceSignIn(
            host=HttpAccountsHost(http),
            client=CLIENT,
            hosts=HOSTS,
            clock=lambda: float(next(seconds)),
            sleep=sleep,
        )
        with pytest.raises(ZohoError):
            async for _ in service.events():
                pass
    assert_nothing_went_astray(world, trap)


# The command itself


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[sandbox.World, Home]]:
    """A stand-in over TCP, and a home that is signed in to it."""
    world = sandbox.World(submission_key="Submission_Key")
    (tmp_path / "home").mkdir(mode=0o700)
    with serve(world) as url:
        yield world, Home(tmp_path / "home", credentials(world, url))


VERBS = {
    "add": ("add", "--field", "Last_Name=Roe", "--field", "Company=Acme", "--wait", "2"),
    "doctor": ("doctor",),
    "login": ("login",),
    "login with a code": ("login", "--code"),
    "logout": ("logout",),
    "prepare-org": ("prepare-org", "--yes"),
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_follows_no_redirect(verb: str, served: tuple[sandbox.World, Home], trap: Trap) -> None:
    world, home = served
    world.faults.order("redirect", path="/", times=None, status=307, location=f"{trap.url}/oauth/v2/token")
    env = {"ZOHO_REFRESH_TOKEN": None} if verb.startswith("login") else {}
    home.run(*VERBS[verb], env=env, given="1000.canary.code\n")
    assert trap.callers == 0
    if verb != "logout":  # nothing is stored that it could revoke
        assert world.requests, "it was asked"


@pytest.mark.parametrize("variable", ["ZOHO_API_DOMAIN", "ZOHO_ACCOUNTS_URL"])
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_asks_no_host_of_this_machine_unless_it_may(
    verb: str, variable: str, served: tuple[sandbox.World, Home], trap: Trap
) -> None:
    _, home = served
    ended = home.run(*VERBS[verb], env={variable: trap.url, "ZOHO_ALLOW_LOOPBACK": None}, given="1000.c\n")
    assert trap.callers == 0
    assert ended.status != 0
