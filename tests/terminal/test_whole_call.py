"""A whole call in a real terminal, by keys alone: lead, note and task stand in Zoho, each once."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pty_session import PtySession, keys
from sandbox_server import serve
from verbs import ROOT, Home, credentials
from whole_call import LEAD, NAMED, SIGNATURE, Step, steps, table

from zoho.outbox import SqliteStore
from zoho.sandbox import World

DAY = (datetime.now(UTC) + timedelta(days=30)).strftime("%Y-%m-%d")
AT = f"{DAY} 14:30"
PASTE = f"\x1b[200~{SIGNATURE}\x1b[201~".replace("\n", "\r")
PAGE = ROOT / "docs" / "walkthrough.md"

QUICK = (sys.executable, str(ROOT / "tests" / "support" / "quick_app.py"))

Open = Callable[[], PtySession]


@pytest.fixture
def world() -> World:
    return World(seed=False, submission_key="Submission_Key")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path, {"TMPDIR": str(tmp_path), "TERM": "xterm-256color", "TZ": "Europe/Berlin"})


@pytest.fixture
def open_app(world: World, home: Home) -> Iterator[Open]:
    with ExitStack() as stack:
        url = stack.enter_context(serve(world))

        def begin() -> PtySession:
            nothing = dict.fromkeys(os.environ)
            env = {**nothing, **home.env, **credentials(world, url), "ZOHO_SCRIPT": "meddic"}
            session = stack.enter_context(PtySession(QUICK, size=(80, 24), env=env, cwd=home.folder))
            session.wait_for("online")
            return session

        yield begin


def do(session: PtySession, of: Sequence[Step]) -> None:
    """Take the steps, each when what the one before led to is seen."""
    for step in of:
        for key in step.keys:
            if key == "paste":
                session.wait_for("Paste it now")
                session.send(PASTE)
            else:
                session.send(keys(key) if key in NAMED else key)
        session.wait_for(lambda shown, step=step: step.seen in " ".join(shown.text().split()))


def kill(session: PtySession) -> None:
    session.signal(signal.SIGKILL)
    session.wait_exit()


def asked(world: World, path: str) -> Callable[[PtySession], bool]:
    """Return whether a request that matches *path* has come and is not answered."""
    return lambda _: any(
        one.method == "POST" and re.fullmatch(path, one.path) and one.handled and one.status is None
        for one in world.requests
    )


def typed(home: Home) -> dict[str, str]:
    with closing(SqliteStore(home.data / "outbox.db")) as store:
        return next((dict(row.typed or {}) for row in store.drafts.all()), {})


def stands_once(world: World) -> None:
    (lead,) = world.records()
    assert {name: lead[name] for name in LEAD} == LEAD
    assert lead["Lead_Source"] == "Qualification Inbound"
    (note,) = world.living_notes()
    assert note.parent == lead["id"]
    assert "MEDDIC" in f"{note.title} {note.content}"
    (task,) = world.living_tasks()
    assert lead["id"] in task.parents


def test_a_call_of_ten_fields_five_answers_a_signature_and_a_call_back(open_app: Open, world: World) -> None:
    session = open_app()
    do(session, steps(AT))
    session.wait_for(lambda _: world.living_tasks() and world.living_notes())
    stands_once(world)


def test_killed_three_times_each_of_the_three_stands_once(open_app: Open, world: World, home: Home) -> None:
    call = steps(AT)
    session = open_app()
    do(session, call[:-1])
    session.wait_for(lambda _: any(text.startswith(AT) for text in typed(home).values()))
    kill(session)  # half typed

    session = open_app()
    session.wait_for("Half typed when the last session ended.")
    world.faults.order("hang-after", path="/crm/v8/Leads", method="POST")
    session.press("ctrl+s")
    session.wait_for(asked(world, "/crm/v8/Leads"))
    kill(session)  # the lead stands in Zoho, and nobody here knows
    assert (len(world.records()), world.living_notes()) == (1, [])

    world.faults.order("hang-after", path="/crm/v8/Leads/", method="POST")
    session = open_app()
    session.wait_for(asked(world, "/crm/v8/Leads/[0-9]+/Notes"))
    kill(session)  # and so does the note
    assert (len(world.living_notes()), world.living_tasks()) == (1, [])

    session = open_app()
    session.wait_for(lambda _: world.living_tasks())
    session.wait_for("1 today")
    stands_once(world)


def test_the_page_of_the_walk_through_counts_the_keys_of_this_call() -> None:
    page = PAGE.read_text("utf-8").split("\n")
    rows = [row for row in page if row.startswith("| ") and row[2:6] not in ("what", "--- ")]
    assert rows[: len(steps(AT)) + 1] == list(table(steps("tomorrow 14:30")))
