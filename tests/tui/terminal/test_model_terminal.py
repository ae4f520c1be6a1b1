"""The judge is judged: the strict model terminal of the tests."""

from __future__ import annotations

import pytest
from model_terminal import PLAIN, Cell, ModelTerminal, Unknown


def model(data: str, columns: int = 10, rows: int = 3) -> ModelTerminal:
    terminal = ModelTerminal(columns, rows)
    terminal.feed("\x1b[?7l\x1b[H" + data)
    return terminal


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        ("abc", ["abc"]),
        ("\x1b[2;3Hx\x1b[Hy", ["y", "  x"]),
        ("abc\bX\r\x1b[CY", ["aYX"]),
        ("abcdef\x1b[3D\x1b[K", ["abc"]),
        ("漢字\x1b[;2Hx", [" x字"]),
        ("0123456789X", ["012345678X"]),
        ("e\u0301x👨‍👩‍👧y", ["e\u0301x👨‍👩‍👧y"]),
        ("a\x1b[2Bb\x1b[2Ac", ["a c", "", " b"]),
    ],
)
def test_what_it_shows(data: str, lines: list[str]) -> None:
    assert model(data).lines()[: len(lines)] == lines


def test_looks() -> None:
    terminal = model("\x1b[1;2;31;48;5;9ma\x1b[22;39mb\x1b[mc")
    assert terminal.cells[0][0].look == (frozenset({1, 2}), "31", "48;5;9")
    assert terminal.cells[0][1].look == (frozenset(), "", "48;5;9")
    assert terminal.cells[0][2].look == PLAIN


def test_a_blank_has_no_letter_colour() -> None:
    assert Cell(" ", (frozenset({1}), "31", "44")).seen() == Cell(" ", (frozenset(), "", "44"))
    assert Cell(" ", (frozenset({4}), "31", "")).seen().look == (frozenset({4}), "31", "")


def test_input_may_come_in_pieces() -> None:
    terminal = ModelTerminal(10, 1)
    for byte in "\x1b[?7l\x1b[1;31m漢\x1b]52;c;QQ==\x07".encode():
        terminal.feed(bytes([byte]))
    assert terminal.cells[0][0] == Cell("漢", (frozenset({1}), "31", ""))
    assert terminal.copied == ["c;QQ=="]


@pytest.mark.parametrize(
    "data",
    [
        "\x1b]0;title\x07",
        "\x1bc",
        "\x1b[5n",
        "\x1b[1K",
        "\x1b[3J",
        "\x1b[?47h",
        "\x1b[38;5mx",
        "\x1b[10m",
        "\x00",
        "\x9b1m",
        "\t",
        "\x1b[4;1H",
        "\x1b[A",
        "\x1b[20C",
        "0123456789\x1b[D",
        "012345678漢",
        "\x1b[41m\x1b[K",
        "\x1b[3H\n",
        "ab\x1b[1;2H\u0301",
        "ab\r\u0301",
    ],
)
def test_what_it_refuses(data: str) -> None:
    with pytest.raises((Unknown, IndexError, KeyError)):
        model(data)
