"""The shell: tabs, keys, palette, help, small screens, foreign text, and where failures end."""

from __future__ import annotations

import inspect
import os
from pathlib import Path

import pytest
from app_stage import API, Stage
from textual.widgets import Input

from tui.actions import ACTIONS, TABS, actions_of, bar_keys
from tui.app import ZohoLeadsApp
from tui.crash import write_report
from tui.help import HelpScreen
from zoho.sandbox import World

LEAD = {"Last_Name": "Roe", "Company": "Acme"}
NASTY = "[/x] [@click=app.quit]Acme[/] [red]\x1b]0;owned\x07\x1b[2J\x9b2J\u202e [bold"
SEEN = "[/x] [@click=app.quit]A"


# The table of actions


def test_no_two_actions_of_a_tab_share_a_key() -> None:
    for tab, _ in TABS:
        keys = [key for action in actions_of(tab) for key in action.keys]
        assert len(keys) == len(set(keys)), tab
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_has_a_method_that_takes_what_it_is_given(action: object) -> None:
    name, _, arguments = action.run.partition("(")  # type: ignore[attr-defined]
    method = getattr(ZohoLeadsApp, f"action_{name}")
    given = [part for part in arguments.rstrip(")").split(",") if part]
    inspect.signature(method).bind(None, *given)


def test_what_is_in_every_bar_fits_an_80_column_screen() -> None:
    for tab, _ in TABS:
        assert [label for _, label in bar_keys(tab)][:3] == ["Qualify", "Settings", "Log"]


def test_each_action_of_a_form_can_be_reached_by_a_function_key_or_a_control_key() -> None:
    plain = [action.id for action in ACTIONS if action.tab != "log" and any(len(k) == 1 for k in action.keys)]
    assert plain == [], "a letter belongs to the form"


# Tabs


async def test_tabs_by_keys(stage: Stage) -> None:
    async with stage.open():
        for key, tab, shown in (("f4", "log", "No leads yet"), ("f3", "settings", "Client ID")):
            await stage.press(key)
            await stage.until(shown)
            assert stage.app.tab == tab
        await stage.press("f2")
        await stage.until("Last Name")
        assert stage.focus_in_form


async def test_tabs_by_click_and_keys_of_the_bar_by_click(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.pilot.click("#tabs", offset=(stage.lines[0].index("Log"), 0))
        await stage.until("No leads yet")
        await stage.pilot.click("#keys", offset=(stage.lines[-1].index("Qualify"), 0))
        await stage.until(lambda: stage.app.tab == "qualify")
        await stage.fill(**LEAD)
        await stage.pilot.click("#keys", offset=(stage.lines[-1].index("Send"), 0))
        await stage.toast("Roe, Acme", "created in Zoho")
        await stage.pilot.click("#keys", offset=(stage.lines[-1].index("Help"), 0))
        await stage.until(lambda: isinstance(stage.app.screen, HelpScreen))


async def test_what_was_typed_survives_going_through_the_tabs(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(First_Name="Ada", Company="Acme")
        await stage.press("f3", "f4", "f2")
        assert stage.form.values == {"First_Name": "Ada", "Company": "Acme"}
        assert stage.form.current == "Company"
        await stage.type("!")
        assert stage.form.value("Company") == "Acme!"


# Palette and help


async def test_the_palette_offers_the_actions_of_the_tab_and_runs_one(stage: Stage) -> None:
    async with stage.open(size=(80, 90)):
        await stage.online()
        await stage.fill(**LEAD)
        await stage.press("ctrl+p")
        offered = [action for action in actions_of("qualify") if action.palette]
        await stage.until(lambda: all(action.help in stage.words for action in offered))
        assert "Screenshot" not in stage.text
        assert not any(action.help in stage.words for action in actions_of("log") if action.tab == "log")
        stage.app.screen.query_one(Input).value = "Send"
        await stage.until(lambda: "Go to the settings" not in stage.words)
        await stage.press("enter")
        await stage.until(lambda: len(stage.app.screen_stack) > 1 or stage.rows)
        if not stage.rows:
            await stage.press("enter")
        await stage.toast("Roe, Acme", "created in Zoho")


async def test_help_shows_the_keys_of_the_tab_and_closes(stage: Stage) -> None:
    async with stage.open(size=(80, 50)):
        await stage.online()
        for tab_key, tab in (("f2", "qualify"), ("f3", "settings"), ("f4", "log")):
            await stage.press(tab_key, "f8")
            await stage.until(lambda tab=tab: all(action.help in stage.words for action in actions_of(tab)))
            assert all(action.shown_keys[0] in stage.words for action in actions_of(tab))
            await stage.press("escape")
            assert len(stage.app.screen_stack) == 1


async def test_a_tab_key_leaves_a_dialog_and_send_does_nothing_under_one(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(**LEAD)
        await stage.press("f8", "ctrl+s")
        assert stage.rows == []
        await stage.press("f4")
        await stage.until(lambda: stage.app.tab == "log")
        assert len(stage.app.screen_stack) == 1


async def test_ctrl_c_tells_how_to_leave(stage: Stage) -> None:
    async with stage.open():
        await stage.press("ctrl+c")
        await stage.toast("Ctrl+Q leaves")
        assert not stage.app._exit


# Sizes


@pytest.mark.parametrize("size", [(60, 20), (40, 10), (200, 60), (20, 5)])
async def test_every_size_works(stage: Stage, size: tuple[int, int]) -> None:
    async with stage.open(size=size):
        await stage.online()
        await stage.send(**LEAD)
        await stage.until(lambda: stage.states == ["sent"])
        for keys in (("f3",), ("f4",), ("enter",), ("escape", "f8"), ("escape", "f2")):
            await stage.press(*keys)
            await stage.settled()
            assert all(len(line) <= size[0] for line in stage.lines)
        if size == (60, 20):
            await stage.until("Last Name")
            assert "Send" in stage.lines[-1]
            await stage.press("ctrl+s")
            await stage.until("needed")


# Foreign text


async def test_hostile_text_from_zoho_is_shown_as_text_everywhere(tmp_path: Path) -> None:
    world = World(base_url=API)
    world.org["company_name"] = NASTY
    world.users[0]["last_name"] = NASTY
    fields = world.modules["Leads"].fields
    fields["Phone"].label = NASTY
    fields["Lead_Status"].values = ((NASTY, NASTY), *fields["Lead_Status"].values)
    world.add_unique_field("Email")
    world.keep("Leads", {"Last_Name": NASTY, "Company": NASTY, "Email": "a@b.example"})
    stage = Stage(tmp_path, world)
    async with stage.open(size=(160, 40)):
        await stage.online()
        await stage.until(SEEN)
        assert "[/x]" in stage.lines[0], "the org"
        stage.form.go_to("Lead_Status")
        await stage.settled()
        await stage.press("enter")
        await stage.until(lambda: stage.text.count("[/x]") >= 3, "org, label and picklist")
        await stage.press("escape")
        await stage.fill(Last_Name="[/x][@click=app.quit]Roe", Company="[red]Acme", Email="a@b.example")
        await stage.press("ctrl+s")
        await stage.toast("[/x][@click=app.quit]Roe, [red]Acme", "already in Zoho")
        await stage.until("[@click=app.quit]Roe", "the toast shows it")
        await stage.press("f4")
        await stage.until("duplicate")
        await stage.press("enter")
        await stage.until(lambda: "owner" in stage.words and SEEN in stage.words)
        await stage.press("escape", "f3", "f7")
        await stage.until("Signed in as")
        assert not any(
            ord(letter) < 32 or letter in "\x7f\x9b\u202e" for letter in stage.text if letter != "\n"
        )
        assert not stage.app._exit


async def test_hostile_messages_of_errors_are_shown_as_text(stage: Stage) -> None:
    from zoho.wire.errors import ZohoError

    async with stage.open():
        await stage.online()
        stage.app.desk._tell(_failed(ZohoError(NASTY, next_step=NASTY)))
        await stage.until("[@click=app.quit]Acme[/]")
        stage.app._say(NASTY, title=NASTY, failed=True)
        await stage.toast("[@click=app.quit]Acme[/]")
        await stage.until(lambda: stage.words.count("[/x]") >= 3)
        assert not stage.app._exit


def _failed(error: object) -> object:
    from tui.events import Failed

    return Failed(error)  # type: ignore[arg-type]


# Failures


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_folder_without_write_permission_is_told(stage: Stage) -> None:
    (stage.folder / "data").mkdir(mode=0o500)
    await _unwritable(stage)


async def test_a_data_folder_that_cannot_be_is_told_once_and_the_form_stays_filled(stage: Stage) -> None:
    (stage.folder / "data").write_text("a file in its place")
    await _unwritable(stage)


async def _unwritable(stage: Stage) -> None:
    async with stage.open():
        await stage.until(lambda: "data" in stage.words and "!" in stage.words)
        notice = stage.words
        await stage.fill(**LEAD)
        await stage.press("ctrl+s")
        await stage.toast("Not saved")
        assert stage.form.values == LEAD
        assert stage.focus_in_form
        assert len([one for one in stage.toasts if one[0] == "Not saved"]) == 1
        assert "Traceback" not in notice
        await stage.press("f4")
        await stage.settled()
        await stage.leave()
    assert stage.app.return_code == 0


async def test_background_work_that_fails_is_told_and_not_lost(stage: Stage) -> None:
    async def fails() -> None:
        raise LookupError("canary of a lead")

    async with stage.open():
        await stage.online()
        stage.app.run_worker(fails, description="counting sheep", exit_on_error=False)
        _, text, severity = await stage.toast("counting sheep failed")
        assert severity == "error"
        assert "canary" not in text
        await stage.send(**LEAD)
        await stage.toast("Roe, Acme", "created in Zoho")


async def test_a_bug_ends_the_app_with_one_line_and_a_report_without_values(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        secret = "canary-local"  # noqa: F841
        raise LookupError("canary-message")

    async def run() -> None:
        async with stage.open():
            await stage.online()
            stage.app.call_later(broken)
            await stage.until(lambda: stage.app._exception)

    with pytest.raises(LookupError):
        await run()
    assert capsys.readouterr() == ("", ""), "the line is for whoever started the app"
    assert "what was saved is safe" in stage.app.crashed
    assert "canary" not in stage.app.crashed
    assert stage.app.return_code == 1
    (report,) = (stage.folder / "data" / "log").glob("crash-*.txt")
    assert report.stat().st_mode & 0o777 == 0o600
    content = report.read_text()
    assert "LookupError" in content
    assert "in broken" in content
    assert "canary" not in content
    assert not any(b"canary" in path.read_bytes() for path in stage.folder.rglob("*") if path.is_file())


def test_a_report_that_cannot_be_written_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert write_report(LookupError("x"), tmp_path / "file" / "log") is None


def test_a_report_leaves_no_folder_open_to_others(tmp_path: Path) -> None:
    path = write_report(LookupError("x"), tmp_path / "data" / "log")
    assert path is not None
    for made in (path, path.parent, path.parent.parent):
        assert made.stat().st_mode & 0o077 == 0
