from __future__ import annotations

import json
import re
import signal
import uuid
from typing import Any

import pytest
from sandbox_server import Serving
from verbs import Home, posts, tried

from zoho.outbox import SenderLock
from zoho.sandbox import World

LEAD: dict[str, Any] = {"Last_Name": "Roe", "Company": "Acme"}


def fields(**values: str) -> list[str]:
    return [part for name, value in values.items() for part in ("--field", f"{name}={value}")]


# Created


def test_a_lead_given_as_json_is_created_with_every_value_and_the_source(home: Home, world: World) -> None:
    before = len(world.records())
    lead = {
        "First_Name": "Zoë",
        "Last_Name": "O'Brien-Åström",
        "Company": "株式会社サンプル",
        "Email": "zoe@nordlys.example",
        "No_of_Employees": 420,
        "Annual_Revenue": 1250.5,
        "Email_Opt_Out": True,
        "Description": "Line one\nline two",
    }
    ended = home.run("add", given=lead)
    assert ended.status == 0, ended
    assert len(world.records()) == before + 1
    record = world.records()[-1]
    assert {name: record[name] for name in lead} == lead
    assert record["Lead_Source"] == "Qualification Inbound"
    assert record["Submission_Key"] == ended.json["key"]
    assert ended.json["id"] == record["id"]


def test_a_lead_given_by_fields_has_typed_values_once_the_form_is_known(home: Home, world: World) -> None:
    assert home.run("add", *fields(Last_Name="First", Company="Acme")).status == 0
    ended = home.run(
        "add",
        *fields(Last_Name="Roe = Partner", Company="Acme", No_of_Employees="250", Email_Opt_Out="yes"),
        *fields(Phone="020 123 4567 x12"),
    )
    assert ended.status == 0, ended
    record = world.records()[-1]
    assert record["Last_Name"] == "Roe = Partner"
    assert record["No_of_Employees"] == 250
    assert record["Email_Opt_Out"] is True
    assert record["Phone"] == "+31 20 123 4567 ext. 12", "of the org's country"


def test_the_result_says_everything_about_the_lead(home: Home, world: World) -> None:
    ended = home.run("add", given=LEAD)
    shown = ended.json
    assert ended.err == ""
    assert ended.out.isascii()
    assert list(shown) == [
        "key",
        "state",
        "id",
        "org",
        "created_at",
        "updated_at",
        "fields",
        "attempts",
        "reasons",
        "follow_ups",
        "calls",
    ]
    assert shown["key"] == str(uuid.UUID(shown["key"]))
    assert shown["state"] == "sent"
    assert shown["org"].startswith("eu:")
    assert shown["fields"] == {"Lead_Source": "Qualification Inbound", **LEAD}
    assert shown["attempts"] == 1
    assert shown["reasons"] == []
    assert shown["follow_ups"] == []
    (call,) = shown["calls"]
    assert {name: call[name] for name in ("attempt", "method", "path", "status")} == {
        "attempt": 1,
        "method": "POST",
        "path": "/crm/v8/Leads",
        "status": 201,
    }


def test_the_source_of_an_option_and_of_the_lead_go_before_the_configured(home: Home, world: World) -> None:
    assert home.run("add", "--source", "Trade Show", given=LEAD).status == 0
    assert world.records()[-1]["Lead_Source"] == "Trade Show"
    assert home.run("add", "--source", "Trade Show", given=LEAD | {"Lead_Source": "Cold Call"}).status == 0
    assert world.records()[-1]["Lead_Source"] == "Cold Call"


# Once


def test_the_same_key_twice_is_one_row_and_one_record(home: Home, world: World) -> None:
    before, key = len(world.records()), str(uuid.uuid4())
    first = home.run("add", "--key", key, given=LEAD)
    again = home.run("add", "--key", key.upper(), given=LEAD)
    assert (first.status, again.status) == (0, 0)
    assert again.json == first.json
    assert len(world.records()) == before + 1
    assert len(home.rows()) == 1
    assert len(posts(world)) == 1


def test_a_key_of_a_lead_with_other_values_stays_the_first_lead(home: Home, world: World) -> None:
    key = str(uuid.uuid4())
    first = home.run("add", "--key", key, given=LEAD)
    other = home.run("add", "--key", key, given={"Last_Name": "Doe", "Company": "Other"})
    assert other.json["fields"]["Last_Name"] == "Roe"
    assert other.json["id"] == first.json["id"]
    assert [record["Last_Name"] for record in world.records()].count("Doe") == 0
    assert len(posts(world)) == 1


def test_a_lead_that_waited_is_sent_when_its_key_comes_again(home: Home, world: World) -> None:
    key = str(uuid.uuid4())
    signed_out = dict.fromkeys(("ZOHO_CLIENT_ID", "ZOHO_CLIENT_SECRET", "ZOHO_REFRESH_TOKEN"))
    assert home.run("add", "--key", key, given=LEAD, env=signed_out).status == 3
    ended = home.run("add", "--key", key, given=LEAD)
    assert ended.status == 0, ended
    assert len(home.rows()) == 1
    assert len(posts(world)) == 1


# Rejected


@pytest.mark.parametrize(
    ("lead", "field", "code"),
    [
        ({"Last_Name": "Roe"}, "Company", "MANDATORY_NOT_FOUND"),
        (LEAD | {"Lead_Status": "No such status"}, "Lead_Status", "INVALID_DATA"),
        (LEAD | {"Email": "no address"}, "Email", "INVALID_DATA"),
    ],
)
def test_what_zoho_refuses_is_told_with_its_field(
    home: Home, world: World, lead: dict[str, Any], field: str, code: str
) -> None:
    before = len(world.records())
    ended = home.run("add", given=lead)
    assert ended.status == 1, ended
    assert ended.json["state"] == "rejected"
    (reason,) = ended.json["reasons"]
    assert (reason["field"], reason["code"]) == (field, code)
    assert reason["what"]
    assert reason["next_step"]
    assert ended.json["id"] is None
    assert len(world.records()) == before


def test_a_business_duplicate_is_rejected_and_named(home: Home, world: World) -> None:
    world.add_unique_field("Email")
    assert home.run("add", given=LEAD | {"Email": "a@b.example"}).status == 0
    ended = home.run("add", given=LEAD | {"Email": "a@b.example"})
    assert ended.status == 1, ended
    assert ended.json["state"] == "duplicate"
    assert ended.json["reasons"][0]["field"] == "Email"
    assert ended.json["reasons"][0]["code"] == "DUPLICATE_DATA"


# Bad input


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"Last_Name": "Roe"', "at line 1"),
        (b"[]", "not a JSON object"),
        (b"{}", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"Last Name": "Roe"}', "no field API name"),
        (b'{"": "Roe"}', "no field API name"),
    ],
)
def test_input_that_is_no_lead_is_refused_in_words(stranger: Home, given: bytes, said: str) -> None:
    ended = stranger.call("add", given=given)
    assert ended.status == 2, ended
    assert said in ended.err
    assert ended.err.startswith("zoho-leads: ")
    assert ended.err.count("\n") == 1
    assert ended.out == ""
    assert stranger.rows() == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--no-such-option"], "--no-such-option"),
        (["--field", "Last_Name"], "--field Last_Name=Roe"),
        (["--field", "=Roe"], "--field Last_Name=Roe"),
        (["--key", "17", *fields(Last_Name="Roe", Company="Acme")], "no UUID"),
        (["--wait", "long", *fields(Last_Name="Roe", Company="Acme")], "--wait"),
        (["--data-center", "mars", *fields(Last_Name="Roe", Company="Acme")], "mars"),
        (["surplus"], "surplus"),
    ],
)
def test_wrong_arguments_are_refused_in_words(stranger: Home, arguments: list[str], said: str) -> None:
    ended = stranger.call("add", *arguments, given=json.dumps(LEAD).encode())
    assert ended.status == 2, ended
    assert said in ended.err
    assert stranger.rows() == []


def test_bad_input_ends_the_process_with_2_and_one_line(stranger: Home) -> None:
    for arguments in ([], ["--field", "Last_Name"], ["--no-such-option"]):
        ended = stranger.run("add", *arguments)
        assert ended.status == 2, ended
        assert ended.out == ""
        assert "Traceback" not in ended.err


def test_a_wrong_value_of_a_known_field_is_refused_before_it_is_saved(home: Home, world: World) -> None:
    assert home.run("add", given=LEAD).status == 0
    ended = home.run("add", *fields(Last_Name="Roe", Company="Acme", No_of_Employees="many"))
    assert ended.status == 2, ended
    assert "No_of_Employees" in ended.err
    assert len(home.rows()) == 1
    assert len(posts(world)) == 1


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b'{"client_id": ', "line 1"),
        (b'{"client_secret": 17}', "client_secret"),
        (b'{"data_center": "mars"}', "data_center"),
        (b"[]", ""),
    ],
)
def test_a_broken_config_file_is_named_with_its_fault_and_kept(
    stranger: Home, content: bytes, fault: str
) -> None:
    stranger.config_file.write_bytes(content)
    ended = stranger.run("add", given=LEAD)
    assert ended.status == 2, ended
    assert str(stranger.config_file) in ended.err
    assert fault in ended.err
    assert "Traceback" not in ended.err
    assert stranger.config_file.read_bytes() == content


# Saved, not sent


def test_without_credentials_the_lead_is_saved(stranger: Home) -> None:
    ended = stranger.run("add", given=LEAD)
    assert ended.status == 3, ended
    assert "The lead is saved" in ended.err
    assert "client id" in ended.err
    assert ended.json["state"] == "queued"
    assert ended.json["org"] is None
    assert stranger.rows() == [(ended.json["key"], "queued", None)]


def test_with_the_server_down_the_lead_is_saved(home: Home, world: World, url: Serving) -> None:
    world.faults.order("refuse", seconds=60)
    ended = home.run("add", "--wait", "1", given=LEAD)
    assert ended.status == 3, ended
    assert "The lead is saved" in ended.err
    assert ended.json["state"] == "queued"
    url.server.accept()
    assert home.run("send").status == 0, "it belongs to the org of the sign-in that it was saved with"
    assert home.run("add", "--key", ended.json["key"], given=LEAD).status == 0
    assert len(posts(world)) == 1


def test_with_the_server_down_in_a_known_org_it_waits_no_longer_than_told(
    home: Home, world: World, url: Serving
) -> None:
    assert home.run("add", given=LEAD).status == 0
    world.faults.order("refuse", seconds=60)
    ended = home.run("add", "--wait", "1.5", given=LEAD, timeout=20)
    assert ended.status == 3, ended
    assert ended.json["state"] == "queued"
    assert ended.json["calls"], "the try is in the log"
    assert {call["status"] for call in ended.json["calls"]} == {None}
    url.server.accept()
    assert home.run("send").status == 0
    assert [state for _, state, _ in home.rows()] == ["sent", "sent"]


def test_a_throttled_sign_in_saves_the_lead_and_asks_once(home: Home, world: World) -> None:
    world.faults.order("throttle", times=None)
    ended = home.run("add", "--wait", "1", given=LEAD)
    assert ended.status == 3, ended
    assert world.token_requests == 1
    assert "saved" in ended.err


# Unclear


UNKEYED = {"ZOHO_SUBMISSION_KEY_FIELD": "No_Such_Field"}


def test_an_answer_that_was_lost_is_unclear_where_nothing_can_be_proved(home: Home, world: World) -> None:
    assert home.run("add", given=LEAD, env=UNKEYED).status == 0
    world.faults.order("drop-after", path="/crm/v8/Leads", method="POST")
    world.faults.order("5xx-before", path="/crm/v8/coql", times=None)
    before = len(posts(world))
    ended = home.run("add", "--wait", "1", given=LEAD | {"Last_Name": "Lost"}, env=UNKEYED)
    assert ended.status == 4, ended
    assert ended.json["state"] == "unknown"
    assert len(posts(world)) == before + 1, "never sent again by itself"


def test_an_answer_that_was_lost_is_found_by_looking(home: Home, world: World) -> None:
    assert home.run("add", given=LEAD, env=UNKEYED).status == 0
    world.faults.order("drop-after", path="/crm/v8/Leads", method="POST")
    ended = home.run("add", "--wait", "20", given=LEAD | {"Last_Name": "Lost"}, env=UNKEYED)
    assert ended.status == 0, ended
    assert ended.json["id"] == world.records()[-1]["id"]
    assert [record["Last_Name"] for record in world.records()].count("Lost") == 1


# One sender


def test_it_waits_for_the_process_that_holds_the_lock(home: Home, world: World) -> None:
    assert home.run("add", given=LEAD).status == 0
    lock = SenderLock(home.data / "outbox.lock")
    assert lock.acquire()
    try:
        ended = home.run("add", "--wait", "1", given=LEAD)
        assert ended.status == 3, ended
        assert len(posts(world)) == 1, "only the holder of the lock sends"
        waiting = home.start("add", *fields(Last_Name="Doe", Company="Acme"))
        while len(home.rows()) < 3:
            assert waiting.poll() is None
        lock.release()
        out, err = waiting.communicate(timeout=30)
    finally:
        lock.release()
    assert waiting.returncode == 0, err
    assert json.loads(out)["state"] == "sent"
    assert [record["Last_Name"] for record in world.records()].count("Doe") == 1


def test_ctrl_c_tells_what_became_of_the_lead_so_far(home: Home, world: World) -> None:
    assert home.run("add", given=LEAD).status == 0
    world.faults.order("hang-after", path="/crm/v8/Leads", method="POST")
    process = home.start("add", *fields(Last_Name="Doe", Company="Acme"))
    while len(posts(world)) < 2:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 4, err
    assert json.loads(out)["state"] == "unknown"
    assert b"The lead is saved. Not waited for." in err


def test_where_nobody_reads_what_it_prints_the_status_is_still_that_of_the_lead(home: Home) -> None:
    with home.start("add", *fields(Last_Name="Doe", Company="Acme")) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(timeout=30) == 0
    assert [state for _, state, _ in home.rows()] == ["sent"]


def test_leads_added_at_once_are_sent_one_after_the_other(home: Home, world: World) -> None:
    assert home.run("add", given=LEAD).status == 0
    world.faults.order("latency", times=None, path="/crm/v8/Leads", method="POST", ms=200)
    running = [home.start("add", *fields(Last_Name=f"Lead {n}", Company="Acme")) for n in range(4)]
    ended = [(*one.communicate(timeout=60), one.returncode) for one in running]
    assert [status for *_, status in ended] == [0] * 4, ended
    names = [record["Last_Name"] for record in world.records()]
    assert [names.count(f"Lead {n}") for n in range(4)] == [1] * 4
    assert len(posts(world)) == 5
    assert world.token_requests == 1


# Tokens and secrets


def test_an_expired_token_costs_one_refresh_and_the_next_run_none(home: Home, world: World) -> None:
    token = world.issue_access_token()
    world.expire_tokens()
    first = home.run("add", given=LEAD, env={"ZOHO_ACCESS_TOKEN": token})
    assert first.status == 0, first
    assert world.token_requests == 1
    assert [one.status for one in posts(world)] == [201]
    refused = [one for one in world.requests if one.status == 401]
    assert len(refused) <= 1, "the seed was tried once at most"

    done = len(world.requests)
    second = home.run("add", given=LEAD, env={"ZOHO_ACCESS_TOKEN": token})
    assert second.status == 0, second
    assert world.token_requests == 1
    assert tried(world)[done:] == [("POST", "/crm/v8/Leads", 201)]


def test_a_token_that_expires_under_a_known_org_costs_one_refresh_and_one_accepted_post(
    home: Home, world: World
) -> None:
    assert home.run("add", given=LEAD).status == 0
    world.expire_tokens()
    done = len(world.requests)
    assert home.run("add", given=LEAD).status == 0
    assert tried(world)[done:] == [
        ("POST", "/crm/v8/Leads", 401),
        ("POST", "/oauth/v2/token", 200),
        ("POST", "/crm/v8/Leads", 201),
    ]


def test_secrets_are_nowhere_but_in_the_token_file(home: Home, world: World) -> None:
    runs = [
        home.run("add", given=LEAD),
        home.run("add", given={"Last_Name": "Roe"}),
        home.run("add", given=LEAD, env={"ZOHO_REFRESH_TOKEN": "1000.canary-refresh.canary"}),
        home.run("add", given=LEAD, env={"ZOHO_CLIENT_SECRET": "canary-secret"}),
        home.run("log", "--json"),
        home.run("send"),
    ]
    kept = home.everything_kept()
    assert {"data/outbox.db", "data/log/zoho-leads.log"} <= set(kept)
    access_tokens = re.findall(r'"access_token": ?"(.+?)"', kept.pop("data/token.json").decode())
    assert access_tokens
    canaries = ["canary", world.client_secret, world.refresh_token, *access_tokens]
    for canary in canaries:
        assert [run for run in runs if canary in run.out + run.err] == []
        assert [name for name, content in kept.items() if canary.encode() in content] == []


def test_everything_that_is_kept_is_for_the_user_alone(home: Home) -> None:
    assert home.run("add", given=LEAD).status == 0
    below = [home.data, *home.data.rglob("*")]
    assert len(below) > 4
    for path in below:
        assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize("wait", ["nan", "inf", "-1"])
def test_a_wait_is_a_number_of_seconds(stranger: Home, wait: str) -> None:
    ended = stranger.run("add", "--wait", wait, given=LEAD)
    assert ended.status == 2, ended
    assert "--wait" in ended.err


def test_a_key_that_is_another_lead_already_says_so(home: Home, world: World) -> None:
    key = home.run("add", given=LEAD).json["key"]
    ended = home.run("add", "--key", key, given=LEAD | {"Last_Name": "Other"})
    assert ended.status == 0, ended
    assert "This key is the lead Roe, Acme already" in ended.err
    assert ended.json["fields"]["Last_Name"] == "Roe"
    assert len(posts(world)) == 1


def test_a_field_that_the_form_does_not_know_is_told(home: Home, world: World) -> None:
    home.run("add", given=LEAD)
    ended = home.run("add", given=LEAD | {"Emial": "roe@acme.example", "Lead_Source": "Advertisement"})
    assert ended.status == 0, ended
    assert ended.err == "zoho-leads: Emial is not in the org's form; Zoho may drop it.\n"
