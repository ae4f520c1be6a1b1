"""From one screen to another: right on a strict model terminal, and short."""

from __future__ import annotations

import random

import pytest
from model_terminal import Cell, ModelTerminal

from tui.terminal.differ import Place, difference, move
from tui.terminal.screen import Screen
from tui.terminal.style import DEFAULT, Style, parse_sgr

STYLES = [DEFAULT, *filter(None, map(parse_sgr, ["1", "31", "48;5;4", "1;31;48;5;4", "4;7", "2;38;2;9;9;9"]))]
TEXTS = [
    "a",
    "hello",
    "  ",
    " " * 30,
    "─" * 12,
    "漢字",
    "字漢",
    "東",
    "سلام",
    "e\u0301",
    "😀",
    "👨‍👩‍👧",
    "❤️",
    "x y z",
    "█",
]


def copy_of(screen: Screen) -> Screen:
    other = Screen(screen.width, screen.height)
    for y in range(screen.height):
        other.take_row(y, screen)
    return other


def fresh_model(width: int, height: int, *, joins: bool = True) -> ModelTerminal:
    model = ModelTerminal(width, height, joins=joins)
    model.feed("\x1b[?7l\x1b[H")
    return model


def as_model(screen: Screen) -> list[list[Cell]]:
    return [
        [Cell(text, (style.attributes, style.fg, style.bg)).seen() for text, style in zip(*row, strict=True)]
        for row in zip(screen.text, screen.style, strict=True)
    ]


@pytest.mark.parametrize("seed", range(6))
def test_random_screens_are_exact(seed: int) -> None:
    rng = random.Random(seed)
    width, height = rng.choice([(20, 4), (80, 24), (7, 3)])
    shown, wanted = Screen(width, height), Screen(width, height)
    model, place = fresh_model(width, height), Place(0, 0)
    for _ in range(250):
        for _ in range(rng.randint(1, 6)):
            x, y = rng.randrange(width), rng.randrange(height)
            wanted.write(x, y, rng.choice(TEXTS) * rng.randint(1, 2), rng.choice(STYLES))
        caret = rng.choice([None, (rng.randrange(width), rng.randrange(height))])
        data, place = difference(shown, wanted, place, caret)
        model.feed(data.encode())
        assert model.seen() == as_model(wanted)
        if caret is not None:
            assert (model.x, model.y) == caret
        for y in wanted.touched:
            shown.take_row(y, wanted)
        wanted.touched.clear()


def test_a_wide_character_in_place_of_another_moves_the_cursor_by_two() -> None:
    assert sent([(0, 0, "漢漢漢")], [(0, 0, "字字漢")], Place(0, 0), DEFAULT) == "字字"
    shown, wanted = Screen(10, 1), Screen(10, 1)
    shown.write(0, 0, "漢漢", DEFAULT)
    wanted.write(0, 0, "字漢", DEFAULT)
    assert difference(shown, wanted, Place(0, 0))[1] == Place(2, 0)


def test_a_terminal_that_draws_clusters_apart_shows_everything_else_right() -> None:
    rng = random.Random(7)
    wanted, shown = Screen(60, 3), Screen(60, 3)
    model, place = fresh_model(60, 3, joins=False), Place(0, 0)
    for number in range(100):
        wanted.write(rng.randrange(20), 1, "x👨‍👩‍👧y", rng.choice(STYLES))
        wanted.write(40, 1, f"end {number}", DEFAULT)
        data, place = difference(shown, wanted, place)
        model.feed(data.encode())
        for x, (cell, style) in enumerate(zip(wanted.text[1], wanted.style[1], strict=True)):
            if cell.isascii() and cell:
                look = (style.attributes, style.fg, style.bg)
                assert model.seen()[1][x] == Cell(cell, look).seen()
        for y in wanted.touched:
            shown.take_row(y, wanted)
        wanted.touched.clear()


Writes = list[tuple[int, int, str]]


def sent(before: Writes, after: Writes, place: Place, style: Style) -> str:
    shown = Screen(40, 5)
    for x, y, text in before:
        shown.write(x, y, text, style)
    wanted = copy_of(shown)
    for x, y, text in after:
        wanted.write(x, y, text, style)
    return difference(shown, wanted, place)[0]


def test_nothing_changed_nothing_sent() -> None:
    assert sent([(0, 0, "abc")], [(0, 0, "abc")], Place(0, 0), STYLES[1]) == ""


def test_a_blank_in_another_colour_is_no_change() -> None:
    shown, wanted = Screen(10, 1), Screen(10, 1)
    wanted.write(0, 0, " " * 10, STYLES[2])
    assert difference(shown, wanted, Place(0, 0))[0] == ""


def test_typing_costs_the_letter() -> None:
    assert sent([(0, 0, "abc")], [(3, 0, "d")], Place(3, 0), DEFAULT) == "d"


def test_small_gaps_are_written_again() -> None:
    assert sent([(0, 0, "a-b-c")], [(0, 0, "x-y-z")], Place(0, 0), DEFAULT) == "x-y-z"


def test_the_rest_of_a_row_is_erased() -> None:
    assert sent([(0, 0, "a" * 30)], [(1, 0, " " * 29)], Place(1, 0), DEFAULT) == "\x1b[K"


def test_a_coloured_background_is_never_erased() -> None:
    style = parse_sgr("48;5;4")
    assert style is not None
    assert "\x1b[K" not in sent([(0, 0, "a" * 40)], [(1, 0, " " * 39)], Place(1, 0), style)


@pytest.mark.parametrize(
    ("place", "x", "y", "data"),
    [
        (Place(3, 2), 3, 2, ""),
        (Place(3, 2), 4, 2, "\x1b[C"),
        (Place(3, 2), 30, 2, "\x1b[27C"),
        (Place(3, 2), 2, 2, "\b"),
        (Place(30, 2), 20, 2, "\x1b[10D"),
        (Place(30, 2), 0, 2, "\r"),
        (Place(90, 2), 1, 2, "\r\x1b[C"),
        (Place(3, 2), 3, 3, "\x1b[B"),
        (Place(3, 2), 0, 3, "\r\x1b[B"),
        (Place(3, 12), 0, 0, "\x1b[H"),
        (Place(3, 12), 0, 1, "\x1b[2H"),
        (Place(3, 12), 5, 0, "\x1b[;6H"),
        (Place(None, 12), 5, 12, "\x1b[13;6H"),
    ],
)
def test_the_shortest_move(place: Place, x: int, y: int, data: str) -> None:
    assert move(place, x, y) == data
