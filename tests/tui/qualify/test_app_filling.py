"""Templates, fields that stay from lead to lead, and another lead of the same company."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from app_stage import Stage

from tui.qualify.filling import Filling
from tui.qualify.templates import TemplateList, template_lines
from zoho.leads.stock import STOCK_FORM

ROE = {"Last_Name": "Roe", "Company": "Acme", "City": "Leeds", "Email": "r@x.com"}
FAIR = {"Trade fair": {"City": "Berlin", "Lead_Status": "Contacted"}, "Phone": {"Gone": "x", "City": "Bath"}}


async def test_a_template_fills_what_is_empty_and_says_what_it_left(tmp_path: Path) -> None:
    stage = Stage(tmp_path, config={"templates": FAIR})
    async with stage.open():
        await stage.online()
        await stage.press("alt+t")
        await stage.until("1 Trade fair (City Berlin, Lead Status Contacted)")
        await stage.press("1")
        await stage.toast("Trade fair", "2 fields filled in.")
        assert stage.form.values == {"City": "Berlin", "Lead_Status": "Contacted"}
        await stage.press("alt+t")
        await stage.until("2 Phone")
        await stage.press("down", "enter")
        await stage.toast("Phone", "0 fields filled in. As typed: City. Not in this form: Gone.")
        assert stage.form.values["City"] == "Berlin"
        await stage.until(lambda: stage.kept and (stage.kept[0].typed or {}).get("City") == "Berlin")


async def test_a_template_answers_questions_of_the_script(tmp_path: Path) -> None:
    template = {"Hot": {"?budget": "1", "?gone": "2"}}
    stage = Stage(tmp_path, config={"templates": template}, environ={"ZOHO_SCRIPT": "bant"})
    async with stage.open():
        await stage.online()
        await stage.until(lambda: stage.form.field("?budget") is not None)
        await stage.press("alt+t", "1")
        await stage.until(lambda: stage.form.value("?budget") == "1")
        stage.form.go_to("?budget")
        await stage.until("Approved (+5)")
        await stage.until("BANT 5/5")


async def test_without_templates_it_says_how_one_is_written(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.press("alt+t")
        await stage.toast("No template is written yet.", '"templates":')


async def test_fields_that_stay_are_there_for_the_next_lead_and_are_no_draft(tmp_path: Path) -> None:
    stage = Stage(tmp_path, config={"sticky_fields": ["City", "Gone"]})
    async with stage.open():
        await stage.online()
        await stage.send(**ROE)
        await stage.toast("created in Zoho")
        assert stage.form.values == {"City": "Leeds"}
        await stage.press("ctrl+n")
        await stage.toast("nothing to put aside")
        await stage.send(Last_Name="Doe", Company="Other")
        await stage.until(lambda: stage.states == ["sent", "sent"])
        assert stage.form.values == {"City": "Leeds"}
    assert [row.state.value for row in stage.kept] == ["sent", "sent"], "and no draft"
    assert [one["City"] for one in stage.world.records() if one["Last_Name"] == "Doe"] == ["Leeds"]


async def test_fields_that_stay_do_not_hide_what_can_be_brought_back(tmp_path: Path) -> None:
    stage = Stage(tmp_path, config={"sticky_fields": ["City"]})
    async with stage.open():
        await stage.online()
        await stage.send(**ROE)
        await stage.toast("created in Zoho")
        await stage.press("f6")
        await stage.until(lambda: stage.form.values == ROE)
        await stage.press("ctrl+n")
        await stage.until("1 parked")
        assert stage.form.values == {"City": "Leeds"}
        await stage.press("ctrl+o", "1")
        await stage.until(lambda: stage.form.values == ROE)
        assert [row.typed for row in stage.kept if row.typed] == [ROE]


async def test_another_one_of_the_same_company(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.press("alt+a")
        await stage.toast("No lead was saved yet")
        await stage.send(**ROE)
        await stage.toast("created in Zoho")
        await stage.press("alt+a")
        await stage.until("Acme")
        assert stage.form.values == {"Company": "Acme", "City": "Leeds"}
        await stage.press("alt+a")
        await stage.toast("A lead stands in the form: Ctrl+S sends it")
        await stage.send(Last_Name="Doe")
        await stage.until(lambda: stage.states == ["sent", "sent"])
    (lead,) = [one for one in stage.world.records() if one["Last_Name"] == "Doe"]
    assert (lead["Company"], lead["City"], lead.get("Email")) == ("Acme", "Leeds", None)


async def test_a_lead_without_company_has_no_other_one(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        tab = stage.app._qualify_tab
        tab._filling.saved({"Last_Name": "Roe", "City": "Leeds"})
        await stage.press("alt+a")
        await stage.toast("The lead before has no company.")


def test_a_line_of_a_template_says_what_it_fills_in_and_shows_no_command() -> None:
    nine: dict[str, dict[str, str]] = {f"T{number}": {} for number in range(9)}
    lines = template_lines({"A\x1b[2J": {"City": "B\nC", "X": "1"}, **nine}, {"City": "Town"})
    assert lines[0].startswith("1  A")
    assert "(Town B C, X 1)" in lines[0]
    assert not any("\x1b" in each or "\n" in each for each in lines)
    assert lines[8:] == ["9  T7", "   T8"]


def test_an_unlike_name_is_no_name_of_a_template() -> None:
    asked = TemplateList({"a b/c": {}, "x": {}}, {})
    given: list[Any] = []
    asked.dismiss = given.append  # type: ignore[method-assign,assignment]
    asked.picked("template-0")
    assert given == ["a b/c"]


async def test_templates_are_waited_for_until_the_settings_are_read() -> None:
    opened = asyncio.Event()
    said: list[Any] = []
    shown: list[Any] = []

    class Opening:
        config: Any = None

        async def drafts(self) -> None:
            await opened.wait()

    async def push_screen(screen: Any, _: object) -> None:
        shown.append(screen)

    desk: Any = Opening()
    form: Any = SimpleNamespace(places=[], app=SimpleNamespace(push_screen=push_screen))
    asked = asyncio.create_task(Filling(form, desk, said.append).choose(STOCK_FORM))
    await asyncio.sleep(0)
    desk.config = SimpleNamespace(templates={"Trade fair": {"City": "Berlin"}})
    opened.set()
    await asked
    assert (len(shown), said) == (1, [])
