"""Tokens: had once, shared by all, renewed in time, and never asked for in a loop."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest
from pydantic import SecretStr
from pytest_httpx import HTTPXMock
from sandbox_caller import Clock

from zoho.account import AccessToken, Paths, TokenCache, load_config, token_identity
from zoho.api import Call, ZohoClient
from zoho.api.auth import ZohoAuth
from zoho.api.client import CreditsSeen
from zoho.api.token_answers import REFRESHES_PER_WINDOW
from zoho.api.tokens import Credentials, TokenSource
from zoho.wire import ConfigError, NotReached, SignInError, StorageError, TokenThrottled, ZohoError

API = "https://www.zohoapis.eu"
LEAD = f"{API}/crm/v8/Leads/1"
TOKEN = "https://accounts.zoho.eu/oauth/v2/token"
REFUSED = {"code": "INVALID_TOKEN", "status": "error", "message": "invalid oauth token", "details": {}}
THROTTLED = {
    "error_description": "You have made too many requests continuously. Please try again after some time.",
    "error": "Access Denied",
    "status": "failure",
}
Connect = Callable[..., ZohoClient]


@pytest.fixture
def cache(paths: Paths, clock: Clock) -> TokenCache:
    """The cache of the clients of `connect`."""
    identity = token_identity("1000.CLIENT", SecretStr("1000.refresh-me"))
    return TokenCache(paths.token_cache, identity=identity, clock=clock)


def grant(httpx_mock: HTTPXMock, secret: str = "1000.new", **more: object) -> None:
    answer = {"access_token": secret, "token_type": "Bearer", "expires_in": 3600, **more}
    httpx_mock.add_response(method="POST", url=TOKEN, json=answer)


def lead_is_there(httpx_mock: HTTPXMock, url: str = LEAD) -> None:
    httpx_mock.add_response(url=url, json={"data": [{"id": "1"}]}, is_reusable=True)


def refreshes(httpx_mock: HTTPXMock) -> int:
    return len(httpx_mock.get_requests(url=TOKEN))


def tokens_sent(httpx_mock: HTTPXMock) -> list[str]:
    return [one.headers["Authorization"].split()[1] for one in httpx_mock.get_requests(method="GET")]


async def failure(zoho: ZohoClient) -> ZohoError:
    async with zoho:
        with pytest.raises(ZohoError) as caught:
            await zoho.get_lead("1")
    return caught.value


async def test_a_refresh_keeps_its_secrets_out_of_the_url(connect: Connect, httpx_mock: HTTPXMock) -> None:
    grant(httpx_mock)
    lead_is_there(httpx_mock)
    async with connect(seed=None) as zoho:
        await zoho.get_lead("1")
    request = httpx_mock.get_requests()[0]
    assert str(request.url) == TOKEN, "no query"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "Authorization" not in request.headers
    assert parse_qs(request.content.decode()) == {
        "grant_type": ["refresh_token"],
        "client_id": ["1000.CLIENT"],
        "client_secret": ["s3cret-of-the-client"],
        "refresh_token": ["1000.refresh-me"],
    }


async def test_a_token_is_used_until_a_minute_before_it_ends(
    connect: Connect, httpx_mock: HTTPXMock, clock: Clock
) -> None:
    grant(httpx_mock, "1000.first")
    lead_is_there(httpx_mock)
    async with connect(seed=None) as zoho:
        await zoho.get_lead("1")
        clock.forward(3539)
        await zoho.get_lead("1")
        clock.forward(1)
        grant(httpx_mock, "1000.second")
        await zoho.get_lead("1")
    assert tokens_sent(httpx_mock) == ["1000.first", "1000.first", "1000.second"]


async def test_the_next_run_needs_no_refresh(connect: Connect, httpx_mock: HTTPXMock) -> None:
    grant(httpx_mock)
    lead_is_there(httpx_mock)
    for _ in range(2):
        async with connect(seed=None) as zoho:
            await zoho.get_lead("1")
    assert refreshes(httpx_mock) == 1


@pytest.mark.parametrize("seed", [None, "1000.seed"])
async def test_twenty_calls_at_once_make_one_refresh(
    connect: Connect, httpx_mock: HTTPXMock, seed: str | None
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.headers["Authorization"].endswith("1000.new"):
            return httpx.Response(200, json={"data": [{"id": "1"}]})
        return httpx.Response(401, json=REFUSED)

    httpx_mock.add_callback(answer, url=LEAD, is_reusable=True)
    grant(httpx_mock)
    async with connect(seed=seed) as zoho:
        found = await asyncio.gather(*(zoho.get_lead("1") for _ in range(20)))
    assert [one.id for one in found if one] == ["1"] * 20
    assert refreshes(httpx_mock) == 1


@pytest.mark.parametrize("seed", [None, "1000.seed"])
async def test_twenty_calls_at_once_share_a_failing_refresh(
    connect: Connect, httpx_mock: HTTPXMock, seed: str | None
) -> None:
    httpx_mock.add_response(url=TOKEN, json={"error": "invalid_code"})
    if seed is not None:
        httpx_mock.add_response(url=LEAD, status_code=401, json=REFUSED, is_reusable=True)
    async with connect(seed=seed) as zoho:
        found = await asyncio.gather(*(zoho.get_lead("1") for _ in range(20)), return_exceptions=True)
        assert {type(one) for one in found} == {SignInError}
        assert refreshes(httpx_mock) == 1
        httpx_mock.reset()
        grant(httpx_mock)
        lead_is_there(httpx_mock)
        assert await zoho.get_lead("1") is not None, "who asks later tries again"


async def test_a_seed_is_used_until_it_is_refused_and_never_again(
    connect: Connect, httpx_mock: HTTPXMock
) -> None:
    lead_is_there(httpx_mock)
    async with connect(refresh_token=None) as zoho:
        await zoho.get_lead("1")
    assert tokens_sent(httpx_mock) == ["1000.seed"]

    httpx_mock.reset()
    httpx_mock.add_response(url=LEAD, status_code=401, json=REFUSED)
    error = await failure(connect(refresh_token=None))
    assert isinstance(error, SignInError)
    assert "does not accept the access token" in error.what

    httpx_mock.reset()
    error = await failure(connect(refresh_token=None))
    assert isinstance(error, SignInError)
    assert "does not accept the access token" in error.what
    assert httpx_mock.get_requests() == [], "the next run remembers"


async def test_a_refused_seed_stays_dead_when_no_other_token_could_be_had(
    connect: Connect, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=LEAD, status_code=401, json=REFUSED)
    httpx_mock.add_response(url=TOKEN, json={"error": "invalid_client_secret"})
    assert isinstance(await failure(connect()), SignInError)
    httpx_mock.reset()
    grant(httpx_mock)
    lead_is_there(httpx_mock)
    async with connect() as zoho:
        await zoho.get_lead("1")
    assert tokens_sent(httpx_mock) == ["1000.new"]


async def test_a_cached_token_is_newer_than_the_seed(
    connect: Connect, httpx_mock: HTTPXMock, cache: TokenCache, clock: Clock
) -> None:
    cache.store(AccessToken(SecretStr("1000.cached"), clock() + 3600))
    lead_is_there(httpx_mock)
    async with connect() as zoho:
        await zoho.get_lead("1")
    assert tokens_sent(httpx_mock) == ["1000.cached"]


@pytest.mark.parametrize("seed", ["t\u00f6ken", "two words", "tab\there"])
async def test_a_seed_that_cannot_be_sent_is_none(connect: Connect, httpx_mock: HTTPXMock, seed: str) -> None:
    grant(httpx_mock)
    lead_is_there(httpx_mock)
    async with connect(seed=seed) as zoho:
        await zoho.get_lead("1")
    assert tokens_sent(httpx_mock) == ["1000.new"]


@pytest.mark.parametrize("lacking", ["client_id", "client_secret", "refresh_token"])
async def test_without_credentials_nothing_is_sent(
    connect: Connect, httpx_mock: HTTPXMock, lacking: str
) -> None:
    error = await failure(connect(seed=None, **{lacking: None}))
    assert isinstance(error, SignInError)
    assert error.what == "This computer is not signed in to Zoho yet."
    assert "refresh token in Settings" in error.next_step
    assert httpx_mock.get_requests() == []


# The limits


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(
    "body",
    [
        THROTTLED,
        {**THROTTLED, "error": "访问被拒绝", "error_description": "您连续发出了太多请求。"},
        {"error": "access_denied"},
        {"error": "Zugriff verweigert", "status": "failure"},
    ],
)
async def test_a_throttle_is_not_asked_again(
    connect: Connect, httpx_mock: HTTPXMock, clock: Clock, status: int, body: dict[str, str]
) -> None:
    httpx_mock.add_response(url=TOKEN, status_code=status, json=body)
    for _ in range(3):  # each is another run of the program
        error = await failure(connect(seed=None))
        assert isinstance(error, TokenThrottled)
        assert error.wait >= 600
        assert "ten minutes" in str(error)
    assert refreshes(httpx_mock) == 1
    clock.forward(error.wait)
    httpx_mock.reset()
    grant(httpx_mock)
    lead_is_there(httpx_mock)
    async with connect(seed=None) as zoho:
        await zoho.get_lead("1")


async def test_half_of_what_zoho_gives_is_asked_for_and_the_rep_is_told_when_it_goes_on(
    connect: Connect, httpx_mock: HTTPXMock, cache: TokenCache, clock: Clock
) -> None:
    for _ in range(REFRESHES_PER_WINDOW):
        cache.record_refresh(clock())
        clock.forward(60)
    error = await failure(connect(seed=None))
    assert isinstance(error, TokenThrottled)
    assert httpx_mock.get_requests() == []
    assert error.wait == 300
    at = time.strftime("%H:%M", time.localtime(clock() + 300))
    assert error.next_step == f"Nothing to do: leads wait, and it goes on in 5 minutes, at {at}."
    clock.forward(error.wait)
    grant(httpx_mock)
    lead_is_there(httpx_mock)
    async with connect(seed=None) as zoho:
        assert await zoho.get_lead("1") is not None
    assert REFRESHES_PER_WINDOW == 5


@pytest.mark.parametrize(
    ("step", "asked"), [(-599, False), (-601, True), (-86_400, True), (599, False), (601, True)]
)
async def test_a_clock_that_is_put_right_keeps_nobody_waiting_for_longer_than_the_window(
    connect: Connect, httpx_mock: HTTPXMock, cache: TokenCache, clock: Clock, step: float, asked: bool
) -> None:
    for _ in range(REFRESHES_PER_WINDOW):
        cache.record_refresh(clock())
    clock.forward(step)
    if asked:
        grant(httpx_mock)
        lead_is_there(httpx_mock)
        async with connect(seed=None) as zoho:
            assert await zoho.get_lead("1") is not None
        return
    error = await failure(connect(seed=None))
    assert isinstance(error, TokenThrottled)
    assert error.wait == 600 - step
    assert httpx_mock.get_requests() == []


async def test_a_refresh_is_counted(connect: Connect, httpx_mock: HTTPXMock, cache: TokenCache) -> None:
    grant(httpx_mock)
    lead_is_there(httpx_mock)
    async with connect(seed=None) as zoho:
        await zoho.get_lead("1")
    assert cache.refreshes_since(600) == 1


@pytest.mark.parametrize(
    ("failing", "counted"),
    [(httpx.ConnectError("x"), 0), (httpx.ReadTimeout("x"), 1), ({"error": "invalid_code"}, 0)],
)
async def test_a_refresh_that_gave_no_token_is_counted_only_if_it_may_have(
    connect: Connect, httpx_mock: HTTPXMock, cache: TokenCache, failing: object, counted: int
) -> None:
    if isinstance(failing, Exception):
        httpx_mock.add_exception(failing, url=TOKEN, is_reusable=True)
    else:
        httpx_mock.add_response(url=TOKEN, json=failing)
    await failure(connect(seed=None))
    assert cache.refreshes_since(600) == counted


async def test_a_refresh_is_counted_before_it_is_asked_for(
    connect: Connect, httpx_mock: HTTPXMock, cache: TokenCache
) -> None:
    seen: list[int] = []

    def answer(_: httpx.Request) -> httpx.Response:
        seen.append(cache.refreshes_since(600))
        return httpx.Response(200, json={"error": "invalid_code"})

    httpx_mock.add_callback(answer, url=TOKEN)
    await failure(connect(seed=None))
    assert seen == [1], "who is killed now has asked"
    assert cache.refreshes_since(600) == 0


async def test_the_scopes_are_kept_until_an_answer_lists_others(
    connect: Connect, httpx_mock: HTTPXMock, clock: Clock
) -> None:
    lead_is_there(httpx_mock)
    known: list[str | None] = []
    for listed in ({"scope": "a b"}, {}, {"scope": "c"}):
        grant(httpx_mock, **listed)
        async with connect(seed=None) as zoho:
            assert zoho.scope is None
            await zoho.get_lead("1")
            known.append(zoho.scope)
        clock.forward(3600)
    assert known == ["a b", "a b", "c"]


@pytest.mark.parametrize(
    ("header", "seen"), [("41", 41), ("0", 0), (None, None), ("", None), ("-1", None), ("9" * 20, None)]
)
async def test_the_credits_that_an_answer_tells_are_kept_with_the_time(
    connect: Connect, httpx_mock: HTTPXMock, clock: Clock, header: str | None, seen: int | None
) -> None:
    headers = {} if header is None else {"X-API-CREDITS-REMAINING": header}
    httpx_mock.add_response(url=LEAD, json={"data": [{"id": "1"}]}, headers=headers)
    async with connect() as zoho:
        assert zoho.credits_seen is None
        await zoho.get_lead("1")
        assert zoho.credits_seen == (None if seen is None else CreditsSeen(seen, clock()))


async def test_what_is_not_private_is_asked_for_nothing(
    connect: Connect, httpx_mock: HTTPXMock, paths: Paths, tmp_path: Path
) -> None:
    paths.data_dir.mkdir(mode=0o700)
    paths.token_cache.symlink_to(tmp_path / "elsewhere")
    error = await failure(connect())
    assert isinstance(error, StorageError)
    assert str(paths.token_cache) in error.what
    assert httpx_mock.get_requests() == []


async def test_what_was_never_sent_is_asked_twice(connect: Connect, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_exception(httpx.ConnectError("x"), url=TOKEN)
    grant(httpx_mock)
    lead_is_there(httpx_mock)
    async with connect(seed=None) as zoho:
        await zoho.get_lead("1")
    assert refreshes(httpx_mock) == 2


@pytest.mark.parametrize(
    "error",
    [httpx.ReadTimeout("x"), httpx.WriteError("x"), httpx.RemoteProtocolError("x"), httpx.DecodingError("x")],
)
async def test_what_may_have_been_sent_is_not_asked_twice(
    connect: Connect, httpx_mock: HTTPXMock, calls: list[Call], error: httpx.HTTPError
) -> None:
    httpx_mock.add_exception(error, url=TOKEN)
    caught = await failure(connect(seed=None))
    assert type(caught) is NotReached
    assert caught.code == type(error).__name__
    assert [(one.path, one.status, one.code) for one in calls] == [("/oauth/v2/token", None, caught.code)]


# Where a token may go


@pytest.mark.parametrize(
    "domain",
    [
        "https://www.zohoapis.eu.evil.test",
        "https://evil.test",
        "http://www.zohoapis.eu",
        "https://www.zohoapis.com",
        "https://www.zohoapis.eu@evil.test",
        "https://www.zohoapis.eu/path",
        "https://www.zohoapis.eu:8443",
        "http://127.0.0.1:8000",
        "javascript:alert(1)",
    ],
)
async def test_a_foreign_api_domain_gets_no_token(
    connect: Connect, httpx_mock: HTTPXMock, cache: TokenCache, domain: str
) -> None:
    grant(httpx_mock, api_domain=domain)
    error = await failure(connect(seed=None))
    assert isinstance(error, ConfigError)
    assert error.code == "foreign_host"
    assert [str(one.url) for one in httpx_mock.get_requests()] == [TOKEN]
    assert cache.load() is None


async def test_the_api_domain_of_the_token_is_used_now_and_in_the_next_run(
    connect: Connect, httpx_mock: HTTPXMock
) -> None:
    url = "https://sandbox.zohoapis.eu/crm/v8/Leads/1"
    grant(httpx_mock, api_domain="https://sandbox.zohoapis.eu")
    lead_is_there(httpx_mock, url)
    for _ in range(2):
        async with connect(seed=None) as zoho:
            await zoho.get_lead("1")
    assert len(httpx_mock.get_requests(url=url)) == 2


async def test_a_configured_api_domain_is_the_users_word(connect: Connect, httpx_mock: HTTPXMock) -> None:
    grant(httpx_mock, api_domain=API)
    url = "https://sandbox.zohoapis.eu/crm/v8/Leads/1"
    lead_is_there(httpx_mock, url)
    async with connect(seed=None, api_domain="https://sandbox.zohoapis.eu") as zoho:
        await zoho.get_lead("1")
    assert len(httpx_mock.get_requests(url=url)) == 1, "who named a sandbox writes nothing into production"


@pytest.mark.parametrize("domain", ["http://127.0.0.1:8000", "https://www.zohoapis.com", "https://evil.test"])
async def test_a_cached_token_of_another_place_is_not_used(
    connect: Connect, httpx_mock: HTTPXMock, cache: TokenCache, clock: Clock, domain: str
) -> None:
    cache.store(AccessToken(SecretStr("1000.cached"), clock() + 3600, domain))
    grant(httpx_mock)
    lead_is_there(httpx_mock)
    async with connect(seed=None) as zoho:
        await zoho.get_lead("1")
    assert tokens_sent(httpx_mock) == ["1000.new"]


# Other processes, and the configuration file


async def test_another_process_token_is_taken_after_the_lock(
    connect: Connect, httpx_mock: HTTPXMock, cache: TokenCache, clock: Clock
) -> None:
    held, release = threading.Event(), threading.Event()

    def other_process() -> None:
        with cache.lock():
            held.set()
            release.wait(10)
            cache.store(AccessToken(SecretStr("1000.theirs"), clock() + 3600))

    sent: list[str] = []

    def refuse_the_seed(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers["Authorization"].split()[1])
        if request.headers["Authorization"].endswith("1000.theirs"):
            return httpx.Response(200, json={"data": [{"id": "1"}]})
        release.set()
        return httpx.Response(401, json=REFUSED)

    httpx_mock.add_callback(refuse_the_seed, url=LEAD, is_reusable=True)
    other = threading.Thread(target=other_process)
    other.start()
    assert held.wait(10)
    async with connect() as zoho:
        assert await zoho.get_lead("1") is not None
    other.join()
    assert sent == ["1000.seed", "1000.theirs"]


async def test_a_refresh_that_is_cancelled_while_its_token_is_kept_holds_the_lock_until_it_is(
    paths: Paths, clock: Clock, httpx_mock: HTTPXMock, cache: TokenCache
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    class Slow(TokenCache):
        def store(self, token: AccessToken) -> None:
            begun.set()
            go_on.wait(10)
            super().store(token)

    grant(httpx_mock)
    identity = token_identity("1000.CLIENT", SecretStr("1000.refresh-me"))
    slow = Slow(paths.token_cache, identity=identity, clock=clock)
    async with httpx.AsyncClient() as http:
        source = TokenSource(http=http, credentials=_credentials(), cache=slow, clock=clock)
        asking = asyncio.create_task(source.current())
        assert await asyncio.to_thread(begun.wait, 10)
        asking.cancel()
        await asyncio.wait([asking], timeout=0)
        await asyncio.wait([asking], timeout=0)
        with pytest.raises(StorageError), cache.lock(timeout=0):
            pass
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await asking
    assert cache.load() is not None, "so nobody asks for another"


async def test_a_refresh_that_is_cancelled_while_it_waits_leaves_no_lock_behind(
    connect: Connect, httpx_mock: HTTPXMock, cache: TokenCache
) -> None:
    lead_is_there(httpx_mock)
    async with connect(seed=None) as zoho:
        with cache.lock(), pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await zoho.get_lead("1")
        grant(httpx_mock)
        async with asyncio.timeout(20):
            assert await zoho.get_lead("1") is not None


@pytest.mark.parametrize("readable", [True, False])
async def test_the_newest_token_is_written_back_where_the_user_wants_it(
    paths: Paths, clock: Clock, httpx_mock: HTTPXMock, caplog: pytest.LogCaptureFixture, readable: bool
) -> None:
    content = {
        "client_id": "1000.CLIENT",
        "client_secret": "s3cret-of-the-client",
        "refresh_token": "1000.refresh-me",
        "data_center": "eu",
        "save_access_token": True,
        "unknown": "stays",
    }
    file = paths.config_file
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(content))
    config = load_config(environ={}, paths=paths)
    if not readable:
        file.write_text("{ broken meanwhile")
    grant(httpx_mock)
    lead_is_there(httpx_mock)
    async with ZohoClient.from_config(config, paths=paths, clock=clock) as zoho:
        assert await zoho.get_lead("1") is not None, "the token is good, whatever the file is"
    if readable:
        assert json.loads(file.read_text()) == content | {"access_token": "1000.new"}
    else:
        assert file.read_text() == "{ broken meanwhile"
        assert "could not be written back" in caplog.text
    assert "1000.new" not in caplog.text


async def test_the_token_is_not_written_back_unasked(
    paths: Paths, clock: Clock, httpx_mock: HTTPXMock
) -> None:
    content = {"client_id": "1000.CLIENT", "client_secret": "a", "refresh_token": "b", "data_center": "eu"}
    paths.config_file.parent.mkdir(parents=True)
    paths.config_file.write_text(json.dumps(content))
    grant(httpx_mock)
    lead_is_there(httpx_mock)
    config = load_config(environ={}, paths=paths)
    async with ZohoClient.from_config(config, paths=paths, clock=clock) as zoho:
        await zoho.get_lead("1")
    assert json.loads(paths.config_file.read_text()) == content


async def test_a_cancelled_token_request_leaves_the_next_one_free(
    connect: Connect, httpx_mock: HTTPXMock
) -> None:
    begun = asyncio.Event()

    async def never(_: httpx.Request) -> httpx.Response:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    httpx_mock.add_callback(never, url=TOKEN)
    lead_is_there(httpx_mock)
    async with connect(seed=None) as zoho:
        task = asyncio.create_task(zoho.get_lead("1"))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        grant(httpx_mock)
        assert await zoho.get_lead("1") is not None


def test_the_auth_is_for_the_asynchronous_client_only(connect: Connect, cache: TokenCache) -> None:
    source = TokenSource(http=httpx.AsyncClient(), credentials=_credentials(), cache=cache)
    with pytest.raises(NotImplementedError):
        ZohoAuth(source).sync_auth_flow(httpx.Request("GET", LEAD))
    assert "s3cret" not in repr(_credentials()) + repr(replace(_credentials(), seed=SecretStr("1000.s3cret")))


def _credentials() -> Credentials:
    from zoho.account import data_center

    return Credentials(
        center=data_center("eu"),
        accounts_url="https://accounts.zoho.eu",
        client_id="1000.CLIENT",
        client_secret=SecretStr("s3cret-of-the-client"),
        refresh_token=SecretStr("1000.refresh-me"),
        seed=None,
    )
