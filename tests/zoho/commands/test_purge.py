"""`zoho-leads purge` and what `add` and `send` purge at their end."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from pty_session import PtySession
from verbs import COMMAND, Home

LEAD = {"Last_Name": "Roe", "Company": "Acme", "Email": "roe@example.com"}
DAY = 24 * 3600


def aged(home: Home, days: float) -> None:
    """Let every lead have ended that long ago."""
    with closing(sqlite3.connect(home.data / "outbox.db", isolation_level=None)) as db:
        db.execute("UPDATE leads SET updated_at = updated_at - ?", (days * DAY,))


def values(home: Home) -> list[str]:
    return [row[0] for row in home.rows('"values"')]


def test_values_are_kept_for_a_week(home: Home) -> None:
    assert home.run("add", given=LEAD).status == 0
    aged(home, 6.9)
    assert home.run("purge").out == "Leads purged: 0.\n"
    assert "Roe" in values(home)[0]
    aged(home, 0.2)
    assert home.run("purge").out == "Leads purged: 1.\n"
    assert values(home) == ["{}"]


def test_a_purged_lead_is_told_as_such_with_its_id(home: Home) -> None:
    added = home.run("add", given=LEAD).json
    aged(home, 8)
    home.run("purge")
    listed = home.run("log")
    assert f"(purged)  {added['id']}" in listed.out
    assert "Roe" not in listed.out
    (told,) = home.run("log", "--json").json
    assert (told["fields"], told["id"], told["key"]) == ({}, added["id"], added["key"])


def test_nothing_unsent_is_purged(stranger: Home) -> None:
    assert stranger.run("add", given=LEAD).status == 3
    aged(stranger, 1000)
    ended = stranger.run("purge", "--older-than", "0", "--yes")
    assert (ended.status, ended.out) == (0, "Leads purged: 0.\n")
    assert "Roe" in values(stranger)[0]


def test_keeping_less_than_is_configured_is_asked_about(home: Home) -> None:
    home.run("add", given=LEAD)
    refused = home.run("purge", "--older-than", "0", given="y\n")
    assert (refused.status, refused.out) == (2, "")
    assert "7 days are configured" in refused.err
    assert "Give --yes" in refused.err
    assert "Roe" in values(home)[0]
    assert home.run("purge", "--older-than", "8").status == 0
    assert home.run("purge", "--older-than", "0", "--yes").out == "Leads purged: 1.\n"


@pytest.mark.parametrize(("answer", "status"), [("n\r", 2), ("\x03", 2), ("\x04", 2), ("y\r", 0)])
def test_it_asks_on_a_terminal(home: Home, answer: str, status: int) -> None:
    home.run("add", given=LEAD)
    environ: dict[str, str | None] = {**home.environ()}
    command = [*COMMAND, "purge", "--older-than", "0"]
    with PtySession(command, env=environ, cwd=home.folder) as terminal:
        terminal.wait_for("Purge them? [y/N]")
        terminal.send(answer)
        assert terminal.wait_exit() == status
    assert ("Roe" in values(home)[0]) == (status == 2)


@pytest.mark.parametrize("days", ["-1", "nan", "inf", "week"])
def test_days_are_a_number(stranger: Home, days: str) -> None:
    ended = stranger.call("purge", "--older-than", days)
    assert ended.status == 2
    assert "--older-than" in ended.err


def test_with_no_days_add_tells_the_lead_and_keeps_nothing_of_it(home: Home) -> None:
    added = home.run("add", given=LEAD, env={"ZOHO_KEEP_DAYS": "0"})
    assert (added.status, added.json["fields"]["Last_Name"]) == (0, "Roe")
    assert values(home) == ["{}"]
    again = home.run("add", "--key", added.json["key"], given=LEAD, env={"ZOHO_KEEP_DAYS": "0"})
    assert (again.status, again.json["id"]) == (0, added.json["id"])
    assert "(purged)" in again.err


def test_send_purges_what_ended_long_ago(home: Home) -> None:
    home.run("add", given=LEAD)
    aged(home, 8)
    assert home.run("send").status == 0
    assert values(home) == ["{}"]


def test_add_purges_what_ended_long_ago_and_not_its_own_lead(home: Home) -> None:
    home.run("add", given=LEAD)
    aged(home, 8)
    assert home.run("add", given={**LEAD, "Last_Name": "Doe"}).status == 0
    old, new = values(home)
    assert old == "{}"
    assert "Doe" in new


def test_a_wrong_number_of_days_is_told(stranger: Home) -> None:
    ended = stranger.run("purge", env={"ZOHO_KEEP_DAYS": "a week"})
    assert ended.status == 2
    assert "ZOHO_KEEP_DAYS must be a number, 0 or more" in ended.err
    assert ended.err.count("\n") == 1
