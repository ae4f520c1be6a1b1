"""A lead was created too early, twice, or for the wrong one: it is taken back within a minute."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from app_stage import Stage
from textual.widgets import OptionList

from tui.qualify.recent import RecentList
from zoho.outbox.rest import Waits
from zoho.outbox.store import Row

ROE = {"Last_Name": "Roe", "Company": "Acme"}
DOE = {"Last_Name": "Doe", "Company": "Other"}


def standing(stage: Stage, name: str = "Roe") -> list[str]:
    return [one["Last_Name"] for one in stage.world.records() if one["Last_Name"] == name]


def deletes(stage: Stage) -> int:
    return sum(one.method == "DELETE" for one in stage.world.requests)


def row_of(stage: Stage, name: str = "Roe") -> Row:
    return next(row for row in stage.rows if row.values.get("Last_Name") == name)


async def created(stage: Stage, **values: str) -> None:
    await stage.send(**(values or ROE))
    await stage.until(lambda: stage.states[0] == "sent")


async def listed(stage: Stage) -> None:
    await stage.press("alt+r")
    await stage.until(lambda: isinstance(stage.app.screen, RecentList), "the list")


def age(stage: Stage, seconds: float) -> None:
    """Let every lead be older, here and in the stand-in."""
    for record in stage.world.living("Leads"):
        record.created -= seconds
        record.modified -= seconds
    with closing(sqlite3.connect(stage.folder / "data" / "outbox.db", isolation_level=None)) as db:
        db.execute(
            "UPDATE leads SET created_at = created_at - ?, updated_at = updated_at - ?", (seconds,) * 2
        )


async def test_two_keys_undo_the_lead_that_was_just_created(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await created(stage)
        await stage.toast("Roe, Acme", "created in Zoho. Alt+U undoes it.")
        await stage.until("1 today")
        await stage.press("alt+u")
        await stage.until("U again undoes Roe, Acme")
        await stage.until("Workflows, mails and assignments that it set off stay done.")
        assert deletes(stage) == 0
        await stage.press("alt+u")
        await stage.toast("Roe, Acme", "Undone: it is in Zoho's recycle bin.")
        assert (standing(stage), deletes(stage)) == ([], 1)
        assert row_of(stage).undone
        await stage.until("0 today")
        await stage.press("f4")
        await stage.until("undone Roe, Acme")


async def test_the_last_lead_of_this_session_is_meant(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await created(stage)
        await created(stage, **DOE)
        await stage.press("alt+u", "escape")
        await stage.settled()
        assert deletes(stage) == 0
        await stage.press("alt+u")
        await stage.until("U again undoes Doe, Other")
        await stage.press("u")
        await stage.toast("Doe, Other", "Undone")
        assert (standing(stage), standing(stage, "Doe")) == (["Roe"], [])


async def test_any_of_them_is_undone_from_the_list(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await created(stage)
        await created(stage, **DOE)
        await listed(stage)
        assert [line for line in stage.words.split("│") if "Leads created last" in line]
        await stage.press("2", "u")
        await stage.until("U again undoes Roe, Acme")
        await stage.press("up")
        await stage.until("Enter another of its company")
        await stage.press("down", "u")
        await stage.until("U again undoes Roe, Acme")
        assert len(stage.app.screen_stack) == 2
        await stage.press("u")
        await stage.toast("Roe, Acme", "Undone")
        assert (standing(stage), standing(stage, "Doe")) == ([], ["Doe"])


async def test_what_somebody_changed_is_not_undone(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await created(stage)
        record = next(one for one in stage.world.living("Leads") if one.values["Last_Name"] == "Roe")
        stage.world.change(record, {"City": "London"})
        record.modified += 2
        await stage.press("alt+u", "u")
        told = await stage.toast("Not undone", "This lead was changed in Zoho since it was created")
        assert told[2] == "error"
        # It is not told once more that it was created.
        await stage.settled()
        assert len([text for _, text, _ in stage.toasts if "created in Zoho." in text]) <= 1
        assert (standing(stage), deletes(stage)) == (["Roe"], 0)


async def test_what_was_converted_is_not_undone(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await created(stage)
        stage.world.living("Leads")[-1].converted = True
        await stage.press("alt+u", "u")
        await stage.toast("Not undone", "converted in Zoho")
        assert deletes(stage) == 0


async def test_after_a_minute_it_is_not_undone(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await created(stage)
        age(stage, 61)
        await stage.press("alt+u", "u")
        await stage.toast("Not undone", "created more than 60 s ago. Delete it in Zoho, if it must go.")
        assert (standing(stage), deletes(stage)) == (["Roe"], 0)


async def test_what_was_undone_is_restored(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await created(stage)
        await stage.press("alt+u", "u")
        await stage.toast("Roe, Acme", "Undone")
        await listed(stage)
        await stage.until("Roe, Acme undone")
        await stage.press("r")
        await stage.toast("Roe, Acme", "Restored: it stands in Zoho again.")
        assert standing(stage) == ["Roe"]
        await stage.until("1 today")
        await listed(stage)
        await stage.until("Roe, Acme created")
        await stage.press("u", "u")
        await stage.toast("Not undone", "was undone before, and restored")
        assert deletes(stage) == 1


async def test_what_was_not_undone_is_not_restored(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await created(stage)
        await listed(stage)
        await stage.press("r")
        await stage.toast("Not restored", "This lead was not undone.")


async def test_another_one_from_its_company(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await created(stage, **ROE, Website="acme.example", Email="roe@acme.example")
        await stage.fill(Last_Name="Half")
        await listed(stage)
        await stage.press("enter")
        await stage.until(lambda: stage.form.values == {"Company": "Acme", "Website": "acme.example"})
        await stage.toast("", "Another one of Acme.")
        # What was half typed is put aside, and the new one is another lead.
        await stage.until("1 parked")
        await stage.fill(Last_Name="Next")
        await stage.press("ctrl+s")
        await stage.until(lambda: standing(stage, "Next"))
        assert len({row.key for row in stage.rows}) == 3


async def test_a_missing_scope_is_named(stage: Stage) -> None:
    stage.world.options.missing_scopes.add("ZohoCRM.modules.Leads.DELETE")
    async with stage.open():
        await stage.online()
        await created(stage)
        await stage.press("alt+u", "u")
        await stage.toast("Not undone", "ZohoCRM.modules.leads.DELETE")
        assert row_of(stage).in_zoho


async def test_there_is_nothing_to_undo(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        for key in ("alt+u", "alt+r"):
            await stage.press(key)
            await stage.toast("", "No lead was created here yet.")
        stage.line.down = True
        await stage.send(**ROE)
        await stage.press("alt+u")
        await stage.toast("", "is not in Zoho yet. Once it is, Alt+U takes it back.")
        await stage.press("f4")
        await stage.until("Roe, Acme")
        await stage.press("d", "d")
        await stage.until(lambda: stage.states == ["discarded"])
        await stage.press("f2", "alt+u")
        await stage.toast("", "was not created: see the Log (F4)")


async def test_before_the_org_is_known_nothing_is_listed(tmp_path: Path) -> None:
    stage = Stage(tmp_path, signed_in=False)
    async with stage.open():
        await stage.press("f2")
        await stage.until(lambda: stage.app.desk._store is not None)
        await stage.press("alt+r")
        await stage.toast("", "Not connected to Zoho yet.")


@pytest.mark.parametrize("gone", [True, False])
async def test_an_undo_that_was_cut_off_is_found_out_about_by_the_next_start(
    tmp_path: Path, gone: bool
) -> None:
    stage = Stage(tmp_path, waits=Waits(deadline=0.1, margin=0.0))
    async with stage.open():
        await stage.online()
        await created(stage)
        key = row_of(stage).key
        # As it is on the disk of a session that was killed around its deletion, long ago or just now.
        stage.store.undos.want(key, at=stage.rows[0].updated_at - 100)
        await stage.leave()
    record = next(one for one in stage.world.living("Leads") if one.values["Last_Name"] == "Roe")
    record.deleted_at = record.created if gone else None
    async with stage.open():
        word = "It was undone" if gone else "It was not undone, and stands in Zoho"
        await stage.toast("Roe, Acme", word)
        await stage.until(f"{int(not gone)} today")
        assert not any("created in Zoho." in text for _, text, _ in stage.toasts)
        assert (row_of(stage).undone, row_of(stage).in_zoho, deletes(stage)) == (gone, not gone, 0)


async def test_a_long_list_is_gone_through_by_keys(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await created(stage)
        await created(stage, **DOE)
        await listed(stage)
        await stage.press("j")
        options = stage.app.screen.query_one(OptionList)
        assert options.highlighted == 1
        await stage.press("k", "9")
        assert options.highlighted == 0
        await stage.press("alt+r")
        await stage.until(lambda: len(stage.app.screen_stack) == 1)
