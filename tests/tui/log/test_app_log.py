"""The Log tab in the whole app: every lead, what was tried for it, and what can be done."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from app_stage import Stage
from textual.app import App, ComposeResult

from tui.log.list import LeadList
from tui.log.tab import LogTab
from tui.log.window import Listed
from zoho.leads.stock import STOCK_FORM
from zoho.outbox.states import State

LEAD = {"Last_Name": "Roe", "Company": "Acme"}


async def test_an_empty_log_says_where_to_go(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.press("f4")
        await stage.until("No leads yet. F2 goes to the form.")
        for key in ("enter", "e", "d", "i", "s", "b", "up", "down", "end", "pagedown", "home"):
            await stage.press(key)
        assert stage.app.tab == "log"


async def test_nothing_is_said_of_leads_that_are_not_read_yet() -> None:
    class Unread(App[None]):
        def compose(self) -> ComposeResult:
            yield LeadList(read)

    async def read(_: object) -> dict[int, Listed]:
        return {}

    app = Unread()
    async with app.run_test():
        leads = app.query_one(LeadList)
        assert leads.render_line(0).text.strip() == ""
        await leads.show((), STOCK_FORM, None)
        assert "No leads yet" in leads.render_line(0).text


async def test_details_show_values_and_attempts_and_no_secrets(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        stage.line.down = True
        await stage.send(**LEAD, Email="roe@example.com")
        await stage.until(lambda: "cannot be reached" in stage.words)
        stage.line.down = False
        await stage.press("f4", "r")
        await stage.until(lambda: stage.states == ["sent"])
        await stage.press("enter")
        await stage.until("What was tried")
        text = stage.words
        assert "Roe, Acme" in text
        assert "Email: roe@example.com" in text
        assert "Lead_Source: Qualification Inbound" in text
        assert "POST /crm/v8/Leads no answer ConnectError" in text
        assert "POST /crm/v8/Leads 201 SUCCESS" in text
        assert f"key {stage.rows[0].key}, attempts {stage.rows[0].attempt}" in text
        (record,) = [one for one in stage.world.records() if one["Last_Name"] == "Roe"]
        assert record["id"] in text
        assert "oauthtoken" not in text
        for secret in (stage.world.client_secret, stage.world.refresh_token):
            assert secret not in text
        await stage.press("escape")
        assert len(stage.app.screen_stack) == 1
        assert stage.app.focused is stage.list


async def refused(stage: Stage) -> None:
    """Have a lead refused, and stand in the Log."""
    await stage.online()
    field = stage.world.modules["Leads"].fields["Lead_Status"]
    field.values = tuple(value for value in field.values if value[0] != "Contacted")
    stage.form.go_to("Lead_Status")
    await stage.type("Contacted")
    await stage.press("enter")
    await stage.send(**LEAD)
    await stage.until(lambda: stage.states == ["rejected"])
    await stage.press("f4")
    await stage.until("refused")


async def test_what_details_say_the_keys_do_they_do(stage: Stage) -> None:
    async with stage.open():
        await refused(stage)
        await stage.press("enter")
        await stage.until("E takes it back into the form")
        await stage.press("e")
        await stage.until(lambda: stage.app.tab == "qualify" and len(stage.app.screen_stack) == 1)
        await stage.until(lambda: stage.form.value("Last_Name") == "Roe")
        await stage.until(lambda: stage.form.current == "Lead_Status")
        await stage.press("f4", "enter", "d")
        await stage.toast("D again")
        await stage.press("enter", "d")
        await stage.settled()
        assert stage.states == ["rejected"], "something else was asked in between"
        await stage.press("d")
        await stage.until(lambda: stage.states == ["discarded"])
        await stage.press("d")
        await stage.toast("cannot be said")


async def test_a_double_click_opens_a_lead(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.send(**LEAD)
        await stage.until(lambda: stage.states == ["sent"])
        await stage.press("f4")
        await stage.until("created")
        await stage.pilot.click("#leads", offset=(5, 0), times=2)
        await stage.until("What was tried")


async def test_the_mark_stays_on_its_lead_when_new_ones_come(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.send(Last_Name="First", Company="Acme")
        await stage.send(Last_Name="Second", Company="Acme")
        await stage.until(lambda: stage.states == ["sent", "sent"])
        await stage.press("f4", "down")
        assert stage.list.marked is not None
        assert stage.list.marked.values["Last_Name"] == "First"
        await stage.press("f2")
        await stage.send(Last_Name="Third", Company="Acme")
        await stage.press("f4")
        await stage.until("Third")
        assert stage.list.marked.values["Last_Name"] == "First"


async def test_many_leads_scroll_and_cost_one_widget(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.press("f4")
        before = len(list(stage.app.query("#log *")))
        for number in range(60):
            stage.store.add(
                f"00000000-0000-4000-8000-{number:012}",
                {"Last_Name": f"Lead {number:02}", "Company": "Acme"},
                org="another org",
                lane=1,
                at=1_790_000_000.0 + number,
            )
        await stage.press("f2", "f4")
        await stage.until("Lead 59")
        assert "Lead 00" not in stage.text
        assert "for another org" in stage.words
        await stage.press("end")
        await stage.until("Lead 00")
        assert len(list(stage.app.query("#log *"))) == before
        await stage.press("home")
        await stage.until("Lead 59")


async def test_every_row_is_there_again_when_the_log_was_renewed_out_of_sight(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        for number in range(60):
            stage.store.add(f"key-{number}", LEAD, org="another org", lane=1, at=1_790_000_000.0 + number)
        await stage.press("f4")
        await stage.until(lambda: stage.text.count("Roe") == stage.list.size.height)
        await stage.press("f2")
        await stage.until(lambda: not stage.list.size.height)
        stage.store.decide("key-40", State.DISCARDED, at=1_790_000_100.0)
        await stage.app.query_one(LogTab).fill()
        await stage.press("f4")
        await stage.until(lambda: stage.text.count("Roe") == stage.list.size.height > 0)
        await stage.until("discarded")


async def test_the_keys_of_the_log_do_nothing_in_the_form(stage: Stage) -> None:
    async with stage.open():
        await refused(stage)
        await stage.press("f2")
        await stage.type("deis rb")
        assert stage.form.value("First_Name") == "deis rb"
        assert stage.states == ["rejected"]


async def test_what_another_process_adds_is_shown(tmp_path: Path, stage: Stage) -> None:
    from zoho.outbox import SqliteStore

    async with stage.open():
        await stage.online()
        await stage.press("f4")
        await stage.until("No leads yet")
        other = SqliteStore(tmp_path / "data" / "outbox.db")
        try:
            key = "00000000-0000-4000-8000-000000000001"
            other.add(key, {"Last_Name": "Added"}, org=None, lane=0, at=1_790_000_000.0)
        finally:
            other.close()
        await stage.until("Added")
        await stage.until("1 waiting")


async def test_a_narrower_screen_has_no_bar_to_scroll_sideways(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.send(**LEAD)
        await stage.until(lambda: stage.states == ["sent"])
        await stage.press("f4")
        await stage.until("created")
        await stage.pilot.resize_terminal(60, 20)
        await stage.until(lambda: len(stage.lines) == 20)
        assert not stage.list.show_horizontal_scrollbar
        assert "Roe, Acme" in stage.words


async def test_what_need_not_be_kept_is_purged_and_shown_as_such(tmp_path: Path) -> None:
    stage = Stage(tmp_path, environ={"ZOHO_KEEP_DAYS": "0"})
    async with stage.open():
        await stage.online()
        await stage.send(**LEAD)
        await stage.until(lambda: [(row.state, row.purged) for row in stage.rows] == [("sent", True)])
        await stage.press("f4")
        await stage.until("(purged)")
        assert stage.rows[0].zoho_id in stage.words
        await stage.press("enter")
        await stage.until("purged: key, Zoho id and times are all that is kept")
        await stage.press("e")
        await stage.toast("cannot be changed any more")


async def test_values_are_purged_at_the_start_once_they_are_old(tmp_path: Path, stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.send(**LEAD)
        await stage.until(lambda: stage.states == ["sent"])
    with sqlite3.connect(tmp_path / "data" / "outbox.db", isolation_level=None) as db:
        db.execute("UPDATE leads SET updated_at = updated_at - 7.1 * 86400")
    db.close()
    async with stage.open():
        await stage.until(lambda: bool(stage.rows) and stage.rows[0].purged)
