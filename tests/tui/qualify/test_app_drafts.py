"""A call is interrupted: what is half typed is on the disk, is put aside, and is taken up again."""

from __future__ import annotations

from pathlib import Path

from app_stage import API, Stage
from outbox_office import begin, finish

from tui.qualify.drafts import DraftList
from zoho.outbox.states import Mode, State
from zoho.outbox.store import FRESH, Attempt, Outcome
from zoho.sandbox import World
from zoho.wire.errors import FieldFault

ROE = {"Last_Name": "Roe", "Company": "Acme"}
DOE = {"Last_Name": "Doe", "Company": "Other"}


def typed(stage: Stage) -> list[dict[str, str]]:
    return [dict(row.typed) for row in stage.rows if row.typed is not None]


async def test_what_is_typed_is_on_the_disk_soon(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(**ROE)
        await stage.until(lambda: typed(stage) == [ROE])
        assert (stage.states, stage.rows[0].field) == (["draft"], "Company")
        await stage.type("!")
        await stage.until(lambda: typed(stage) == [{**ROE, "Company": "Acme!"}])
        assert "parked" not in stage.words


async def test_a_form_that_is_emptied_leaves_nothing(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(Last_Name="R")
        await stage.until(lambda: typed(stage) == [{"Last_Name": "R"}])
        await stage.press("backspace")
        await stage.until(lambda: stage.rows == [])


async def test_a_sent_lead_leaves_no_draft(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(**ROE)
        await stage.until(lambda: typed(stage) == [ROE])
        key = stage.rows[0].key
        await stage.press("ctrl+s")
        await stage.until(lambda: stage.states == ["sent"])
        assert stage.rows[0].key == key
        assert typed(stage) == []
        await stage.fill(Last_Name="Next")
        await stage.until(lambda: typed(stage) == [{"Last_Name": "Next"}])
    assert [one["Last_Name"] for one in stage.world.records()].count("Roe") == 1


async def test_leaving_keeps_the_last_key_and_the_next_start_goes_on_there(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(**ROE, Email="r")
        await stage.leave()
    (row,) = stage.kept
    assert row.typed == {**ROE, "Email": "r"}
    async with stage.open():
        await stage.toast("Roe, Acme", "Half typed")
        assert stage.form.values == {**ROE, "Email": "r"}
        assert stage.form.current == "Email"
        await stage.type("@x.com")
        await stage.online()
        await stage.press("ctrl+s")
        await stage.until(lambda: stage.states == ["sent"])
        assert stage.rows[0].key == row.key
        assert stage.rows[0].values["Email"] == "r@x.com"


async def test_a_hang_up_keeps_the_last_key(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(**ROE)
        stage.app.exit(return_code=129)
    assert stage.kept[0].typed == ROE


async def test_a_second_call_comes_in(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(**ROE)
        await stage.press("ctrl+n")
        await stage.toast("Put aside")
        assert stage.form.values == {}
        await stage.until("1 parked")
        await stage.fill(**DOE)
        await stage.press("ctrl+o")
        await stage.until("Half-typed leads")
        assert "Roe, Acme" in stage.words
        assert "Doe" not in "\n".join(stage.lines[8:16])
        await stage.press("enter")
        await stage.until(lambda: stage.form.values == ROE)
        assert stage.form.current == "Company"
        await stage.until("1 parked")
        await stage.press("ctrl+s")
        await stage.until(lambda: "sent" in stage.states)
        await stage.press("ctrl+o")
        await stage.until("Doe, Other")
        await stage.press("enter")
        await stage.until(lambda: stage.form.values == DOE)
        await stage.press("ctrl+s")
        await stage.until(lambda: stage.states == ["sent", "sent"])
        await stage.until(lambda: "parked" not in stage.words)
    names = [one["Last_Name"] for one in stage.world.records()]
    assert (names.count("Roe"), names.count("Doe")) == (1, 1)


async def test_there_is_nothing_to_put_aside_and_nothing_put_aside(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.press("ctrl+n")
        await stage.toast("nothing to put aside")
        await stage.press("ctrl+o")
        await stage.toast("No lead is put aside")


async def test_a_draft_is_discarded_when_that_is_said_twice(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(**ROE)
        await stage.press("ctrl+n", "ctrl+o")
        await stage.until(lambda: isinstance(stage.app.screen, DraftList))
        await stage.press("d")
        await stage.until("D again")
        assert stage.states == ["draft"]
        await stage.press("d")
        await stage.until(lambda: stage.states == ["discarded"])
        await stage.until(lambda: "parked" not in stage.words)
        assert stage.form.values == {}


async def test_what_was_put_aside_and_brought_back_keeps_its_key(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(**ROE)
        await stage.press("ctrl+n")
        await stage.until("1 parked")
        key = stage.rows[0].key
        await stage.fill(**DOE)
        await stage.press("f6")
        await stage.until(lambda: stage.form.values == ROE)
        await stage.until(lambda: {row.key: row.holder is None for row in stage.rows}.get(key) is False)
        await stage.press("ctrl+s")
        await stage.until(lambda: stage.states.count("sent") == 1)
        assert {row.key for row in stage.rows if row.state is State.SENT} == {key}
        assert typed(stage) == [DOE]


async def test_a_half_changed_refused_lead_is_taken_up_by_the_next_start(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        store, org = stage.store, stage.app.desk.org
        assert org is not None
        fault = FieldFault("INVALID_DATA", "is not right.", "Correct it.", "Company")
        with store._file._lock:  # type: ignore[attr-defined]
            row = store.add("k", ROE, org=org.key, lane=FRESH, at=1_790_000_000.0)
            begun = begin(store, row, Attempt("me", Mode.UNKEYED, 1_790_000_000.0, None, None))
            assert begun is not None
            finish(store, begun, Outcome(State.REJECTED, faults=(fault,)), at=1_790_000_001.0)
        await stage.press("f4", "e")
        await stage.until(lambda: stage.app.tab == "qualify" and stage.form.values == ROE)
        await stage.type("!")
        await stage.leave()
    assert [(row.state, row.typed, row.values) for row in stage.kept] == [
        (State.REJECTED, {**ROE, "Company": "Acme!"}, ROE)
    ]
    async with stage.open():
        await stage.until(lambda: stage.form.values == {**ROE, "Company": "Acme!"})
        assert stage.form.errors == {"Company": "is not right. Correct it."}
        await stage.online()
        await stage.press("ctrl+s")
        await stage.until(lambda: stage.states == ["sent"])
        assert stage.rows[0].values["Company"] == "Acme!"


async def test_two_sessions_have_each_its_own_draft_and_the_idle_one_hears_of_its_lead(
    tmp_path: Path,
) -> None:
    world = World(submission_key="Submission_Key", base_url=API)
    one, other = Stage(tmp_path, world), Stage(tmp_path, world)
    async with one.open():
        await one.online()
        await one.fill(**ROE)
        await one.until(lambda: typed(one) == [ROE])
        async with other.open():
            await other.online()
            assert other.form.values == {}
            await other.press("ctrl+o")
            await other.until("Roe, Acme (in another session)")
            await other.press("1", "enter", "escape")
            await other.until(lambda: "Half-typed" not in other.words)
            assert other.form.values == {}
            await other.fill(**DOE)
            await other.press("ctrl+s")
            await other.toast("Doe, Other", "created in Zoho")  # the first session sent it
        await one.press("ctrl+s")
        await one.toast("Roe, Acme", "created in Zoho")
    names = [record["Last_Name"] for record in world.records()]
    assert (names.count("Roe"), names.count("Doe")) == (1, 1)


async def test_when_the_sending_session_ends_the_other_takes_over(tmp_path: Path) -> None:
    world = World(submission_key="Submission_Key", base_url=API)
    one, other = Stage(tmp_path, world), Stage(tmp_path, world)
    async with other.open():
        await other.online()
        async with one.open():
            await one.online()
            await other.send(**DOE)
            await other.toast("Doe, Other", "created in Zoho")
            await one.leave()
        await other.send(**ROE)
        await other.toast("Roe, Acme", "created in Zoho")


async def test_a_form_that_was_emptied_a_moment_ago_is_no_draft(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(Last_Name="Roe")
        await stage.press("ctrl+n")
        await stage.fill(Last_Name="A")
        await stage.until(lambda: len(stage.rows) == 2, "what is typed is on the disk")
        await stage.press("backspace", "ctrl+o", "1")
        await stage.until(lambda: stage.form.values == {"Last_Name": "Roe"})
        assert [row.typed for row in stage.rows] == [{"Last_Name": "Roe"}]


async def test_what_is_brought_back_after_it_was_discarded_is_another_lead(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.fill(Last_Name="Roe", Company="Acme")
        await stage.press("ctrl+n", "ctrl+o", "d", "d")
        await stage.until(lambda: stage.states == ["discarded"])
        await stage.press("f6")
        await stage.until(lambda: stage.form.values == {"Last_Name": "Roe", "Company": "Acme"})
        await stage.press("ctrl+s")
        await stage.until(lambda: stage.states == ["sent", "discarded"])
