"""`zoho-leads login` in a real terminal of 80x24: what a rep can read, scan, type and stop."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

import pytest
import segno
from approval import decide, shown
from pty_session import PtySession
from sandbox_server import Serving
from verbs import COMMAND, Home, credentials

from zoho.commands.large_letters import large
from zoho.sandbox import World

HALVES = {" ": (False, False), "▀": (True, False), "▄": (False, True), "█": (True, True)}


@pytest.fixture
def home(tmp_path: Path, world: World, url: Serving) -> Home:
    given = credentials(world, url)
    del given["ZOHO_REFRESH_TOKEN"]
    return Home(tmp_path, given)


def open_login(home: Home, *arguments: str, **env: str | None) -> PtySession:
    environ: dict[str, str | None] = {**home.environ(), **env}
    return PtySession([*COMMAND, "login", *arguments], env=environ, cwd=home.folder)


def code_on(terminal: PtySession) -> tuple[str, str]:
    terminal.wait_for("left. Ctrl+C stops.")
    found = shown(terminal.text())
    assert found is not None, terminal.picture()
    return found


def modules_on(terminal: PtySession) -> list[list[bool]]:
    """Read the QR code off the cells: dark on light by their own colours, whatever the terminal's are."""
    rows: list[list[bool]] = []
    for y in range(24):
        cells = [terminal.buffer[y][x] for x in range(80)]
        code = list(itertools.takewhile(lambda cell: (cell.fg, cell.bg) == ("black", "white"), cells))
        if code:
            halves = [HALVES[cell.data] for cell in code]
            rows += [[upper for upper, _ in halves], [lower for _, lower in halves]]
    return rows


def test_the_code_can_be_read_scanned_and_approved(home: Home, world: World, url: Serving) -> None:
    with open_login(home) as terminal:
        address, code = code_on(terminal)
        assert terminal.lines()[0] == f"Open in any browser: {url}/device", "nothing has scrolled away"
        found = modules_on(terminal)
        wanted = [
            [bool(dark) for dark in row]
            for row in segno.make_qr(f"{url}/device?user_code={code}", error="l").matrix
        ]
        assert [row[4:-4] for row in found[4 : 4 + len(wanted)]] == wanted
        assert not any(itertools.chain(*found[:4], *found[4 + len(wanted) :])), "light all around"
        assert not any(any(row[:4] + row[-4:]) for row in found)
        room = 80 - len(found[0]) - 2
        letters = large(code, room)
        right = [line[len(found[0]) + 2 :] for line in terminal.lines()]
        start = right.index(letters[0])
        assert right[start : start + len(letters)] == letters
        decide(address, code)
        terminal.wait_for("Data centre: eu")
        assert terminal.wait_exit() == 0
        assert "Signed in as Robin Ellis" in terminal.text()
        assert "left. Ctrl+C stops." not in terminal.text(), "the count is gone"
    assert world.tokens.knows_refresh(json.loads(home.config_file.read_text())["refresh_token"])


def test_it_counts_in_one_line_once_a_second_and_stops_at_ctrl_c(home: Home, world: World) -> None:
    with open_login(home) as terminal:
        code_on(terminal)
        start, place = terminal.mark(), terminal.cursor[1]
        terminal.wait_for("4:57 left")
        written = bytes(terminal.raw[start:]).decode()
        assert re.findall(r"\d:\d\d", written) in (["4:59", "4:58", "4:57"], ["4:58", "4:57"])
        assert "\n" not in written
        assert terminal.cursor[1] == place
        terminal.send("\x03")
        assert terminal.wait_exit() == 1
        assert "Stopped: nothing was changed." in terminal.text()
    assert not home.config_file.exists()
    assert world.tokens.alive_refresh_tokens() == [world.refresh_token]


@pytest.mark.parametrize(
    ("arguments", "env"), [((), {"LANG": "C"}), (("--ascii",), {}), ((), {"LC_ALL": "POSIX"})]
)
def test_ascii_alone_where_the_locale_or_the_rep_says_so(
    home: Home, arguments: tuple[str, ...], env: dict[str, str]
) -> None:
    with open_login(home, *arguments, **env) as terminal:
        _, code = code_on(terminal)
        assert terminal.raw.isascii()
        assert modules_on(terminal) == [], "drawn in ASCII it would not fit"
        letters = large(code, 80, ascii_only=True)
        start = terminal.lines().index(letters[0])
        assert terminal.lines()[start : start + len(letters)] == letters


def test_no_colour_where_none_is_wanted(home: Home) -> None:
    with open_login(home, NO_COLOR="1") as terminal:
        _, code = code_on(terminal)
        assert modules_on(terminal) == []
        assert large(code, 80)[0] in terminal.lines()
        assert not re.findall(rb"\x1b\[[0-9;]*m", terminal.raw)


def test_what_is_secret_is_asked_for_hidden(home: Home, world: World) -> None:
    code = world.new_grant_code()
    with open_login(home, "--code", ZOHO_CLIENT_ID=None, ZOHO_CLIENT_SECRET=None) as terminal:
        terminal.wait_for("Client ID:")
        terminal.send(f"{world.client_id}\r")
        terminal.wait_for("Client secret:")
        terminal.send(f"{world.client_secret}\r")
        terminal.wait_for("Grant code:")
        terminal.send(f"{code}\r")
        terminal.wait_for("Data centre: eu")
        assert terminal.wait_exit() == 0
        raw = terminal.raw.decode()
    assert world.client_id in raw
    assert world.client_secret not in raw
    assert code not in raw
    assert json.loads(home.config_file.read_text())["client_secret"] == world.client_secret


def test_a_question_that_is_not_answered_changes_nothing(home: Home, world: World) -> None:
    with open_login(home, ZOHO_CLIENT_SECRET=None) as terminal:
        terminal.wait_for("Client secret:")
        terminal.send("\x03")
        assert terminal.wait_exit() == 1
        assert "Traceback" not in terminal.text()
    assert not home.config_file.exists()
    assert world.requests == []
