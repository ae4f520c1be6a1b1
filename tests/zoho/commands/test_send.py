from __future__ import annotations

import signal
import time
from contextlib import closing
from typing import Any

from sandbox_server import Serving
from verbs import Home, posts

from zoho.leads.follow_up import FollowUp, FollowUpKind
from zoho.outbox import SenderLock, SqliteStore
from zoho.sandbox import World

LEAD: dict[str, Any] = {"Last_Name": "Roe", "Company": "Acme"}
KEY = "key-of-this-lead"
NOTE = FollowUp(FollowUpKind.NOTE, {"Note_Title": "Answers", "Note_Content": "Budget: approved"})
SIGNED_OUT = dict.fromkeys(("ZOHO_CLIENT_ID", "ZOHO_CLIENT_SECRET", "ZOHO_REFRESH_TOKEN"))


def test_with_nothing_to_send_it_asks_nobody(stranger: Home) -> None:
    ended = stranger.run("send")
    assert (ended.status, ended.out, ended.err) == (0, "", "")


def test_leads_saved_before_any_sign_in_wait_for_the_org_to_be_confirmed(home: Home, world: World) -> None:
    keys = [home.run("add", given=LEAD, env=SIGNED_OUT).json["key"] for _ in range(2)]
    ended = home.run("send")
    assert ended.status == 3, ended
    assert "Leads that still wait: 2" in ended.err
    assert "Saved without a sign-in: 2. Give --confirm-org" in ended.err
    assert posts(world) == []
    assert home.run("send", "--confirm-org").status == 0
    assert [(key, state) for key, state, _ in home.rows()] == [(key, "sent") for key in keys]
    assert [record["Submission_Key"] for record in world.records()[-2:]] == keys, "oldest first"


def test_a_lead_saved_with_a_sign_in_whose_org_was_not_known_yet_goes_to_that_org(
    home: Home, world: World, url: Serving
) -> None:
    world.faults.order("refuse", seconds=60)
    first = home.run("add", "--wait", "0", given=LEAD)
    assert (first.status, first.json["org"]) == (3, None), first
    other = home.run("add", "--wait", "0", given=LEAD, env={"ZOHO_REFRESH_TOKEN": "another-sign-in"})
    assert other.status == 3, other
    url.server.accept()
    ended = home.run("send", "--wait", "5")
    assert ended.status == 3, ended
    assert "Saved without a sign-in: 1" in ended.err, "the other sign-in's lead is not taken along"
    assert [record["Submission_Key"] for record in world.records()[-1:]] == [first.json["key"]]
    assert len(posts(world)) == 1


def test_it_drains_what_a_line_that_was_down_left(home: Home, world: World, url: Serving) -> None:
    assert home.run("add", given=LEAD).status == 0
    world.faults.order("refuse", seconds=60)
    for number in range(3):
        waiting = home.run("add", "--wait", "0", given=LEAD | {"Company": f"Acme {number}"})
        assert waiting.status == 3, waiting
    down = home.run("send", "--wait", "0.5")
    assert down.status == 3, down
    assert "Leads that still wait: 3. They are safe" in down.err
    url.server.accept()
    up = home.run("send")
    assert (up.status, up.out, up.err) == (0, "", "")
    assert {state for _, state, _ in home.rows()} == {"sent"}
    assert len(posts(world)) == 4


def test_it_needs_a_sign_in(stranger: Home) -> None:
    stranger.run("add", given=LEAD)
    ended = stranger.run("send")
    assert ended.status == 2, ended
    assert "Not signed in" in ended.err
    assert [state for _, state, _ in stranger.rows()] == ["queued"]


def test_it_tells_what_needs_the_rep(home: Home, world: World) -> None:
    assert home.run("add", given={"Last_Name": "Roe"}).status == 1
    ended = home.run("send")
    assert ended.status == 0, ended
    assert "Leads that need you: 1" in ended.err


def lead_whose_note_waits(home: Home, world: World) -> str:
    """Have a lead in Zoho whose note was refused, and is to be sent again; return the lead's id."""
    refused = {"code": "INVALID_DATA", "message": "no", "status": "error", "details": {}}
    world.faults.order("answer", path="/crm/v8/Leads/", method="POST", status=202, body={"data": [refused]})
    with closing(SqliteStore(home.data / "outbox.db")) as store:
        store.add(KEY, LEAD, org=None, lane=0, at=1.0, follow_ups=[NOTE])
    ended = home.run("send", "--confirm-org")
    assert ended.status == 0, ended
    assert "Notes and call-backs that Zoho refused: 1. Start zoho-leads and open the Log." in ended.err
    with closing(SqliteStore(home.data / "outbox.db")) as store:
        assert store.follow_ups.retry(KEY, 2.0) == 1
    return home.run("log", "--json").json[0]["id"]


def test_a_note_of_a_lead_that_is_in_zoho_already_is_sent(home: Home, world: World, url: Serving) -> None:
    id_ = lead_whose_note_waits(home, world)
    world.faults.order("refuse", seconds=60)
    down = home.run("send", "--wait", "0.5")
    assert down.status == 3, down
    assert down.err == "Notes and call-backs that still wait: 1. They are safe in the outbox.\n"
    url.server.accept()
    up = home.run("send")
    assert (up.status, up.err) == (0, "")
    assert [note.parent for note in world.notes] == [id_]


def test_a_lead_whose_undo_was_cut_off_is_looked_for(home: Home, world: World) -> None:
    id_ = lead_whose_note_waits(home, world)
    with closing(SqliteStore(home.data / "outbox.db")) as store:
        assert store.undos.want(KEY, at=time.time())
        ended = home.run("send")
        assert ended.status == 3, ended
        assert "Leads that may be undone: 1. Zoho is asked again by the next send." in ended.err
        assert (world.notes, store.rows()[0].being_undone) == ([], True), "the deletion may still arrive"
        store.undos.drop(KEY)
        assert store.undos.want(KEY, at=3.0)
        ended = home.run("send")
        assert (ended.status, ended.err) == (0, "")
        assert [note.parent for note in world.notes] == [id_], "it stands in Zoho: what was held back is sent"
        assert store.undos.want(KEY, at=4.0)
        world.erase(world.stored["Leads"][id_])
        assert home.run("send").status == 0
        assert store.rows()[0].undone


def test_ctrl_c_tells_what_still_waits(home: Home, world: World) -> None:
    assert home.run("add", given=LEAD).status == 0
    home.run("add", given=LEAD, env=SIGNED_OUT)
    world.faults.order("hang-after", path="/crm/v8/Leads", method="POST")
    process = home.start("send", "--confirm-org")
    while len(posts(world)) < 2:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 3, err
    assert b"Leads that still wait: 1. They are safe" in err


def test_it_waits_for_another_sender(home: Home, world: World) -> None:
    home.run("add", given=LEAD)
    home.run("add", given=LEAD, env=SIGNED_OUT)
    lock = SenderLock(home.data / "outbox.lock")
    assert lock.acquire()
    try:
        ended = home.run("send", "--confirm-org", "--wait", "1")
        assert ended.status == 3, ended
        assert len(posts(world)) == 1
    finally:
        lock.release()
    assert home.run("send").status == 0
    assert len(posts(world)) == 2


def test_leads_of_another_org_are_left_alone(home: Home, world: World, url: Serving) -> None:
    assert home.run("add", given=LEAD).status == 0
    world.faults.order("refuse", seconds=60)
    assert home.run("add", "--wait", "0", given=LEAD).status == 3
    url.server.accept()
    world.org["id"] = "4150868000000999999"
    # Another sign-in has no cached org: the org is asked for.
    (home.data / "cache" / "snapshot.json").unlink()
    ended = home.run("send", "--confirm-org", "--wait", "5")
    assert ended.status == 3, ended
    assert "Leads that still wait: 1" in ended.err
    assert len(posts(world)) == 1
