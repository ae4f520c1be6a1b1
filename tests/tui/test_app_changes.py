"""What has changed in the org since the last run is told in words, and stays to be read."""

from __future__ import annotations

from pathlib import Path

from app_stage import API, Stage

from zoho.sandbox import World


def world() -> World:
    return World(submission_key="Submission_Key", base_url=API)


async def seen_once(stage: Stage) -> None:
    async with stage.open():
        await stage.online()


def layouts_read(stage: Stage) -> int:
    return sum(one.path.endswith("/settings/layouts") for one in stage.world.requests)


async def test_a_field_that_is_required_now(tmp_path: Path) -> None:
    stage = Stage(tmp_path, world())
    await seen_once(stage)
    leads = stage.world.modules["Leads"]
    leads.layouts[0].required.add("Phone")
    leads.fields["Industry"].values = (*leads.fields["Industry"].values, ("Space", "Space"))
    before = layouts_read(stage)
    async with stage.open():
        await stage.until("Phone is now required. Industry has the new value “Space”.")
        await stage.until(lambda: stage.app.desk._link is not None and stage.app.desk._link._courier)
        await stage.pilot.pause()
        assert "Phone is now required." in stage.words, "the sender has begun anew with the new form"
        phone = stage.app.desk.form.field("Phone")
        assert phone is not None
        assert phone.required
    assert layouts_read(stage) - before == 1, "what was just read is not read again"


async def test_nothing_is_told_where_nothing_has_changed(tmp_path: Path) -> None:
    stage = Stage(tmp_path, world())
    await seen_once(stage)
    async with stage.open():
        await stage.online()
        assert " now" not in stage.words


async def test_a_source_that_the_org_lacks_is_told_at_each_start(tmp_path: Path) -> None:
    stage = Stage(tmp_path, world(), environ={"ZOHO_LEAD_SOURCE": "Carrier Pigeon"})
    for _ in range(2):
        async with stage.open(size=(100, 30)):
            await stage.until("lacks “Carrier Pigeon”")
            await stage.until("prepare-org")
