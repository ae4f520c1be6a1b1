"""`zoho-leads forget`: one person's leads, erased from the outbox."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from pty_session import PtySession
from verbs import COMMAND, Home

from zoho.sandbox import World

LEAD = {"Last_Name": "Roe", "Company": "Acme", "Email": "roe@example.com"}
OTHER = {"Last_Name": "Doe", "Company": "Acme", "Email": "doe@example.com"}


def put_into(home: Home, state: str) -> None:
    with closing(sqlite3.connect(home.data / "outbox.db", isolation_level=None)) as db:
        db.execute("UPDATE leads SET state = ?", (state,))


def states(home: Home) -> list[tuple[str, bool]]:
    return [(state, values == "{}") for state, values in home.rows('state, "values"')]


def test_nobody_of_that_name_is_fine_and_asks_nothing(stranger: Home) -> None:
    stranger.run("add", given=OTHER)
    ended = stranger.run("forget", "roe@example.com")
    assert ended.status == 0
    assert "Leads erased: 0" in ended.out
    assert states(stranger) == [("queued", False)]


def test_what_waits_is_given_up_only_if_that_is_said(stranger: Home) -> None:
    stranger.run("add", given=LEAD)
    stranger.run("add", given=OTHER)
    refused = stranger.run("forget", "roe@example.com", given="y\n")
    assert (refused.status, refused.out) == (2, "")
    assert "1 still wait" in refused.err
    assert "Give --yes" in refused.err
    assert states(stranger) == [("queued", False)] * 2
    done = stranger.run("forget", "ROE@example.com", "--yes")
    assert done.status == 0
    assert "Leads erased: 1" in done.out
    assert states(stranger) == [("discarded", True), ("queued", False)]


@pytest.mark.parametrize(("answer", "status"), [("n\r", 2), ("y\r", 0)])
def test_it_asks_on_a_terminal(stranger: Home, answer: str, status: int) -> None:
    stranger.run("add", given=LEAD)
    environ: dict[str, str | None] = {**stranger.environ()}
    command = [*COMMAND, "forget", "roe@example.com"]
    with PtySession(command, env=environ, cwd=stranger.folder) as terminal:
        terminal.wait_for("Erase their values for good? [y/N]")
        terminal.send(answer)
        assert terminal.wait_exit() == status
    assert states(stranger) == [("queued", False) if status else ("discarded", True)]


def test_a_created_lead_is_erased_here_and_not_in_zoho(home: Home, world: World) -> None:
    added = home.run("add", given=LEAD).json
    done = home.run("forget", "roe@example.com", "--yes")
    assert done.status == 0
    assert "not touched" in done.out
    assert states(home) == [("sent", True)]
    assert added["id"] in [record["id"] for record in world.records()]


@pytest.mark.parametrize("state", ["sending", "unknown"])
def test_what_is_under_way_is_left_and_said(stranger: Home, state: str) -> None:
    stranger.run("add", given=LEAD)
    put_into(stranger, state)
    ended = stranger.run("forget", "roe@example.com")
    assert ended.status == 3
    assert "Run it again when they are through" in ended.err
    assert states(stranger) == [(state, False)]


@pytest.mark.parametrize("email", ["", " ", "@", "roe", "roe@"])
def test_what_is_no_address_is_refused(stranger: Home, email: str) -> None:
    ended = stranger.call("forget", email, "--yes")
    assert ended.status == 2
    assert "no e-mail address" in ended.err
