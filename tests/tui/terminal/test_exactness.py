"""A random session: after every frame, what our bytes show is what Textual's own would have shown."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Literal

import pytest
from model_terminal import Cell, ModelTerminal
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import DataTable, Footer, Input, Label, Static, TextArea

from tui.terminal.driver import CellDriver

WORDS = ["Ada", "Zylker", "漢字", "東京都", "سلام", "مرحبا", "naïve", "e\u0301te", "😀", "—", "x" * 50]
# A caret inside one of these makes Textual write its halves as two segments: no terminal agrees on that.
CLUSTERS = ["👨‍👩‍👧", "❤️", "👩‍💻"]
SIZES = [(120, 40), (80, 24), (61, 20), (100, 30)]


class Terminal:
    """Stands in for the descriptor: a model terminal, another for Textual's own bytes, and a slow line."""

    def __init__(self, size: tuple[int, int], drained: Callable[[], None]) -> None:
        self.ours = ModelTerminal(*size)
        self.textuals = ModelTerminal(*size, crops=True)
        for model in (self.ours, self.textuals):
            model.feed("\x1b[?7l\x1b[?25l")
        self.busy = False
        self.written = 0
        self._drained = drained

    def write(self, data: bytes) -> None:
        self.written += len(data)
        self.ours.feed(data)

    def size(self) -> tuple[int, int]:
        return self.ours.columns, self.ours.rows

    def resize(self, size: tuple[int, int]) -> None:
        self.ours.resize(*size, litter=True)
        self.textuals.resize(*size)

    def wait_on_line(self) -> None:
        self.busy = True

    def drain(self) -> None:
        self.busy = False
        self._drained()


def differences(ours: ModelTerminal, textuals: ModelTerminal) -> Iterator[tuple[int, int, Cell, Cell]]:
    for y, rows in enumerate(zip(ours.seen(), textuals.seen(), strict=True)):
        for x, (mine, theirs) in enumerate(zip(*rows, strict=True)):
            if mine != theirs:
                yield x, y, mine, theirs


class JudgedDriver(CellDriver):
    """The driver, without a keyboard and with the stand-in, judged at the end of every frame."""

    judged = 0
    _terminal: Any

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        assert self._size is not None
        self._terminal = Terminal(self._size, self._draw)

    def start_application_mode(self) -> None:
        self._active = True
        self._sync_known = True

    def stop_application_mode(self) -> None:
        self._active = False

    def write(self, data: str) -> None:
        super().write(data)
        if self._active and data.startswith("\x1b[") and not data.startswith("\x1b[?"):
            self._terminal.textuals.feed(data)

    def flush(self) -> None:
        super().flush()
        if not (self._lost or self._terminal.busy or self._size_differs()):
            self.judge()

    def judge(self) -> None:
        ours, textuals = self._terminal.ours, self._terminal.textuals
        wrong = list(differences(ours, textuals))
        assert not wrong, wrong[:5]
        assert (ours.cursor_shown and (ours.x, ours.y)) == self._expected_caret()
        type(self).judged += 1

    def _expected_caret(self) -> tuple[int, int] | Literal[False]:
        focused = self._app.focused
        if not isinstance(focused, (Input, TextArea)):
            return False
        x, y = focused.cursor_screen_offset
        if isinstance(focused, Input):
            x -= focused.cursor_at_end
        in_sight = self._app.screen.find_widget(focused).visible_region.intersection(self._app.size.region)
        return (x, y) if in_sight.contains(x, y) else False


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


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    numbers = (signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.parametrize("seed", range(int(os.environ.get("EXACTNESS_SEEDS", "3"))))
async def test_a_random_session_is_exact(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = int(os.environ.get("EXACTNESS_STEPS", "60"))
    rng = random.Random(seed)
    monkeypatch.setenv("COLORTERM", "truecolor" if seed % 2 else "")
    JudgedDriver.judged = 0
    app = Session(driver_class=JudgedDriver)
    async with app.run_test(headless=False, size=rng.choice(SIZES), notifications=True) as pilot:
        driver = app._driver
        assert isinstance(driver, JudgedDriver)
        terminal = driver._terminal
        for _ in range(steps):
            await _step(rng, app, pilot, terminal)
            if rng.random() < 0.1:
                terminal.wait_on_line()
            elif terminal.busy and rng.random() < 0.5:
                terminal.drain()
        terminal.drain()
        await pilot.pause(0.4)
        driver.repaint()
        driver.judge()
    assert JudgedDriver.judged > steps / 2
    assert driver.refused == 0


async def _step(rng: random.Random, app: Session, pilot: Any, terminal: Terminal) -> None:
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
        size = rng.choice(SIZES)
        terminal.resize(size)
        app._driver._handle_resize()
        await pilot.pause(0.05)


async def _type(rng: random.Random, app: Session, pilot: Any) -> None:
    word = rng.choice(WORDS)
    focused = app.focused
    if isinstance(focused, Input):
        focused.insert_text_at_cursor(word)
    elif isinstance(focused, TextArea):
        focused.insert(word)
    await pilot.pause()
