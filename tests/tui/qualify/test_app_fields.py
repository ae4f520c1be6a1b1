"""A rep arranges the fields of a lead in the whole app, and gets around in them by keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app_stage import Stage

from tui.form.field_list import FieldList
from tui.qualify.fields import sections_of
from tui.qualify.tab import QualifyTab
from zoho.leads.fields import PINNED, LeadField, LeadForm


def titles(stage: Stage) -> list[str]:
    return [each.title for each in stage.form._contents.drawn]


def first_names(stage: Stage, count: int) -> list[str]:
    return stage.form._contents.order[:count]


def kept(stage: Stage) -> dict[str, Any]:
    return json.loads(stage.config_file.read_text())


async def do(stage: Stage, words: str) -> None:
    """Do an action by its name in the palette."""
    await stage.press("ctrl+p")
    await stage.until("Search for an action")
    await stage.type(words)
    await stage.until(lambda: words in stage.text and "Leave; what waits" not in stage.text)
    await stage.press("enter")
    await stage.until(lambda: len(stage.app.screen_stack) == 1)


async def test_a_field_is_reached_by_a_key_and_its_letters(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.press("ctrl+g")
        await stage.until("Go to:")
        await stage.type("zip")
        await stage.press("enter")
        await stage.until(lambda: stage.focus_in_form)
        await stage.type("12345")
        assert stage.form.values == {"Zip_Code": "12345"}


async def test_what_is_required_is_one_key_away(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.press("ctrl+y")
        await stage.type("Roe")
        await stage.press("ctrl+y")
        await stage.type("Acme")
        assert stage.form.values == {"Last_Name": "Roe", "Company": "Acme"}
        await stage.press("ctrl+y")
        await stage.toast("Nothing is missing.")


async def test_pinned_fields_come_first_are_kept_and_the_sender_goes_on(tmp_path: Path) -> None:
    stage = Stage(tmp_path, config={"keep_days": 3})
    async with stage.open():
        await stage.online()
        link = stage.app.desk._link
        assert link is not None
        client, begun = link._client, link._anew.is_set()
        await stage.fill(City="Berlin")
        await stage.press("ctrl+g", "ctrl+g", "p", "p")
        await stage.until("Pin, hide and order")
        await stage.press("p", "escape")
        await stage.until(lambda: PINNED in titles(stage))
        assert first_names(stage, 3) == ["City", "First_Name", "Last_Name"]
        assert stage.form.values == {"City": "Berlin"}
        assert stage.form.current == "City"
        assert kept(stage) == {"keep_days": 3, "pinned_fields": ["City"]}
        await stage.press("ctrl+g", "ctrl+g")
        await stage.until("Pin, hide and order")
        await stage.press("home", "down", "p", "u", "down", "down", "h", "escape")
        await stage.until(lambda: first_names(stage, 2) == ["First_Name", "City"])
        assert kept(stage) == {"keep_days": 3, "pinned_fields": ["First_Name", "City"]}, (
            "Last_Name is required"
        )
        assert (link._client, link._anew.is_set()) == (client, begun)


async def test_the_next_start_knows_the_org_and_the_pins_without_a_line(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.open():
        await stage.online()
        stage.form.go_to("Phone")
        await do(stage, "Pin this field")
        await stage.toast("Phone", "Pinned")
        org = stage.app.desk.org
    again = Stage(tmp_path, stage.world)
    async with again.open():
        again.line.down = True
        assert first_names(again, 1) == ["Phone"], "in the first frame"
        await again.until(lambda: again.app.desk.config is not None)
        assert again.app.desk.org is not None
        assert org is not None
        assert again.app.desk.org.key == org.key
        assert first_names(again, 1) == ["Phone"]


async def test_what_is_no_longer_pinned_goes_back_among_its_section(tmp_path: Path) -> None:
    stage = Stage(tmp_path, config={"pinned_fields": ["City"]})
    async with stage.open():
        await stage.online()
        await stage.until(lambda: titles(stage)[0] == PINNED)
        stage.form.go_to("City")
        await do(stage, "Pin this field")
        await stage.toast("City", "where the layout has it")
        assert titles(stage)[:2] == ["Lead Information", "Address Information"]
        assert kept(stage) == {"pinned_fields": []}


async def test_a_hidden_field_is_left_out_found_and_shown_where_it_holds_something(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        stage.form.go_to("Fax")
        await do(stage, "Hide this field")
        await stage.toast("Fax", "Hidden while it is empty")
        assert kept(stage) == {"hidden_fields": ["Fax"]}
        await stage.press("up")
        assert "Fax" not in stage.form._contents.order
        await stage.press("ctrl+g")
        await stage.until("Go to:")
        await stage.type("fax")
        assert "hidden" in stage.text
        await stage.press("enter")
        await stage.until(lambda: stage.focus_in_form)
        await stage.type("123")
        await stage.press("up")
        assert stage.form.values == {"Fax": "123"}
        assert "Fax" in stage.form._contents.order, "what is sent is seen"


async def test_what_is_required_cannot_be_hidden(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        stage.form.go_to("Company")
        await do(stage, "Hide this field")
        await stage.toast("Company", "It is required, and so cannot be hidden.")
        assert not stage.config_file.exists()


async def test_a_section_is_folded_by_a_key_and_a_letter_typed_there_is_no_value(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.press("ctrl+f")
        await stage.until("Lead Information (")
        await stage.type("x")
        stage.form.go_to("Last_Name")
        await stage.type("Roe")
        assert stage.form.values == {"Last_Name": "Roe"}
        await stage.press("ctrl+f")
        await stage.until("Salutation")


async def test_wishes_that_cannot_be_kept_are_told_and_change_nothing(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        stage.config_file.parent.mkdir(mode=0o700, exist_ok=True)
        stage.config_file.write_text("{")
        stage.config_file.chmod(0o600)
        stage.form.go_to("Phone")
        await do(stage, "Pin this field")
        await stage.toast("Not kept")
        assert titles(stage)[0] == "Lead Information"


async def test_the_list_is_for_the_form_alone(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.press("f4", "ctrl+g")
        assert not isinstance(stage.app.screen, FieldList)
        await stage.press("f2", "ctrl+g")
        await stage.until(lambda: isinstance(stage.app.screen, FieldList))
        await stage.press("f3")
        assert stage.app.tab == "settings"


async def show_look_up(stage: Stage, module: str) -> None:
    """Show a form with a field that refers to records of *module*."""
    tab = stage.app.query_one(QualifyTab)
    field = LeadField("Partner", "Partner", "lookup", lookup_module=module)
    tab._lead_form = LeadForm(None, (LeadField("Last_Name", "Last Name", "text", required=True), field))
    stage.form.set_sections(sections_of(tab._lead_form))
    stage.form.go_to("Partner")
    await stage.settled()


async def test_a_record_is_found_by_some_letters_of_its_name(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await show_look_up(stage, "Contacts")
        await stage.type("babb")
        await stage.until("1 found")
        await stage.press("enter")
        contact = next(one for one in stage.world.records("Contacts") if one["Last_Name"] == "Babbage")
        assert stage.form.values == {"Partner": f"Charles Babbage {{{contact['id']}}}"}
        assert f"{contact['id']}" not in stage.text


async def test_why_no_record_can_be_found_stands_in_the_list(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await show_look_up(stage, "Contacts")
        await stage.type("b")
        await stage.until("Type 2 letters or more.")
        stage.line.down = True
        await stage.type("a")
        await stage.until("! Zoho cannot be reached")
        stage.line.down = False
        await stage.type("b")
        await stage.until("1 found")


async def test_what_may_not_be_read_is_named_in_the_list(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        stage.world.faults.order(
            "answer",
            path="/crm/v8/coql",
            status=401,
            times=None,
            body={"code": "OAUTH_SCOPE_MISMATCH", "message": "x", "status": "error", "details": {}},
        )
        await show_look_up(stage, "Contacts")
        await stage.type("ba")
        await stage.until("└─ ! ")
        assert "permission" in stage.words or "scope" in stage.words


async def test_a_user_is_found_too(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await show_look_up(stage, "Users")
        await stage.press("enter")
        await stage.until("3 found")
        await stage.type("laur")
        await stage.until("1 found")
        await stage.press("enter")
        assert stage.form.values["Partner"].startswith("Zoë Laurent {")


async def test_before_anybody_is_signed_in_no_record_is_found(tmp_path: Path) -> None:
    stage = Stage(tmp_path, signed_in=False)
    async with stage.open():
        await stage.press("f2")
        await stage.until("Last Name")
        await stage.until(lambda: stage.app.desk.config is not None)
        await stage.until("Not signed in")
        await show_look_up(stage, "Contacts")
        await stage.type("b")
        await stage.until("Not connected to Zoho yet.")
