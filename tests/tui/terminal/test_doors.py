"""The small doors: what may pass as it is, the clipboard, the question before the start, the choice of a
driver.
"""

from __future__ import annotations

import os
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest
from model_terminal import ModelTerminal

from tui.terminal import driver_class, modes, terminal_problem
from tui.terminal.clipboard import LARGEST, as_sent, can_be_copied, copy_sequence


class Stream:
    def __init__(self, terminal: bool) -> None:
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


YES, NO = Stream(True), Stream(False)


@pytest.mark.parametrize(
    ("environ", "stdin", "stdout", "word"),
    [
        ({"TERM": "xterm"}, NO, YES, "input"),
        ({"TERM": "xterm"}, None, YES, "input"),
        ({"TERM": "xterm"}, YES, NO, "output"),
        ({}, YES, YES, "TERM is not set"),
        ({"TERM": ""}, YES, YES, "TERM is not set"),
        ({"TERM": "dumb"}, YES, YES, "TERM=dumb"),
    ],
)
def test_a_terminal_that_cannot_serve_is_named(
    environ: dict[str, str], stdin: Stream | None, stdout: Stream, word: str
) -> None:
    problem = terminal_problem(environ, stdin, stdout)
    assert problem is not None
    assert word in problem
    assert "zoho-leads add" in problem
    assert "\n" not in problem


def test_a_good_terminal_has_no_problem() -> None:
    assert terminal_problem({"TERM": "xterm-256color"}, YES, YES) is None


def test_asking_loads_no_textual() -> None:
    code = (
        "import sys; from tui.terminal import terminal_problem, driver_class; driver_class();"
        "print('textual' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
    )
    assert answer.stdout == "False\n"


def test_textuals_own_driver_serves_where_ours_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "isatty", lambda _: True)
    chosen = driver_class()
    assert chosen is not None
    assert chosen.__name__ == "CellDriver"
    monkeypatch.setenv("TEXTUAL_DRIVER", "textual.drivers.web_driver:WebDriver")
    assert driver_class() is None
    monkeypatch.delenv("TEXTUAL_DRIVER")
    monkeypatch.setattr(os, "isatty", lambda _: False)
    assert driver_class() is None


@pytest.mark.parametrize("mouse", [True, False])
@pytest.mark.parametrize("kitty", [True, False])
def test_everything_that_is_switched_on_is_switched_off(mouse: bool, kitty: bool) -> None:
    model = ModelTerminal(80, 24)
    model.feed(modes.starting(mouse=mouse, kitty=kitty, sync=True))
    assert 1049 in model.modes
    assert bool(model.keyboard) is kitty
    assert (1003 in model.modes) is mouse
    model.feed(modes.stopping(mouse=mouse, kitty=kitty))
    assert model.modes == {7, 25}
    assert model.keyboard == []


def copied(data: bytes) -> str:
    return f"\x1b]52;c;{b64encode(data).decode()}\x07"


def test_a_copy_passes_unchanged() -> None:
    assert copy_sequence(copied(b"hello")) == copied(b"hello")


def test_in_tmux_a_copy_goes_both_ways_through() -> None:
    copy = copied(b"hello")
    assert as_sent(copy, {"TMUX": "/tmp/tmux-0/default,1,0"}) == f"{copy}\x1bPtmux;\x1b{copy}\x1b\\"
    assert as_sent(copy, {}) == copy
    assert as_sent(copy, {"TMUX": ""}) == copy
    assert as_sent(copy, {"STY": "1.pts-0.host"}) == copy


@pytest.mark.parametrize("letter", ["x", "é", "漢", "👍"])
def test_what_is_said_to_be_short_enough_is(letter: str) -> None:
    most = next(n for n in range(LARGEST) if not can_be_copied(letter * (n + 1)))
    assert copy_sequence(copied((letter * most).encode())) is not None
    assert copy_sequence(copied((letter * (most + 1)).encode())) is None


@pytest.mark.parametrize(
    "data",
    [
        "\x1b]52;c;\x07",
        "\x1b]52;c;?\x07",
        "\x1b]52;p;QQ==\x07",
        "\x1b]52;c;QQ=\x07",
        "\x1b]52;c;Q\x1b[2JQ==\x07",
        "\x1b]52;c;QQ==\x1b\\",
        "x" + copied(b"a"),
        copied(b"a") + "\x1b[2J",
        copied(b"x" * LARGEST),
        "\x1b]0;title\x07",
    ],
)
def test_anything_else_does_not(data: str) -> None:
    assert copy_sequence(data) is None


def test_everything_that_is_switched_on_stands_in_the_page_on_the_driver() -> None:
    page = (Path(__file__).parents[3] / "docs" / "terminal.md").read_text(encoding="utf-8")
    sent = modes.starting(mouse=True, kitty=True, sync=True).split("\x1b[")[1:]
    for sequence in sent:
        number, final = sequence.strip("?>hlu$p"), sequence[-1]
        assert f"{sequence[0]} {number} " in page or f"`{number} {final}`" in page, sequence
