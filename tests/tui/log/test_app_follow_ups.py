"""A rep looks in the Log at the note and the call-back of a lead, and lets them go again or gives them up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from app_stage import Stage

from zoho.outbox.follow_ups import FollowUpState

NOTES, TASKS = "/crm/v8/Leads/", "/crm/v8/Tasks"
LEAD = {"Last_Name": "Roe", "Company": "Acme", "Phone": "+44 20 7946 0018"}
SOON = datetime.now(UTC) + timedelta(days=90)


@pytest.fixture
def asking(tmp_path: Path) -> Stage:
    return Stage(tmp_path, environ={"ZOHO_SCRIPT": "bant", "TZ": "Europe/London"})


def refuse(stage: Stage, path: str) -> None:
    """Let Zoho refuse the next note or task."""
    refused = {"code": "INVALID_DATA", "message": "not like this", "status": "error", "details": {}}
    stage.world.faults.order("answer", path=path, method="POST", status=202, body={"data": [refused]})


def states(stage: Stage) -> list[str]:
    return [one.state.value for one in stage.store.follow_ups.of(stage.rows[0].key)]


@asynccontextmanager
async def asked(stage: Stage, *, refusing: str = "", size: tuple[int, int] = (80, 24)) -> AsyncIterator[None]:
    """Open the app and send a lead with a note of one answer and a call-back."""
    async with stage.open(size=size):
        await stage.online()
        await stage.until(lambda: stage.form.field("?budget") is not None)
        if refusing:
            refuse(stage, refusing)
        await stage.fill(**LEAD)
        stage.form.go_to("?budget")
        await stage.press("1")
        await stage.fill(**{"?call_back": f"{SOON:%Y-%m-%d} 10:00"})
        await stage.send()
        yield


async def test_a_note_that_waits_is_seen_in_the_row_and_told_in_the_details(asking: Stage) -> None:
    asking.world.faults.order("429", path=NOTES, method="POST", times=None)
    async with asked(asking, size=(120, 40)):
        await asking.until(lambda: asking.states == ["sent"])
        await asking.press("f4")
        await asking.until("… note, call-back wait")
        assert asking.rows[0].zoho_id in asking.words, "there is room for both"
        await asking.press("enter")
        await asking.until("What goes with it")
        assert "… Note “Qualification: BANT" in asking.text
        assert f"… Call-back {SOON:%a} {SOON.day} {SOON:%b}, 10:00 in London: waits" in asking.words


async def test_what_waits_for_its_lead_is_told_so(asking: Stage) -> None:
    async with asking.open():
        await asking.online()
        await asking.until(lambda: asking.form.field("?budget") is not None)
        asking.line.through.clear()
        await asking.fill(**LEAD)
        asking.form.go_to("?budget")
        await asking.press("1")
        await asking.send()
        await asking.press("f4", "enter")
        await asking.until("waits for the lead")
        await asking.press("escape")
        assert "note" not in asking.list.render_line(0).text
        asking.line.through.set()
        await asking.until(lambda: states(asking) == ["sent"])
        await asking.press("enter")
        (note,) = asking.world.notes
        await asking.until(f"in Zoho, {note.id}")


async def test_what_was_refused_is_told_with_its_reason_and_r_sends_it_once(asking: Stage) -> None:
    async with asked(asking, refusing=NOTES):
        await asking.until(lambda: states(asking) == ["refused", "sent"])
        await asking.press("f4")
        await asking.until("! note refused")
        await asking.until("1 needs you")
        await asking.press(*"/refused", "enter")
        await asking.until("1 found")
        await asking.press("escape", "enter")
        await asking.until("not like this")
        (row, _) = asking.store.follow_ups.of(asking.rows[0].key)
        assert f"{row.faults[0].what} {row.faults[0].next_step}" in asking.words
        await asking.until("R sends the note again · D gives it up")
        await asking.press("r")
        await asking.toast("Roe, Acme", "Sent again: the note.")
        await asking.until(lambda: states(asking) == ["sent", "sent"])
        await asking.until(lambda: "refused" not in asking.words and "needs you" not in asking.words)
        await asking.press("r", "r")
        await asking.toast("Trying now.")
        await asking.press(*"/refused", "enter")
        await asking.until("0 found")
        assert (len(asking.world.notes), len(asking.world.tasks), len(asking.rows)) == (1, 1, 1)


async def test_a_refusal_is_told_wherever_the_rep_is(asking: Stage) -> None:
    async with asked(asking, refusing=NOTES):
        title, text, severity = await asking.toast("note refused")
        assert (title, severity) == ("Roe, Acme", "error")
        (row, _) = asking.store.follow_ups.of(asking.rows[0].key)
        assert f"{row.faults[0].what} {row.faults[0].next_step}" in text
        assert text.endswith("R in the Log (F4) sends it again.")
        await asking.until("1 needs you", "not only a toast")


async def test_who_leaves_is_told_of_a_note_that_waits(asking: Stage) -> None:
    asking.world.faults.order("429", path=NOTES, method="POST", times=None)
    async with asked(asking):
        await asking.until(lambda: asking.states == ["sent"] and bool(asking.app.desk.rests))
        await asking.leave()
    assert "2 unsent, safe" in asking.message


async def test_what_need_not_be_kept_is_purged_once_its_note_is_sent(tmp_path: Path) -> None:
    stage = Stage(tmp_path, environ={"ZOHO_SCRIPT": "bant", "TZ": "Europe/London", "ZOHO_KEEP_DAYS": "0"})
    async with asked(stage, refusing=NOTES):
        await stage.until(lambda: states(stage) == ["refused", "sent"] and not stage.app.desk._one_ended)
        assert not stage.rows[0].purged
        await stage.press("f4", "r")
        await stage.until(lambda: stage.rows[0].purged)
        assert states(stage) == ["sent", "sent"]
        await stage.press("enter")
        await stage.until("Call-back: in Zoho")


async def test_what_was_refused_is_given_up_once_that_is_said_twice(asking: Stage) -> None:
    async with asked(asking, refusing=TASKS):
        await asking.until(lambda: states(asking) == ["sent", "refused"])
        await asking.press("f4", "d")
        await asking.toast("D again gives the call-back up; the lead stays as it is.")
        await asking.press("enter", "escape", "d")
        assert states(asking) == ["sent", "refused"], "something else was asked in between"
        await asking.press("d")
        await asking.toast("Given up: the call-back.")
        await asking.until(lambda: states(asking) == ["sent", "discarded"])
        assert asking.states == ["sent"]
        await asking.until(lambda: "refused" not in asking.words and "needs you" not in asking.words)
        await asking.press("d")
        await asking.toast("cannot be said")
        await asking.press("enter")
        await asking.until(": given up")
        assert asking.world.tasks == []


async def test_it_fits_in_eighty_columns_and_in_ascii(asking: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    async with asked(asking, refusing=NOTES):
        await asking.until(lambda: states(asking) == ["refused", "sent"])
        await asking.press("f4")
        await asking.until("! note refused")
        await asking.press("enter")
        await asking.until('! Note "Qualification: BANT')
        assert "\n".join(asking.lines[:20]).replace("▇", "").isascii(), asking.text


async def test_what_another_session_lets_go_again_is_seen_here(asking: Stage) -> None:
    async with asked(asking, refusing=NOTES):
        await asking.until(lambda: states(asking) == ["refused", "sent"])
        await asking.press("f4")
        await asking.until("! note refused")
        from contextlib import closing

        from zoho.outbox import SqliteStore

        with closing(SqliteStore(asking.folder / "data" / "outbox.db")) as other:
            assert other.follow_ups.discard(asking.rows[0].key, 1.0) == 1
        await asking.until(lambda: "refused" not in asking.words)
        assert states(asking)[0] == FollowUpState.DISCARDED
