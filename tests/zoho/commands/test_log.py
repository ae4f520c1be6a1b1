from __future__ import annotations

import json
from contextlib import closing
from typing import Any

from verbs import Home

from zoho.leads.follow_up import FollowUp, FollowUpKind
from zoho.outbox import SqliteStore
from zoho.sandbox import World

LEAD: dict[str, Any] = {"First_Name": "Ada", "Last_Name": "Roe", "Company": "Acme"}


def test_an_empty_log_is_empty(stranger: Home) -> None:
    assert stranger.run("log").out == ""
    assert stranger.run("log", "--json").json == []


def test_it_lists_every_lead_newest_first_with_id_or_reason(home: Home) -> None:
    created = home.run("add", given=LEAD).json
    home.run("add", given={"Last_Name": "Doe"})
    ended = home.run("log")
    assert ended.status == 0
    second, first = ended.out.splitlines()
    assert "rejected" in second
    assert "Doe" in second
    assert second.endswith("Company: Zoho requires a value here. Fill it in and send again.")
    assert "sent" in first
    assert "Ada Roe, Acme" in first
    assert first.endswith(created["id"])


def test_as_json_it_says_what_add_said(home: Home) -> None:
    added = [home.run("add", given=LEAD).json, home.run("add", given={"Last_Name": "Doe"}).json]
    assert home.run("log", "--json").json == added[::-1]


NOTE = FollowUp(FollowUpKind.NOTE, {"Note_Title": "Answers", "Note_Content": "Budget: approved"})
TASK = FollowUp(FollowUpKind.TASK, {"Subject": "Call Ada", "Due_Date": "2026-11-26"})


def sent_with(home: Home, *follow_ups: FollowUp) -> None:
    """Have a lead with notes and tasks in the outbox, and send what waits."""
    with closing(SqliteStore(home.data / "outbox.db")) as store:
        store.add("k", LEAD, org=None, lane=0, at=1.0, follow_ups=follow_ups)
    assert home.run("send", "--confirm-org").status == 0


def refuse_the_note(world: World) -> None:
    refused = {"code": "INVALID_DATA", "message": "not like\nthis", "status": "error", "details": {}}
    world.faults.order("answer", path="/crm/v8/Leads/", method="POST", status=202, body={"data": [refused]})


def test_as_json_it_tells_notes_and_tasks(home: Home, world: World) -> None:
    refuse_the_note(world)
    sent_with(home, NOTE, TASK)
    (lead,) = home.run("log", "--json").json
    note, task = lead["follow_ups"]
    (there,) = world.tasks
    assert (note["kind"], note["state"], note["id"], note["attempts"]) == ("note", "refused", None, 1)
    assert note["fields"] == NOTE.values
    (reason,) = note["reasons"]
    assert (reason["code"], "not like this" in reason["what"]) == ("INVALID_DATA", True)
    assert (task["kind"], task["state"], task["id"], task["reasons"]) == ("task", "sent", there.id, [])
    assert (note["module"], note["record"]) == ("Leads", lead["id"])


def test_it_says_of_a_lead_that_its_note_was_refused(home: Home, world: World) -> None:
    refuse_the_note(world)
    sent_with(home, NOTE, TASK)
    (line,) = home.run("log").out.splitlines()
    assert "sent" in line
    assert "note refused: " in line
    assert "not like this" in line
    assert "call-back" not in line


def test_what_was_undone_is_said_to_be_so(home: Home) -> None:
    key, id_ = (added := home.run("add", given=LEAD).json)["key"], added["id"]
    with closing(SqliteStore(home.data / "outbox.db")) as store:
        store.undos.want(key, at=1.0)
        assert "undoing" in home.run("log").out
        asked = home.run("add", "--key", key, given=LEAD)
        assert (asked.status, asked.json["undoing_since"]) == (4, "1970-01-01T00:00:01+00:00")
        store.undos.undone(key, at=2.0)
    listed = home.run("log").out
    assert "undone" in listed
    assert listed.rstrip().endswith(id_)
    (told,) = home.run("log", "--json").json
    assert (told["state"], told["undone_at"]) == ("sent", "1970-01-01T00:00:02+00:00")
    assert "undoing_since" not in told
    again = home.run("add", "--key", key, given=LEAD)
    assert (again.status, again.json["undone_at"]) == (1, told["undone_at"])


def test_it_works_without_network_and_credentials(home: Home) -> None:
    home.run("add", given=LEAD)
    ended = home.run("log", env={name: None for name in home.env if name.startswith("ZOHO_C")})
    assert "Ada Roe, Acme" in ended.out


def test_foreign_text_is_shown_without_control_characters(stranger: Home) -> None:
    nasty = {"Last_Name": "\x1b]0;owned\x07Roe\nInjected line\x9b2J", "Company": "[/x]\u202eAcme"}
    stranger.run("add", given=json.dumps(nasty))
    shown = stranger.run("log").out
    assert shown.count("\n") == 1
    assert not set(shown) & {"\x1b", "\x07", "\x9b", "\u202e"}
    assert "Roe" in shown
    assert "[/x]" in shown


def test_a_closed_pipe_ends_it_quietly(stranger: Home) -> None:
    for _ in range(3):
        stranger.run("add", given=LEAD | {"Description": "x" * 30_000})
    process = stranger.start("log", "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    process.wait(20)
    assert said == b""
