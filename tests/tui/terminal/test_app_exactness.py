"""Random sessions of the whole app: what our bytes show is what Textual's own would show."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final

from figures import Figures
from judged_driver import JudgedDriver
from judged_stage import JudgedStage

WORDS: Final = (
    *("Ada", "Lovelace", "+44 20 7946 0018", "ada@example.com", "x" * 45, "420", "Straße", "e\u0301te\u0301"),
    *("株式会社サンプル", "東京都", "김철수", "محمد علي", "שלום", "नमस्ते", "Привет", "—", "…"),
    *("😀", "🏢 Zylker", "☎", "Ω≈ç"),
)
SIZES: Final = ((120, 40), (80, 24), (60, 20), (100, 30))
TABS: Final = ("f2", "f3", "f4")
KEYS: Final = (
    *("tab", "tab", "shift+tab", "enter", "down", "down", "up", "left", "right", "home", "end"),
    *("backspace", "delete", "pagedown", "pageup", "escape", "space", "ctrl+underscore", "ctrl+j"),
)
DIALOGS: Final[Mapping[str, tuple[str, ...]]] = {
    "ctrl+p": ("down", "up", "q", "u", "e", "backspace", "pagedown", "escape", "escape"),
    "f8": ("down", "pagedown", "up", "escape"),
    "ctrl+o": ("down", "up", "d", "enter", "escape"),
}
LOG_KEYS: Final = ("enter", "escape", "down", "up", "r", "e", "i", "s", "d", "home", "end")

Act = Callable[[random.Random, JudgedStage], Awaitable[None]]


async def types(rng: random.Random, stage: JudgedStage) -> None:
    """Type a word into what has the focus."""
    for letter in rng.choice(WORDS)[: rng.randint(1, 50)]:
        await stage.press(letter)


async def presses(rng: random.Random, stage: JudgedStage) -> None:
    """Press some keys."""
    await stage.press(*rng.choices(KEYS, k=rng.randint(1, 4)))


async def goes_to_a_tab(rng: random.Random, stage: JudgedStage) -> None:
    """Go to a tab; in the Log, do something about a lead."""
    key = rng.choice(TABS)
    await stage.press(key)
    if key == "f4":
        await stage.press(*rng.choices(LOG_KEYS, k=rng.randint(0, 4)))


async def opens_a_dialog(rng: random.Random, stage: JudgedStage) -> None:
    """Open palette, help or drafts, and press some of their keys."""
    key = rng.choice([*DIALOGS])
    await stage.press(key, *rng.choices(DIALOGS[key], k=rng.randint(1, 4)))


async def sends(rng: random.Random, stage: JudgedStage) -> None:
    """Send what stands in the form, whole or not; or put it aside, or bring it back."""
    await stage.press("f2")
    if rng.random() < 0.6 and stage.app.tab == "qualify":
        await stage.fill(Last_Name=rng.choice(WORDS), Company=rng.choice(WORDS))
    await stage.press(rng.choice(["ctrl+s", "ctrl+s", "ctrl+n", "f6"]))


async def hears(rng: random.Random, stage: JudgedStage) -> None:
    """Something is to be told: by a toast, in the notice, on the line."""
    stage.line.down = rng.random() < 0.3
    stage.app._say(" ".join(rng.sample(WORDS, 3)), title=rng.choice(WORDS), failed=rng.random() < 0.3)
    if rng.random() < 0.3:
        stage.app._notice(rng.choice(["", *WORDS]))


async def resizes(rng: random.Random, stage: JudgedStage) -> None:
    """Take another size, or have lost what was shown."""
    if rng.random() < 0.3:
        await stage.press("ctrl+l")
    else:
        stage.driver.resize(rng.choice(SIZES))


ACTS: Final[Mapping[Act, int]] = {
    types: 40,
    presses: 25,
    goes_to_a_tab: 8,
    opens_a_dialog: 8,
    sends: 6,
    hears: 6,
    resizes: 5,
}


async def test_a_random_session_of_the_app_is_exact(session: Any, tmp_path: Path, figures: Figures) -> None:
    rng = random.Random(session.seed)
    before = JudgedDriver.judged
    stage = JudgedStage(tmp_path)
    async with stage.open(size=rng.choice(SIZES)):
        stage.app.theme = rng.choice(["ansi-dark", "ansi-light", "textual-dark"])
        driver, terminal = stage.driver, stage.terminal
        for _ in range(session.steps):
            (act,) = rng.choices([*ACTS], [*ACTS.values()])
            await act(rng, stage)
            await stage.pilot.pause(0)
            if rng.random() < 0.1:
                terminal.wait_on_line()
            elif terminal.busy and rng.random() < 0.5:
                terminal.drain()
        terminal.drain()
        await stage.until(lambda: not driver._lost, "the last frame is drawn")
        driver.repaint()
        driver.judge()
    frames = JudgedDriver.judged - before
    figures.add(f"app, {session}", f"{frames} frames exact, {terminal.written} bytes")
    assert frames > session.steps / 2
    assert driver.refused == 0
