from __future__ import annotations

from urllib.parse import urlencode

import pytest
from sandbox_caller import Caller, Clock

from zoho.sandbox import World, create_app


async def refresh(caller: Caller, **form: str) -> dict[str, object]:
    known = {"grant_type": "refresh_token", "refresh_token": caller.world.refresh_token}
    answer = await caller.token_call(**(known | form))
    assert answer.status_code == 200
    return answer.json()


async def works(caller: Caller, token: object) -> bool:
    caller.token = str(token)
    return (await caller.call("GET", "/crm/v8/org")).status_code == 200


async def test_a_refresh_gives_a_token_that_works_and_names_the_address_that_was_asked(
    caller: Caller,
) -> None:
    body = await refresh(caller)
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 3600
    assert body["api_domain"] == "http://127.0.0.1"
    assert "refresh_token" not in body
    assert await works(caller, body["access_token"])


async def test_the_address_can_be_set(world: World, caller: Caller) -> None:
    create_app(world, base_url="https://www.zohoapis.eu/")
    assert (await refresh(caller))["api_domain"] == "https://www.zohoapis.eu"


async def test_parameters_may_stand_in_the_query(caller: Caller) -> None:
    world = caller.world
    query = urlencode(
        {
            "grant_type": "refresh_token",
            "refresh_token": world.refresh_token,
            "client_id": world.client_id,
            "client_secret": world.client_secret,
        }
    )
    answer = await caller.call("POST", f"/oauth/v2/token?{query}")
    assert "access_token" in answer.json()


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"client_id": "other"}, "invalid_client"),
        ({"client_secret": "other"}, "invalid_client_secret"),
        ({"refresh_token": "other"}, "invalid_code"),
        ({"grant_type": "authorization_code", "code": "other"}, "invalid_code"),
        ({"grant_type": "password"}, "general_error"),
    ],
)
async def test_errors_come_as_a_body_with_status_200(
    caller: Caller, form: dict[str, str], error: str
) -> None:
    assert await refresh(caller, **form) == {"error": error}


async def test_the_eleventh_refresh_in_ten_minutes_is_throttled_until_they_are_over(
    caller: Caller, clock: Clock
) -> None:
    for _ in range(10):
        assert "access_token" in await refresh(caller)
        clock.forward(10)
    body = await refresh(caller)
    assert body["error"] == "Access Denied"
    assert body["status"] == "failure"
    assert "too many requests continuously" in str(body["error_description"])
    clock.forward(600 - 100)
    assert "access_token" in await refresh(caller)
    assert "error" in await refresh(caller)


async def test_the_throttle_answer_may_be_translated_and_have_status_400(clock: Clock) -> None:
    world = World(clock=clock, throttle_text="访问被拒绝", throttle_status=400)
    world.faults.order("throttle")
    async with Caller(world) as caller:
        answer = await caller.token_call(grant_type="refresh_token", refresh_token=world.refresh_token)
    assert answer.status_code == 400
    assert answer.json()["error"] == "访问被拒绝"


async def test_an_access_token_lives_as_long_as_it_says(clock: Clock) -> None:
    world = World(clock=clock, token_life=60)
    async with Caller(world) as caller:
        body = await refresh(caller)
        assert body["expires_in"] == 60
        clock.forward(59)
        assert await works(caller, body["access_token"])
        clock.forward(1)
        answer = await caller.call("GET", "/crm/v8/org")
    assert answer.status_code == 401
    assert answer.json()["code"] == "INVALID_TOKEN"


async def test_the_eleventh_living_access_token_ends_the_oldest(world: World, caller: Caller) -> None:
    oldest = str(caller.token)
    second = world.issue_access_token()
    for _ in range(9):
        world.issue_access_token()
    assert not await works(caller, oldest)
    assert await works(caller, second)


async def test_a_grant_code_is_good_for_one_exchange(world: World, caller: Caller) -> None:
    body = await refresh(caller, grant_type="authorization_code", code=world.grant_code)
    assert await works(caller, body["access_token"])
    again = await refresh(caller, refresh_token=str(body["refresh_token"]))
    assert "access_token" in again
    assert await refresh(caller, grant_type="authorization_code", code=world.grant_code) == {
        "error": "invalid_code"
    }


async def test_revoking_a_refresh_token_ends_its_access_tokens(caller: Caller) -> None:
    token = str((await refresh(caller))["access_token"])
    answer = await caller.call("POST", f"/oauth/v2/token/revoke?token={caller.world.refresh_token}")
    assert answer.json() == {"status": "success"}
    assert not await works(caller, token)
    assert await refresh(caller) == {"error": "invalid_code"}


async def test_revoking_an_access_token_ends_that_one_alone(caller: Caller, world: World) -> None:
    other = world.issue_access_token()
    await caller.call("POST", f"/oauth/v2/token/revoke?token={caller.token}")
    assert not await works(caller, caller.token)
    assert await works(caller, other)


async def test_token_requests_are_counted_and_their_form_is_kept(world: World, caller: Caller) -> None:
    await refresh(caller)
    await refresh(caller, refresh_token="other")
    await caller.call("GET", "/crm/v8/org")
    assert world.token_requests == 2
    assert world.requests[1].body["refresh_token"] == "other"
    assert world.requests[1].query == ""
