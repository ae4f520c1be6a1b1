"""Where nobody types, nothing is written: two seconds of silence in every place of the app."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pty_session import PtySession, keys
from verbs import COMMAND, Home

PLACES = {
    "the form": ("", "Last Name"),
    "a field with text": ("Ada", "Ada"),
    "a list of choices": ("\t" * 5 + " ", "Lead Status"),
    "the settings": (keys("f3"), "Client secret"),
    "the palette": (keys("ctrl+p"), "Search for an action"),
    "the palette, searched": (keys("ctrl+p") + "sett", "Go to the settings"),
    "the palette, nothing found": (keys("ctrl+p") + "qqq", "No matches"),
    "the help": (keys("f8"), "Field before"),
    "the drafts": ("\tRoe\tAcme" + keys("ctrl+n", "ctrl+o"), "Half-typed leads"),
    "the log": (keys("f4"), "No leads yet"),
}


@pytest.fixture
def session(tmp_path: Path) -> Iterator[PtySession]:
    home = Home(tmp_path, {"TMPDIR": str(tmp_path), "TERM": "xterm-256color"})
    with PtySession([*COMMAND, "demo"], size=(80, 24), env=home.env, cwd=tmp_path) as running:
        running.wait_for("online")
        running.wait_for("Last Name")
        yield running


def is_silent(session: PtySession) -> bool:
    session.wait_quiet(0.6)
    mark = session.mark()
    with pytest.raises(AssertionError, match="Not within"):
        session.wait_for(lambda s: s.bytes_since(mark), timeout=2)
    return True


@pytest.mark.parametrize("place", PLACES)
def test_an_idle_app_writes_nothing(session: PtySession, place: str) -> None:
    typed, seen = PLACES[place]
    session.send(typed)
    session.wait_for(seen)
    assert is_silent(session)


def test_details_and_a_toast_that_has_gone_write_nothing(session: PtySession) -> None:
    session.send("\tRoe\tAcme" + keys("ctrl+s"))
    session.wait_for("created in Zoho")
    session.wait_gone("created in Zoho")
    assert is_silent(session)
    session.press("f4")
    session.wait_for("Roe, Acme")
    session.press("enter")
    session.wait_for("What was tried")
    assert is_silent(session)
