"""Trouble with the outbox on the screen: the app starts, says so, and the form stays filled."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from app_stage import Stage

from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import State

LEAD = {"Last_Name": "Roe", "Company": "Acme"}


def foreign(data: Path) -> None:
    data.mkdir(mode=0o700)
    with closing(sqlite3.connect(data / "outbox.db")) as db:
        db.execute("CREATE TABLE theirs (x)")


def newer(data: Path) -> None:
    SqliteStore(data / "outbox.db").close()
    with closing(sqlite3.connect(data / "outbox.db")) as db:
        db.execute("PRAGMA user_version=99")


def a_folder_in_its_place(data: Path) -> None:
    (data / "outbox.db").mkdir(parents=True)
    data.chmod(0o700)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (foreign, "another program's"),
        (newer, "newer zoho-leads"),
        (a_folder_in_its_place, "cannot be opened"),
    ],
)
async def test_trouble_is_told_and_the_form_stays_filled(
    stage: Stage, make: Callable[[Path], None], told: str
) -> None:
    make(stage.folder / "data")
    async with stage.open():
        await stage.until(told)
        await stage.until("--data-dir")
        await stage.fill(**LEAD)
        await stage.press("ctrl+s")
        await stage.toast("Not saved")
        assert stage.form.values == LEAD
        await stage.leave()
    assert stage.app.return_code == 0


async def test_a_damaged_outbox_is_set_aside_and_that_stays_on_the_screen(stage: Stage) -> None:
    store = SqliteStore(stage.folder / "data" / "outbox.db")
    store.add("7a0ff6f8-6d0c-4c52-9f3e-2a53a44d4f4e", LEAD, org=None, lane=0, at=1.0)
    store.close()
    with (stage.folder / "data" / "outbox.db").open("r+b") as file:
        file.write(b"\xa7" * 16)
    async with stage.open():
        await stage.online()
        await stage.until("The outbox was damaged, and was set aside as outbox-damaged-")
        assert [row.state for row in stage.rows] == [State.ASK]
        await stage.send(**LEAD)
        await stage.until(lambda: stage.states == ["sent", "ask"])
        await stage.press("f4")
        await stage.until("asks you")
    assert len(list((stage.folder / "data").glob("outbox-damaged-*.db"))) == 1


async def test_an_outbox_that_is_gone_takes_no_lead_and_the_form_stays_filled(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(**LEAD)
        (stage.folder / "data" / "outbox.db").rename(stage.folder / "moved.db")
        await stage.press("ctrl+s")
        await stage.toast("Not saved", "moved away or deleted")
        assert stage.form.values == LEAD
        assert stage.world.records() == [] or all(one["Last_Name"] != "Roe" for one in stage.world.records())
        await stage.leave()
