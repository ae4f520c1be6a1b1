from __future__ import annotations

from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.widget import Widget

from tui.bars import KeyBar, StatusLine, TabBar

TABS = [("qualify", "Qualify"), ("settings", "Settings"), ("log", "Log")]
KEYS = [("F2", "Qualify"), ("F3", "Settings"), ("F4", "Log"), ("^S", "Send"), ("F8", "Help")]


class Bars(App[None]):
    def __init__(self, *bars: Widget) -> None:
        super().__init__()
        self.bars = bars
        self.told: list[str] = []

    def compose(self) -> ComposeResult:
        yield from self.bars

    def on_tab_bar_chosen(self, message: TabBar.Chosen) -> None:
        self.told.append(message.tab)

    def on_key_bar_pressed(self, message: KeyBar.Pressed) -> None:
        self.told.append(message.key)

    def lines(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]


async def test_the_tabs_stand_on_the_left_and_the_org_on_the_right() -> None:
    bar = TabBar(TABS, right="Zylker Ltd · eu", banner="DEMO")
    app = Bars(bar)
    async with app.run_test(size=(60, 3)) as pilot:
        assert app.lines()[0] == " Qualify   Settings   Log            DEMO   Zylker Ltd · eu"
        bar.update(active="log", right="", banner="")
        await pilot.pause()
        assert app.lines()[0] == " Qualify   Settings   Log"
        assert bar.active == "log"


async def test_a_click_on_a_tab_or_a_key_is_told() -> None:
    app = Bars(TabBar(TABS), KeyBar(KEYS))
    async with app.run_test(size=(60, 3)) as pilot:
        for x in (1, 12, 22, 40):
            await pilot.click(offset=(x, 0))
        for x in (2, 15, 59):
            await pilot.click(offset=(x, 1))
        assert app.told == ["qualify", "settings", "log", "F2", "F3"]


async def test_the_active_tab_shows_without_colour() -> None:
    app = Bars(TabBar(TABS, "settings"))
    async with app.run_test(size=(60, 3)):
        drawn = app.screen._compositor.render_strips()[0]
        assert [each.text for each in drawn if each.style and each.style.reverse] == [" Settings "]


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (60, " 1 of 2 required · Inbound             2 waiting · 12 today"),
        (40, " 1 of 2 required…  2 waiting · 12 today"),
    ],
)
async def test_the_left_of_the_status_line_gives_way(width: int, expected: str) -> None:
    app = Bars(StatusLine("1 of 2 required · Inbound", "2 waiting · 12 today"))
    async with app.run_test(size=(width, 3)):
        assert app.lines()[0] == expected


async def test_keys_are_shown_whole_or_not_at_all() -> None:
    app = Bars(KeyBar(KEYS))
    async with app.run_test(size=(40, 3)) as pilot:
        assert app.lines()[0] == " F2 Qualify  F3 Settings  F4 Log"
        await pilot.resize_terminal(60, 3)
        await pilot.pause()
        assert app.lines()[0] == " F2 Qualify  F3 Settings  F4 Log  ^S Send  F8 Help"


async def test_a_bar_is_drawn_anew_only_when_its_text_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Widget] = []
    status, tabs, keys = StatusLine("a", "b"), TabBar(TABS, right="x"), KeyBar(KEYS)
    app = Bars(status, tabs, keys)
    async with app.run_test(size=(60, 5)):
        refresh = Widget.refresh

        def record(widget: Widget, *regions: Any, **options: Any) -> Widget:
            drawn.append(widget)
            return refresh(widget, *regions, **options)

        monkeypatch.setattr(Widget, "refresh", record)
        status.update("a", "b")
        status.update(left="a")
        tabs.update(active="qualify", right="x")
        keys.update(KEYS)
        assert drawn == []
        status.update("c")
        tabs.update(right="y")
        keys.update(KEYS[:1])
        assert drawn == [status, tabs, keys]


@pytest.mark.parametrize("text", ["[/x]", "[@click=app.quit]x[/]", "\x1b[2J", "a\nb", "漢" * 100])
async def test_foreign_text_in_a_bar_is_text(text: str) -> None:
    app = Bars(TabBar(TABS, right=text, banner=text), StatusLine(text, text), KeyBar([(text, text)]))
    async with app.run_test(size=(60, 3)) as pilot:
        for y in range(3):
            await pilot.click(offset=(50, y))
        assert all(character.isprintable() for line in app.lines() for character in line)
        assert app.is_running
