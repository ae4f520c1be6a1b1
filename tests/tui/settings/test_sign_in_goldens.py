"""The way to a sign-in as it looks: an empty start, the code, a failure.

`GOLDENS=renew pytest tests/tui/settings/test_sign_in_goldens.py` writes the pictures anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from app_stage import Stage
from golden import assert_golden, only_the_terminals_colours, styles_of

from tui.sign_in.screen import SignInScreen
from zoho.api.sign_in import CodeReady, Waiting
from zoho.api.sign_in_answers import no_usable_answer, secret_elsewhere

PAGE = "https://accounts.zoho.eu/oauth/v3/device"
READY = CodeReady(PAGE, f"{PAGE}?user_code=BCDF-GHJK", "BCDF-GHJK", 300.0)
SIZES = ((80, 24), (120, 40))
MODES: dict[str, dict[str, str]] = {
    "": {"LANG": "C.UTF-8"},
    "-ascii": {"LANG": "C"},
    "-nocolor": {"LANG": "C.UTF-8", "NO_COLOR": "1"},
}


def waits(screen: SignInScreen) -> None:
    screen.hear(READY)
    screen.hear(Waiting(297.0))


def fails(screen: SignInScreen) -> None:
    screen.fail(secret_elsewhere("us", no_usable_answer("x")))


SCREENS: dict[str, Callable[[SignInScreen], None] | None] = {"empty": None, "code": waits, "failed": fails}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("screen", SCREENS)
async def test_it_looks_as_it_did(
    screen: str, size: tuple[int, int], mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "LC_ALL", "LC_CTYPE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in MODES[mode].items():
        monkeypatch.setenv(name, value)
    stage, shows = Stage(tmp_path, signed_in=False), SCREENS[screen]
    async with stage.open(size=size, remote=True):
        await stage.until("Not signed in")
        if shows is not None:
            sign_in = SignInScreen(lambda _: stage.app.run_worker(asyncio.sleep(3600), description="waits"))
            await stage.app.push_screen(sign_in)
            shows(sign_in)
            await stage.until("Esc")
        await stage.pilot.pause()
        if mode == "-nocolor":
            colours = [
                style.color for style in styles_of(stage.app) if style.color and not style.color.is_default
            ]
            assert all(len(set(colour.get_truecolor())) == 1 for colour in colours), "no colour"
        else:
            assert only_the_terminals_colours(stage.app), "the same in every depth of colour"
        assert_golden(f"sign-in-{screen}-{size[0]}x{size[1]}{mode}", stage.app)
