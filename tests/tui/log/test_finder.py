"""The line in which words are typed to find leads by."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.keys import _character_to_key

from tui.log.finder import Finder
from tui.text import UNICODE_SIGNS


def typed(finder: Finder, *keys: str) -> list[bool]:
    """Press keys; return which of them the line took."""
    pressed = ((_character_to_key(key), key) if len(key) == 1 else (key, None) for key in keys)
    return [finder.takes(events.Key(key, character)) for key, character in pressed]


def test_letters_are_text_only_behind_the_slash() -> None:
    finder = Finder()
    assert typed(finder, "d", "e", "escape", "enter", "backspace") == [False] * 5
    assert typed(finder, "/", "d", "e", "/", " ", "s") == [True] * 6
    assert (finder.text, finder.typing) == ("de/ s", True)


def test_keys_that_move_are_left_to_the_list() -> None:
    finder = Finder()
    assert typed(finder, "/", "down", "pageup", "end", "f2", "ctrl+s") == [True, *[False] * 5]


def test_enter_keeps_the_words_and_escape_drops_them() -> None:
    finder = Finder()
    assert typed(finder, "/", "a", "enter", "d", "enter") == [True, True, True, False, False]
    assert (finder.text, finder.shown) == ("a", True)
    assert typed(finder, "escape", "escape") == [True, False]
    assert (finder.text, finder.shown) == ("", False)


def test_words_are_taken_back() -> None:
    finder = Finder()
    typed(finder, "/", *"ada lovelace", "backspace", "ctrl+w")
    assert finder.text == "ada "
    typed(finder, "ctrl+w")
    assert finder.text == ""
    typed(finder, *"roe", "ctrl+u")
    assert (finder.text, finder.typing) == ("", True)


def test_what_is_pasted_is_one_clean_line() -> None:
    finder = Finder()
    finder.add("Ada\nLovelace\x1b[2J")
    assert "\n" not in finder.text
    assert "\x1b" not in finder.text


def test_the_line_fits_whatever_is_typed() -> None:
    finder = Finder()
    typed(finder, "/")
    for text in ("", "ada", "株式会社サンプル", "x" * 200):
        finder.text = text
        line = finder.line(80, 12_345, UNICODE_SIGNS)
        assert cell_len(line) == 80
        assert line.endswith("12,345 found · Esc shows all ")
    finder.text = "ada"
    assert finder.line(80, 1, UNICODE_SIGNS).startswith(" / ada ")
    assert finder.caret == 6
