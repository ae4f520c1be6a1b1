"""The command palette."""

from __future__ import annotations

import pytest
from app_stage import Stage
from textual.command import CommandList
from textual.widgets import LoadingIndicator

from tui.palette import Palette


@pytest.mark.parametrize("action", ["page_down", "page_up", "cursor_down", "first", "last"])
async def test_a_key_that_comes_before_the_list_is_laid_out_does_no_harm(stage: Stage, action: str) -> None:
    async with stage.open():
        await stage.press("ctrl+p")
        await stage.until("Go to the settings")
        palette = stage.app.screen
        assert isinstance(palette, Palette)
        found = palette.query_one(CommandList)
        found.display = False  # as before its first layout: no line of it has a place
        await stage.until(lambda: not found.scrollable_content_region)
        found._clear_caches()
        palette._action_command_list(action)
        await stage.press("escape")
        await stage.until("Last Name")


async def test_it_finds_and_does_what_is_chosen(stage: Stage) -> None:
    async with stage.open():
        await stage.press("ctrl+p")
        await stage.until("Search for an action")
        await stage.type("settings")
        await stage.until(lambda: "Go to the settings" in stage.text and "Quit" not in stage.text)
        await stage.press("enter")
        await stage.until(lambda: stage.app.tab == "settings")


async def test_nothing_in_it_moves_by_itself(stage: Stage) -> None:
    async with stage.open():
        await stage.press("ctrl+p")
        await stage.until("Go to the settings")
        assert not stage.app.screen.query(LoadingIndicator)
        assert [one for one in stage.app.screen.walk_children() if one.auto_refresh] == []
        await stage.press("ctrl+p")
        assert len(stage.app.screen_stack) == 2
