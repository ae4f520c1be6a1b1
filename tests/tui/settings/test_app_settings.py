"""The Settings tab in the whole app: who we are, where each value comes from, and whether it works."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from app_stage import API, Stage

from zoho.commands.place import Place
from zoho.sandbox import World

CANARY = "1000.canary0canary0canary0canary.0000abcd"


def stored(stage: Stage) -> Any:
    """Return what is in ``zoho_config.json``."""
    return json.loads(stage.config_file.read_text())


async def test_without_credentials_the_app_opens_here_and_says_what_to_do(stranger: Stage) -> None:
    async with stranger.open(remote=True):
        assert stranger.app.tab == "settings"
        await stranger.until(
            "Not signed in: fill in client id and client secret in Settings (F3), then press F6."
        )
        assert "Leads are kept until then" in stranger.words
        assert stranger.focus_in_form
        assert "not signed in" in stranger.lines[0]


async def test_a_lead_typed_without_credentials_is_kept_and_confirmed_for_the_org_later(
    tmp_path: Path, stranger: Stage
) -> None:
    async with stranger.open(remote=True):
        await stranger.until("Not signed in")
        await stranger.press("f2")
        await stranger.send(Last_Name="Roe", Company="Acme")
        assert stranger.form.values == {}
        await stranger.until("1 waiting")
        await stranger.leave()
    assert "1 unsent, safe" in stranger.message
    stage = Stage(tmp_path)
    async with stage.open():
        await stage.online()
        await stage.until("Saved before sign-in: 1.")
        await stage.press("f4")
        await stage.until("saved before sign-in")
        assert stage.states == ["queued"]
        await stage.press("b")
        await stage.toast("Roe, Acme", "created in Zoho")
        await stage.until(lambda: "saved before sign-in" not in stage.words)
    assert stage.world.records()[-1]["Last_Name"] == "Roe"


async def test_signing_in_by_hand_writes_the_file_for_the_user_alone_and_connects(stranger: Stage) -> None:
    async with stranger.open():
        await stranger.until("Not signed in")
        await stranger.press("f3")
        form = stranger.form
        form.go_to("data_center")
        await stranger.type("Europe")
        await stranger.press("enter")
        await stranger.fill(
            client_id=stranger.world.client_id,
            client_secret=stranger.world.client_secret,
            refresh_token=stranger.world.refresh_token,
        )
        assert stranger.world.client_secret not in stranger.text
        await stranger.press("ctrl+s")
        await stranger.toast("Settings saved")
        await stranger.online()
        await stranger.until(lambda: "Not signed in" not in stranger.words)
        assert stored(stranger) == {
            "data_center": "eu",
            "client_id": stranger.world.client_id,
            "client_secret": stranger.world.client_secret,
            "refresh_token": stranger.world.refresh_token,
        }
        assert stranger.config_file.stat().st_mode & 0o777 == 0o600
        await stranger.until(f"stored ····{stranger.world.client_secret[-4:]} (file)")
        await stranger.until(lambda: "••••" not in stranger.text, "the secret has left its editor")
        assert form.value("client_secret") == form.value("refresh_token") == ""
        for secret in (stranger.world.client_secret, stranger.world.refresh_token):
            assert secret not in stranger.text
        await stranger.press("f2")
        await stranger.send(Last_Name="Roe", Company="Acme")
        await stranger.toast("Roe, Acme", "created in Zoho")


async def test_saving_keeps_unknown_keys_and_what_was_not_changed(tmp_path: Path) -> None:
    before = {"team": "EMEA", "client_id": "1000.OLD", "client_secret": CANARY, "refresh_token": CANARY}
    stage = Stage(tmp_path, signed_in=False, config=before)
    async with stage.open():
        await stage.press("f3")
        await stage.until("Lead source")
        await stage.until(lambda: stage.form.value("client_id") == "1000.OLD")
        await stage.fill(source=" Desk")
        await stage.press("f5")
        await stage.toast("Settings saved")
        assert stored(stage) == before | {"source": "Qualification Inbound Desk"}
        await stage.press("ctrl+s")
        await stage.toast("Nothing was changed")


async def test_a_stored_secret_is_shown_by_its_last_letters_alone(tmp_path: Path) -> None:
    config = {"client_id": "1000.ID", "client_secret": CANARY, "refresh_token": CANARY, "data_center": "eu"}
    stage = Stage(tmp_path, signed_in=False, config=config)
    async with stage.open():
        await stage.press("f3")
        await stage.until("stored ····abcd (file)")
        for name in ("client_secret", "refresh_token"):
            stage.form.go_to(name)
            await stage.settled()
            assert stage.form.value(name) == ""
            assert "canary" not in stage.text
            await stage.type("ty")
            assert "ty" not in stage.lines[5]
            await stage.press("escape")
        assert "canary" not in repr(stage.app.query("*").nodes)


async def test_values_of_environment_and_options_say_so_and_cannot_be_edited(stage: Stage) -> None:
    async with stage.open(place=Place(source="Trade Show")):
        await stage.online()
        await stage.press("f3")
        await stage.until("(environment)")
        form = stage.form
        for name in ("data_center", "client_id", "client_secret", "refresh_token"):
            assert form.field(name).read_only
            assert "environment" in form.field(name).note
        assert form.field("source").read_only
        assert "option" in form.field("source").note
        assert form.current == "save_access_token", "the first that can be edited"
        await stage.press("space", "ctrl+s")
        await stage.toast("Settings saved")
        assert stored(stage) == {"save_access_token": True}


async def test_what_is_typed_before_everything_is_loaded_or_told_stays(stranger: Stage) -> None:
    async with stranger.open(remote=True):
        await stranger.fill(client_id="1000.TYPED", client_secret="half a secr")
        await stranger.until("Not signed in")
        assert stranger.form.value("client_id") == "1000.TYPED"
        assert stranger.form.value("client_secret") == "half a secr"


async def test_what_is_typed_stays_when_the_org_is_seen(stage: Stage) -> None:
    async with stage.open():
        stage.line.down = True
        await stage.press("f3")
        await stage.until("cannot be reached")
        await stage.fill(source=" x")
        stage.line.down = False
        stage.app.desk.retry()
        await stage.online()
        await stage.settled()
        assert stage.form.value("source") == "Qualification Inbound x"


# Test connection


async def test_the_connection_test_reports_user_org_and_what_is_well(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.press("f3", "f7")
        await stage.until("Signed in as Robin Ellis to Zylker Ltd")
        await stage.until("Leads can be looked up")
        assert "Leads get the source" in stage.words


async def test_the_connection_test_reports_a_source_that_the_picklist_lacks(tmp_path: Path) -> None:
    stage = Stage(tmp_path, environ={"ZOHO_LEAD_SOURCE": "Carrier Pigeon"})
    async with stage.open():
        await stage.online()
        await stage.press("f3", "f7")
        await stage.until("lacks “Carrier Pigeon”")
        assert "An administrator adds it" in stage.words


async def test_the_connection_test_saves_what_was_typed_first(tmp_path: Path) -> None:
    stage = Stage(tmp_path, World(submission_key="Submission_Key", base_url=API))
    async with stage.open():
        await stage.online()
        await stage.press("f3")
        await stage.fill(source=" Desk")
        await stage.press("f7")
        await stage.until("lacks “Qualification Inbound Desk”")
        assert stored(stage) == {"source": "Qualification Inbound Desk"}


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("ZOHO_CLIENT_SECRET", "client secret"),
        ("ZOHO_REFRESH_TOKEN", "does not accept the refresh token"),
        ("ZOHO_CLIENT_ID", "client"),
    ],
)
async def test_wrong_credentials_are_told_in_words_and_cost_one_request(
    tmp_path: Path, variable: str, said: str
) -> None:
    stage = Stage(tmp_path, environ={variable: CANARY})
    async with stage.open():
        await stage.until(lambda: said in stage.words.lower())
        assert stage.world.token_requests == 1
        assert stage.app._online is False
        await stage.press("f3", "f7")
        await stage.until(lambda: "Asking Zoho" not in stage.words and stage.app.tab == "settings")
        if variable != "ZOHO_CLIENT_ID":
            assert "canary" not in stage.text
        assert stage.world.token_requests <= 3


async def test_the_connection_test_without_credentials_names_what_is_missing(stranger: Stage) -> None:
    async with stranger.open(remote=True):
        await stranger.until("Not signed in: fill")
        await stranger.press("f7")
        await stranger.until("Not signed in to Zoho: client id, client secret, refresh token missing")


# A file that is broken


@pytest.mark.parametrize("content", ['{"client_id": ', '{"data_center": "mars"}', '{"client_secret": 17}'])
async def test_a_broken_file_is_named_and_left_as_it_is(tmp_path: Path, content: str) -> None:
    stage = Stage(tmp_path, signed_in=False, config=content)
    async with stage.open(remote=True, size=(120, 40)):
        await stage.until(lambda: stage.config_file.name in stage.text)
        assert stage.app.tab == "settings"
        await stage.fill(source="x")
        await stage.press("ctrl+s")
        await stage.until(lambda: stage.text.count(stage.config_file.name) >= 1)
        assert stage.config_file.read_text() == content
        await stage.press("f2")
        await stage.fill(Last_Name="Roe", Company="Acme")
        await stage.press("ctrl+s")
        await stage.until(lambda: stage.states == ["queued"], "a lead is kept all the same")


async def test_a_value_that_cannot_be_used_is_told_under_its_field(stranger: Stage) -> None:
    async with stranger.open(remote=True):
        await stranger.until("Not signed in")
        stranger.config_file.parent.mkdir(mode=0o700)
        stranger.config_file.write_text("[]")
        await stranger.fill(client_id="1000.ID")
        await stranger.press("ctrl+s")
        await stranger.until("it was left as it is")
        assert stranger.config_file.read_text() == "[]"
        assert stranger.form.value("client_id") == "1000.ID", "what was typed is still there"


async def test_a_file_that_was_mended_meanwhile_is_used_by_the_next_test(tmp_path: Path) -> None:
    stage = Stage(tmp_path, config='{"source": ')
    async with stage.open(size=(120, 40)):
        await stage.until("zoho_config.json")
        stage.config_file.write_text('{"source": "Trade Show"}')
        await stage.press("f3", "f7")
        await stage.until("Leads get the source “Trade Show”")
        await stage.online()


async def test_what_is_odd_about_the_file_is_told_and_kept(tmp_path: Path) -> None:
    stage = Stage(tmp_path, config={"sourcee": "Web"})
    async with stage.open():
        await stage.toast("Configuration", "sourcee")
        await stage.press("f3")
        await stage.until("did you mean")
        assert stored(stage) == {"sourcee": "Web"}


async def test_one_of_several_layouts_is_chosen_and_is_the_form_at_once(tmp_path: Path) -> None:
    stage = Stage(tmp_path, World(submission_key="Submission_Key", base_url=API, org="strict"), config={})
    async with stage.open():
        await stage.online()
        await stage.press("f3")
        await stage.until("Layout")
        stage.form.go_to("layout_id")
        await stage.type("short")
        await stage.press("enter", "ctrl+s")
        await stage.toast("Settings saved")
        (short,) = [one.id for one in stage.world.modules["Leads"].layouts if one.name == "Short"]
        assert stored(stage)["layout_id"] == short
        await stage.until(lambda: stage.app.desk.form.layout_name == "Short")


async def test_a_layout_that_is_configured_stays_where_there_is_no_choice(tmp_path: Path) -> None:
    world = World(submission_key="Submission_Key", base_url=API)
    layout = world.modules["Leads"].layouts[0].id
    stage = Stage(tmp_path, world, config={"layout_id": layout})
    async with stage.open():
        await stage.online()
        await stage.press("f3")
        await stage.until("Lead source")
        stage.form.go_to("source")
        await stage.type("x")
        await stage.press("ctrl+s")
        await stage.toast("Settings saved")
    assert stored(stage)["layout_id"] == layout
