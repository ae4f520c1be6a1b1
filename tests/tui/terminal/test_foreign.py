"""What a stranger wrote stays where it stands, and is shown, also where it looks like Textual's own."""

from __future__ import annotations

import pytest
from judged_driver import JudgedDriver, signals_kept
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.color import Color
from textual.content import Content
from textual.widgets import Input, Static

from tui.terminal.driver import CellDriver
from tui.terminal.foreign import ForeignEscapes

LIKE_TEXTUALS = {
    "a pen": "\x1b[31m",
    "a pen and its end": "\x1b[1mbold\x1b[0mnot",
    "an address": "\x1b[1;1H",
    "the end of a pen, an address": "\x1b[0m\x1b[1;1H",
    "a link": "\x1b]8;id=1;https://example.com\x1b\\",
    "cut off": "\x1b[",
    "two escapes": "\x1b\x1b[31m",
}


class Page(App[None]):
    """Foreign text without a style, with one, and in a field, between lines that must stay as they are."""

    CSS = "Screen, Static, Input { background: ansi_default; } Input { border: none; height: 1; padding: 0; }"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, text: str) -> None:
        super().__init__(driver_class=ForeignDriver)
        self.theme = "ansi-dark"
        self.text = text

    def compose(self) -> ComposeResult:
        yield Static("first")
        yield Static(Content(self.text))
        yield Static(Content.styled(self.text, "bold"))
        field = Input(self.text, select_on_focus=False)
        field.cursor_blink = False
        yield field
        yield Static("last")


class ForeignDriver(JudgedDriver):
    """Textual's own bytes would act here: there is nothing to be compared with."""

    def write(self, data: str) -> None:
        CellDriver.write(self, data)

    def judge(self) -> None:
        """Do not."""


@pytest.mark.parametrize("data", LIKE_TEXTUALS.values(), ids=LIKE_TEXTUALS)
async def test_foreign_text_is_a_picture_of_itself(data: str) -> None:
    app = Page(f"A{data}B")
    with signals_kept():
        async with app.run_test(headless=False, size=(60, 6)) as pilot:
            await pilot.pause()
            driver = app._driver
            assert isinstance(driver, ForeignDriver)
            lines = driver.terminal.ours.lines()
    shown = f"A{data}B".replace("\x1b", "^[")
    assert lines[:5] == ["first", shown, shown, shown, "last"]


def test_a_line_without_escapes_is_left_alone() -> None:
    segments = [Segment("a"), Segment("b", Style(bold=True))]
    assert ForeignEscapes().apply(segments, Color(0, 0, 0)) is segments


def test_widths_stay() -> None:
    (before,) = [Segment("a\x1b[31mb", Style(bold=True))]
    (after,) = ForeignEscapes().apply([before], Color(0, 0, 0))
    assert "\x1b" not in after.text
    assert after.cell_length == before.cell_length
    assert after.style == before.style


def test_a_link_is_taken_away_with_its_address() -> None:
    (after,) = ForeignEscapes().apply([Segment("here", Style(link="x\x1b[1;1H", bold=True))], Color(0, 0, 0))
    assert after.style == Style(bold=True)
