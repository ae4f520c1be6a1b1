"""The line to Zoho is down, slow or cut: the rep types on, and nothing is lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app_stage import API, Stage

from zoho.commands.place import Place
from zoho.outbox import SenderLock
from zoho.outbox.rest import Waits
from zoho.sandbox import World

LEAD = {"Last_Name": "Roe", "Company": "Acme"}


def created(stage: Stage) -> list[str]:
    """Return the last names of what Zoho got, besides its first records."""
    return [one["Last_Name"] for one in stage.world.records() if one["Submission_Key"]]


async def test_a_line_that_is_down_is_told_and_the_lead_waits_until_it_is_back(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        stage.line.down = True
        await stage.send(**LEAD)
        await stage.until("Zoho cannot be reached")
        await stage.until("1 waiting")
        assert "offline" in stage.words
        assert stage.states == ["queued"]
        await stage.press("f4")
        await stage.until("waiting Roe, Acme")
        stage.line.down = False
        await stage.press("r")
        await stage.toast("Roe, Acme", "created in Zoho")
        await stage.until(lambda: "cannot be reached" not in stage.words)
        await stage.until("online")
    assert created(stage) == ["Roe"]


async def test_a_first_start_without_a_network_takes_leads_and_sends_them_later(stage: Stage) -> None:
    async with stage.open():
        stage.line.down = True
        await stage.until("cannot be reached")
        await stage.send(**LEAD)
        assert stage.states == ["queued"]
        stage.line.down = False
        await stage.press("f4", "r")
        await stage.toast("Roe, Acme", "created in Zoho")
    assert created(stage) == ["Roe"]


async def test_an_answer_that_does_not_come_holds_nobody_up(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        stage.line.through.clear()
        await stage.send(**LEAD)
        await stage.until(lambda: stage.line.waiting == 1)
        await stage.send(Last_Name="Doe", Company="Acme")
        assert stage.form.values == {}
        await stage.press("f4", "f3", "f2")
        await stage.send(Last_Name="Poe", Company="Acme")
        await stage.until(lambda: stage.states == ["queued", "queued", "sending"])
        assert stage.line.waiting == 1, "one at a time"
        await stage.until("3 waiting")
        stage.line.through.set()
        await stage.until(lambda: stage.states == ["sent", "sent", "sent"])
    assert created(stage) == ["Roe", "Doe", "Poe"]


async def test_a_lost_answer_is_settled_by_the_key_alone(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.send(Last_Name="First", Company="Acme")
        await stage.until(lambda: stage.states == ["sent"])
        stage.line.cuts = 1
        await stage.send(**LEAD)
        await stage.until(lambda: stage.states[0] == "unknown")
        await stage.press("f4")
        await stage.until("unclear")
    assert created(stage) == ["First", "Roe"]


def unkeyed(folder: Path) -> Stage:
    """Return a user of an org without a field for our key, with a sender that soon believes to know all."""
    return Stage(
        folder, World(base_url=API), waits=Waits(deadline=0.1, margin=0.0, first_retry=0.05, poll=0.05)
    )


async def unclear(stage: Stage) -> None:
    """Send a lead that does not arrive, nor a word about it."""
    await stage.online()
    stage.line.loses = 1
    await stage.send(**LEAD)
    await stage.until(lambda: stage.states == ["ask"])


async def test_a_lost_answer_is_found_by_looking_where_there_is_no_key(tmp_path: Path) -> None:
    stage = unkeyed(tmp_path)
    async with stage.open():
        await stage.online()
        stage.line.cuts = 1
        before = len(stage.world.records())
        await stage.send(**LEAD)
        await stage.toast("Roe, Acme", "created in Zoho")
    assert len(stage.world.records()) == before + 1


async def test_an_unclear_lead_asks_and_is_sent_again_on_the_reps_word(tmp_path: Path) -> None:
    stage = unkeyed(tmp_path)
    async with stage.open():
        await unclear(stage)
        await stage.toast("Roe, Acme", "is it in Zoho?")
        await stage.until("1 needs you")
        await stage.press("f4")
        await stage.until("asks you")
        await stage.press("s")
        await stage.toast("Roe, Acme", "created in Zoho")
        assert stage.states == ["sent"]
        assert stage.rows[0].attempt == 2


async def test_an_unclear_lead_that_is_there_is_not_sent_again(tmp_path: Path) -> None:
    stage = unkeyed(tmp_path)
    async with stage.open():
        await unclear(stage)
        posts = sum(one.method == "POST" for one in stage.world.requests)
        await stage.press("f4", "i")
        await stage.until(lambda: stage.states == ["sent"])
        await stage.until("created")
        assert sum(one.method == "POST" for one in stage.world.requests) == posts


async def test_an_unclear_lead_is_given_up_on_the_reps_word_said_twice(tmp_path: Path) -> None:
    stage = unkeyed(tmp_path)
    async with stage.open():
        await unclear(stage)
        await stage.press("f4", "d")
        await stage.toast("D again")
        assert stage.states == ["ask"]
        await stage.press("d")
        await stage.until(lambda: stage.states == ["discarded"])
        await stage.until("discarded")


async def test_another_session_of_the_same_user_sends_and_both_show_it(tmp_path: Path, stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        await stage.leave()
    lock = SenderLock(tmp_path / "data" / "outbox.lock")
    assert lock.acquire()
    try:
        async with stage.open():
            await stage.online()
            await stage.send(**LEAD)
            await stage.until("1 waiting")
            assert stage.line.waiting == 0
            assert created(stage) == []
            lock.release()
            await stage.toast("Roe, Acme", "created in Zoho")
    finally:
        lock.release()


async def test_suspending_gives_the_senders_lock_back(tmp_path: Path, stage: Stage) -> None:
    other = SenderLock(tmp_path / "data" / "outbox.lock")
    async with stage.open():
        await stage.online()
        await stage.send(**LEAD)
        await stage.until(lambda: stage.states == ["sent"])
        assert not other.acquire()
        stage.app.desk.suspend()
        assert other.acquire()
        await stage.send(Last_Name="Doe", Company="Acme")
        await stage.until("1 waiting")
        other.release()
        await stage.until(lambda: stage.states == ["sent", "sent"])
    await stage.until(other.acquire, "an app that has ended holds no lock")
    other.release()


# Leaving


async def test_leaving_waits_for_the_lead_that_is_being_sent(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        stage.line.through.clear()
        await stage.send(**LEAD)
        await stage.until(lambda: stage.line.waiting == 1)
        leaving = asyncio.create_task(stage.leave())
        await stage.until("Leaving")
        assert not stage.app._exit
        stage.line.through.set()
        await leaving
    assert stage.app.return_code == 0
    assert stage.message == ""
    assert created(stage) == ["Roe"]


async def test_leaving_waits_no_longer_than_its_patience_and_says_what_is_unsent(stage: Stage) -> None:
    async with stage.open(patience=0.1):
        await stage.online()
        stage.line.through.clear()
        await stage.send(**LEAD)
        await stage.until(lambda: stage.line.waiting == 1)
        await stage.send(Last_Name="Doe", Company="Acme")
        await stage.leave()
    assert stage.app.return_code == 0
    assert "2 unsent, safe" in stage.message
    assert "zoho-leads send" in stage.message
    states = [row.state.value for row in stage.kept]
    assert states == ["queued", "unknown"], "what was under way is unclear, not lost and not doubled"


async def test_leaving_at_once_is_possible(stage: Stage) -> None:
    async with stage.open():
        await stage.leave()
    assert stage.app.return_code == 0


async def test_a_lead_that_waits_is_sent_by_the_next_start(stage: Stage) -> None:
    async with stage.open(patience=0.1):
        await stage.online()
        stage.line.down = True
        await stage.send(**LEAD)
        await stage.leave()
    assert "1 unsent, safe" in stage.message
    async with stage.open(place=Place()):
        await stage.toast("Roe, Acme", "created in Zoho")
    assert created(stage) == ["Roe"]


async def test_an_outbox_that_cannot_be_read_any_more_keeps_nobody_in_the_app(stage: Stage) -> None:
    async with stage.open():
        await stage.online()
        stage.store.close()
        await stage.leave()
    assert stage.app.return_code == 0
