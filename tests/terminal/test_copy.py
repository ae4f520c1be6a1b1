"""What goes to the terminal's clipboard: what the rep chose, and never a secret."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from model_terminal import ModelTerminal
from pty_session import PtySession, keys
from verbs import COMMAND, Home

SELECT_TO_HOME = "\x1b[1;2H"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[PtySession]:
    """The app of somebody who has not signed in: it opens on the settings."""
    home = Home(tmp_path, {"TMPDIR": str(tmp_path), "TERM": "xterm-256color"})
    with PtySession(COMMAND, size=(80, 24), env=home.env, cwd=tmp_path) as running:
        running.wait_for("Not signed in")
        running.wait_for("Client secret")
        yield running


def copied(session: PtySession) -> list[str]:
    model = ModelTerminal(80, 24)
    model.feed(bytes(session.raw))
    return model.copied


def test_what_is_selected_in_a_field_is_sent_to_the_terminal(session: PtySession) -> None:
    session.press("f2")
    session.wait_for("Last Name")
    session.send("Zoë" + SELECT_TO_HOME)
    session.wait_for("Zoë")
    assert copied(session) == []
    session.send(keys("ctrl+c"))
    session.wait_for("Sent to your terminal's clipboard")
    assert copied(session) == [f"c;{b64encode('Zoë'.encode()).decode()}"]


def test_a_secret_is_not(session: PtySession) -> None:
    for _ in range(12):
        if "▸ Client secret" in session.text():
            break
        before = session.cursor
        session.press("tab")
        session.wait_for(lambda s, was=before: s.cursor != was)
    session.send("hunter2" + SELECT_TO_HOME)
    session.wait_for("•••••••")
    session.send(keys("ctrl+c"))
    session.wait_for("A secret is not copied")
    assert copied(session) == []
    assert b"hunter2" not in session.raw
