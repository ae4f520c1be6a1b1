"""What is drawn while a sign-in waits, without a terminal: letters, QR code, and what fits where."""

from __future__ import annotations

import re

import pytest
import segno

from zoho.api.sign_in import CodeReady, Waiting
from zoho.commands.code_screen import CodeScreen, speaks_ascii
from zoho.commands.large_letters import large
from zoho.commands.qr_code import painted, qr_code

PAGE = "https://accounts.zoho.eu/oauth/v3/device"
READY = CodeReady(PAGE, f"{PAGE}?user_code=BCDF-GHJK", "BCDF-GHJK", 300.0)
SGR = re.compile(r"\x1b\[[0-9;]*m")


def bare(line: str) -> str:
    return SGR.sub("", line)


def test_a_letter_is_drawn() -> None:
    assert large("H", 80, ascii_only=True) == ["#   #"] * 3 + ["#####"] + ["#   #"] * 3
    assert large("L0", 80) == ["█     ▄▀▀▀▄", "█     █ ▄▀█", "█     █▀  █", "▀▀▀▀▀  ▀▀▀"]


def test_every_letter_differs() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
    assert len({tuple(large(letter, 80)) for letter in letters}) == len(letters)


@pytest.mark.parametrize(("columns", "rows"), [(53, 1), (52, 2), (29, 2), (28, 3), (5, 9), (4, 0), (0, 0)])
def test_a_code_is_cut_where_it_does_not_fit(columns: int, rows: int) -> None:
    lines = large("BCDF-GHJK", columns)
    assert len(lines) == max(rows * 5 - 1, 0)
    assert all(len(line) <= columns for line in lines)


@pytest.mark.parametrize("text", ["", "abc", "AB\x1b[2J", "ÄB"])
def test_what_is_not_in_the_font_is_not_drawn(text: str) -> None:
    assert large(text, 80) == []


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("size", [(33, 17), (80, 40), (200, 100)])
def test_the_qr_code_fits_or_is_left_out(size: tuple[int, int], ascii_only: bool) -> None:
    drawing = qr_code(PAGE, *size, ascii_only=ascii_only)
    assert (drawing is None) == (ascii_only and size[0] == 33)
    if drawing is not None:
        assert len(drawing.lines) <= size[1]
        assert {len(bare(painted(line))) for line in drawing.lines} == {drawing.columns}
        assert drawing.columns <= size[0]
        assert not ascii_only or "".join(map(painted, drawing.lines)).isascii()


def test_the_ascii_code_has_every_module() -> None:
    drawing = qr_code(PAGE, 200, 100, ascii_only=True)
    assert drawing is not None
    found = [
        [colour == "40" for colour, run in re.findall(r"\x1b\[(40|47)m( +)", line) for _ in run[::2]]
        for line in map(painted, drawing.lines)
    ]
    wanted = [[bool(dark) for dark in row] for row in segno.make_qr(PAGE, error="l").matrix]
    assert [row[4:-4] for row in found[4:-4]] == wanted
    assert not any(any(row) for row in [*found[:4], *found[-4:]]), "light all around"


def test_at_80x24_everything_is_there_at_once() -> None:
    lines = CodeScreen(80, 24).drawn(READY)
    assert len(lines) <= 23, "one is left to count down in"
    assert max(len(bare(line)) for line in lines) <= 80
    assert lines[0] == f"Open in any browser: {PAGE}"
    assert any("\x1b[30;47m" in line for line in lines)
    assert any(bare(line).endswith("Code: BCDF-GHJK") for line in lines)
    assert any("scan" in line for line in lines)


@pytest.mark.parametrize(("columns", "rows", "plain"), [(57, 24, False), (80, 18, False), (80, 24, True)])
def test_no_qr_code_where_there_is_no_room_but_the_large_letters(
    columns: int, rows: int, plain: bool
) -> None:
    lines = CodeScreen(columns, rows, ascii_only=plain).drawn(READY)
    assert "\x1b" not in "".join(lines)
    assert "scan" not in "".join(lines)
    assert lines[-1] == "Code: BCDF-GHJK"
    assert lines[3:-2] == large("BCDF-GHJK", columns, ascii_only=plain)
    assert not plain or "".join(lines).isascii()


def test_where_the_code_does_not_fit_into_the_qr_code_the_address_does() -> None:
    long = CodeReady(PAGE, f"{PAGE}?ticket={'x' * 150}", "BCDF-GHJK", 300.0)
    short = CodeReady(PAGE, None, "BCDF-GHJK", 300.0)
    assert CodeScreen(80, 24).drawn(long) == CodeScreen(80, 24).drawn(short)


def test_a_code_that_is_long_has_the_room_to_itself() -> None:
    long = CodeReady(PAGE, None, "B" * 40, 300.0)
    lines = CodeScreen(80, 24).drawn(long)
    assert max(len(bare(line)) for line in lines) <= 80
    assert lines[-1] == f"Code: {long.user_code}"


def test_without_a_terminal_it_is_three_lines() -> None:
    lines = CodeScreen(None).drawn(READY)
    assert lines == [
        f"Open in any browser: {PAGE}",
        "Code: BCDF-GHJK",
        f"Or, with the code in it: {PAGE}?user_code=BCDF-GHJK",
    ]
    assert len(CodeScreen(None).drawn(CodeReady(PAGE, None, "BCDF-GHJK", 1.0))) == 2


def test_counting_down_writes_one_line_over_and_over(capsys: pytest.CaptureFixture[str]) -> None:
    screen = CodeScreen(80, 24)
    for left in (61.0, 60.2, 59.9, 0.0):
        screen.count(Waiting(left))
    screen.end_count()
    out = capsys.readouterr().out
    assert "\n" not in out
    assert re.findall(r"\d:\d\d", out) == ["1:01", "1:00", "0:00"], "what has not changed is not written"
    assert out.endswith("\r\x1b[K")


def test_counting_down_needs_a_terminal_and_room(capsys: pytest.CaptureFixture[str]) -> None:
    CodeScreen(None).count(Waiting(60))
    assert capsys.readouterr().out == ""
    CodeScreen(20, 24).count(Waiting(60, "http_502"))
    assert len(capsys.readouterr().out.strip("\r").removesuffix("\x1b[K")) == 19
    CodeScreen(120, 24).count(Waiting(60, "http_502"))
    assert "asking again" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("environ", "ascii_only"),
    [
        ({}, False),
        ({"LANG": "C"}, True),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True),
        ({"LANG": "POSIX", "LC_CTYPE": "C.UTF-8"}, True),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "en_GB.utf8"}, False),
        ({"LANG": "de_DE.ISO-8859-1"}, True),
        ({"LANG": "C.UTF-8", "LC_ALL": "C"}, True),
        ({"LANG": "C", "LC_ALL": "en_GB.UTF-8"}, False),
    ],
)
def test_the_locale_decides(environ: dict[str, str], ascii_only: bool) -> None:
    assert speaks_ascii(environ) == ascii_only
