"""Signing in from Settings: what a rep may do, and what becomes of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from app_stage import API, Stage
from quick_time import QuickTime

from tui.sign_in.words import on_screen
from zoho.api import sign_in_answers as answers
from zoho.sandbox import World
from zoho.wire.errors import ZohoError

TOKEN, POLL, REVOKE = "/oauth/v2/token", "/oauth/v3/device/token", "/oauth/v2/token/revoke"


@pytest.fixture
def world() -> World:
    world = World(submission_key="Submission_Key", base_url=API)
    world.device.interval = 0.0  # its clock is the real one
    return world


@pytest.fixture
def stranger(tmp_path: Path, world: World) -> Stage:
    """A user who has nothing to sign in with, and little time."""
    return Stage(tmp_path, world, signed_in=False, quick=QuickTime(50))


def with_client(folder: Path, world: World, **more: Any) -> Stage:
    """A user whose file has a client."""
    config = {"client_id": world.client_id, "client_secret": world.client_secret, "data_center": "eu"}
    return Stage(folder, world, signed_in=False, config=config | more, quick=QuickTime(50))


def stored(stage: Stage) -> dict[str, Any]:
    return json.loads(stage.config_file.read_text()) if stage.config_file.exists() else {}


def paths(world: World) -> list[str]:
    return [one.path for one in world.requests]


async def code_of(stage: Stage) -> str:
    await stage.until("and type this code:")
    found = re.search(r"Code: (\S+)", stage.text)
    assert found is not None
    return found[1]


async def fill_in(stage: Stage, world: World) -> None:
    stage.form.go_to("data_center")
    await stage.type("Europe")
    await stage.press("enter")
    await stage.fill(client_id=world.client_id, client_secret=world.client_secret)


# With a browser


async def test_from_an_empty_start_it_is_said_what_to_do_and_enter_leads_there(
    stranger: Stage, world: World
) -> None:
    async with stranger.open():
        await stranger.until(
            "Not signed in: fill in client id and client secret in Settings (F3), then press F6."
        )
        assert "a client of the kind Non-browser Application" in stranger.words
        await fill_in(stranger, world)
        await stranger.press("enter")
        assert stranger.form.current == "sign_in"
        await stranger.press("enter")
        assert world.device.approve(await code_of(stranger))
        await stranger.until("Signed in as Robin Ellis to Zylker Ltd")
        await stranger.until("Data centre: eu. The sign-in is kept")
        await stranger.online()
        assert stored(stranger)["client_secret"] == world.client_secret
        assert world.tokens.knows_refresh(stored(stranger)["refresh_token"])
        assert stranger.form.value("client_secret") == ""
        await stranger.press("ctrl+s")
        await stranger.toast("Nothing was changed.")


@pytest.mark.parametrize("key", ["f6", "ctrl+g"])
async def test_without_a_client_the_key_leads_to_what_is_missing(
    stranger: Stage, world: World, key: str
) -> None:
    async with stranger.open():
        await stranger.until("Not signed in")
        await stranger.press(key)
        assert stranger.form.current == "client_id"
        assert set(stranger.form.errors) == {"client_id", "client_secret"}
        assert len(stranger.app.screen_stack) == 1
        assert world.requests == []


async def test_other_settings_that_are_half_typed_stay(tmp_path: Path, world: World) -> None:
    stage = with_client(tmp_path, world)
    async with stage.open():
        await stage.press("f3")
        await stage.until("Not signed in")
        await stage.fill(source=" Desk", refresh_token="1000.half")
        await stage.press("f6")
        world.device.approve(await code_of(stage))
        await stage.until("Signed in as Robin Ellis")
        assert stage.form.value("source") == "Qualification Inbound Desk"
        assert stage.form.value("refresh_token") == "", "it would go before the sign-in"
        assert "source" not in stored(stage)


async def test_another_client_that_is_typed_is_taken_along(tmp_path: Path, world: World) -> None:
    stage = with_client(tmp_path, world, client_id="1000.OLD", client_secret="old-secret-000000")
    async with stage.open():
        await stage.press("f3")
        await stage.until(lambda: stage.form.value("client_id") == "1000.OLD")
        stage.form.set_value("client_id", "")
        await stage.fill(client_id=world.client_id, client_secret=world.client_secret)
        await stage.press("f6")
        world.device.approve(await code_of(stage))
        await stage.until("Signed in as Robin Ellis")
        assert (stored(stage)["client_id"], stored(stage)["client_secret"]) == (
            world.client_id,
            world.client_secret,
        )


async def test_the_sign_in_before_is_revoked_and_that_is_said(tmp_path: Path, world: World) -> None:
    earlier = world.refresh_token
    stage = with_client(tmp_path, world, refresh_token=earlier)
    async with stage.open(size=(80, 40)):
        await stage.online()
        await stage.press("f3", "f6")
        world.device.approve(await code_of(stage))
        await stage.until("The earlier sign-in was revoked.")
        assert world.tokens.alive_refresh_tokens() == [stored(stage)["refresh_token"]]
        await stage.press("f2")
        await stage.send(Last_Name="Roe", Company="Acme")
        await stage.toast("Roe, Acme", "created in Zoho")


async def test_a_scope_that_is_missing_is_told_with_the_key_that_mends_it(
    tmp_path: Path, world: World
) -> None:
    world.options.missing_scopes = {"ZohoCRM.coql.READ"}
    stage = with_client(tmp_path, world)
    async with stage.open():
        await stage.press("f3", "f6")
        world.device.approve(await code_of(stage))
        await stage.until("lacks these scopes: ZohoCRM.coql.READ.")
        assert stage.words.index("lacks these scopes") < stage.words.index("The form has"), "not cut off"
        assert "Sign in again (F6)" in stage.words
        assert "zoho-leads login" not in stage.words


async def test_where_it_could_not_be_kept_nothing_is_fetched(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        before = len(stage.world.requests)
        await stage.press("f3", "f6")
        await stage.until("ZOHO_REFRESH_TOKEN gives the refresh token, and goes before")
        await stage.until("Enter tries again.")
        assert len(stage.world.requests) == before
        await stage.press("escape")
        assert len(stage.app.screen_stack) == 1


@pytest.mark.parametrize("key", ["escape", "f2"])
async def test_leaving_the_screen_stops_it(tmp_path: Path, world: World, key: str) -> None:
    stage = with_client(tmp_path, world)
    async with stage.open():
        await stage.press("f3", "f6")
        code = await code_of(stage)
        await stage.press(key)
        await stage.toast("Sign-in stopped: nothing was changed.")
        world.device.approve(code)
        await stage.until(lambda: not [one for one in stage.app.workers if one.description == "signing in"])
        assert "refresh_token" not in stored(stage)
        assert world.tokens.alive_refresh_tokens() == [world.refresh_token]


async def test_leaving_after_it_is_kept_stops_nothing(tmp_path: Path, world: World) -> None:
    stage = with_client(tmp_path, world, refresh_token=world.tokens.grant())
    world.faults.order("latency", path=REVOKE, ms=500)
    async with stage.open():
        await stage.press("f3", "f6")
        world.device.approve(await code_of(stage))
        await stage.until("Asking Zoho who you are")
        await stage.press("escape")
        assert len(stage.app.screen_stack) == 1
        await stage.until("Signed in as Robin Ellis")
        assert REVOKE in paths(world)
        assert not [one for one in stage.toasts if "stopped" in one[1]]


@pytest.mark.parametrize("at", ["keeping", "fetching"])
async def test_leaving_the_app_loses_no_token(tmp_path: Path, world: World, at: str) -> None:
    earlier = world.tokens.grant()
    stage = with_client(tmp_path, world, refresh_token=earlier)
    slow = REVOKE if at == "keeping" else POLL
    async with stage.open():
        await stage.online()
        await stage.press("f3", "f6")
        code = await code_of(stage)
        world.faults.order("latency", path=slow, ms=400)
        world.device.approve(code)
        await stage.until(lambda: paths(world)[-1] == slow)
        await stage.leave()
    assert sorted(world.tokens.alive_refresh_tokens()) == sorted(
        [world.refresh_token, stored(stage)["refresh_token"]]
    )
    assert (stored(stage)["refresh_token"] == earlier) == (at == "fetching")


async def test_in_the_demo_it_is_said_how_to_try_it(tmp_path: Path, world: World) -> None:
    stage = Stage(tmp_path, world)
    async with stage.open(banner="DEMO"):
        await stage.online()
        await stage.press("f3", "f6")
        await stage.toast("To try this: zoho-leads sandbox.")


async def test_a_failure_is_told_and_enter_begins_again(tmp_path: Path, world: World) -> None:
    stage = with_client(tmp_path, world)
    async with stage.open():
        await stage.press("f3")
        stage.line.down = True
        await stage.press("f6")
        await stage.until("Zoho's sign-in server cannot be reached from here.")
        stage.line.down = False
        await stage.press("enter")
        world.device.deny(await code_of(stage))
        await stage.until("Access was refused in the browser.")
        await stage.press("enter")
        world.device.approve(await code_of(stage))
        await stage.until("Signed in as Robin Ellis")


async def test_who_was_signed_out_by_zoho_signs_in_again_and_what_waits_is_sent(
    tmp_path: Path, world: World
) -> None:
    stage = with_client(tmp_path, world, refresh_token="1000.revoked-long-ago")
    async with stage.open():
        await stage.until("does not accept the refresh token")
        await stage.press("f2")
        await stage.send(Last_Name="Roe", Company="Acme")
        await stage.press("f3", "f6")
        world.device.approve(await code_of(stage))
        await stage.until("Signed in as Robin Ellis")
        await stage.online()
        await stage.until(lambda: "does not accept" not in stage.words)
        await stage.press("f4")
        await stage.until(lambda: stage.states != ["queued"] or "saved before sign-in" in stage.words)


async def test_a_file_that_is_broken_is_named_and_left(tmp_path: Path, world: World) -> None:
    stage = Stage(tmp_path, world, signed_in=False, config='{"client_id": ', quick=QuickTime(50))
    async with stage.open(size=(120, 40)):
        await stage.until("is not JSON")
        await stage.press("f6")
        await stage.until("Enter tries again.")
        assert "zoho_config.json is not JSON" in stage.words
        assert stage.config_file.read_text() == '{"client_id": '
        assert world.requests == []


async def test_what_zoho_tells_is_shown_as_it_is_and_nothing_more(tmp_path: Path, world: World) -> None:
    body = {
        "user_code": "[/x][@click=app.quit]A\x1b[2J\u202eB",
        "device_code": "1004.x",
        "verification_url": "https://evil.example/device",
        "interval": 5000,
        "expires_in": 300000,
    }
    world.faults.order("answer", path="/oauth/v3/device/code", body=body)
    stage = with_client(tmp_path, world)
    async with stage.open():
        await stage.press("f3", "f6")
        assert (await code_of(stage)).startswith("[/x][@click=app.quit]A")
        assert "\x1b" not in stage.text
        assert "\u202e" not in stage.text
        assert "evil" not in stage.text, "a page where a password is typed"


async def test_a_larger_terminal_draws_the_code_anew(tmp_path: Path, world: World) -> None:
    stage = with_client(tmp_path, world)
    async with stage.open():
        await stage.press("f3", "f6")
        await code_of(stage)
        small = max(map(len, stage.lines))
        await stage.pilot.resize_terminal(120, 40)
        await stage.until(lambda: max(map(len, stage.lines)) > small)


async def test_the_menu_offers_it(tmp_path: Path, world: World) -> None:
    stage = with_client(tmp_path, world)
    async with stage.open():
        await stage.press("f3", "ctrl+p")
        await stage.type("sign in to")
        await stage.until("with a browser anywhere")
        await stage.press("enter")
        await code_of(stage)


# With a grant code


async def test_a_grant_code_is_exchanged_on_enter_and_stored_nowhere(stranger: Stage, world: World) -> None:
    code = world.new_grant_code()
    async with stranger.open():
        await stranger.until("Not signed in")
        await fill_in(stranger, world)
        await stranger.fill(grant_code=code)
        assert code not in stranger.text
        await stranger.press("enter")
        await stranger.until("Signed in as Robin Ellis")
        assert stranger.form.value("grant_code") == ""
        assert world.tokens.knows_refresh(stored(stranger)["refresh_token"])
        assert stored(stranger)["data_center"] == "eu"
        await stranger.leave()
    everything = [file.read_bytes() for file in stranger.folder.rglob("*") if file.is_file()]
    assert not [one for one in everything if code.encode() in one]


async def test_a_grant_code_that_is_refused_is_told_and_gone(tmp_path: Path, world: World) -> None:
    stage = with_client(tmp_path, world)
    async with stage.open():
        await stage.press("f3")
        await stage.until("Not signed in")
        await stage.fill(grant_code="1000.canary-code")
        await stage.press("enter")
        await stage.until("Generate another one in the console's Self Client")
        assert "does not accept the grant code" in stage.form.errors["grant_code"]
        assert stage.form.value("grant_code") == ""
        assert "canary" not in stage.text
        assert "refresh_token" not in stored(stage)


async def test_a_grant_code_before_the_client_waits_for_it(stranger: Stage, world: World) -> None:
    async with stranger.open():
        await stranger.until("Not signed in")
        await stranger.fill(grant_code=world.new_grant_code())
        await stranger.press("enter")
        await stranger.until(lambda: stranger.form.current == "client_id")
        assert world.requests == []
        await fill_in(stranger, world)
        await stranger.press("ctrl+s")
        await stranger.until("Signed in as Robin Ellis")


async def test_one_sign_in_at_a_time_and_leaving_waits_for_it(tmp_path: Path, world: World) -> None:
    stage = with_client(tmp_path, world)
    world.faults.order("latency", path=TOKEN, ms=600)
    async with stage.open():
        await stage.press("f3")
        await stage.until("Not signed in")
        await stage.fill(grant_code=world.new_grant_code())
        await stage.press("enter")
        await stage.until(lambda: TOKEN in paths(world))
        await stage.press("f6")
        await stage.toast("Zoho is being asked already.")
        await stage.leave()
    assert world.tokens.knows_refresh(stored(stage)["refresh_token"])


# With a refresh token


async def test_a_refresh_token_is_tried_before_it_is_saved_and_replaces_the_one_before(
    tmp_path: Path, world: World
) -> None:
    earlier = world.tokens.grant()
    stage = with_client(tmp_path, world, refresh_token=earlier)
    async with stage.open():
        await stage.online()
        await stage.press("f3")
        await stage.fill(refresh_token=world.refresh_token, source=" Desk")
        await stage.press("ctrl+s")
        await stage.toast("Settings saved.")
        assert stored(stage)["refresh_token"] == world.refresh_token
        assert stored(stage)["source"] == "Qualification Inbound Desk"
        assert world.tokens.alive_refresh_tokens() == [world.refresh_token]
        await stage.online()


async def test_a_refresh_token_that_does_not_work_changes_nothing(tmp_path: Path, world: World) -> None:
    stage = with_client(tmp_path, world, refresh_token=world.refresh_token)
    async with stage.open():
        await stage.online()
        before = stored(stage)
        await stage.press("f3")
        await stage.fill(refresh_token="1000.canary-dead", source=" Desk")
        await stage.press("ctrl+s")
        await stage.until("Sign in with a browser instead (F6).")
        assert "does not accept this refresh token" in stage.form.errors["refresh_token"]
        assert stored(stage) == before
        assert world.tokens.knows_refresh(world.refresh_token)
        assert REVOKE not in paths(world)
        assert "canary" not in stage.text


# Words


def _every_failure() -> list[ZohoError]:
    said: list[ZohoError] = [
        answers.no_usable_answer("x"),
        answers.expired("", lost=True),
        answers.expired("x", lost=False),
        answers.no_refresh_token(),
        answers.elsewhere_unknown("mars"),
        answers.secret_elsewhere("us", answers.no_usable_answer("x")),
    ]
    words = {word for table in (answers._AT_POLL, answers._AT_REFRESH) for word in table}
    for word in words:
        said += [
            one for one in (answers.read_device_code(200, {"error": word}),) if isinstance(one, ZohoError)
        ]
        said += [one for one in (answers.read_poll(200, {"error": word}),) if isinstance(one, ZohoError)]
        for refreshing in (False, True):
            read = answers.read_exchange(200, {"error": word}, refreshing=refreshing)
            said += [read] if isinstance(read, ZohoError) else []
    return said


@pytest.mark.parametrize("error", _every_failure(), ids=lambda error: error.code)
def test_no_failure_speaks_of_the_command_line(error: ZohoError) -> None:
    for text in (error.what, error.next_step):
        assert "zoho-leads" not in on_screen(text)
        assert "--" not in on_screen(text)


def test_other_words_stay() -> None:
    assert on_screen("Ask an administrator.") == "Ask an administrator."
    assert on_screen("Run zoho-leads login, or set the ZOHO_ variables (README).") == (
        "Sign in (F6), or set the ZOHO_ variables (README)."
    )
