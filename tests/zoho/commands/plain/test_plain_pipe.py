"""Plain mode through a pipe, as a process, against a stand-in over TCP."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing

import pytest
from sandbox_server import Serving
from verbs import Ended, Home, posts

from zoho.outbox import SqliteStore
from zoho.outbox.store import Row
from zoho.sandbox import World

LEAD = ("/last name", "Roe", "/company", "Acme")


def plain(home: Home, *lines: str, env: Mapping[str, str | None] | None = None, timeout: float = 60) -> Ended:
    """Give the lines one after the other."""
    given = "".join(f"{line}\n" for line in lines)
    return home.run("--plain", given=given, env={"ZOHO_SCRIPT": "bant", **(env or {})}, timeout=timeout)


def drafts(home: Home) -> list[Row]:
    with closing(SqliteStore(home.data / "outbox.db")) as store:
        return store.drafts.all()


def typed(home: Home) -> list[dict[str, str]]:
    return [dict(row.typed or {}) for row in drafts(home)]


# Created


def test_a_lead_with_answers_and_a_call_back_stands_in_zoho_once(home: Home, world: World) -> None:
    before = len(world.records())
    ended = plain(
        home,
        *("Ada", "Lovelace", "Analytical Engines", "ada@engines.example", "+44 20 7946 0018"),
        *("/budget", "1", "", "2", "1", "/call back"),
        *("tomorrow 9:30", "the offer", ".", "n"),
    )
    assert ended.status == 0, ended
    assert ended.err == ""
    assert len(world.records()) == before + 1
    record = world.records()[-1]
    assert (record["First_Name"], record["Phone"]) == ("Ada", "+44 20 7946 0018")
    assert record["Lead_Source"] == "Qualification Inbound"
    assert f"Ada Lovelace, Analytical Engines: created in Zoho, id {record['id']}." in ended.out
    (note,), (task,) = world.living_notes(), world.living_tasks()
    assert note.title == "Qualification: BANT 14 of 15, Hot"
    assert task.values["Subject"] == "Call back Ada Lovelace, Analytical Engines, 09:30 in London"
    assert "The note with the answers: created in Zoho." in ended.out
    assert "The task to call back: created in Zoho." in ended.out


def test_the_score_is_told_with_its_reasons_before_the_lead_is_sent(home: Home) -> None:
    out = plain(home, *LEAD, "/budget", "1", "2", ".", "n").out
    score, saved = out.index("Score: BANT 9/10, 2 open.\n  +5 Budget: Approved\n"), out.index("Saved.")
    assert score < saved


def test_enter_alone_skips_every_question_and_nothing_is_sent(home: Home, world: World) -> None:
    ended = plain(home, *[""] * 60)
    assert ended.status == 0, ended
    assert ended.out.count("Last Name, required, text") == 1
    assert ended.out.count("\nStreet, text") == 1
    assert "That is all. Enter or a dot sends it" in ended.out
    assert "Nothing is typed yet." in ended.out
    assert posts(world) == []


def test_two_leads_in_one_run(home: Home, world: World) -> None:
    before = len(world.records())
    ended = plain(home, *LEAD, ".", "", "/last", "Doe", "Beta", "/send", "n")
    assert ended.status == 0, ended
    assert [one["Last_Name"] for one in world.records()[before:]] == ["Roe", "Doe"]


def test_a_text_of_several_lines_ends_with_an_empty_one(home: Home, world: World) -> None:
    assert plain(home, *LEAD, "/description", "one", "  two", "/three", "", ".", "n").status == 0
    assert world.records()[-1]["Description"] == "one\n  two\n/three"


def test_choices_by_number_and_by_letters(home: Home, world: World) -> None:
    ended = plain(home, *LEAD, "/lead status", "not c", "/industry", "storage", "14", ".", "n")
    assert ended.status == 0, ended
    assert "Several have that:\n13 Storage Equipment\n14 Storage Service Provider\n" in ended.out
    record = world.records()[-1]
    assert (record["Lead_Status"], record["Industry"]) == ("Not Contacted", "Storage Service Provider")


def test_a_disqualified_lead_is_asked_no_more_and_has_its_status(home: Home, world: World) -> None:
    ended = plain(home, *LEAD, "/disqualify", "4", "", "n")
    assert ended.status == 0, ended
    assert "disqualified: Outside the countries we sell to" in ended.out
    assert world.records()[-1]["Lead_Status"] == "Not Qualified"


def test_without_a_script_none_of_its_questions_is_asked(home: Home) -> None:
    ended = plain(home, *LEAD, ".", "n", env={"ZOHO_SCRIPT": "none"})
    assert ended.status == 0
    asked = plain(home, *[""] * 40, env={"ZOHO_SCRIPT": "none"}).out
    assert "Budget" not in asked
    assert "Call back" not in asked
    assert "Call back" in plain(home, *[""] * 40).out


def test_a_script_that_cannot_be_read_is_told_and_stops_nobody(home: Home) -> None:
    ended = plain(home, *LEAD, ".", "n", env={"ZOHO_SCRIPT": "bnat"})
    assert ended.status == 0
    assert "Did you mean bant? Name one of" in ended.out


def test_a_last_name_is_taken_from_the_first(home: Home, world: World) -> None:
    assert plain(home, "Ada Lovelace", "/company", "Acme", ".", "n").status == 0
    record = world.records()[-1]
    assert (record["First_Name"], record["Last_Name"]) == ("Ada", "Lovelace")


# Wrong


def test_what_is_wrong_is_asked_again_and_the_lead_is_not_sent_without(home: Home, world: World) -> None:
    before = len(world.records())
    ended = plain(home, *LEAD, "/email", "ada", "/phone", "+44 20 7946 0018", ".")
    assert ended.status == 2, ended
    assert "This is no e-mail address" in ended.out
    assert "Not understood so far: Email." in ended.out
    assert len(world.records()) == before
    assert typed(home)[0]["Email"] == "ada", "it is not lost either"
    ended = plain(home, ".", "ada@x.example", ".", "n")
    assert ended.status == 0, ended
    assert world.records()[-1]["Email"] == "ada@x.example"


def test_enter_leaves_out_what_was_wrong(home: Home, world: World) -> None:
    assert plain(home, *LEAD, "/email", "ada", "", ".", "n").status == 0
    assert world.records()[-1].get("Email") is None


def test_what_is_missing_is_asked_before_the_lead_is_sent(home: Home, world: World) -> None:
    ended = plain(home, "/last", "Roe", ".", "Acme", ".", "n")
    assert ended.status == 0, ended
    assert "Company: This is needed. Fill it in, then send." in ended.out
    assert world.records()[-1]["Company"] == "Acme"


def test_what_zoho_refuses_is_told_and_asked_again_and_is_the_same_lead(home: Home, world: World) -> None:
    before = len(world.records())
    details = {"api_name": "Email", "json_path": "$.data[0].Email"}
    refusal = {"code": "INVALID_DATA", "details": details, "message": "invalid data", "status": "error"}
    world.faults.order("answer", path="/crm/v8/Leads", method="POST", status=202, body={"data": [refusal]})
    ended = plain(home, *LEAD, "/email", "ada@x.example", ".", "ada@y.example", ".", "n")
    assert ended.status == 0, ended
    refused = ended.out.index("Roe, Acme: refused by Zoho.\nEmail: ")
    assert "now ada@x.example, Enter keeps it" in ended.out[refused:]
    assert len(world.records()) == before + 1
    assert world.records()[-1]["Email"] == "ada@y.example"
    assert world.records()[-1]["Lead_Source"] == "Qualification Inbound", "that of the first time"
    assert len(home.rows()) == 1


def test_a_refused_lead_that_is_left_is_the_status_of_the_run(home: Home, world: World) -> None:
    details = {"api_name": "Email"}
    refusal = {"code": "INVALID_DATA", "details": details, "message": "invalid data", "status": "error"}
    world.faults.order("answer", path="/crm/v8/Leads", method="POST", status=202, body={"data": [refusal]})
    assert plain(home, *LEAD, "/email", "ada@x.example", ".").status == 1
    assert [state for _, state, _ in home.rows()] == ["rejected"]
    assert drafts(home) == [], "nothing of it was changed"


def test_a_duplicate_is_told(home: Home, world: World) -> None:
    world.add_unique_field("Email")
    first = plain(home, *LEAD, "/email", "a@b.example", ".", "n")
    ended = plain(home, *LEAD, "/email", "a@b.example", ".", "n")
    assert (first.status, ended.status) == (0, 1)
    assert "Roe, Acme: not created, Zoho has one like it" in ended.out
    assert "It waits for your word in the Log of the app." in ended.out


def test_a_line_that_is_down_lets_the_lead_wait_and_the_next_one_takes_it_along(
    home: Home, world: World, url: Serving
) -> None:
    assert plain(home, *LEAD, ".", "n").status == 0
    world.faults.order("refuse", seconds=60)
    ended = plain(home, *LEAD, ".", "n")
    assert ended.status == 3, ended
    assert "Roe, Acme: saved, and waits. It is sent with the next lead" in ended.out
    url.server.accept()
    assert plain(home, "/last", "Doe", "Beta", ".", "n").status == 0
    assert [state for _, state, _ in home.rows()] == ["sent"] * 3


def test_fields_that_the_org_has_since_are_asked_of_the_next_lead(home: Home, world: World) -> None:
    assert plain(home, *LEAD, ".", "n").status == 0
    world.add_unique_field("Customer_Number")
    ended = plain(home, "/customer", *LEAD, ".", "", "/customer", "7")
    assert "No command or field is called so." in ended.out
    assert typed(home) == [{"Customer_Number": "7"}]


def test_an_org_that_is_not_told_soon_keeps_nobody_from_the_next_lead(home: Home, world: World) -> None:
    assert plain(home, *LEAD, ".", "n").status == 0
    world.faults.order("hang-before", path="/crm/v8/users")
    assert plain(home, *LEAD, ".", "n", timeout=20).status == 0


def test_without_a_sign_in_leads_are_saved(stranger: Home) -> None:
    ended = plain(stranger, *LEAD, ".", "n")
    assert ended.status == 3, ended
    assert "Not signed in: leads are saved, and wait." in ended.out
    assert [state for _, state, _ in stranger.rows()] == ["queued"]


# Drafts


def test_what_is_half_typed_is_asked_on_by_the_next_start(home: Home, world: World) -> None:
    ended = plain(home, "Ada", "Lovelace")
    assert ended.status == 3
    assert "Kept half typed: Ada Lovelace. The next start goes on there." in ended.out
    (draft,) = drafts(home)
    assert (draft.typed, draft.field) == ({"First_Name": "Ada", "Last_Name": "Lovelace"}, "Company")
    again = plain(home, "Analytical Engines", ".", "n")
    assert again.status == 0, again
    assert "Half typed when the last session ended: Ada Lovelace." in again.out
    assert "First Name, text" not in again.out
    assert world.records()[-1]["Submission_Key"] == draft.key
    assert drafts(home) == []


def test_each_line_of_a_long_text_is_kept(home: Home) -> None:
    plain(home, "/description", "one", "two")
    assert typed(home) == [{"Description": "one\ntwo"}]


def test_a_call_back_is_kept_as_the_moment_that_it_is(home: Home) -> None:
    plain(home, "/phone", "+44 20 7946 0018", "/call back", "tomorrow 9:30")
    assert typed(home)[0]["?call_back"].endswith(" 09:30 Europe/London")


def test_a_lead_is_put_aside_for_another_and_taken_up_again(home: Home, world: World) -> None:
    ended = plain(
        home,
        *("Ada", "Lovelace", "/park", "Bob", "Roe", "Acme", "/drafts", "1", "Analytical Engines", "."),
        *("", "/drafts", "1", ".", "n"),
    )
    assert ended.status == 0, ended
    assert "Put aside: Ada Lovelace." in ended.out
    assert "\n1 Ada Lovelace, " in ended.out
    assert [one["Last_Name"] for one in world.records()[-2:]] == ["Lovelace", "Roe"]
    assert drafts(home) == []


def test_what_was_put_aside_is_told_at_the_start(home: Home) -> None:
    assert plain(home, "Ada", "/park").status == 0
    ended = plain(home, "/drafts", "", "/drafts", "7")
    assert "Put aside: 1. /drafts takes one up." in ended.out
    assert ended.out.count("None is taken up.") == 2
    assert len(drafts(home)) == 1


# Getting around


def test_back_shows_what_stands_and_enter_keeps_it(home: Home) -> None:
    ended = plain(home, "Ada", "<", "", "Lovelace", "back", "King", "/quit")
    assert "First Name, text, at most 40 characters, now Ada, Enter keeps it:" in ended.out
    assert typed(home) == [{"First_Name": "Ada", "Last_Name": "King"}]


def test_the_first_question_has_none_before_it(home: Home) -> None:
    assert "This is the first question." in plain(home, "<").out


def test_a_field_is_emptied_and_the_lead_read_back(home: Home) -> None:
    ended = plain(home, "Ada", "Lovelace", "/first", "/clear", "/show", "/quit")
    assert "First Name is empty now." in ended.out
    assert "\nLast Name: Lovelace\n" in ended.out
    assert "\nFirst Name: Ada\n" not in ended.out
    assert typed(home) == [{"Last_Name": "Lovelace"}]


def test_help(home: Home) -> None:
    ended = plain(home, "?", "/help", "/nonsense", "/name", "/budget", "?")
    assert "First Name: text, at most 40 characters. It may be left out." in ended.out
    assert "/park puts it aside" in ended.out
    assert "No command or field is called so." in ended.out
    assert "Several are called so: First Name, Last Name" in ended.out
    assert "Not how much, but whether somebody has said yes to spending it." in ended.out
    assert drafts(home) == []


def test_a_hidden_field_is_asked_only_where_it_is_gone_to(home: Home) -> None:
    home.config_file.write_text(json.dumps({"hidden_fields": ["Mobile"]}))
    home.config_file.chmod(0o600)
    assert "Mobile, " not in plain(home, *[""] * 40).out
    assert "Mobile, " in plain(home, "/mobile").out


# The command


def test_the_variable_asks_for_it_too_unless_it_says_no(home: Home) -> None:
    assert "plain mode" in home.run(env={"ACCESSIBLE": "1"}).out
    for value in ("0", "", "false"):
        assert home.run(env={"ACCESSIBLE": value}).status == 2, "no terminal for the app"


@pytest.mark.parametrize(("arguments", "variable"), [(("demo", "--plain"), None), (("demo",), "1")])
def test_the_demo_can_be_tried_so_too_and_touches_nothing(
    home: Home, world: World, arguments: tuple[str, ...], variable: str | None
) -> None:
    kept, asked = home.everything_kept(), len(world.requests)
    lines = "/Last_Name\nRoe\n/Company\nAcme\n.\nn\n"
    ended = home.run(*arguments, given=lines, env={"ACCESSIBLE": variable})
    assert (ended.status, ended.err) == (0, ""), ended
    assert ended.out.startswith("Demo: a stand-in for Zoho, and nothing is kept.\n")
    assert "Roe, Acme: created in Zoho, id " in ended.out
    assert (home.everything_kept(), len(world.requests)) == (kept, asked)


def test_it_goes_with_no_verb(home: Home) -> None:
    ended = home.run("--plain", "log")
    assert ended.status == 2
    assert "--plain stands alone" in ended.err
    assert home.run("log", env={"ACCESSIBLE": "1"}).status == 0, "the verbs need no screen anyway"


@pytest.mark.parametrize("locale", [{"LANG": "C"}, {"LANG": "C", "LC_ALL": "POSIX"}])
def test_without_utf8_only_ascii_is_written(home: Home, world: World, locale: dict[str, str]) -> None:
    ended = plain(home, "Zoë", "Åström", "株式会社", "/budget", "“", ".", "", ".", "n", env=locale)
    assert ended.status == 0, ended
    assert ended.out.isascii()
    assert world.records()[-1]["Last_Name"] == "Åström"


def test_what_is_no_text_is_asked_again(home: Home, world: World) -> None:
    given = b"Ad\xff\nAda\nRoe\x1b[D\nRoe\nAcme\n.\nn\n"
    ended = home.run("--plain", given=given)
    assert ended.status == 0, ended
    assert ended.out.count("Type it again.") == 2
    assert world.records()[-1]["First_Name"] == "Ada"


def test_it_loads_no_screen(home: Home) -> None:
    program = (
        "import sys\n"
        "from tui.cli import main\n"
        "sys.argv = ['zoho-leads', '--plain']\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    assert ended.code == 0, ended.code\n"
        "print('loaded', *sorted(sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input="/last\nRoe\nAcme\n.\nn\n",
        capture_output=True,
        text=True,
        env=home.env,
        check=True,
    )
    loaded = done.stdout.rpartition("loaded ")[2].split()
    assert "zoho.commands.plain.conversation" in loaded
    assert [name for name in loaded if name.partition(".")[0] in ("textual", "rich")] == []
    assert [name for name in loaded if name.startswith("tui.")] == ["tui.cli", "tui.verbs"]
