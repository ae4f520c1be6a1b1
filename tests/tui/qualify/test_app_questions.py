"""A rep asks the questions of a script in the form, sees what a lead is worth, and agrees on a call-back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from app_stage import Stage

from tui.qualify.questions import SCORE, with_questions
from tui.qualify.tab import QualifyTab

ANSWERS = ["1", "1", "2", "1", "1"]
DAY = f"{datetime.now(UTC) + timedelta(days=90):%Y-%m-%d}"
LEAD = {"Last_Name": "Roe", "Company": "Acme"}


@pytest.fixture
def asking(tmp_path: Path) -> Stage:
    return Stage(tmp_path, environ={"ZOHO_SCRIPT": "bant", "TZ": "Europe/London"})


def questions(stage: Stage) -> list[str]:
    script = stage.app.desk.script
    assert script is not None
    return [f"?{question.key}" for question in script.questions]


async def ask(stage: Stage) -> None:
    """Go to the first question and answer all of them by their digits."""
    stage.form.go_to(questions(stage)[0])
    for digit in ANSWERS[: len(questions(stage))]:
        await stage.press(digit)


async def asked(stage: Stage) -> None:
    await stage.online()
    await stage.until(lambda: stage.form.field("?budget") is not None)


async def test_the_score_stands_there_with_its_reasons_while_it_is_asked(asking: Stage) -> None:
    async with asking.open():
        await asked(asking)
        asking.form.go_to("?budget")
        await asking.press("1")
        await asking.until(lambda: asking.form.value(SCORE) == "BANT 5/5, 3 open")
        await asking.until("Approved (+5)")
        await ask(asking)
        await asking.until("BANT 19/20 Hot")


async def test_answers_become_a_note_and_a_call_back_a_task_once_the_lead_stands(asking: Stage) -> None:
    async with asking.open():
        await asked(asking)
        before = len(asking.world.records())
        await asking.fill(**LEAD, Phone="+1 212 555 0100")
        await ask(asking)
        asking.form.go_to("?call_back")
        await asking.type(f"{DAY} 10:00")
        await asking.press("enter")
        await asking.until(lambda: "10:00 in New York" in asking.form.note_of("?call_back"))
        await asking.type("Prices")
        await asking.send()
        await asking.until(lambda: asking.world.living_tasks() and asking.world.living_notes())
    assert len(asking.world.records()) == before + 1
    (task,) = asking.world.living_tasks()
    assert DAY in str(asking.world.show_task(task))
    (note,) = asking.world.living_notes()
    assert "Qualification: BANT" in note.title


async def test_questions_and_outcome_are_one_key_away(asking: Stage) -> None:
    async with asking.open():
        await asked(asking)
        await asking.press("alt+n")
        assert asking.form.current == "?budget"
        await asking.press("1", "alt+c")
        assert asking.form.current == "?call_back"
        await asking.press("alt+d")
        assert asking.form.current == "?disqualify"
        await asking.press("alt+n")
        assert asking.form.current == questions(asking)[1]


async def test_without_a_script_its_key_says_so(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.press("alt+n")
        await stage.toast("No script is configured")


async def test_who_is_known_already_gets_the_answers_and_the_call_back(asking: Stage) -> None:
    async with asking.open():
        await asked(asking)
        ada = next(one for one in asking.world.records() if one["Last_Name"] == "Lovelace")
        await asking.fill(Email=ada["Email"])
        await asking.until("Ada Lovelace")
        await ask(asking)
        asking.form.go_to("?call_back")
        await asking.type(f"{DAY} 10:00")
        await asking.press("f7")
        await asking.until("Who is this?")
        await asking.press("n")
        await asking.until("The note for")
        await asking.type("Called")
        await asking.press("enter")
        await asking.until(lambda: len(asking.world.living_notes()) == 2 and asking.world.living_tasks())
    assert {note.parent for note in asking.world.living_notes()} == {ada["id"]}
    (task,) = asking.world.living_tasks()
    assert ada["id"] in task.parents


@pytest.mark.parametrize("what", ["pin", "hide"])
async def test_what_is_no_field_of_zohos_is_neither_pinned_nor_hidden(asking: Stage, what: str) -> None:
    async with asking.open():
        await asked(asking)
        await asking.press("alt+n")
        await asking.app.run_action(f"fields('{what}')")
        await asking.toast("Go to a field of Zoho's first")
        wishes = asking.app.desk.field_wishes
        assert (wishes.pinned, wishes.hidden) == ((), ())


async def test_the_next_lead_begins_without_answers_or_score(asking: Stage) -> None:
    async with asking.open():
        await asked(asking)
        await asking.fill(**LEAD)
        await ask(asking)
        await asking.send()
        assert asking.form.values == {}
        assert asking.form.value(SCORE) == ""


async def test_a_half_asked_lead_is_put_aside_and_taken_up_with_its_answers(asking: Stage) -> None:
    async with asking.open():
        await asked(asking)
        await asking.fill(**LEAD)
        await ask(asking)
        before, score = asking.form.values, asking.form.value(SCORE)
        await asking.press("ctrl+n")
        await asking.until(lambda: not asking.form.values)
        assert asking.form.value(SCORE) == ""
        await asking.press("ctrl+o")
        await asking.until("Roe")
        await asking.press("enter")
        await asking.until(lambda: asking.form.values == before)
        assert asking.form.value(SCORE) == score


async def test_a_wrong_time_is_told_under_its_field_and_nothing_is_saved(asking: Stage) -> None:
    async with asking.open():
        await asked(asking)
        await asking.fill(**LEAD)
        asking.form.go_to("?call_back")
        await asking.type("some day")
        await asking.send_refused()
        assert "?call_back" in asking.form.errors
        assert not asking.rows


async def test_a_call_back_early_in_the_callers_morning_is_warned_of(asking: Stage) -> None:
    async with asking.open():
        await asked(asking)
        await asking.fill(**LEAD, Phone="+1 212 555 0100")
        asking.form.go_to("?call_back")
        await asking.type(f"{DAY} 6:00")
        await asking.press("enter")
        await asking.until(lambda: "outside 8 to 20 h" in asking.form.note_of("?call_back"))


async def test_the_answers_are_kept_with_the_lead(asking: Stage) -> None:
    async with asking.open():
        await asked(asking)
        await asking.fill(**LEAD)
        await ask(asking)
        await asking.send()
        assert asking.rows[0].answers == dict(zip(questions(asking), ANSWERS, strict=False))


async def test_a_refused_lead_comes_back_with_its_answers(asking: Stage) -> None:
    async with asking.open():
        await asked(asking)
        asking.world.add_unique_field("Email")
        await asking.send(Last_Name="One", Company="Acme", Email="a@acme.example")
        await asking.until(lambda: asking.states == ["sent"])
        await asking.fill(Last_Name="Two", Company="Acme", Email="a@acme.example")
        await ask(asking)
        before = asking.form.values
        await asking.send()
        await asking.until(lambda: asking.states == ["duplicate", "sent"])
        await asking.press("f4", "e")
        await asking.until(lambda: asking.app.tab == "qualify" and asking.form.values == before)
        assert "BANT" in asking.form.value(SCORE)


async def test_the_note_of_a_refused_lead_outlives_a_change_of_the_script(tmp_path: Path) -> None:
    first = Stage(tmp_path, environ={"ZOHO_SCRIPT": "bant", "TZ": "Europe/London"})
    refused = {"code": "INVALID_DATA", "message": "no", "status": "error", "details": {"api_name": "Company"}}
    first.world.faults.order(
        "answer", path="/crm/v8/Leads", method="POST", status=202, body={"data": [refused]}
    )
    async with first.open():
        await asked(first)
        await first.fill(**LEAD)
        await ask(first)
        await first.send()
        await first.until(lambda: first.states == ["rejected"])
    then = Stage(tmp_path / "more", first.world, environ={**first.environ, "ZOHO_SCRIPT": "meddic"})
    then.folder = tmp_path
    async with then.open():
        await then.online()
        await then.press("f4", "e")
        await then.until(lambda: then.app.tab == "qualify" and then.form.value("Last_Name") == "Roe")
        await then.fill(Company="Acme Ltd")
        await then.press("ctrl+s")
        await then.until(lambda: len(then.world.living_notes()) == 1)
        assert "Qualification: BANT" in then.world.living_notes()[0].title


async def test_the_questions_stand_in_the_first_frame_of_the_next_run(asking: Stage) -> None:
    async with asking.open():
        await asked(asking)
    async with asking.open(remote=True):
        tab = asking.app.query_one(QualifyTab)
        assert tab.form.field("?budget") is not None


async def test_a_script_that_cannot_be_read_is_told_and_leaves_the_form(tmp_path: Path) -> None:
    stage = Stage(tmp_path, environ={"ZOHO_SCRIPT": str(tmp_path / "none.toml")})
    async with stage.open():
        await stage.toast("Configuration", "script")
        await stage.send(**LEAD)


def test_without_a_script_the_form_is_the_orgs_alone() -> None:
    assert with_questions([], {}) == []


async def test_a_few_letters_reach_a_question_too_and_it_cannot_be_pinned(asking: Stage) -> None:
    async with asking.open():
        await asked(asking)
        await asking.press("ctrl+g")
        await asking.until("Go to:")
        await asking.type("call back")
        await asking.press("ctrl+g", "p")
        await asking.until("only fields of the org can be arranged")
        await asking.press("enter")
        await asking.until(lambda: asking.form.current == "?call_back")


async def test_the_log_says_where_the_note_of_an_undone_lead_is(asking: Stage) -> None:
    async with asking.open():
        await asked(asking)
        await asking.fill(**LEAD)
        await ask(asking)
        await asking.press("ctrl+s")
        await asking.until(asking.world.living_notes)
        await asking.toast("created in Zoho")
        await asking.until(lambda: "waiting" not in asking.words)
        await asking.press("alt+u", "u")
        await asking.toast("Undone")
        await asking.press("f4", "enter")
        await asking.until("Its notes are in Zoho's recycle bin with it")
