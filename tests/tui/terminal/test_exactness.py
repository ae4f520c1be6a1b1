"""A random session: after every frame, what our bytes show is what Textual's own would have shown."""

from __future__ import annotations

import random
from typing import Any, ClassVar

import pytest
from figures import Figures
from judged_driver import JudgedDriver, Terminal, signals_kept
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import DataTable, Footer, Input, Label, Static, TextArea

WORDS = ["Ada", "Zylker", "漢字", "東京都", "سلام", "مرحبا", "naïve", "e\u0301te", "😀", "—", "x" * 50]
# A caret inside one of these makes Textual write its halves as two segments: no terminal agrees on that.
CLUSTERS = ["👨‍👩‍👧", "❤️", "👩‍💻"]
SIZES = [(120, 40), (80, 24), (61, 20), (100, 30)]


class Question(ModalScreen[None]):
    CSS = "Question { align: center middle; } Question Label { background: $error; padding: 1 3; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Close")]

    def compose(self) -> ComposeResult:
        yield Label("漢字? 😀 e\u0301", markup=False)


class Session(App[None]):
    CSS = """
    Input { height: 1; border: none; padding: 0 1; }
    Static { text-style: italic; background: $primary; }
    TextArea { height: 5; border: none; }
    DataTable { height: 6; }
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f5", "toast", "Toast"), Binding("f6", "ask", "Ask")]

    def compose(self) -> ComposeResult:
        yield Static("[b]bold[/] [dim]dim[/] [u]under[/] [reverse]reverse[/] [red on blue]red[/]")
        for number in range(3):
            yield Input(id=f"field{number}", placeholder="…")
        yield TextArea()
        yield DataTable()
        yield Footer()

    def on_mount(self) -> None:
        self.animation_level = "none"
        for field in self.query(Input):
            field.cursor_blink = False
        self.query_one(TextArea).cursor_blink = False
        table = self.query_one(DataTable)
        table.add_columns("Name", "Company", "State")
        self.query_one(Input).focus()

    def action_toast(self) -> None:
        rng = random.Random(len(self._notifications))
        words = WORDS + CLUSTERS
        self.notify(" ".join(rng.sample(words, 3)), title=rng.choice(words), markup=False, timeout=0.3)

    def action_ask(self) -> None:
        self.push_screen(Question())


async def test_a_random_session_is_exact(
    session: Any, figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(session.seed)
    monkeypatch.setenv("COLORTERM", "truecolor" if session.seed % 2 else "")
    before = JudgedDriver.judged
    app = Session(driver_class=JudgedDriver)
    with signals_kept():
        async with app.run_test(headless=False, size=rng.choice(SIZES), notifications=True) as pilot:
            driver = app._driver
            assert isinstance(driver, JudgedDriver)
            for _ in range(session.steps):
                await _step(rng, app, pilot, driver)
                slow_down(rng, driver.terminal)
            driver.terminal.drain()
            await pilot.pause(0.4)
            driver.repaint()
            driver.judge()
    frames = JudgedDriver.judged - before
    figures.add(f"widgets, {session}", f"{frames} frames exact")
    assert frames > session.steps / 2
    assert driver.refused == 0


def slow_down(rng: random.Random, terminal: Terminal) -> None:
    """Let the line be slow now and then."""
    if rng.random() < 0.1:
        terminal.wait_on_line()
    elif terminal.busy and rng.random() < 0.5:
        terminal.drain()


async def _step(rng: random.Random, app: Session, pilot: Any, driver: JudgedDriver) -> None:
    action = rng.random()
    if action < 0.45:
        await _type(rng, app, pilot)
    elif action < 0.75:
        keys = ["tab", "shift+tab", "left", "home", "end", "backspace", "down", "up", "pagedown", "delete"]
        await pilot.press(*rng.choices(keys, k=rng.randint(1, 3)))
    elif action < 0.82:
        await pilot.press("f5")
    elif action < 0.88:
        await pilot.press("f6", "escape")
    elif action < 0.95:
        app.query_one(DataTable).add_row(*rng.choices(WORDS + CLUSTERS, k=3))
    else:
        driver.resize(rng.choice(SIZES))
        await pilot.pause(0.05)


async def _type(rng: random.Random, app: Session, pilot: Any) -> None:
    word = rng.choice(WORDS)
    focused = app.focused
    if isinstance(focused, Input):
        focused.insert_text_at_cursor(word)
    elif isinstance(focused, TextArea):
        focused.insert(word)
    await pilot.pause()
