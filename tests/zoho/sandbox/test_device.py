"""The stand-in's device flow: codes, polls, the page where a person says yes or no."""

from __future__ import annotations

from collections.abc import AsyncIterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from sandbox_caller import Caller, Clock

from zoho.sandbox import World, create_app

ASKED = {
    "grant_type": "device_request",
    "scope": "ZohoCRM.org.READ,ZohoCRM.users.READ",
    "access_type": "offline",
    "prompt": "consent",
}


class Device:
    """A client of the device flow that does what a test says."""

    def __init__(self, world: World) -> None:
        self.world = world
        transport = httpx.ASGITransport(create_app(world))
        self.http = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")
        self.code: dict[str, Any] = {}

    async def begin(self, **more: str) -> dict[str, Any]:
        sent = {"client_id": self.world.client_id, **ASKED, **more}
        self.code = (await self.http.post("/oauth/v3/device/code", data=sent)).json()
        return self.code

    async def answer(self, **more: str) -> httpx.Response:
        sent = {
            "client_id": self.world.client_id,
            "client_secret": self.world.client_secret,
            "grant_type": "device_token",
            "code": self.code.get("device_code", ""),
        }
        return await self.http.post("/oauth/v3/device/token", data=sent | more)

    async def poll(self, **more: str) -> dict[str, Any]:
        return (await self.answer(**more)).json()

    async def say(self, action: str, code: str | None = None) -> httpx.Response:
        return await self.http.post(
            "/device", data={"user_code": code or self.code["user_code"], "action": action}
        )


@pytest.fixture
async def device(world: World) -> AsyncIterator[Device]:
    one = Device(world)
    async with one.http:
        yield one


async def test_a_person_approves_and_the_next_poll_has_the_tokens(
    device: Device, world: World, clock: Clock
) -> None:
    code = await device.begin()
    assert code["verification_url"] == "http://127.0.0.1/device"
    assert code["verification_uri_complete"] == f"http://127.0.0.1/device?user_code={code['user_code']}"
    assert (await device.poll()) == {"error": "authorization_pending"}
    clock.forward(5)
    assert (await device.say("approve")).status_code == 200
    body = await device.poll()
    assert world.tokens.accepts(body["access_token"])
    assert world.tokens.knows_refresh(body["refresh_token"])
    assert body["scope"] == "ZohoCRM.org.READ ZohoCRM.users.READ"
    assert await device.poll() == {"error": "invalid_code"}, "it is good once"
    begun = world.device.begun[0]
    assert (begun.client_id, begun.access_type, begun.prompt) == (world.client_id, "offline", "consent")


async def test_a_person_denies(device: Device) -> None:
    await device.begin()
    await device.say("deny")
    assert await device.poll() == {"error": "access_denied"}


async def test_a_code_ends_and_cannot_be_approved_then(device: Device, clock: Clock) -> None:
    await device.begin()
    clock.forward(300)
    assert (await device.say("approve")).status_code == 404
    assert await device.poll() == {"error": "expired"}


async def test_two_polls_within_the_interval_are_too_many(device: Device, clock: Clock) -> None:
    await device.begin()
    await device.poll()
    clock.forward(4)
    assert await device.poll() == {"error": "slow_down"}
    clock.forward(5)
    assert await device.poll() == {"error": "authorization_pending"}


@pytest.mark.parametrize("key", ["user_location", "dc"])
async def test_who_lives_elsewhere_is_answered_there(device: Device, clock: Clock, key: str) -> None:
    there = Device(World(clock=clock, location="us"))
    there.world.device.share(device.world.device)
    device.world.device.home = "us"
    device.world.device.location_key = key
    async with there.http:
        there.code = await device.begin()
        await device.say("approve")
        assert await device.poll() == {"error": "other_dc", key: "us"}
        body = await there.poll()
        assert there.world.tokens.knows_refresh(body["refresh_token"])
        assert not device.world.tokens.knows_refresh(body["refresh_token"])


@pytest.mark.parametrize(("milliseconds", "told"), [(True, (5000, 300_000)), (False, (5, 300))])
async def test_times_in_either_unit(device: Device, milliseconds: bool, told: tuple[int, int]) -> None:
    device.world.device.in_milliseconds = milliseconds
    code = await device.begin()
    assert (code["interval"], code["expires_in"]) == told


async def test_pending_may_have_status_400(device: Device) -> None:
    device.world.device.pending_status = 400
    await device.begin()
    assert (await device.answer()).status_code == 400


async def test_answers_on_order_come_first_and_in_their_order(device: Device) -> None:
    await device.begin()
    device.world.device.order("slow_down", times=2)
    device.world.device.order("other_dc", user_location="jp")
    found = [await device.poll() for _ in range(4)]
    assert [one["error"] for one in found] == ["slow_down", "slow_down", "other_dc", "authorization_pending"]
    assert found[2]["user_location"] == "jp"
    with pytest.raises(ValueError, match="no answer 'nonsense'"):
        device.world.device.order("nonsense")


@pytest.mark.parametrize("more", [{"access_type": "online"}, {"prompt": ""}])
async def test_no_refresh_token_without_offline_access_and_consent(
    device: Device, more: dict[str, str]
) -> None:
    await device.begin(**more)
    await device.say("approve")
    body = await device.poll()
    assert "access_token" in body
    assert "refresh_token" not in body


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"client_id": "x"}, "invalid_client"),
        ({"scope": ""}, "invalid_scope"),
        ({"grant_type": "x"}, "general_error"),
    ],
)
async def test_what_cannot_begin(device: Device, more: dict[str, str], error: str) -> None:
    assert await device.begin(**more) == {"error": error}


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"client_id": "x"}, "invalid_client"),
        ({"client_secret": "x"}, "invalid_client_secret"),
        ({"grant_type": "x"}, "general_error"),
        ({"code": "x"}, "invalid_code"),
    ],
)
async def test_what_cannot_be_polled(device: Device, more: dict[str, str], error: str) -> None:
    await device.begin()
    assert await device.poll(**more) == {"error": error}


async def test_a_self_client_is_not_known_here(device: Device) -> None:
    device.world.options.device_client = False
    assert await device.begin() == {"error": "invalid_client"}


async def test_the_21st_refresh_token_silently_ends_the_oldest(world: World) -> None:
    first, second = world.refresh_token, world.tokens.grant()
    for _ in range(18):
        world.tokens.grant()
    assert world.tokens.knows_refresh(first)
    world.tokens.grant()
    assert not world.tokens.knows_refresh(first)
    assert world.tokens.knows_refresh(second)
    assert len(world.tokens.alive_refresh_tokens()) == 20


async def test_a_grant_code_lives_as_long_as_was_chosen(world: World, clock: Clock, caller: Caller) -> None:
    in_time, late = world.new_grant_code(life=60), world.new_grant_code(life=60)
    clock.forward(59)
    good = await caller.token_call(grant_type="authorization_code", code=in_time)
    assert "refresh_token" in good.json()
    clock.forward(1)
    bad = await caller.token_call(grant_type="authorization_code", code=late)
    assert bad.json() == {"error": "invalid_code"}


async def test_the_administrator_makes_a_grant_code(caller: Caller) -> None:
    made = await caller.call("POST", "/__admin/grant-code", {"life": 60})
    assert made.status_code == 201
    used = await caller.token_call(grant_type="authorization_code", code=made.json()["code"])
    assert "refresh_token" in used.json()
    assert (await caller.call("POST", "/__admin/grant-code", {"life": "long"})).status_code == 400


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


@pytest.mark.parametrize("path", ["/device", "/oauth/v3/device"])
async def test_the_page_needs_no_script_and_nothing_from_elsewhere(device: Device, path: str) -> None:
    code = await device.begin()
    page = await device.http.get(f"{path}?{urlencode({'user_code': code['user_code']})}")
    seen = Elements(page.text).seen
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in seen}
    assert [attrs["value"] for tag, attrs in seen if tag == "input"] == [code["user_code"]]
    assert [attrs["value"] for tag, attrs in seen if tag == "button"] == ["approve", "deny"]
    assert "ZohoCRM.org.READ" in page.text, "it says what is asked for"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]


async def test_the_page_asks_for_the_code_before_it_asks_for_the_word(device: Device) -> None:
    code = await device.begin()
    first = await device.http.get("/device", params={"user_code": " "})
    assert first.status_code == 200, "no code is no wrong code"
    seen = Elements(first.text).seen
    assert [attrs["name"] for tag, attrs in seen if tag == "input"] == ["user_code"]
    assert [attrs.get("name") for tag, attrs in seen if tag == "button"] == [None], "nothing to approve yet"
    again = await device.http.get("/device", params={"user_code": "XXXX-XXXX"})
    assert again.status_code == 404
    assert "input" in {tag for tag, _ in Elements(again.text).seen}, "another can be typed at once"
    then = await device.http.get("/device", params={"user_code": code["user_code"].lower()})
    assert then.status_code == 200
    assert "Robin Ellis" in then.text, "who it will work as"


@pytest.mark.parametrize("scope", ["ZohoCRM.org.READ", "<script>x</script>"])
async def test_what_was_typed_and_asked_for_is_text_on_the_page(device: Device, scope: str) -> None:
    code = await device.begin(scope=scope)
    for typed in ('"><script>x</script>', code["user_code"]):
        page = await device.http.get("/device", params={"user_code": typed})
        assert "script" not in {tag for tag, _ in Elements(page.text).seen}


async def test_a_code_may_be_typed_in_any_way_and_answered_once(device: Device) -> None:
    code = (await device.begin())["user_code"]
    assert (await device.say("maybe")).status_code == 400
    assert (await device.say("approve", "XXXX-XXXX")).status_code == 404
    assert (await device.say("approve", code.lower().replace("-", " "))).status_code == 200
    assert (await device.say("deny")).status_code == 404
