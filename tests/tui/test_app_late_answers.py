"""Answers that come late: what they are about is no longer what is asked."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from app_stage import Stage
from held_desk import HeldApp

from tui.events import RowChanged
from zoho.outbox.states import State
from zoho.wire.errors import ZohoError

ORG = "/crm/v8/settings/layouts"
"""What is asked last for it."""
LEAD = {"Last_Name": "Roe", "Company": "Acme"}


async def test_an_org_that_was_asked_for_with_earlier_settings_is_not_the_one_in_use(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        link, asked = stage.app.desk._link, stage.line.held.setdefault(ORG, [])
        assert link is not None
        assert link.org is not None
        late = asyncio.create_task(link.read_org())
        await stage.until(lambda: asked, "the org is asked for")
        other = replace(link.org, org_id="another")
        link.use(link.config, other)
        asked[0].set()
        with pytest.raises(ZohoError, match="settings were changed"):
            await late
        assert link.org == other
        for one in asked:
            one.set()


async def test_a_lead_that_is_saved_late_leaves_the_next_one_in_the_form(stage: Stage) -> None:
    async with stage.open(kind=HeldApp):
        await stage.online()
        assert isinstance(stage.app, HeldApp)
        desk, tab = stage.app.desk, stage.app._qualify_tab
        assert tab is not None
        saved = desk.hold("save")
        await stage.fill(**LEAD)
        saving = asyncio.create_task(tab.send())
        await stage.until(lambda: desk.waiting["save"], "the lead is being saved")
        await tab.park()
        await stage.fill(Last_Name="Doe")
        saved.set()
        await saving
        await stage.until(lambda: stage.states.count("sent") == 1)
        assert stage.form.values == {"Last_Name": "Doe"}


async def test_what_goes_on_asking_after_the_settings_were_changed_is_told_so(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        asked = stage.line.held.setdefault("/crm/v8/org", [])
        late = asyncio.create_task(stage.app.desk.test_connection())
        await stage.until(lambda: asked, "the connection is tested")
        link, before = stage.app.desk._link, stage.app.desk.client
        assert link is not None
        link.use(link.config, link.org)
        await stage.until(lambda: stage.app.desk.client not in (before, None), "it is begun anew")
        asked[0].set()
        assert next(one.what for one in await late) == "The connection to Zoho was made anew meanwhile."
        for one in asked:
            one.set()


async def test_what_is_typed_into_the_settings_while_they_are_saved_stays(stage: Stage) -> None:
    async with stage.open(kind=HeldApp):
        await stage.online()
        assert isinstance(stage.app, HeldApp)
        desk = stage.app.desk
        await stage.press("f3")
        await stage.fill(source="Fair")
        saved = desk.hold("save_settings")
        await stage.press("ctrl+s")
        await stage.until(lambda: desk.waiting["save_settings"], "the settings are being saved")
        typed = stage.form.value("source")
        await stage.type(" in Bonn")
        saved.set()
        await stage.toast("Settings saved.")
        assert stage.form.value("source") == f"{typed} in Bonn"


async def test_what_became_of_a_lead_is_told_by_the_sender_alone_where_it_is_ours(stage: Stage) -> None:
    async with stage.open(kind=HeldApp):
        await stage.online()
        assert isinstance(stage.app, HeldApp)
        app, desk = stage.app, stage.app.desk
        stage.line.through.clear()
        await stage.send(**LEAD)
        await stage.until(lambda: stage.line.waiting)
        (row,) = stage.rows
        desk._told[row.key] = State.QUEUED
        read = desk.hold("row")
        late = asyncio.create_task(desk._tell_what_others_did())
        await stage.until(lambda: desk.waiting["row"])
        stage.line.through.set()
        await stage.toast("created in Zoho")
        read.set()
        await late
        told = [one.row.state for one in app.heard if isinstance(one, RowChanged)]
        assert told[-1] is State.SENT
