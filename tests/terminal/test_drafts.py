"""The line drops in the middle of a call: what was typed is there again, in a real terminal."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from pty_session import PtySession, keys
from verbs import COMMAND, Home

from zoho.outbox import SqliteStore

Open = Callable[..., PtySession]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path, {"TMPDIR": str(tmp_path), "TERM": "xterm-256color"})


@pytest.fixture
def open_app(home: Home) -> Iterator[Open]:
    with ExitStack() as stack:

        def begin(*argv: str) -> PtySession:
            session = stack.enter_context(
                PtySession(argv or COMMAND, size=(80, 24), env=home.env, cwd=home.folder)
            )
            session.wait_for("Not signed in")
            session.press("f2")
            session.wait_for("Last Name")
            return session

        yield begin


def typed(home: Home) -> list[dict[str, str]]:
    """Return what the drafts on the disk hold."""
    with closing(SqliteStore(home.data / "outbox.db")) as store:
        return [dict(row.typed or {}) for row in store.drafts.all()]


def type_a_call(session: PtySession) -> None:
    session.send("\tLovelace\tAnalytical Engi")
    session.wait_for("Analytical Engi")


@pytest.mark.parametrize("how", ["hang up", "SIGTERM"])
def test_a_dropped_line_keeps_the_last_key(open_app: Open, home: Home, how: str) -> None:
    session = open_app()
    type_a_call(session)
    if how == "hang up":
        session.hang_up()
        assert session.wait_exit() == 128 + signal.SIGHUP
    else:
        session.signal(signal.SIGTERM)
        assert session.wait_exit() == 128 + signal.SIGTERM
    assert typed(home) == [{"Last_Name": "Lovelace", "Company": "Analytical Engi"}]
    again = open_app()
    again.wait_for("Analytical Engi")
    again.send("nes")
    again.wait_for("Analytical Engines")
    again.send(keys("ctrl+s"))
    again.wait_for("1 waiting")
    assert typed(home) == []


def test_a_killed_session_has_kept_what_was_typed(open_app: Open, home: Home) -> None:
    session = open_app()
    type_a_call(session)
    session.wait_for(lambda s: typed(home) == [{"Last_Name": "Lovelace", "Company": "Analytical Engi"}])
    session.signal(signal.SIGKILL)
    assert session.wait_exit() == -signal.SIGKILL
    again = open_app()
    again.wait_for("Analytical Engi")


def test_a_terminal_that_vanishes_without_a_signal_ends_it_too(open_app: Open, home: Home) -> None:
    # SIGHUP is ignored, as under nohup, and the app is no controlling process: it has to notice by itself.
    ours = "import os, sys; os.setsid(); sys.argv = ['zoho-leads']; from tui.cli import main; main()"
    watcher = (
        "import signal, subprocess, sys\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        f"child = subprocess.Popen([sys.executable, '-c', {ours!r}])\n"
        "open('code', 'w').write(str(child.wait(timeout=20)))\n"
    )
    session = open_app(sys.executable, "-c", watcher)
    type_a_call(session)
    session.hang_up()
    assert session.wait_exit() == 0
    assert (home.folder / "code").read_text() == str(128 + signal.SIGHUP)
    assert typed(home) == [{"Last_Name": "Lovelace", "Company": "Analytical Engi"}]
