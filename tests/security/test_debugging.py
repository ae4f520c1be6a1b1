"""What would help a developer would write a rep's keys, screens and secrets to files: it is off."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from app_stage import Stage
from pty_session import PtySession
from verbs import COMMAND, Home

from tui.launch import drop_debugging
from zoho.wire.http import build_http_client

TYPED = "Canarylead"


def test_variables_that_write_to_files_are_dropped_and_others_stay() -> None:
    environ = dict.fromkeys(
        (
            *("TEXTUAL", "TEXTUAL_DEBUG", "TEXTUAL_LOG", "TEXTUAL_SCREENSHOT", "TEXTUAL_SCREENSHOT_LOCATION"),
            *("TEXTUAL_SCREENSHOT_FILENAME", "TEXTUAL_PRESS", "TEXTUAL_SHOW_RETURN", "SSLKEYLOGFILE"),
            *("TEXTUAL_DEVTOOLS_HOST", "TEXTUAL_DEVTOOLS_PORT", "PYTHONASYNCIODEBUG"),
            *("TEXTUAL_FPS", "TEXTUAL_ANIMATIONS", "ESCDELAY", "NO_COLOR", "TERM"),
        ),
        "x",
    )
    drop_debugging(environ)
    assert set(environ) == {"TEXTUAL_FPS", "TEXTUAL_ANIMATIONS", "ESCDELAY", "NO_COLOR", "TERM"}


def test_they_change_nothing_where_a_rep_starts_the_app(tmp_path: Path) -> None:
    spy = tmp_path / "spy"
    spy.mkdir()
    home = Home(tmp_path / "home")
    home.folder.mkdir(mode=0o700)
    environment = {
        **dict.fromkeys(os.environ),
        **home.env,
        "TERM": "xterm-256color",
        "TMPDIR": str(home.folder),
        "TEXTUAL": "debug,devtools",
        "TEXTUAL_DEBUG": "1",
        "TEXTUAL_LOG": str(spy / "textual.log"),
        "TEXTUAL_SCREENSHOT": "0",
        "TEXTUAL_SCREENSHOT_LOCATION": str(spy),
        "TEXTUAL_SCREENSHOT_FILENAME": "screen.svg",
        "TEXTUAL_PRESS": "ctrl+q",
        "SSLKEYLOGFILE": str(spy / "keys"),
    }
    with PtySession(COMMAND, env=environment, cwd=home.folder) as session:
        session.wait_for("Not signed in")
        session.press("f2")
        session.wait_for("Last Name")
        session.send(f"\t{TYPED}")
        session.wait_for(TYPED)
        session.press("ctrl+q")
        assert session.wait_exit() == 0
    assert list(spy.iterdir()) == []
    kept = {name for name, content in home.everything_kept().items() if TYPED.encode() in content}
    assert kept <= {"data/outbox.db"}, "the draft, and nothing else"


async def test_the_keys_of_tls_are_not_logged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    async with build_http_client() as client:
        context = client._transport._pool._ssl_context  # type: ignore[attr-defined]
        assert getattr(context, "_ctx", context).keylog_filename is None
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("word", ["screenshot", "maximize", "svg"])
async def test_no_action_of_textuals_own_is_offered(stage: Stage, word: str) -> None:
    async with stage.open():
        await stage.online()
        await stage.press("ctrl+p")
        await stage.until("Search for")
        await stage.type(word)
        await stage.until("No matches")
        assert word.capitalize() not in stage.text


async def test_no_key_takes_a_screenshot(stage: Stage) -> None:
    async with stage.open():
        bound = [binding.action for one in stage.app._bindings.key_to_bindings.values() for binding in one]
        assert "command_palette" in bound
        assert not [action for action in bound if "screenshot" in action or "svg" in action]
