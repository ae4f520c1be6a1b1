"""Everything that a stranger wrote, everywhere, in a real terminal: it is read, and does nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hostile_app
import pytest
from hostile import PAYLOADS, begin, seen
from hostile_org import NUMBERED, ORG, SOURCE, WRONG, fill_outbox, make_hostile, write_config
from hostile_visit import DETAILS, SIZE, Visit, walk
from pty_session import PtySession
from sandbox_server import serve
from verbs import COMMAND, Home, credentials

from zoho.sandbox import World


@contextmanager
def visited(folder: Path, *command: str) -> Iterator[Visit]:
    """Walk through the app on a hostile org, outbox and configuration."""
    world = World(submission_key="Submission_Key")
    make_hostile(world)
    fault = {
        "code": "INVALID_DATA",
        "message": WRONG,
        "status": "error",
        "details": {"api_name": "Company", "expected_data_type": WRONG},
    }

    def wrong() -> None:
        world.faults.order("answer", path="/crm/v8/Leads", method="POST", status=202, body={"data": [fault]})

    home = Home(folder, {"TMPDIR": str(folder)})
    with serve(world) as url:
        home.env |= credentials(world, url)
        home.data.mkdir(mode=0o700)
        fill_outbox(home)
        write_config(home)
        environment = {**dict.fromkeys(os.environ), "TERM": "xterm-256color", **home.env}
        with PtySession(command, env=environment, cwd=home.folder, size=SIZE) as session:
            visit = Visit(session)
            walk(visit, wrong)
            yield visit
            session.press("ctrl+q")
            assert session.wait_exit() == 0
            assert b"Traceback" not in session.raw
            assert list(home.folder.rglob("crash-*")) == []


def missing(page: str, texts: dict[str, str], before: str = "") -> list[str]:
    """Return the numbers of those of which a page does not show the beginning."""
    return [number for number, text in texts.items() if before + number + begin(text) not in page]


def test_foreign_text_is_seen_as_it_is_and_does_nothing(tmp_path: Path) -> None:
    assert len(PAYLOADS) >= 60
    with visited(tmp_path, *COMMAND) as visit:
        pages = visit.pages
        server = NUMBERED
        assert missing(pages["form"], server) == [], "labels"
        assert missing(pages["form"], server, "h") == [], "help"
        assert missing(pages["form"], server, "t") == [], "titles"
        assert missing(pages["choices"], server, "c") == [], "choices"
        assert missing(pages["log"], NUMBERED, "L") == [], "the Log"
        opened = [number for number in NUMBERED if f"L{number}" in pages["details"]]
        assert len(opened) >= len(NUMBERED) // DETAILS
        assert missing(pages["details"], {number: NUMBERED[number] for number in opened}, "L") == [], (
            "details"
        )
        some = dict(list(NUMBERED.items())[::8])
        assert missing(pages["drafts"], some, "D") == [], "drafts"
        for place in ("toast", "error"):
            assert "Company" in pages[place], place
        assert seen(ORG)[:20] in pages["first"], "tab bar"
        assert seen(SOURCE)[:30] in pages["settings"], "settings"
        assert seen(PAYLOADS["title"]) in pages["palette"]
        pasted = {f"{number:02d}": text for number, text in enumerate(PAYLOADS.values())}
        for name in ("lone surrogate", "nul"):  # no terminal sends the one, our keyboard drops the other
            del pasted[f"{list(PAYLOADS).index(name):02d}"]
        assert missing(pages["paste"], pasted, "p") == [], "pastes"


def test_the_driver_alone_stops_it_too(tmp_path: Path) -> None:
    with visited(tmp_path, sys.executable, hostile_app.__file__) as visit:
        assert "^[]0;owned" in visit.pages["form"], "it was the driver that made it visible"
        assert "\\u202e" in visit.pages["log"]


@pytest.mark.parametrize("text", ["Ze👩‍👩‍👧", "می‌خواهم", "a🇩🇪", "❤️b"])
def test_what_people_write_is_not_taken_for_an_attack(text: str) -> None:
    assert seen(text) == text
