"""The judge is judged once more: what a session sent is shown by a real tmux as by the model terminal."""

from __future__ import annotations

import random
from base64 import b64encode
from pathlib import Path

import pytest
from judged_stage import JudgedStage
from pty_session import PtySession
from tmux_pane import TmuxPane

from tui.terminal.clipboard import as_sent

WORDS = (
    "Ada Lovelace",
    "株式会社",
    "東京都",
    "김철수",
    "محمد",
    "Привет",
    "e\u0301te\u0301",
    "😀 Zylker",
    "x" * 30,
)
KEYS = ("tab", "tab", "enter", "shift+tab", "up", "down", "home", "end", "backspace", "pagedown", "f2", "f3")
KEYS += ("f4", "f8", "escape", "escape", "ctrl+p", "ctrl+s", "ctrl+l")
SIZES = ((80, 24), (120, 40), (60, 20))


@pytest.mark.parametrize("seed", [1, 2])
async def test_tmux_shows_what_the_model_shows(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    stage = JudgedStage(tmp_path)
    (folder := tmp_path / "tmux").mkdir()
    async with stage.open(size=SIZES[0]):
        with TmuxPane(folder, SIZES[0]) as pane:
            terminal = stage.terminal
            pane.write(b"\x1b[?1049h\x1b[?7l\x1b[?25l")
            terminal.frames = []
            stage.driver.repaint()
            for step in range(40):
                if step % 12 == 11:
                    size = rng.choice(SIZES)
                    pane.resize(size)
                    stage.driver.resize(size)
                    await stage.until(lambda: not stage.driver._lost)
                elif rng.random() < 0.5:
                    await stage.type(rng.choice(WORDS))
                else:
                    await stage.press(*rng.choices(KEYS, k=2))
                await stage.pilot.pause()
                pane.write(b"".join(terminal.frames))
                terminal.frames.clear()
                shown, ours = pane.picture(), terminal.ours
                assert shown.seen() == ours.seen(), shown.lines()
                assert shown.cursor_shown == ours.cursor_shown
                if ours.cursor_shown:
                    assert (shown.x, shown.y) == (ours.x, ours.y)


COPY = f"\x1b]52;c;{b64encode(b'chosen by the rep').decode()}\x07"


@pytest.mark.parametrize(
    "options",
    [
        ("set -g set-clipboard on", "set -g allow-passthrough off"),
        ("set -g set-clipboard off", "set -g allow-passthrough on"),
    ],
    ids=["taken by tmux", "passed through"],
)
def test_a_copy_gets_through_tmux_whichever_way_is_open(tmp_path: Path, options: tuple[str, str]) -> None:
    with (
        TmuxPane(tmp_path, (80, 24), *options) as pane,
        PtySession(pane.attach, size=(80, 24)) as terminal,
    ):
        terminal.wait_for(lambda _: pane.ask("list-clients"))
        pane.write(as_sent(COPY, {"TMUX": "yes"}).encode())
        wanted = COPY.split(";")[2].encode()
        terminal.wait_for(lambda s: wanted in s.raw)
