"""The sign-in without a screen, against the stand-in over TCP: every answer, and no second really waited."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sandbox_caller import Clock
from sandbox_server import Serving, serve

from zoho.account import DataCenter
from zoho.account.scopes import ASKED_SCOPES
from zoho.api.sign_in import CodeReady, DeviceSignIn, GoingOn, SignInEvent, Waiting
from zoho.api.sign_in_end import Revoked, SignedIn, revoke
from zoho.api.sign_in_host import HttpAccountsHost, OAuthClient, SignInHosts
from zoho.api.sign_in_pasted import exchange_grant_code, try_refresh_token
from zoho.sandbox import World
from zoho.wire import ConfigError, NotReached, SignInError, TokenThrottled, ZohoError
from zoho.wire.http import build_http_client

Person = Callable[[SignInEvent], Awaitable[None] | None]


@pytest.fixture
def world(clock: Clock) -> World:
    return World(clock=clock)


@pytest.fixture
def url(world: World) -> Iterator[Serving]:
    with serve(world) as served:
        yield served


@pytest.fixture
async def host() -> AsyncIterator[HttpAccountsHost]:
    async with build_http_client() as http:
        yield HttpAccountsHost(http)


def center(code: str, url: str) -> DataCenter:
    return DataCenter(code, str(url), str(url), str(url), code)


def client_of(world: World) -> OAuthClient:
    return OAuthClient(world.client_id, SecretStr(world.client_secret))


class Desk:
    """Where a rep signs in: a device, its clock, and how long it has waited."""

    def __init__(self, world: World, hosts: SignInHosts, host: HttpAccountsHost, clock: Clock) -> None:
        self.world = world
        self.hosts = hosts
        self.host = host
        self.clock = clock
        self.events: list[SignInEvent] = []

    async def sleep(self, seconds: float) -> None:
        self.clock.forward(seconds)
        await asyncio.sleep(0)

    async def sign_in(self, person: Person = lambda _: None, **more: Any) -> SignedIn:
        given: dict[str, Any] = {"client": client_of(self.world), "hosts": self.hosts} | more
        service = DeviceSignIn(host=self.host, clock=self.clock, now=self.clock, sleep=self.sleep, **given)
        async for event in service.events():
            self.events.append(event)
            acted = person(event)
            if acted is not None:
                await acted
        last = self.events[-1]
        assert isinstance(last, SignedIn)
        return last

    async def failure(self, person: Person = lambda _: None, **more: Any) -> ZohoError:
        with pytest.raises(ZohoError) as caught:
            await self.sign_in(person, **more)
        return caught.value

    @property
    def pauses(self) -> list[float]:
        """The seconds between two polls."""
        polls = self.world.device.polls
        return [b - a for a, b in itertools.pairwise(polls)]


@pytest.fixture
def desk(world: World, url: Serving, host: HttpAccountsHost, clock: Clock) -> Desk:
    here = center("eu", url)
    hosts = SignInHosts(here, here.accounts_url, allow_loopback=True, centers={"eu": here})
    return Desk(world, hosts, host, clock)


def says(word: str, *, after: int = 0) -> Person:
    """A person who reads the code and, *after* so many seconds, says approve or deny on the page."""
    seen: list[CodeReady] = []

    async def act(event: SignInEvent) -> None:
        seen.extend([event] if isinstance(event, CodeReady) else [])
        waited = seen[0].seconds_left - event.seconds_left if isinstance(event, Waiting) else -1
        if waited == after:
            async with httpx.AsyncClient() as browser:
                form = {"user_code": seen[0].user_code, "action": word}
                assert (await browser.post(seen[0].address, data=form)).status_code == 200

    return act


async def test_a_person_approves_and_the_tokens_are_there(desk: Desk, world: World, url: Serving) -> None:
    got = await desk.sign_in(says("approve", after=12))
    assert world.tokens.knows_refresh(got.refresh_token.get_secret_value())
    assert world.tokens.accepts(got.access.secret.get_secret_value())
    assert (got.center.code, got.access.api_domain) == ("eu", url)
    assert got.access.expires_at == desk.clock() + 3600
    assert got.scope == " ".join(ASKED_SCOPES)
    first = desk.events[0]
    assert isinstance(first, CodeReady)
    assert first.address == f"{url}/device"
    assert first.complete_address == f"{url}/device?user_code={first.user_code}"
    assert first.seconds_left == 300
    lefts = [one.seconds_left for one in desk.events if isinstance(one, Waiting)]
    assert lefts == [300 - second for second in range(15)], "told once a second"
    assert desk.pauses == [5, 5]


async def test_what_is_asked_for(desk: Desk, world: World) -> None:
    await desk.sign_in(says("approve"))
    begun = world.device.begun[0]
    assert begun.scope.split(",") == list(ASKED_SCOPES)
    assert (begun.access_type, begun.prompt) == ("offline", "consent")
    start = next(one for one in world.requests if one.path == "/oauth/v3/device/code")
    assert "client_secret" not in start.body, "the first request needs none"
    polls = [one for one in world.requests if one.path == "/oauth/v3/device/token"]
    assert polls[0].body["code"] == begun.device_code
    assert {one.query for one in world.requests} == {""}, "no secret in a URL"


async def test_a_person_denies(desk: Desk) -> None:
    error = await desk.failure(says("deny", after=2))
    assert isinstance(error, SignInError)
    assert "refused in the browser" in error.what


async def test_nobody_comes(desk: Desk, world: World) -> None:
    began = desk.clock()
    error = await desk.failure()
    assert isinstance(error, SignInError)
    assert error.code == "expired"
    assert desk.clock() - began == 300
    assert len(world.device.polls) == 60


@pytest.mark.parametrize("milliseconds", [True, False])
@pytest.mark.parametrize("status", [200, 400])
async def test_times_in_either_unit_and_pending_with_either_status(
    desk: Desk, world: World, milliseconds: bool, status: int
) -> None:
    world.device.in_milliseconds = milliseconds
    world.device.pending_status = status
    world.device.interval, world.device.life = 8.0, 60.0
    await desk.sign_in(says("approve", after=20))
    assert desk.pauses == [8, 8]
    assert isinstance(desk.events[0], CodeReady)
    assert desk.events[0].seconds_left == 60


async def test_slow_down_means_thirty_seconds_from_then_on(desk: Desk, world: World) -> None:
    world.device.order("authorization_pending")
    world.device.order("slow_down")
    world.device.order("authorization_pending")
    await desk.sign_in(says("approve", after=10))
    assert desk.pauses == [5, 30, 30]


@pytest.mark.parametrize("key", ["user_location", "dc"])
@pytest.mark.parametrize("told", ["us", "US ", "com"])
async def test_who_lives_elsewhere_goes_on_there_with_the_same_code(
    desk: Desk, world: World, clock: Clock, url: Serving, key: str, told: str
) -> None:
    away = World(clock=clock, location=told)
    away.device.share(world.device)
    world.device.home, world.device.location_key = told, key
    asked: list[str] = []
    with serve(away) as there:
        centers = {"eu": desk.hosts.center, "us": center("us", there)}
        hosts = SignInHosts(centers["eu"], url, allow_loopback=True, centers=centers)
        may = lambda one: asked.append(one.code)  # noqa: E731
        got = await desk.sign_in(says("approve"), hosts=hosts, may_go_on=may)
        assert got.access.api_domain == there
    assert (got.center.code, got.accounts_url) == ("us", there)
    assert [one.center.code for one in desk.events if isinstance(one, GoingOn)] == ["us"] == asked
    refresh = got.refresh_token.get_secret_value()
    assert away.tokens.knows_refresh(refresh)
    assert not world.tokens.knows_refresh(refresh)
    assert len(world.device.polls) == len(away.device.polls) == 1
    assert not away.device.begun, "the device code is the same"


async def test_nothing_is_fetched_where_it_could_not_be_kept(
    desk: Desk, world: World, clock: Clock, url: Serving
) -> None:
    away = World(clock=clock, location="us")
    world.device.home = "us"

    def refuse(_: DataCenter) -> None:
        raise ConfigError("no", next_step="no", code="set_elsewhere")

    with serve(away) as there:
        centers = {"eu": desk.hosts.center, "us": center("us", there)}
        hosts = SignInHosts(centers["eu"], url, allow_loopback=True, centers=centers)
        error = await desk.failure(says("approve"), hosts=hosts, may_go_on=refuse)
    assert error.code == "set_elsewhere"
    assert away.requests == []


async def test_another_secret_at_the_other_data_centre(
    desk: Desk, world: World, clock: Clock, url: Serving
) -> None:
    away = World(clock=clock, location="us")
    away.client_secret = "another-one"
    away.device.share(world.device)
    world.device.home = "us"
    with serve(away) as there:
        centers = {"eu": desk.hosts.center, "us": center("us", there)}
        hosts = SignInHosts(centers["eu"], url, allow_loopback=True, centers=centers)
        error = await desk.failure(says("approve"), hosts=hosts)
    assert error.code == "invalid_client_secret"
    assert "You approved" in error.what
    assert "Multi-DC" in error.next_step


async def test_two_data_centres_that_each_name_the_other(
    desk: Desk, world: World, clock: Clock, url: Serving
) -> None:
    away = World(clock=clock, location="us")
    world.device.order("other_dc", user_location="us")
    away.device.order("other_dc", user_location="eu")
    with serve(away) as there:
        centers = {"eu": desk.hosts.center, "us": center("us", there)}
        hosts = SignInHosts(centers["eu"], url, allow_loopback=True, centers=centers)
        error = await desk.failure(hosts=hosts)
    assert (type(error), error.code) == (NotReached, "other_dc")


async def test_a_data_centre_that_names_itself_is_asked_again(desk: Desk, world: World) -> None:
    world.device.order("other_dc", user_location="eu")
    got = await desk.sign_in(says("approve"))
    assert got.center.code == "eu"


@pytest.mark.parametrize("place", ["xx", "https://evil.test", ""])
async def test_a_data_centre_that_nobody_knows_gets_nothing(desk: Desk, world: World, place: str) -> None:
    world.device.order("other_dc", user_location=place or None, dc=place or "\x1b[31mevil")
    error = await desk.failure()
    assert error.code == "unknown_data_center"
    assert "\x1b" not in error.what


async def test_a_fixed_accounts_host_is_not_left(desk: Desk, world: World, url: Serving) -> None:
    world.device.order("other_dc", user_location="us")
    here = DataCenter("eu", "https://accounts.zoho.eu", url, url, "Europe")
    there = DataCenter("us", "https://accounts.zoho.com", url, url, "US")
    hosts = SignInHosts(here, url, allow_loopback=True, centers={"eu": here, "us": there})
    error = await desk.failure(hosts=hosts)
    assert isinstance(error, ConfigError)
    assert "accounts_url" in error.what


TROUBLES = [
    ("html", {}),
    ("answer", {"status": 502, "body": "<h1>Bad gateway</h1>"}),
    ("answer", {"status": 200, "body": None}),
    ("answer", {"status": 200, "body": []}),
    ("answer", {"status": 200, "body": {"error": "general_error"}}),
    ("drop-before", {}),
    ("half", {}),
    ("redirect", {}),
]


@pytest.mark.parametrize(("kind", "params"), TROUBLES)
async def test_trouble_while_polling_is_polled_again(
    desk: Desk, world: World, kind: str, params: dict[str, Any]
) -> None:
    world.faults.order(kind, path="/oauth/v3/device/token", times=2, **params)
    await desk.sign_in(says("approve", after=12))
    troubles = [one.trouble for one in desk.events if isinstance(one, Waiting)]
    assert troubles[0] == ""
    assert all(troubles[5:15]), "it is told"


async def test_an_approval_whose_answer_was_lost_is_not_called_something_else(
    desk: Desk, world: World
) -> None:
    world.faults.order("drop-after", path="/oauth/v3/device/token")
    error = await desk.failure(says("approve"))
    assert "The line broke while Zoho answered" in error.what


async def test_what_was_lost_was_no_more_than_pending(desk: Desk, world: World) -> None:
    world.faults.order("drop-after", path="/oauth/v3/device/token")
    error = await desk.failure()
    assert "not approved in time" in error.what


async def test_an_outage_to_the_end_is_named(desk: Desk, world: World) -> None:
    world.faults.order("html", path="/oauth/v3/device/token", times=None)
    error = await desk.failure()
    assert error.code == "expired"
    assert "http_200" in error.what


async def test_an_answer_without_refresh_token_is_said_so(desk: Desk, world: World) -> None:
    world.device.with_refresh_token = False
    error = await desk.failure(says("approve"))
    assert error.code == "no_refresh_token"
    assert "Connected Apps" in error.next_step


async def test_a_throttle_ends_it(desk: Desk, world: World) -> None:
    body = {"error": "访问被拒绝", "error_description": "x", "status": "failure"}
    world.faults.order("answer", path="/oauth/v3/device/token", status=400, body=body)
    assert isinstance(await desk.failure(), TokenThrottled)


async def test_a_self_client_is_told_what_is_needed(desk: Desk, world: World) -> None:
    world.options.device_client = False
    error = await desk.failure()
    assert error.code == "invalid_client"
    assert "Non-browser" in error.next_step
    assert "data-center" in error.next_step


async def test_a_foreign_api_host_gets_nothing_and_the_token_is_given_back(desk: Desk, world: World) -> None:
    world.base_url = "https://evil.test"
    before = world.tokens.alive_refresh_tokens()

    async def approve(event: SignInEvent) -> None:
        if isinstance(event, CodeReady):
            assert event.address == f"{desk.hosts.accounts_url}/oauth/v3/device", "nor is that page shown"
            assert event.complete_address is None
            assert world.device.approve(event.user_code)

    error = await desk.failure(approve)
    assert error.code == "foreign_host"
    assert world.tokens.alive_refresh_tokens() == before


async def test_no_answer_before_there_is_a_code_is_a_failure(desk: Desk, world: World) -> None:
    world.faults.order("html", path="/oauth/v3/device/code")
    assert isinstance(await desk.failure(), NotReached)


async def test_it_can_be_cancelled_while_it_waits(desk: Desk, world: World) -> None:
    waiting = asyncio.Event()

    async def for_ever(_: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    desk.sleep = for_ever  # type: ignore[method-assign]
    task = asyncio.create_task(desk.sign_in())
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert world.device.polls == []


async def test_a_grant_code_is_exchanged_at_once(desk: Desk, world: World, url: Serving) -> None:
    got = await exchange_grant_code(
        desk.host, client_of(world), desk.hosts, SecretStr(world.new_grant_code()), now=desk.clock
    )
    assert world.tokens.knows_refresh(got.refresh_token.get_secret_value())
    assert got.access.api_domain == url
    form = world.requests[0].body
    assert "redirect_uri" not in form
    assert world.requests[0].query == ""


async def test_a_grant_code_that_is_too_old(desk: Desk, world: World) -> None:
    code = SecretStr(world.new_grant_code(life=60))
    desk.clock.forward(60)
    with pytest.raises(SignInError, match="too old"):
        await exchange_grant_code(desk.host, client_of(world), desk.hosts, code)


async def test_a_pasted_refresh_token_is_proved(desk: Desk, world: World) -> None:
    token = SecretStr(world.refresh_token)
    got = await try_refresh_token(desk.host, client_of(world), desk.hosts, token, now=desk.clock)
    assert got.refresh_token == token
    assert world.tokens.accepts(got.access.secret.get_secret_value())


async def test_a_pasted_refresh_token_is_not_given_back_where_the_answer_is_foreign(
    desk: Desk, world: World
) -> None:
    world.base_url = "https://evil.test"
    with pytest.raises(ConfigError):
        await try_refresh_token(desk.host, client_of(world), desk.hosts, SecretStr(world.refresh_token))
    assert world.tokens.knows_refresh(world.refresh_token)


async def test_a_token_is_given_back(desk: Desk, world: World, url: Serving) -> None:
    token = SecretStr(world.refresh_token)
    assert await revoke(desk.host, url, token) is Revoked.DONE
    assert not world.tokens.knows_refresh(world.refresh_token)
    assert await revoke(desk.host, url, token) is Revoked.UNKNOWN


@pytest.mark.parametrize(("kind", "params"), [("html", {}), ("drop-before", {}), ("5xx-before", {})])
async def test_a_token_that_cannot_be_given_back_is_an_error_that_is_returned(
    desk: Desk, world: World, url: Serving, kind: str, params: dict[str, Any]
) -> None:
    world.faults.order(kind, path="/oauth/v2/token/revoke", **params)
    assert isinstance(await revoke(desk.host, url, SecretStr(world.refresh_token)), ZohoError)
