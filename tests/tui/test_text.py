from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, strategies as st
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.widgets import Label

from tui.text import ASCII_SIGNS, UNICODE_SIGNS, Signs, block, cut, line, note, plain, signs, wrap

HOSTILE = ("[/x]", "[@click=app.quit]x[/]", "[bold]", "\x1b]0;t\x07[", "\u202eabc", "\ud800", "a\\[b]")


@pytest.mark.parametrize("text", HOSTILE)
async def test_foreign_text_in_a_widget_is_text_and_nothing_else(text: str) -> None:
    class Shown(App[None]):
        def compose(self) -> ComposeResult:
            yield Label(plain(text))
            yield Label(plain(text, "bold"))

    app = Shown()
    async with app.run_test(size=(80, 5)) as pilot:
        await pilot.click(offset=(0, 0))
        lines = [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]
        assert lines[0] == lines[1] == line(text)
        assert app.is_running


def test_a_line_is_one_line_of_at_most_so_many_cells() -> None:
    assert line("a\nb\tc\x1b") == "a b c^["
    assert line("Lovelace", 8) == "Lovelace"
    assert line("Lovelace", 5) == "Love…"
    assert line("Lovelace", 5, more="~") == "Love~"
    assert line("漢字漢字", 5) == "漢字…"
    assert line("漢字漢字", 4) == "漢…"
    assert line("abc", 0) == ""
    assert line("abc", 1) == "…"


@given(st.text(max_size=60), st.integers(0, 30))
def test_what_is_cut_fits(text: str, width: int) -> None:
    assert cell_len(cut(line(text), width)) <= width


@given(st.text(max_size=80), st.integers(1, 30))
def test_what_is_wrapped_fits_and_nothing_is_lost(text: str, width: int) -> None:
    text = block(text)
    rows = wrap(text, width)
    assert "".join(rows) == text.replace("\n", "")
    assert all(cell_len(row) <= max(width, 2) for row in rows)


def test_words_stay_whole_where_they_can() -> None:
    assert wrap("one two three", 9) == ["one two ", "three"]
    assert wrap("incomprehensible", 6) == ["incomp", "rehens", "ible"]
    assert wrap("a\n\nb", 9) == ["a", "", "b"]
    assert wrap("", 9) == [""]


def test_a_megabyte_costs_no_more_than_what_is_shown() -> None:
    for text in ("x" * 1_000_000, "x " * 500_000, "e" + "\u0301" * 1_000_000, "漢" * 300_000):
        assert cell_len(line(text, 20)) <= 20
        assert len(line(text)) <= 2001
        rows = wrap(text, 20, 3)
        assert len(rows) <= 3
        assert len("".join(rows)) < 5000
        assert rows[-1].endswith("…")
        assert len(plain(text)) <= 40_001
        assert len(note(text)) <= 301


def test_a_text_of_as_many_rows_as_there_may_be_is_whole() -> None:
    assert wrap("one two three", 6, 3) == ["one ", "two ", "three"]
    assert wrap("one two three", 6, 2) == ["one ", "two …"]
    assert wrap("one two three", 6, 2, more="~") == ["one ", "two ~"]


def test_a_block_keeps_its_lines() -> None:
    assert block("a\r\nb\tc\x07") == "a\nb    c^G"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, UNICODE_SIGNS),
        ({"LANG": "en_GB.UTF-8"}, UNICODE_SIGNS),
        ({"LANG": "C.utf8"}, UNICODE_SIGNS),
        ({"LANG": "C", "LC_ALL": "de_DE.utf8"}, UNICODE_SIGNS),
        ({"LANG": "C"}, ASCII_SIGNS),
        ({"LC_ALL": "POSIX", "LANG": "en_GB.UTF-8"}, ASCII_SIGNS),
        ({"LANG": "de_DE.ISO-8859-1"}, ASCII_SIGNS),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, ASCII_SIGNS),  # what Python makes of LANG=C
    ],
)
def test_signs_are_those_that_the_locale_can_show(environ: dict[str, str], expected: Signs) -> None:
    assert signs(environ) is expected


def test_every_sign_takes_one_cell_and_has_an_ascii_form() -> None:
    assert all(cell_len(sign) == 1 for sign in dataclasses.astuple(UNICODE_SIGNS))
    assert all(len(sign) == 1 and sign.isascii() for sign in dataclasses.astuple(ASCII_SIGNS))


def test_where_signs_are_ascii_quotation_marks_are_too(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "“Zoë” · waiting …"
    for name in ("LC_ALL", "LC_CTYPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    assert line(text) == note(text) == plain(text).plain == text
    monkeypatch.setenv("LANG", "C")
    assert line(text) == note(text) == plain(text).plain == '"Zoë" | waiting ...'
    assert block(text) == text, "a value stays what it is"
