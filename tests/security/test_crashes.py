"""The app fails, at every kind of place: one line, a report, no secret anywhere, the terminal as it was."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import crash_app
import pytest
from crash_app import AT_END, AT_START, KEYED, LEAD, SURVIVED
from model_terminal import ModelTerminal
from pty_session import PtySession

from zoho.outbox import SqliteStore
from zoho.outbox.store import FRESH
from zoho.sandbox.credentials import CLIENT_SECRET, REFRESH_TOKEN

ROOT = Path(__file__).parents[2]
SIZE = (240, 24)
Open = Callable[[str], PtySession]


@pytest.fixture
def open_app(tmp_path: Path) -> Iterator[Open]:
    """Start the app with the bomb of that name, on an outbox with two leads that wait for another org."""
    (tmp_path / "home").mkdir(mode=0o700)
    with closing(SqliteStore(tmp_path / "home" / "outbox.db")) as store:
        for key in ("one", "two"):
            store.add(key, {"Last_Name": LEAD, "Company": "Acme"}, org="other", lane=FRESH, at=time.time())
    env = {
        **dict.fromkeys(os.environ),
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
    }
    with ExitStack() as stack:
        yield lambda place: stack.enter_context(
            PtySession(
                [sys.executable, crash_app.__file__, str(tmp_path / "home"), place],
                env=env,
                size=SIZE,
                cwd=tmp_path,
            )
        )


def ready(session: PtySession) -> None:
    session.wait_for("online")
    session.wait_for("2 waiting")


def assert_terminal_is_the_shells(session: PtySession) -> None:
    model = ModelTerminal(*SIZE)
    drawn, left, after = bytes(session.raw).rpartition(b"\x1b[?1049l")
    model.feed(drawn + left)
    model.feed(b"".join(re.findall(rb"\x1b\[[?<>=0-9;]*[a-zA-Z]", after)))
    assert after.count(b"\x1b") == len(re.findall(rb"\x1b\[[?<>=0-9;]*[hlu]", after)), "words without colour"
    assert model.modes == {7, 25}
    assert model.keyboard == []
    assert session.cooked


def assert_nothing_is_told(session: PtySession, folder: Path) -> None:
    """No secret and no lead in what was written to the terminal or to a file, but where they belong."""
    token = next((folder / "home").rglob("token*.json"), None)
    access = re.findall(r"1000\.[\w.]{20,}", token.read_text()) if token else []
    places = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    places["terminal"] = bytes(session.raw)
    for place, content in places.items():
        told = [secret for secret in (CLIENT_SECRET, REFRESH_TOKEN) if secret.encode() in content]
        assert told == [], place
        if "token" not in place:
            assert not any(one.encode() in content for one in access), place
        if "outbox" not in place:
            assert LEAD.encode() not in content, place


def said_at_the_end(session: PtySession) -> list[str]:
    """Return the lines that were written after the terminal had been given back."""
    after = bytes(session.raw).rpartition(b"\x1b[?1049l")[2].decode()
    return [line for line in re.sub(r"\x1b\[[?<>=0-9;]*[a-zA-Z]", "", after).splitlines() if line]


def assert_one_line_and_a_report(session: PtySession, folder: Path) -> str:
    said = said_at_the_end(session)
    assert len(said) == 1, said
    assert "your 2 unsent leads are safe" in said[0]
    assert "Traceback" not in session.text()
    (report,) = (folder / "home").rglob("crash-*.txt")
    assert said[0].endswith(f"The report is in {report}")
    assert report.stat().st_mode & 0o777 == 0o600
    return report.read_text()


@pytest.mark.parametrize("place", KEYED)
def test_a_failure_ends_in_one_line_and_a_report(place: str, open_app: Open, tmp_path: Path) -> None:
    session = open_app(place)
    ready(session)
    session.press("ctrl+g")
    assert session.wait_exit() == 1
    report = assert_one_line_and_a_report(session, tmp_path)
    assert "crash_app.py" in report, "it tells where"
    assert_terminal_is_the_shells(session)
    assert_nothing_is_told(session, tmp_path)


@pytest.mark.parametrize("place", AT_START)
def test_a_failure_at_the_start_does_too(place: str, open_app: Open, tmp_path: Path) -> None:
    session = open_app(place)
    assert session.wait_exit() == 1
    assert_one_line_and_a_report(session, tmp_path)
    assert_terminal_is_the_shells(session)
    assert_nothing_is_told(session, tmp_path)


@pytest.mark.parametrize("place", AT_END)
def test_a_failure_on_leaving_does_too(place: str, open_app: Open, tmp_path: Path) -> None:
    session = open_app(place)
    ready(session)
    session.press("ctrl+g", "ctrl+q")
    assert session.wait_exit() == 1
    assert_one_line_and_a_report(session, tmp_path)
    assert_terminal_is_the_shells(session)
    assert_nothing_is_told(session, tmp_path)


@pytest.mark.parametrize("place", SURVIVED)
def test_what_only_one_part_needs_ends_only_that(place: str, open_app: Open, tmp_path: Path) -> None:
    session = open_app(place)
    ready(session)
    session.press("ctrl+g")
    session.press("f4")
    session.wait_for(LEAD)  # it goes on
    session.press("ctrl+q")
    assert session.wait_exit() == 0
    log = next((tmp_path / "home").rglob("zoho-leads.log")).read_text()
    assert "Boom" in log
    assert "crash_app.py" in log
    assert list((tmp_path / "home").rglob("crash-*")) == []
    assert_terminal_is_the_shells(session)
    secrets = (CLIENT_SECRET.encode(), REFRESH_TOKEN.encode())
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(secret in path.read_bytes() for path in kept for secret in secrets)
    assert not any(secret in session.raw for secret in secrets)


def test_a_module_that_cannot_be_loaded_is_told_and_holds_up_nobody(open_app: Open, tmp_path: Path) -> None:
    session = open_app("heavy import")
    session.wait_for("Sending has failed")
    session.send("\tRoe\tAcme")
    session.press("ctrl+s")
    session.wait_for("Not saved")
    session.press("ctrl+q")
    assert session.wait_exit() == 0
    assert_terminal_is_the_shells(session)
    assert_nothing_is_told(session, tmp_path)


@pytest.mark.parametrize("how", ["from inside", "from outside"])
def test_an_interrupt_is_no_crash(how: str, open_app: Open, tmp_path: Path) -> None:
    session = open_app("interrupt")
    ready(session)
    if how == "from inside":
        session.press("ctrl+g")
    else:
        session.signal(signal.SIGINT)
    assert session.wait_exit() == 130
    told = "2 unsent, safe. Start zoho-leads again, or run: zoho-leads send"
    assert said_at_the_end(session) == ([told] if how == "from inside" else [])
    assert list((tmp_path / "home").rglob("crash-*")) == []
    assert_terminal_is_the_shells(session)
    assert_nothing_is_told(session, tmp_path)


def test_a_hang_up_ends_it_even_if_the_draft_cannot_be_kept(open_app: Open, tmp_path: Path) -> None:
    session = open_app("draft at the end")
    ready(session)
    session.signal(signal.SIGTERM)
    assert session.wait_exit() == 128 + signal.SIGTERM
    assert_terminal_is_the_shells(session)
    assert_nothing_is_told(session, tmp_path)
