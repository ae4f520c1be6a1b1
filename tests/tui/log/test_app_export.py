"""A rep writes what the Log shows into a file."""

from __future__ import annotations

import csv
import json
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from app_stage import Stage
from textual.widgets import Input

from tui.log.export import ExportScreen, default_target, kind_of, why_not
from zoho.commands.exporting import Kind


def test_the_first_offer_is_a_file_of_today_in_the_home_folder() -> None:
    assert default_target(datetime(2026, 3, 1, tzinfo=UTC)) == "~/zoho-leads-2026-03-01.csv"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.csv", Kind.CSV), ("A.JSON", Kind.JSON), ("a.b.jsonl", Kind.JSONL), ("a", None), ("a.txt", None)],
)
def test_the_name_says_what_it_holds(name: str, kind: Kind | None) -> None:
    assert kind_of(Path(name)) is kind


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    assert why_not(tmp_path / "a.csv") == ""
    assert ".jsonl" in why_not(tmp_path / "a.xls")
    assert "folder" in why_not(tmp_path / "folder.csv")
    assert "cannot be a file here" in why_not(tmp_path / f"{'n' * 300}.csv")
    assert str(tmp_path / "nowhere") in why_not(tmp_path / "nowhere" / "a.csv")


@asynccontextmanager
async def opened(stage: Stage) -> AsyncIterator[None]:
    """Open the app with three leads, and go to the Log."""
    async with stage.open():
        await stage.online()
        for last, company in (("Roe", "Acme"), ("Doe", "Acme"), ("Ada", "Difference")):
            await stage.send(Last_Name=last, Company=company)
        await stage.until(lambda: stage.states == ["sent"] * 3)
        await stage.press("f4")
        await stage.until("Roe, Acme")
        stage.app.clear_notifications()
        yield


async def write_to(stage: Stage, target: Path | str) -> None:
    await stage.press("x")
    await stage.until(lambda: isinstance(stage.app.screen, ExportScreen) and stage.app.focused)
    assert "~/zoho-leads-20" in stage.text
    stage.app.screen.query_one(Input).value = str(target)
    await stage.settled()
    await stage.press("enter")


async def test_what_was_found_is_written_and_the_toast_says_where(stage: Stage, tmp_path: Path) -> None:
    target = tmp_path / "found.csv"
    async with opened(stage):
        await stage.press("slash")
        await stage.type("acme")
        await stage.press("enter")
        await stage.until("2 found")
        await stage.press("x")
        await stage.until("Export the leads with: acme")
        await stage.press("escape")
        await write_to(stage, target)
        title, text, _ = await stage.toast("2 leads are in")
        assert (title, str(target) in text) == ("Exported", True)
        # Not by what is drawn: the toast may lie over the foot of the list.
        assert (stage.list.sought, len(stage.list._window)) == ("acme", 2), "it is still the same list"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with target.open(encoding="utf-8-sig", newline="") as file:
        records = list(csv.DictReader(file))
    assert [(one["name"], one["company"], one["state"]) for one in records] == [
        ("Doe", "Acme", "created"),
        ("Roe", "Acme", "created"),
    ]


async def test_without_words_every_lead_is_written_as_the_name_says(stage: Stage, tmp_path: Path) -> None:
    target = tmp_path / "all.json"
    async with opened(stage):
        await write_to(stage, target)
        await stage.toast("3 leads are in")
    assert [one["name"] for one in json.loads(target.read_text())] == ["Ada", "Doe", "Roe"]


async def test_a_file_that_is_there_is_replaced_only_once_that_is_said(stage: Stage, tmp_path: Path) -> None:
    target = tmp_path / "mine.jsonl"
    target.write_text("mine")
    async with opened(stage):
        await write_to(stage, target)
        await stage.until("there already. Enter again replaces it")
        await stage.press("escape")
        await stage.until(lambda: len(stage.app.screen_stack) == 1)
        assert target.read_text() == "mine"
        await write_to(stage, target)
        await stage.until("Enter again replaces it")
        field = stage.app.screen.query_one(Input)
        field.value = str(tmp_path / "other.jsonl")
        await stage.settled()
        field.value = str(target)
        await stage.settled()
        await stage.press("enter")
        await stage.until("Enter again replaces it")
        assert target.read_text() == "mine", "it was asked of another one in between"
        await stage.press("enter")
        await stage.toast("3 leads are in")
    assert len(target.read_text().splitlines()) == 3


async def test_what_cannot_be_written_is_told_in_the_dialog(stage: Stage, tmp_path: Path) -> None:
    async with opened(stage):
        await write_to(stage, tmp_path / "a.xls")
        await stage.until("Its name must end in .csv, .json or .jsonl.")
        stage.app.screen.query_one(Input).value = str(tmp_path / "nowhere" / "a.csv")
        await stage.settled()
        await stage.press("enter")
        await stage.until("There is no folder")
        assert isinstance(stage.app.screen, ExportScreen)


async def test_a_disk_that_fails_is_told(stage: Stage, tmp_path: Path) -> None:
    # The name fits, that of the file which takes its place does not.
    target = tmp_path / f"{'n' * 250}.csv"
    async with opened(stage):
        await write_to(stage, target)
        _, text, severity = await stage.toast("Not exported")
        assert severity == "error"
        assert "--data-dir" not in text
    assert not target.exists()
