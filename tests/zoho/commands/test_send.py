from __future__ import annotations

from typing import Any

from sandbox_server import Serving
from verbs import Home, posts

from zoho.outbox import SenderLock
from zoho.sandbox import World

LEAD: dict[str, Any] = {"Last_Name": "Roe", "Company": "Acme"}
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
