"""What a rep's keys cost on the line, against what the changed cells cost, counted apart from the driver."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from changed_cells import cost
from judged_stage import JudgedStage

A_LETTER, A_FIELD, MORE_THAN_CELLS = 20, 250, 1.2
"""Bytes, bytes, and times the cost of the changed cells."""


@pytest.fixture(params=[(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[JudgedStage]:
    staged = JudgedStage(tmp_path)
    async with staged.open(size=request.param):
        await still(staged)
        yield staged


async def still(stage: JudgedStage) -> None:
    """Let everything be drawn that is under way."""
    stage.app._refresh_notifications()
    for _ in range(3):
        await stage.pilot.pause()
        await stage.settled()


async def bytes_of(
    stage: JudgedStage, *keys: str, until: str = "", does: Callable[[], object] = bool
) -> tuple[int, int]:
    """Return the bytes that were sent for an action, and what its changed cells cost."""
    picture, sent = stage.terminal.ours.seen(), stage.terminal.written
    does()
    await stage.press(*keys)
    if until:
        await stage.until(until)
    await still(stage)
    assert stage.terminal.written > sent, "nothing was drawn: nothing was measured"
    return stage.terminal.written - sent, cost(picture, stage.terminal.ours.seen())


async def test_a_letter(stage: JudgedStage) -> None:
    for letter in "Ada é漢":
        assert (await bytes_of(stage, letter))[0] <= A_LETTER, letter


async def test_the_next_field(stage: JudgedStage) -> None:
    for key in ("tab", "tab", "shift+tab", "down", "enter", "up"):
        assert (await bytes_of(stage, key))[0] <= A_FIELD, key


async def test_a_tab_visited_again(stage: JudgedStage) -> None:
    for key in ("f3", "f4", "f2"):
        await bytes_of(stage, key)
    for key, seen in (("f3", "Client"), ("f4", "No leads"), ("f2", "Last Name")):
        sent, cells = await bytes_of(stage, key, until=seen)
        assert sent <= MORE_THAN_CELLS * cells, key


@pytest.mark.parametrize(("key", "seen"), [("ctrl+p", "Go to the settings"), ("f8", "Field before")])
async def test_a_dialog(stage: JudgedStage, key: str, seen: str) -> None:
    for pressed, text in ((key, seen), ("escape", "Last Name"), (key, seen)):
        sent, cells = await bytes_of(stage, pressed, until=text)
        assert sent <= MORE_THAN_CELLS * cells, pressed


async def test_a_letter_in_the_palette(stage: JudgedStage) -> None:
    await bytes_of(stage, "ctrl+p", until="Go to the settings")
    sent, cells = await bytes_of(stage, "q")
    assert sent <= MORE_THAN_CELLS * cells


@pytest.mark.parametrize("words", ["✓ created in Zoho", "What went wrong takes many words to tell. " * 3])
async def test_a_toast_comes_and_goes(stage: JudgedStage, words: str) -> None:
    for does in (
        lambda: stage.app._say(words, title="Ada Lovelace, Analytical Engines"),
        stage.app.clear_notifications,
    ):
        sent, cells = await bytes_of(stage, does=does)
        assert sent <= MORE_THAN_CELLS * cells


async def test_a_frame_without_a_change(stage: JudgedStage) -> None:
    sent = stage.terminal.written
    stage.app.screen.refresh(layout=True)
    await still(stage)
    assert stage.terminal.written == sent
