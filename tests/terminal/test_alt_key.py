"""A rep's own key with Alt, in a real terminal and in a tmux that is set up by nobody."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pty_session import PtySession, keys
from tmux_pane import tmux_or_skip
from verbs import COMMAND, Home

Open = Callable[[], PtySession]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path, {"TMPDIR": str(tmp_path), "TERM": "xterm-256color"})
    home.config_file.write_text(json.dumps({"keymap": {"lead.park": "alt+p", "tab.log": "alt+l"}}))
    home.config_file.chmod(0o600)
    return home


@pytest.fixture(params=["terminal", "tmux"])
def session(home: Home, request: pytest.FixtureRequest) -> Iterator[PtySession]:
    with ExitStack() as stack:
        argv: tuple[str, ...] = COMMAND
        if request.param == "tmux":
            tmux = [tmux_or_skip(), "-u", "-f", os.devnull, "-L", f"zoho-leads-alt-{os.getpid()}"]
            stack.callback(subprocess.run, [*tmux, "kill-server"], check=False, timeout=20)
            argv = (*tmux, "new-session", *COMMAND)
        # The environment of whoever runs the tests would be that of the tmux server, and so of the app.
        environ = {**dict.fromkeys(os.environ), **home.env}
        session = stack.enter_context(PtySession(argv, size=(80, 24), env=environ, cwd=home.folder))
        session.wait_for("Not signed in")
        session.press("f2")
        session.wait_for("Last Name")
        session.wait_for("Alt+P Park")
        yield session


def test_it_acts_in_its_place_among_what_is_typed(session: PtySession) -> None:
    session.send("Ada\tLovelace" + keys("alt+p") + "Charles" + keys("alt+l"))
    session.wait_for("draft     Ada Lovelace")
    session.press("f2")
    session.wait_for("Charles")
    assert "Lovelace" not in session.text(), "parked"
    assert "pCharles" not in session.text()
    session.press("ctrl+q")
