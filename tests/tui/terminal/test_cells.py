"""Text to cells."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from rich.cells import cell_len, get_character_cell_size

from tui.terminal.cells import _ONE_COLUMN, cells_of, is_doubtful

INVISIBLE = ("Cc", "Cf", "Cs", "Mn", "Me", "Zl", "Zp")


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("abc", "abc"),
        ("é", "é"),
        ("e\u0301x", ["e\u0301", "x"]),
        ("漢字", ["漢", "", "字", ""]),
        ("👨‍👩‍👧!", ["👨‍👩‍👧", "", "!"]),
        ("❤️.", ["❤️", "", "."]),
        ("a\x1bb", ["a", "^", "[", "b"]),
        ("\x00\x7f", ["^", "@", "^", "?"]),
        ("\x9b", [*"\\u009b"]),
        ("\u202e", [*"\\u202e"]),
        ("\ud800", [*"\\ud800"]),
        ("a\tb\nc", ["a", " ", "b", " ", "c"]),
    ],
)
def test_cells(text: str, cells: object) -> None:
    assert [*cells_of(text)[1]] == [*cells]  # type: ignore[misc]


def test_marks_at_the_start_are_kept_apart() -> None:
    assert cells_of("\u0301a") == ("\u0301", ["a"])


def test_a_cluster_has_an_end() -> None:
    assert len(cells_of("a" + "\u0301" * 500)[1][0]) <= 16


def test_the_fast_way_takes_only_characters_of_one_column() -> None:
    for code in range(0x20, 0x30000):
        character = chr(code)
        if _ONE_COLUMN.fullmatch(character):
            assert get_character_cell_size(character) == 1, hex(code)
            assert unicodedata.category(character) not in INVISIBLE, hex(code)


def test_no_control_or_invisible_character_becomes_a_cell() -> None:
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp"):
            assert character not in "".join(cells_of(f"a{character}b")[1]) or character in "\t\n"


def test_as_many_cells_as_textual_counts() -> None:
    texts = ("plain", "漢字かな", "سلام", "नमस्ते", "e\u0301a", "👍🏽", "🇩🇪", "👨‍👩‍👧", "❤️", "ﷺ")
    assert [len(cells_of(text)[1]) for text in texts] == [cell_len(text) for text in texts]


def test_disputed_widths_are_known() -> None:
    assert all(map(is_doubtful, ("👨‍👩‍👧", "❤️", "😀", "e\u0301", "🏽", "🇩")))
    assert not any(map(is_doubtful, ("a", "", "漢", "é", "س", "✓", "█")))
