"""Each verb that opens the outbox tells its trouble once, with the way out, and ends with status 2."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from verbs import Home

from zoho.outbox.sender_lock import SenderLock
from zoho.outbox.sqlite_store import SqliteStore

LEAD = '{"Last_Name": "Roe", "Company": "Acme", "Email": "roe@example.com"}'
VERBS = (("add",), ("send",), ("log",), ("purge",), ("forget", "roe@example.com", "--yes"))


def a_file_in_place_of_the_folder(home: Home) -> None:
    home.data.write_text("")


def a_folder_in_place_of_the_file(home: Home) -> None:
    (home.data / "outbox.db").mkdir(parents=True)
    home.data.chmod(0o700)


def foreign(home: Home) -> None:
    home.data.mkdir(mode=0o700)
    with closing(sqlite3.connect(home.data / "outbox.db")) as db:
        db.execute("CREATE TABLE theirs (x)")


def newer(home: Home) -> None:
    assert home.run("log").status == 0
    with closing(sqlite3.connect(home.data / "outbox.db")) as db:
        db.execute("PRAGMA user_version=99")


TROUBLE = {
    a_file_in_place_of_the_folder: "is not a folder",
    a_folder_in_place_of_the_file: "cannot be opened",
    foreign: "another program's database",
    newer: "A newer zoho-leads",
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("make", TROUBLE)
def test_trouble_is_told_once_with_the_way_out(
    stranger: Home, make: Callable[[Home], None], verb: tuple[str, ...]
) -> None:
    make(stranger)
    before = stranger.everything_kept()
    ended = stranger.run(*verb, given=LEAD)
    assert (ended.status, ended.out) == (2, ""), ended
    assert TROUBLE[make] in ended.err
    assert "--data-dir" in ended.err
    assert ended.err.count("\n") == 1
    assert stranger.everything_kept() == before


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("there", [False, True])
def test_a_read_only_folder_is_told_once_with_the_way_out(
    as_user: Path, there: bool, verb: tuple[str, ...]
) -> None:
    home = Home(as_user)
    home.data.mkdir(mode=0o700)
    if there:
        SqliteStore(home.data / "outbox.db").close()
    home.data.chmod(0o500)
    ended = home.call(*verb, given=LEAD.encode())
    assert (ended.status, ended.out, ended.err.count("\n")) == (2, "", 1), ended
    assert str(home.data) in ended.err
    assert "--data-dir" in ended.err
    home.data.chmod(0o700)
    assert home.rows() == []


def test_with_another_folder_it_goes_on(stranger: Home, tmp_path: Path) -> None:
    foreign(stranger)
    ended = stranger.run("add", "--data-dir", str(tmp_path / "other"), given=LEAD)
    assert ended.status == 3, ended


# Damaged


def damage(home: Home) -> None:
    with (home.data / "outbox.db").open("r+b") as file:
        file.write(b"\xa7" * 16)


@pytest.mark.parametrize("verb", VERBS)
def test_a_damaged_outbox_is_set_aside_and_said_once(stranger: Home, verb: tuple[str, ...]) -> None:
    stranger.run("add", given=LEAD)
    damage(stranger)
    ended = stranger.run(*verb, given=LEAD)
    assert ended.status in (0, 3), ended
    (aside,) = stranger.data.glob("outbox-damaged-*.db")
    assert f"set aside as {aside.name}. Leads taken over: 1; 1 of them need you" in ended.err
    assert "set aside" not in stranger.run("log").err
    assert len(stranger.rows()) == (2 if verb == ("add",) else 1)


def test_what_was_taken_over_is_not_sent_by_itself(home: Home) -> None:
    added = home.run("add", given=LEAD, env={"ZOHO_REFRESH_TOKEN": None}).json
    damage(home)
    ended = home.run("send", "--confirm-org")
    assert ended.status == 0
    assert "Leads that need you: 1" in ended.err
    assert home.rows("key, state") == [(added["key"], "ask")]


def test_forgetting_somebody_names_the_file_that_was_set_aside(stranger: Home) -> None:
    stranger.run("add", given=LEAD)
    damage(stranger)
    stranger.run("log")
    ended = stranger.run("forget", "roe@example.com", "--yes")
    (aside,) = stranger.data.glob("outbox-damaged-*.db")
    assert ended.status == 0
    assert str(aside) in ended.err


def test_a_damaged_outbox_that_another_process_sends_from_is_left(stranger: Home) -> None:
    stranger.run("add", given=LEAD)
    damage(stranger)
    lock = SenderLock(stranger.data / "outbox.lock")
    assert lock.acquire()
    ended = stranger.run("log")
    lock.release()
    assert (ended.status, ended.err.count("\n")) == (2, 1)
    assert "another zoho-leads is using it" in ended.err
    assert list(stranger.data.glob("outbox-damaged-*")) == []
