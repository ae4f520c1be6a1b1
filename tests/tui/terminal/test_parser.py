"""Frames to cells, and what in them is nobody's sequence."""

from __future__ import annotations

import pytest

from tui.terminal.parser import FrameParser, is_frame
from tui.terminal.screen import Screen
from tui.terminal.style import DEFAULT, parse_sgr


def parsed(frame: str, width: int = 40, height: int = 4) -> Screen:
    screen = Screen(width, height)
    FrameParser(screen).feed(frame)
    return screen


def line(screen: Screen, y: int = 0) -> str:
    return "".join(screen.text[y]).rstrip()


def test_a_frame_becomes_cells() -> None:
    screen = parsed("\x1b[2;3H\x1b[1;31mab\x1b[0mc\n\x1b[3;1Hd\x1b[1;1H")
    assert [line(screen, y) for y in range(4)] == ["", "  abc", "d", ""]
    assert screen.style[1][2] is parse_sgr("1;31")
    assert screen.style[1][4] is DEFAULT
    assert screen.touched == {1, 2}


def test_what_lies_beyond_the_edges_is_dropped() -> None:
    screen = parsed("\x1b[1;38Habcdef\n\x1b[9;1Hxyz\x1b[2;40H漢", 40, 2)
    assert line(screen) == " " * 37 + "abc"
    assert line(screen, 1) == ""


def test_half_a_wide_character_is_blanked() -> None:
    screen = parsed("\x1b[1;1H漢字\x1b[1;2Hx\x1b[1;3Hy")
    assert screen.text[0][:5] == [" ", "x", "y", " ", " "]


def test_a_smaller_screen_keeps_no_half_of_a_wide_character() -> None:
    screen = parsed("\x1b[1;1Hab漢字", 6, 1)
    screen.resize(5, 1)
    assert screen.text[0] == ["a", "b", "漢", "", " "]
    screen.resize(7, 1)
    assert line(screen) == "ab漢"


def test_a_mark_in_a_segment_of_its_own_joins_its_letter() -> None:
    screen = parsed("\x1b[1;1H\x1b[1me\x1b[0m\x1b[3m\u0301\x1b[0mx")
    assert screen.text[0][:2] == ["e\u0301", "x"]


def test_a_link_shows_what_it_says_and_leads_nowhere() -> None:
    screen = parsed("\x1b[1;1H\x1b]8;id=1;https://example.com\x1b\\\x1b[4mhere\x1b[0m\x1b]8;;\x1b\\!")
    assert line(screen) == "here!"


HOSTILE = {
    "\x1b[2J": "^[[2J",
    "\x1b[?1049l": "^[[?1049l",
    "\x1b[>25u": "^[[>25u",
    "\x1b]52;c;QQ==\x07": "^[]52;c;QQ==^G",
    "\x1b]0;title\x1b\\": "^[]0;title^[\\",
    "\x1bP1$r\x1b\\": "^[P1$r^[\\",
    "\x1bc": "^[c",
    "\x9b2J": "\\u009b2J",
    "\x9d52;c;QQ==\x9c": "\\u009d52;c;QQ==\\u009c",
    "\x00\x08\r\x0e": "^@^H ^N",
    "\u202eevil": "\\u202eevil",
    "\x1b": "^[",
}
# In unstyled text these two look like Textual's own: they may become cells elsewhere, never a byte.
LIKE_TEXTUALS = {"\x1b[31m": "^[[31m", "\x1b[3;3H": "^[[3;3H"}


@pytest.mark.parametrize(
    ("pen", "data", "shown"),
    [("\x1b[1m", *pair) for pair in (HOSTILE | LIKE_TEXTUALS).items()]
    + [("", *pair) for pair in HOSTILE.items()],
)
def test_a_sequence_in_data_is_shown_and_does_nothing(pen: str, data: str, shown: str) -> None:
    screen = parsed(f"\x1b[1;1H{pen}A{data}B{pen and chr(27) + '[0m'}\x1b[4;1H")
    assert line(screen) == f"A{shown}B"
    assert [line(screen, y) for y in (1, 2, 3)] == [""] * 3


def test_no_control_character_is_ever_in_a_cell() -> None:
    everything = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0), 0x202E, 0x2066, 0xFEFF, 0xD800]))
    for pen in ("", "\x1b[7m"):
        screen = parsed(f"\x1b[1;1H{pen}{everything}\x1b[0m", 400, 1)
        assert all(cell.isprintable() for cell in screen.text[0])


@pytest.mark.parametrize("data", ["\x1b[1;1Habc", "\n\x1b[3;1H", "\x1b[40;120H"])
def test_frames_are_told(data: str) -> None:
    assert is_frame(data)


@pytest.mark.parametrize("data", ["", "abc", "\x1b[?25h", "\x1b]52;c;QQ==\x07", "\x07", "\x1b[H", "\x1b[1m"])
def test_what_is_no_frame_is_told(data: str) -> None:
    assert not is_frame(data)
