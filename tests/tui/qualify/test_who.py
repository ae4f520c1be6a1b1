"""Who is this, while the caller is still talking: what is shown, and what each answer does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from app_stage import Stage
from textual.widgets import Input

from tui.qualify.answers import AnswerScreen
from tui.qualify.panel import KnownPanel
from zoho.outbox.states import State
from zoho.sandbox import World

MAIL, PHONE = "ada@engines.example", "+44 20 7946 0018"
WIDE = (120, 40)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A user of an org that knows Ada as a lead and Byron as a contact."""
    world = World(seed=False, submission_key="Submission_Key", base_url="https://www.zohoapis.eu")
    owner = world.users[1]["id"]
    ada = {"First_Name": "Ada", "Last_Name": "Lovelace", "Company": "Analytical Engines Ltd", "Email": MAIL}
    world.keep("Leads", ada | {"Lead_Status": "Contacted", "City": "London"}, owner=owner)
    account = world.keep("Accounts", {"Account_Name": "Byron & Daughters"})
    world.keep("Contacts", {"Last_Name": "Byron", "Phone": "020 7946 0018", "Account_Name": account.id})
    return Stage(tmp_path, world)


def the_lead(stage: Stage) -> dict[str, Any]:
    (lead,) = [one for one in stage.world.records() if one["Email"] == MAIL and one["City"] == "London"]
    return lead


def looked_up(stage: Stage) -> int:
    return sum(one.path == "/crm/v8/coql" for one in stage.world.requests)


async def known(stage: Stage, **typed: str) -> None:
    """Type a lead like one that is there, and wait until that is seen."""
    await stage.online()
    await stage.fill(**(typed or {"Last_Name": "Lovelace", "Email": MAIL}))
    await stage.press("tab")
    await stage.until("known")


# What is seen


async def test_a_line_under_the_field_says_who_it_is(stage: Stage) -> None:
    async with stage.open():
        await known(stage)
        assert "≈ known: Ada Lovelace · lead · owner Zoë Laurent · F7 look" in stage.words
        assert stage.form.note_of("Email").startswith("≈ known")
        assert not stage.app.query(KnownPanel)


async def test_the_panel_says_more_beside_the_form(stage: Stage) -> None:
    async with stage.open(size=WIDE):
        assert stage.app.query_one(KnownPanel).region.x >= 80
        await known(stage)
        for words in ("≈ known (1)", "Ada Lovelace", "lead · Contacted", "owner Zoë Laurent", "same e-mail"):
            assert words in stage.text
        assert stage.form.note_of("Email") == ""


async def test_a_narrower_screen_has_the_line_instead(stage: Stage) -> None:
    async with stage.open(size=WIDE):
        await known(stage)
        await stage.pilot.resize_terminal(80, 24)
        await stage.until(lambda: stage.form.note_of("Email"))
        assert not stage.app.query_one(KnownPanel).display
        await stage.pilot.resize_terminal(*WIDE)
        await stage.until(lambda: not stage.form.note_of("Email"))
        await stage.until("lead · Contacted")


async def test_with_another_address_nobody_is_known(stage: Stage) -> None:
    async with stage.open():
        await known(stage)
        await stage.press("shift+tab", "x")
        await stage.until(lambda: stage.form.note_of("Email") == "")


async def test_the_next_lead_begins_with_nobody_known(stage: Stage) -> None:
    async with stage.open(size=WIDE):
        await known(stage)
        await stage.press("ctrl+n")
        await stage.until(lambda: "Contacted" not in stage.text)


async def test_a_number_in_national_form_is_known_too(stage: Stage) -> None:
    async with stage.open():
        await known(stage, Last_Name="B", Phone=PHONE)
        assert "≈ known: Byron · contact" in stage.words


async def test_what_the_rep_entered_before_is_known_offline(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        stage.line.down = True
        await stage.send(Last_Name="New", Company="Acme", Email="new@acme.example")
        await known(stage, Last_Name="New", Email="new@acme.example")
        assert "≈ known: New · you entered this on" in stage.words
        await stage.press("f7", "n")
        await stage.until("in your own outbox")


async def test_nothing_is_asked_of_zoho_while_the_sender_rests(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        stage.world.faults.order("429", times=None, path="/crm/v8/Leads", retry_after=900)
        await stage.send(Last_Name="New", Company="Acme")
        await stage.until(lambda: stage.app.desk.rests)
        before = looked_up(stage)
        await stage.fill(Last_Name="Lovelace", Email=MAIL)
        await stage.press("tab")
        assert looked_up(stage) == before


async def test_who_wants_no_look_up_is_asked_for_none(tmp_path: Path, stage: Stage) -> None:
    quiet = Stage(tmp_path / "quiet", stage.world, environ={"ZOHO_LOOK_UP": "false"})
    async with quiet.open():
        await quiet.online()
        await quiet.send(Last_Name="New", Company="Acme", Email="new@acme.example")
        await quiet.until(lambda: not quiet.form.values)
        await quiet.fill(Last_Name="New", Email="new@acme.example", Phone="020 7946 0018")
        await quiet.press("tab")
        await quiet.until("you entered this on")
        assert looked_up(quiet) == 0


async def test_without_contacts_and_accounts_leads_are_known(stage: Stage) -> None:
    stage.world.options.missing_scopes |= {"ZohoCRM.modules.Contacts.READ", "ZohoCRM.modules.Accounts.READ"}
    async with stage.open():
        await known(stage)
        assert "Ada Lovelace" in stage.words
        assert stage.toasts == []


async def test_a_lead_costs_at_most_four_calls(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        before = looked_up(stage)
        await stage.fill(Company="Analytical Engines", Last_Name="Lovelace", Email=MAIL, Phone=PHONE)
        await stage.fill(City="London", Lead_Status="")
        await stage.until(lambda: stage.app._qualify_tab.who.known.matches)
        assert looked_up(stage) - before <= 4
        names = {match.name for match in stage.app._qualify_tab.who.known.matches}
        assert {"Ada Lovelace", "Byron"} <= names


# The answers


@pytest.fixture(params=[(80, 24), WIDE], ids=["80x24", "120x40"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    return request.param


async def test_the_screen_tells_everything(stage: Stage, size: tuple[int, int]) -> None:
    async with stage.open(size=size):
        await known(stage)
        await stage.press("f7")
        await stage.until("Who is this?")
        for words in (
            "Ada Lovelace",
            "Analytical Engines Ltd",
            "owner Zoë Laurent",
            "Contacted",
            "same e-mail",
        ):
            assert words in stage.words
        await stage.press("escape")
        await stage.until(lambda: not isinstance(stage.app.screen, AnswerScreen))
        assert stage.form.value("Email") == MAIL


async def test_the_address_is_copied(stage: Stage) -> None:
    async with stage.open():
        await known(stage)
        await stage.press("f7", "o")
        await stage.toast("clipboard")
        lead = the_lead(stage)
        assert stage.app.clipboard == f"https://crm.zoho.eu/crm/org20086620001/tab/Leads/{lead['id']}"


async def test_a_note_instead_of_a_lead(stage: Stage, size: tuple[int, int]) -> None:
    async with stage.open(size=size):
        await known(stage)
        await stage.press("f7", "n")
        await stage.type("just ask Kay, only lunch")
        await stage.press("enter")
        await stage.toast("Noted on Ada Lovelace")
        (note,) = stage.world.notes
        assert (note.parent, note.content) == (the_lead(stage)["id"], "just ask Kay, only lunch")
        (row,) = stage.rows
        assert (row.state, row.zoho_id) == (State.MERGED, the_lead(stage)["id"])
        assert stage.form.values == {}
        await stage.press("f4")
        await stage.until("noted on Leads")


async def test_a_note_that_fails_is_not_lost(stage: Stage) -> None:
    async with stage.open():
        await known(stage)
        stage.line.down = True
        await stage.press("f7", "n")
        await stage.type("calls again")
        await stage.press("enter")
        await stage.until(lambda: "!" in stage.words and stage.app.screen.query_one(Input).display)
        assert stage.app.screen.query_one(Input).value == "calls again"
        assert stage.form.value("Email") == MAIL
        stage.line.down = False
        await stage.press("enter")
        await stage.toast("Noted on Ada Lovelace")
        assert len(stage.world.notes) == 1


async def test_a_note_without_the_scope_for_it(stage: Stage) -> None:
    stage.world.options.missing_scopes.add("ZohoCRM.modules.notes.CREATE")
    async with stage.open():
        await known(stage)
        await stage.press("f7", "n", "x", "enter")
        await stage.until("ZohoCRM.modules.notes.CREATE")
        assert stage.world.notes == []
        assert [row.state for row in stage.rows] == [State.DRAFT]


async def test_an_update_field_by_field(stage: Stage) -> None:
    async with stage.open():
        await known(stage, Last_Name="King", Email=MAIL, City="Paris", Phone=PHONE)
        await stage.press("f7", "u")
        await stage.until("(1 of 3)")
        before = the_lead(stage)
        for letter, label in (("l", "Last Name"), ("y", "Phone"), ("l", "City")):
            await stage.until(label)
            await stage.press(letter)
        await stage.toast("Updated Ada Lovelace")
        after = the_lead(stage)
        changed = {name for name in after if after[name] != before[name]}
        assert changed <= {"Phone", "Modified_Time", "Modified_By"}
        assert "7946" in after["Phone"]
        assert [row.state for row in stage.rows] == [State.MERGED]
        assert stage.form.values == {}


async def test_a_contact_is_not_updated(stage: Stage) -> None:
    async with stage.open():
        await known(stage, Last_Name="B", Phone=PHONE)
        await stage.press("f7", "u")
        await stage.until("Only a lead has the fields of this form")


async def test_another_one_is_created_with_a_reason(stage: Stage) -> None:
    async with stage.open():
        await known(stage, Last_Name="King", Company="Other", Email=MAIL)
        await stage.press("f7", "c")
        await stage.type("her sister, same mailbox")
        await stage.press("enter")
        await stage.toast("King", "created in Zoho")
        (row,) = stage.rows
        assert (row.state, row.reason) == (State.SENT, "her sister, same mailbox")
        await stage.press("f4", "enter")
        await stage.until("her sister, same mailbox")


async def test_a_lead_that_is_not_complete_is_not_created(stage: Stage) -> None:
    async with stage.open():
        await known(stage, Last_Name="King", Email=MAIL)
        await stage.press("f7", "c", "x", "enter")
        await stage.until("It was not saved.")
        assert [row.state for row in stage.rows if row.state is not State.DRAFT] == []


async def test_nobody_is_known(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.press("f7")
        await stage.toast("Nobody is known")


# DUPLICATE_DATA


@pytest.mark.parametrize("readable", [True, False])
async def test_a_duplicate_shows_whose_it_is(stage: Stage, readable: bool) -> None:
    stage.world.add_unique_field("Email")
    async with stage.open():
        await stage.online()
        await stage.send(Last_Name="Lovelace", Company="Analytical Engines", Email=MAIL)
        await stage.toast("already in Zoho")
        if not readable:
            stage.world.options.denied_permissions.add("Crm_Implied_View_Leads")
        await stage.press("f4", "w")
        await stage.until("Already in Zoho")
        await stage.until("Ada Lovelace" if readable else "not to be read by you")
        assert "owner Zoë Laurent" in stage.words
        await stage.press("c")
        await stage.until("Zoho would refuse it again")
        await stage.press("n")
        await stage.type("called again")
        await stage.press("enter")
        if readable:
            await stage.until(lambda: stage.states == ["merged"])
            assert [note.content for note in stage.world.notes] == ["called again"]


async def test_a_lead_that_is_no_duplicate_has_nobody_in_its_way(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.send(Last_Name="New", Company="Acme")
        await stage.toast("created")
        await stage.press("f4", "w")
        await stage.toast("calls this lead no duplicate")


async def test_who_goes_back_meanwhile_is_told_what_became_of_it(stage: Stage) -> None:
    async with stage.open():
        await known(stage)
        stage.world.faults.order("latency", path="/crm/v8/Leads", ms=300)
        await stage.press("f7", "n", "x", "enter", "escape")
        await stage.until(lambda: not isinstance(stage.app.screen, AnswerScreen))
        assert stage.world.notes == []
        await stage.toast("Noted on Ada Lovelace")
        assert stage.form.values == {}


async def test_who_goes_back_meanwhile_is_told_that_it_failed(stage: Stage) -> None:
    async with stage.open():
        await known(stage)
        stage.world.faults.order("latency", path="/crm/v8/Leads", ms=300)
        stage.world.faults.order("5xx-before", path="/crm/v8/Leads")
        await stage.press("f7", "u", "escape")
        await stage.until(lambda: not isinstance(stage.app.screen, AnswerScreen))
        stage.world.faults.clear()
        await stage.press("f7", "n", "x")
        stage.world.faults.order("latency", path="/crm/v8/Leads", ms=300)
        stage.world.faults.order("5xx-before", path="/crm/v8/Leads")
        await stage.press("enter", "escape")
        await stage.toast("Zoho has trouble of its own")
        assert stage.form.value("Email") == MAIL


async def test_a_note_that_is_added_late_leaves_the_next_lead_in_the_form(stage: Stage) -> None:
    async with stage.open():
        await known(stage)
        asked = stage.line.held.setdefault(f"/crm/v8/Leads/{the_lead(stage)['id']}/Notes", [])
        await stage.press("f7", "n", *"Friday", "enter")
        await stage.until(lambda: asked, "the note is being added")
        await stage.press("escape", "ctrl+n")
        await stage.fill(Last_Name="Doe")
        asked[0].set()
        await stage.toast("Noted on Ada Lovelace.")
        assert stage.form.values == {"Last_Name": "Doe"}
        assert stage.states.count("merged") == 1


@pytest.mark.parametrize("fails", [False, True])
async def test_what_ends_under_the_help_is_seen_when_that_is_left(stage: Stage, fails: bool) -> None:
    async with stage.open():
        await known(stage)
        asked = stage.line.held.setdefault(f"/crm/v8/Leads/{the_lead(stage)['id']}/Notes", [])
        if fails:
            stage.world.faults.order("5xx-before", path="/crm/v8/Leads")
        await stage.press("f7", "n", *"Friday", "enter")
        await stage.until(lambda: asked, "the note is being added")
        await stage.press("f8")
        notes = len(stage.world.requests)
        asked[0].set()
        await stage.until(lambda: len(stage.world.requests) > notes)
        await stage.until(lambda: fails or "merged" in stage.states)
        await stage.press("f8")
        if fails:
            await stage.until("trouble of its own")
            assert stage.app.screen.query_one(Input).value == "Friday"
        else:
            await stage.toast("Noted on Ada Lovelace.")
            assert not isinstance(stage.app.screen, AnswerScreen)


async def test_that_nobody_is_known_is_not_said_before_zoho_has_answered(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        asked = stage.line.held.setdefault("/crm/v8/coql", [])
        await stage.fill(Email=MAIL)
        await stage.press("tab")
        await stage.until(lambda: asked, "it is looked up")
        await stage.press("f7")
        await stage.toast("being looked up")
        del stage.line.held["/crm/v8/coql"]
        for one in asked:
            one.set()
        await stage.until("known")
