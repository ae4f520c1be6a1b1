"""A rep's own keys in the app: they work, the built-in ones do not, and whatever shows keys shows them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from app_stage import Stage

from tui.actions import ACTIONS, bar_keys, key_of
from tui.help import HelpScreen
from tui.palette import Palette
from tui.sign_in.words import on_screen

LEAD = {"Last_Name": "Roe", "Company": "Acme"}
KEYMAP = {
    "lead.send": "alt+s",
    "lead.park": "",
    "tab.log": "alt+l",
    "log.details": "v",
    "app.help": "alt+h",
    "app.quit": "alt+q",
    "settings.test": "f11",
}


@pytest.fixture
def moved(tmp_path: Path) -> Stage:
    return Stage(tmp_path, config={"keymap": KEYMAP})


async def test_the_new_key_works_and_the_old_one_is_dead(moved: Stage) -> None:
    async with moved.open():
        await moved.online()
        await moved.fill(**LEAD)
        await moved.press("ctrl+s", "f5", "f4", "ctrl+n", "f11", "ctrl+q")
        assert (moved.rows, moved.app.tab, moved.form.value("Company")) == ([], "qualify", "Acme")
        assert not moved.app._exit
        await moved.press("alt+s")
        await moved.toast("Roe, Acme", "created in Zoho")
        await moved.press("alt+l")
        await moved.until(lambda: moved.app.tab == "log")
        await moved.press("v")
        await moved.until("What was tried")
        await moved.press("escape", "alt+q")
        await moved.until(lambda: moved.app._exit)


async def test_a_key_goes_from_one_tab_to_another_without_leaving_the_first(tmp_path: Path) -> None:
    stage = Stage(tmp_path, config={"keymap": {"settings.test": "f6", "settings.sign_in": "ctrl+g"}})
    async with stage.open():
        await stage.online()
        await stage.fill(**LEAD)
        await stage.press("ctrl+n")
        await stage.until(lambda: not stage.form.value("Company"), "parked")
        await stage.press("f6")
        await stage.until(lambda: stage.form.value("Company") == "Acme", "F6 restores in Qualify still")
        await stage.press("f3", "f6")
        await stage.until("Signed in as", "F6 tests in Settings")


async def test_bar_help_and_palette_show_it(moved: Stage) -> None:
    async with moved.open(size=(80, 60)):
        await moved.online()
        assert "Alt+S Send" in moved.lines[-1]
        assert "Alt+L Log" in moved.lines[-1]
        assert "Park" not in moved.lines[-1]
        await moved.press("alt+h")
        await moved.until("Alt+S Save the lead and send it")
        assert "^S" not in moved.text
        await moved.press("alt+h")
        await moved.until(lambda: not isinstance(moved.app.screen, HelpScreen), "its key closes it")
        assert len(moved.app.screen_stack) == 1
        await moved.press("ctrl+p")
        await moved.until("Send Alt+S")
        await moved.type("put this half")
        await moved.until(lambda: "Park" in moved.words and "Send Alt+S" not in moved.words)
        assert "Park ^" not in moved.words
        await moved.press("escape")


async def test_what_has_no_key_is_in_the_palette_and_not_under_a_click(moved: Stage) -> None:
    async with moved.open():
        await moved.online()
        await moved.fill(**LEAD)
        await moved.pilot.click("#keys", offset=(moved.lines[-1].index("Menu"), 0))
        await moved.until(lambda: isinstance(moved.app.screen, Palette))
        assert moved.form.value("Company") == "Acme"
        await moved.type("put this half")
        await moved.until(lambda: "Park" in moved.words and "Go to" not in moved.words)
        await moved.press("enter")
        await moved.until(lambda: len(moved.app.screen_stack) == 1 and not moved.form.value("Company"))


async def test_a_click_in_the_bar_does_what_the_new_key_does(moved: Stage) -> None:
    async with moved.open():
        await moved.online()
        await moved.fill(**LEAD)
        await moved.pilot.click("#keys", offset=(moved.lines[-1].index("Send"), 0))
        await moved.toast("Roe, Acme", "created in Zoho")


async def test_sentences_name_the_keys_of_the_rep(moved: Stage) -> None:
    async with moved.open():
        await moved.online()
        await moved.press("ctrl+c")
        await moved.toast("Alt+Q leaves")
        named: list[str] = []
        moved.app.call_later(lambda: named.extend(map(key_of, ("tab.log", "lead.park", "lead.drafts"))))
        await moved.until(lambda: named)
        assert named == ["Alt+L", "Ctrl+P, Park", "Ctrl+O"]


async def test_tabs_name_the_keys_of_the_rep(tmp_path: Path) -> None:
    keymap = {"tab.qualify": "alt+y", "tab.settings": "alt+x", "settings.sign_in": "f12", "settings.test": ""}
    stage = Stage(tmp_path, signed_in=False, config={"keymap": keymap})
    async with stage.open():
        await stage.until("in Settings (Alt+X), then press F12")
    async with stage.open():
        await stage.until("in Settings (Alt+X), then press F12")
        await stage.press("f4")
        await stage.until("No leads yet. Alt+Y goes to the form.")
        await stage.press("b")
        await stage.toast("see Settings (Alt+X)")
        await stage.press("alt+x")
        stage.form.go_to("test")
        await stage.until("Ctrl+P, Test: ask Zoho")
        stage.form.go_to("sign_in")
        await stage.until("F12: approve in any browser")


async def test_the_first_frame_of_the_next_start_has_them(moved: Stage) -> None:
    async with moved.open():
        await moved.online()
        await moved.until(lambda: "keymap" in json.loads(moved.app.desk._launch.paths.snapshot.read_text()))
    moved.config_file.write_text("{")  # it cannot be read: what is shown comes from the last run
    async with moved.open():
        assert "Alt+S Send" in moved.lines[-1]
        await moved.press("alt+l")
        assert moved.app.tab == "log"


async def test_keys_taken_out_of_the_configuration_are_the_built_in_ones_again(moved: Stage) -> None:
    async with moved.open():
        await moved.online()
    moved.config_file.write_text("{}")
    async with moved.open():
        assert "Alt+S" in moved.lines[-1]
        await moved.until(lambda: "^S Send" in moved.lines[-1])
        await moved.press("alt+l")
        assert moved.app.tab == "qualify"
        await moved.press("f4")
        assert moved.app.tab == "log"


async def test_a_wish_that_cannot_be_granted_is_told(tmp_path: Path) -> None:
    stage = Stage(tmp_path, config={"keymap": {"lead.park": "f5", "lead.sent": "f10", "[/x]": "\x1b[2J"}})
    async with stage.open(size=(100, 60)):
        await stage.toast(
            "Configuration", 'no action "lead.sent"', "The nearest is lead.send.", "2 more, in Help (F8)"
        )
        await stage.press("f8")
        await stage.until("Keys that could not be had")
        await stage.until("F5 is wished for lead.park, but is the key of lead.send; lead.park has Ctrl+N")
        await stage.until('there is no action "[/x]"')


async def test_a_fault_of_the_file_and_one_of_the_keys_are_told_together(tmp_path: Path) -> None:
    stage = Stage(tmp_path, config={"sauce": "x", "sorce": "x", "keymap": {"lead.park": "f5"}})
    async with stage.open():
        await stage.toast("Configuration", "sauce", "(and 2 more, in Settings and Help (F8))")


async def test_without_wishes_nothing_is_loaded_for_them(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        assert stage.app.actions is ACTIONS
        assert bar_keys("qualify")[0] == ("F2", "Qualify")


async def test_whoever_is_told_of_keys_is_told_of_their_own(tmp_path: Path) -> None:
    keymap = {"tab.log": "alt+l", "log.retry": "t", "settings.sign_in": "alt+i", "log.edit": "c"}
    stage = Stage(tmp_path, config={"keymap": keymap}, environ={"ZOHO_SCRIPT": "bant"})
    refused = {"code": "INVALID_DATA", "message": "not like this", "status": "error", "details": {}}
    stage.world.faults.order(
        "answer", path="/crm/v8/Tasks", method="POST", status=202, body={"data": [refused]}
    )
    async with stage.open():
        await stage.online()
        await stage.fill(**LEAD)
        await stage.press("ctrl+n")
        await stage.until(lambda: stage.form.field("?call_back") is not None)
        day = f"{datetime.now(UTC) + timedelta(days=90):%Y-%m-%d}"
        await stage.send(**LEAD, **{"?call_back": f"{day} 10:00"})
        await stage.toast("Roe, Acme", "T in the Log (Alt+L) sends it again.")
        assert on_screen("Run zoho-leads login.") == "Sign in (Alt+I)."
        await stage.press("alt+l")
        await stage.until("half typed: C takes")
        await stage.press("t")
        await stage.until(lambda: len(stage.world.tasks) == 1)
