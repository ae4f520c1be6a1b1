"""A rep types a lead and sends it: what becomes of it, and of the form."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_stage import API, Stage

from zoho.sandbox import World

TYPED = {
    "First_Name": "Ada",
    "Last_Name": "Lovelace",
    "Company": "Analytical Engines",
    "Email": "ada@example.com",
    "Phone": "+44 20 7946 0018",
    "Website": "www.example.com",
    "No_of_Employees": "250",
    "Annual_Revenue": "1234.5",
    "Description": "Line one\nline two",
}


def names(stage: Stage, last_name: str) -> int:
    """Return how many leads of that name Zoho has."""
    return [record["Last_Name"] for record in stage.world.records()].count(last_name)


@pytest.mark.parametrize("key", ["ctrl+s", "f5"])
async def test_a_lead_of_every_kind_of_field_is_created_with_every_value(stage: Stage, key: str) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(**TYPED)
        await stage.fill(Lead_Status="Not Cont", Email_Opt_Out=" ")
        assert stage.form.value("Lead_Status") == ""
        stage.form.go_to("Lead_Status")
        await stage.type("Not Cont")
        await stage.press("enter")
        assert stage.form.value("Lead_Status") == "Not Contacted"
        await stage.press(key)
        title, text, severity = await stage.toast("Ada Lovelace")
        assert title == "Ada Lovelace, Analytical Engines"
        assert "created in Zoho" in text
        assert severity == "information"
    record = stage.world.records()[-1]
    expected = TYPED | {"No_of_Employees": 250, "Annual_Revenue": 1234.5, "Email_Opt_Out": True}
    assert {name: record[name] for name in expected} == expected
    assert record["Lead_Status"] == "Not Contacted"
    assert record["Lead_Source"] == "Qualification Inbound"


async def test_the_form_is_empty_and_focused_at_once_and_the_next_lead_has_another_key(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        stage.line.through.clear()
        await stage.fill(Last_Name="Roe", Company="Acme", Email="roe@example.com")
        await stage.press("ctrl+s")
        assert stage.form.values == {}
        assert stage.form.current == "First_Name"
        assert stage.focus_in_form
        assert stage.states[0] in ("queued", "sending")
        await stage.send(Last_Name="Doe", Company="Acme")
        stage.line.through.set()
        await stage.until(lambda: stage.states == ["sent", "sent"])
        assert len({row.key for row in stage.rows}) == 2
        assert {record["Submission_Key"] for record in stage.world.records()[-2:]} == {
            row.key for row in stage.rows
        }


async def test_keys_typed_before_anything_is_loaded_are_not_lost(stage: Stage) -> None:
    async with stage.open():
        await stage.press("tab", *"Roe", "tab", *"Acme", "ctrl+s")
        await stage.toast("Roe, Acme", "created in Zoho")
    assert stage.world.records()[-1]["Company"] == "Acme"


async def test_what_is_missing_is_told_under_the_field_and_nothing_is_saved(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(First_Name="Ada")
        await stage.press("ctrl+s")
        assert set(stage.form.errors) == {"Last_Name", "Company"}
        assert stage.form.current == "Last_Name"
        assert stage.focus_in_form
        row = next(n for n, line in enumerate(stage.lines) if "Last Name" in line)
        assert stage.form.errors["Last_Name"] in stage.lines[row + 1]
        assert stage.rows == []
        assert stage.form.value("First_Name") == "Ada"
        await stage.type("Roe")
        assert "Last_Name" not in stage.form.errors
        await stage.fill(Company="Acme")
        await stage.press("ctrl+s")
        await stage.toast("Ada Roe, Acme", "created in Zoho")


async def test_a_wrong_e_mail_is_told_on_leaving_the_field(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(Email="ada@")
        assert stage.form.errors == {}
        await stage.press("enter")
        assert "no e-mail address" in stage.words
        await stage.send_refused()
        assert stage.rows == []
        stage.form.go_to("Email")
        await stage.type("example.com")
        assert stage.form.errors.keys() == {"Last_Name", "Company"}


async def test_a_cleared_form_is_brought_back_as_another_lead(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.send(Last_Name="Roe", Company="Acme")
        await stage.press("f6")
        assert stage.form.values == {"Last_Name": "Roe", "Company": "Acme"}
        await stage.press("ctrl+s")
        await stage.until(lambda: stage.states == ["sent", "sent"])
    assert names(stage, "Roe") == 2
    assert len({row["Submission_Key"] for row in stage.world.records()[-2:]}) == 2


async def test_sending_twice_in_one_breath_makes_one_lead(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(Last_Name="Roe", Company="Acme")
        await stage.press("ctrl+s", "ctrl+s", "f5")
        await stage.until(lambda: stage.states == ["sent"])
    assert names(stage, "Roe") == 1


# Refused


async def refused(stage: Stage) -> None:
    """Send a lead whose status Zoho no longer knows."""
    await stage.online()
    field = stage.world.modules["Leads"].fields["Lead_Status"]
    kept = field.values
    field.values = tuple(value for value in kept if value[0] != "Contacted")
    stage.form.go_to("Lead_Status")
    await stage.type("Contacted")
    await stage.press("enter")
    assert stage.form.value("Lead_Status") == "Contacted"
    await stage.send(Last_Name="Roe", Company="Acme")
    await stage.until(lambda: stage.states == ["rejected"])
    field.values = kept


async def test_what_zoho_refuses_waits_in_the_log_and_comes_back_with_the_words_on_its_field(
    stage: Stage,
) -> None:
    async with stage.open():
        await refused(stage)
        _, text, severity = await stage.toast("Roe, Acme", "not created")
        assert severity == "error"
        assert "Lead Status" in text
        assert "Log (F4)" in text
        await stage.until("1 needs you")
        await stage.press("f4")
        await stage.until("refused")
        assert "Lead Status" in stage.words
        key = stage.rows[0].key
        await stage.press("e")
        taken_back = {"Last_Name": "Roe", "Company": "Acme", "Lead_Status": "Contacted"}
        await stage.until(lambda: stage.app.tab == "qualify" and stage.form.values == taken_back)
        assert stage.form.errors.keys() == {"Lead_Status"}
        assert stage.form.current == "Lead_Status"
        assert stage.focus_in_form
        await stage.type("Lost")
        await stage.press("enter", "ctrl+s")
        await stage.toast("Roe, Acme", "created in Zoho")
        assert [(row.key, row.state.value) for row in stage.rows] == [(key, "sent")]
        assert stage.form.values == {}
    assert names(stage, "Roe") == 1
    assert stage.world.records()[-1]["Submission_Key"] == key


async def test_a_business_duplicate_names_the_record_that_is_in_the_way(stage: Stage) -> None:
    stage.world.add_unique_field("Email")
    stage.world.keep("Leads", {"Last_Name": "First", "Company": "Acme", "Email": "a@b.example"})
    async with stage.open():
        await stage.online()
        await stage.send(Last_Name="Roe", Company="Acme", Email="a@b.example")
        await stage.toast("Roe, Acme", "already in Zoho", "Email")
        assert stage.states == ["duplicate"]
        await stage.press("f4", "enter")
        await stage.until(lambda: len(stage.app.screen_stack) == 2)
        existing = next(one for one in stage.world.records() if one["Last_Name"] == "First")
        assert existing["id"] in stage.words
        assert existing["Owner"]["name"] in stage.words


async def test_editing_a_lead_keeps_what_stood_in_the_form(stage: Stage) -> None:
    async with stage.open():
        await refused(stage)
        await stage.fill(Last_Name="Next", Phone="+44 20 7946 0018")
        await stage.press("f4", "e")
        await stage.until(lambda: stage.app.tab == "qualify" and stage.form.value("Last_Name") == "Roe")
        await stage.press("f6")
        await stage.until(lambda: stage.form.values == {"Last_Name": "Next", "Phone": "+44 20 7946 0018"})


@pytest.mark.parametrize("put_aside", [False, True], ids=["in the form", "put aside"])
async def test_a_waiting_lead_that_is_being_changed_is_sent_as_it_is_meant(
    stage: Stage, put_aside: bool
) -> None:
    async with stage.open():
        await stage.online()
        stage.line.down = True
        await stage.send(Last_Name="Roe", Company="Acme")
        await stage.until(lambda: "cannot be reached" in stage.words)
        await stage.press("f4", "e")
        await stage.until(lambda: stage.app.tab == "qualify" and stage.form.value("Last_Name") == "Roe")
        await stage.fill(First_Name="Ada")
        await stage.until(lambda: any(row.typed for row in stage.rows))
        if put_aside:
            await stage.press("ctrl+n")
            await stage.until("1 parked")
        stage.line.down = False
        await stage.send(Last_Name="Next", Company="Other") if put_aside else await stage.press("f4", "r")
        await stage.until(lambda: stage.states == ["sent", "queued"] if put_aside else "online" in stage.text)
        await stage.press("f4")
        await stage.until("half changed: E takes")
        assert [row.state for row in stage.rows if row.values["Last_Name"] == "Roe"] == ["queued"]
        await stage.press("end", "e")
        await stage.until(lambda: stage.app.tab == "qualify" and stage.form.value("First_Name") == "Ada")
        await stage.press("ctrl+s")
        await stage.until(lambda: set(stage.states) == {"sent"})
        sent = [one["First_Name"] for one in stage.world.records() if one["Last_Name"] == "Roe"]
        assert sent == ["Ada"]


async def test_a_lead_that_was_created_cannot_be_edited(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.send(Last_Name="Roe", Company="Acme")
        await stage.until(lambda: stage.states == ["sent"])
        await stage.press("f4")
        await stage.until("created in Zoho")
        await stage.press("e")
        await stage.toast("cannot be changed")
        assert stage.app.tab == "log"


# The org and its form


async def test_the_form_is_the_orgs_and_has_no_more_widgets_for_more_fields(tmp_path: Path) -> None:
    counts, shown = [], []
    for number, extra in enumerate((0, 100)):
        world = World(base_url=API)
        for n in range(extra):
            field = world.add_unique_field(f"Extra_{n}")
            field.unique = None
        stage = Stage(tmp_path / str(number), world)
        async with stage.open():
            await stage.online()
            shown.append(len(stage.app.desk.form.fields))
            counts.append(len(list(stage.app.query("#qualify *"))))
    assert shown[1] == shown[0] + 100
    assert counts[0] == counts[1] < 8


async def test_what_was_typed_stays_when_the_orgs_form_arrives(stage: Stage) -> None:
    stage.world.add_unique_field("Budget_Code").unique = None
    async with stage.open():
        before = len(stage.form._contents.order)
        await stage.fill(Last_Name="Roe")
        await stage.online()
        await stage.until(lambda: len(stage.form._contents.order) != before)
        assert stage.form.value("Last_Name") == "Roe"
        assert "Budget_Code" in stage.form._contents.order
        await stage.type("s")
        assert stage.form.value("Last_Name") == "Roes"


async def test_a_second_start_draws_the_orgs_form_before_any_call(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
    stage.world.requests.clear()
    async with stage.open():
        assert "Lead Status" in stage.words, "the stock form has no such field"
        assert stage.world.requests == []
        await stage.send(Last_Name="Roe", Company="Acme")
        await stage.toast("Roe, Acme", "created in Zoho")
    assert stage.world.token_requests == 0, "the token is kept between runs"
    assert [one.status for one in stage.world.requests if one.method == "POST"] == [201]
