"""An outbox that is busy for seconds: what cannot be read is told, and nothing ends by it."""

from __future__ import annotations

from contextlib import closing

from app_stage import Stage
from held_desk import HeldApp

from tui.log.tab import LogTab
from zoho.outbox.sqlite_store import SqliteStore

LEAD = {"Last_Name": "Roe", "Company": "Acme"}


async def in_long_log(stage: Stage) -> set[str]:
    """Go to a Log with more leads than are read at once; return what the desk cannot do."""
    await stage.online()
    for number in range(300):
        stage.store.add(f"key-{number}", LEAD, org="another org", lane=1, at=1_790_000_000.0 + number)
    await stage.press("f4")
    await stage.until("Roe")
    assert isinstance(stage.app, HeldApp)
    return stage.app.desk.fails


async def test_going_through_the_log(stage: Stage) -> None:
    async with stage.open(kind=HeldApp):
        fails = await in_long_log(stage)
        fails.add("numbered")
        await stage.press("end")
        await stage.until("The outbox is busy.")
        fails.clear()
        await stage.press("up")
        await stage.until(lambda: stage.text.count("Roe") == stage.list.size.height)
        await stage.leave()
    assert (stage.app.return_code, stage.app.crashed) == (0, "")


async def test_the_rest_of_what_is_found(stage: Stage) -> None:
    async with stage.open(kind=HeldApp):
        fails = await in_long_log(stage)
        await stage.press(*"/roe")
        await stage.until("100 found")
        fails.add("numbers")
        await stage.until("The outbox is busy.")
        await stage.leave()
    assert (stage.app.return_code, stage.app.crashed) == (0, "")


async def test_another_lead_of_the_company_of_one_that_was_created(stage: Stage) -> None:
    async with stage.open(kind=HeldApp):
        await stage.online()
        await stage.send(**LEAD)
        await stage.until(lambda: stage.states == ["sent"])
        await stage.press("alt+r")
        await stage.until("Leads created last")
        assert isinstance(stage.app, HeldApp)
        stage.app.desk.fails.add("row")
        await stage.press("enter")
        await stage.toast("The outbox is busy.")
        await stage.leave()
    assert (stage.app.return_code, stage.app.crashed) == (0, "")


async def test_a_half_typed_lead_that_is_taken_up_from_the_log(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(**LEAD)
        await stage.press("ctrl+n", "f4")
        await stage.until("Roe")
        stage.app.post_message(LogTab.Edit(stage.rows[0]))
        (stage.folder / "data" / "outbox.db").rename(stage.folder / "moved.db")
        await stage.toast("moved away or deleted")
        await stage.leave()
    assert (stage.app.return_code, stage.app.crashed) == (0, "")


async def test_when_the_outbox_can_be_read_again_nothing_of_it_stays_on_the_screen(stage: Stage) -> None:
    async with stage.open(kind=HeldApp):
        await stage.online()
        assert isinstance(stage.app, HeldApp)
        stage.app.desk.fails.add("tell_counts")
        with closing(SqliteStore(stage.folder / "data" / "outbox.db")) as other:
            other.add("key", LEAD, org="another org", lane=1, at=1_790_000_000.0)
        await stage.until("The outbox is busy.")
        assert "online" in stage.text
        stage.app.desk.fails.clear()
        await stage.until(lambda: "The outbox is busy." not in stage.words and "1 waiting" in stage.words)
