from __future__ import annotations

import csv
import json
import signal
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sandbox_server import Serving
from verbs import Ended, Home, posts

from zoho.sandbox import World

SIGNED_OUT = dict.fromkeys(("ZOHO_CLIENT_ID", "ZOHO_CLIENT_SECRET", "ZOHO_REFRESH_TOKEN"))
HEADER = ("First Name", "Last Name", "Company")


@pytest.fixture
def world() -> World:
    return World(seed=False, submission_key="Submission_Key")


def write(home: Home, lines: Iterable[Sequence[str]], name: str = "leads.csv", **dialect: Any) -> Path:
    path = home.folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, **dialect).writerows(lines)
    return path


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def names(world: World) -> list[str]:
    return [record["Last_Name"] for record in world.records()]


def run(home: Home, *arguments: str, **more: Any) -> Ended:
    return home.run("import", *arguments, **more)


# What is created


def test_every_line_is_a_lead_with_its_values_and_the_source(home: Home, world: World) -> None:
    header = ("FIRST name", "Last_Name", "company", "Lead Status", "No. of Employees", "Description", "Phone")
    line = ("Zoë", "O'Brien", "株式会社サンプル", "Not Contacted", "1,250", "One\nTwo", "020 123 4567")
    write(home, [header, line])
    ended = run(home, "leads.csv")
    assert ended.status == 0, ended
    assert ended.out == "Created in Zoho: 1.\n"
    (record,) = world.records()
    told = {
        "First_Name": "Zoë",
        "Last_Name": "O'Brien",
        "Company": "株式会社サンプル",
        "No_of_Employees": 1250,
    }
    assert {name: record[name] for name in told} == told
    assert record["Description"] == "One\nTwo"
    assert record["Phone"] == "+31 20 123 4567"
    assert record["Lead_Source"] == "Qualification Inbound"
    assert not (home.folder / "leads.refused.csv").exists()


def test_they_go_through_the_backlog_in_few_requests(home: Home, world: World) -> None:
    write(home, [HEADER, *(("", f"Roe {number}", "Acme") for number in range(250))])
    assert run(home, "leads.csv").status == 0
    assert names(world) == [f"Roe {number}" for number in range(250)]
    assert {lane for (lane,) in home.rows("lane")} == {1}
    assert len(posts(world)) <= 5


def test_a_second_run_doubles_nothing(home: Home, world: World) -> None:
    write(home, [HEADER, ("Ada", "Roe", "Acme"), ("Bob", "Doe", "Acme")])
    assert run(home, "leads.csv").status == 0
    before = len(world.requests)
    ended = run(home, "leads.csv")
    assert ended.status == 0
    assert ended.out == "Saved by an earlier run already, and not again: 2.\nCreated in Zoho: 2.\n"
    assert len(world.requests) == before
    assert len(world.records()) == 2


def test_a_file_moved_sorted_with_more_lines_and_in_another_dialect_creates_only_what_is_new(
    home: Home, world: World
) -> None:
    write(home, [HEADER, ("Ada", "Roe", "Acme"), ("Bob", "Doe", "Acme")])
    assert run(home, "leads.csv").status == 0
    header = ("Company", "Last_Name", "FIRST NAME")
    lines = [("Acme ", "Doe", "Bob"), ("Acme", "Poe", "Cy"), ("Acme", "Roe", "Ada")]
    write(home, [header, *lines], "other.csv", delimiter=";", lineterminator="\n")
    assert run(home, "other.csv").status == 0
    same = [{"Last Name": "Poe", "First Name": "Cy", "Company": "Acme"}]
    (home.folder / "same.jsonl").write_text("".join(json.dumps(one) + "\n" for one in same))
    assert run(home, "same.jsonl").status == 0
    assert sorted(names(world)) == ["Doe", "Poe", "Roe"]


def test_two_equal_lines_are_two_leads_each_once(home: Home, world: World) -> None:
    write(home, [HEADER, ("Ada", "Roe", "Acme"), ("Bob", "Doe", "Acme"), ("Ada", "Roe", "Acme")])
    for _ in range(2):
        assert run(home, "leads.csv").status == 0
    assert sorted(names(world)) == ["Doe", "Roe", "Roe"]


def test_an_own_source_wins_and_is_checked(home: Home, world: World) -> None:
    lines = [("Roe", "Acme", "Cold Call"), ("Doe", "Acme", ""), ("Poe", "Acme", "Nowhere")]
    write(home, [("Last Name", "Company", "Lead Source"), *lines])
    assert run(home, "leads.csv").status == 1
    found = {record["Last_Name"]: record["Lead_Source"] for record in world.records()}
    assert found == {"Roe": "Cold Call", "Doe": "Qualification Inbound"}
    assert "Lead_Source: “Nowhere” is not in the list" in read(home.folder / "leads.refused.csv")[1][-1]


# What is refused


def test_bad_lines_do_not_stop_the_good_ones_and_are_reported_with_the_reason(
    home: Home, world: World
) -> None:
    lines = [("Roe", "Acme", "x@y.example"), ("Doe", "", "=nix"), ("Poe", "Acme", ""), ("", "", "")]
    path = write(home, [("Last Name", "Company", "Email"), *lines])
    before = path.read_bytes()
    ended = run(home, "leads.csv")
    assert ended.status == 1, ended
    assert "Refused: 1. leads.refused.csv has them" in ended.out
    assert names(world) == ["Roe", "Poe"]
    header, refused = read(home.folder / "leads.refused.csv")
    assert header == ["Last Name", "Company", "Email", "Error"]
    assert refused[:3] == ["Doe", "", "=nix"], "as it stands in the file"
    assert refused[3].startswith("Company: This is needed. Correct it in this file, then import it. Email: ")
    assert stat.S_IMODE((home.folder / "leads.refused.csv").stat().st_mode) == 0o600
    assert path.read_bytes() == before


def test_what_zoho_refuses_is_reported_too_also_by_a_later_run(home: Home, world: World) -> None:
    world.add_unique_field("Number_Plate")
    lines = [("Roe", "Acme", "A1"), ("Doe", "Acme", "A1"), ("Poe", "Acme", "A2")]
    write(home, [("Last Name", "Company", "Number_Plate"), *lines])
    for _ in range(2):
        ended = run(home, "leads.csv")
        assert ended.status == 1, ended
        assert names(world) == ["Roe", "Poe"]
        _, refused = read(home.folder / "leads.refused.csv")
        assert refused[0] == "Doe"
        assert "Zoho already has a record with this value (owner: Robin Ellis)." in refused[-1]
        assert f"It is {world.records()[0]['id']} in Leads." in refused[-1]
    assert {state for _, state, _ in home.rows()} == {"sent", "duplicate"}


def test_a_report_that_was_mended_is_imported_itself(home: Home, world: World) -> None:
    write(home, [HEADER, ("Ada", "Roe", "Acme"), ("Bob", "Doe", ""), ("Cy", "Poe", "")])
    assert run(home, "leads.csv").status == 1
    report = home.folder / "leads.refused.csv"
    lines = read(report)
    lines[1][2] = "Acme"
    write(home, lines, report.name)
    assert run(home, report.name).status == 1
    assert sorted(names(world)) == ["Doe", "Roe"]
    assert [line[1] for line in read(home.folder / "leads.refused.refused.csv")] == ["Last Name", "Poe"]


def test_a_report_that_somebody_changed_is_never_overwritten(home: Home, world: World) -> None:
    write(home, [HEADER, ("Ada", "Roe", ""), ("Bob", "Doe", "")])
    assert run(home, "leads.csv").status == 1
    report = home.folder / "leads.refused.csv"
    write(home, [HEADER, ("Ada", "Roe", "Half mended")], report.name)
    mended = report.read_bytes()
    ended = run(home, "leads.csv")
    assert report.read_bytes() == mended
    assert "leads.refused-2.csv has them" in ended.out
    write(home, [HEADER, ("Ada", "Roe", "Acme")])
    ended = run(home, "leads.csv")
    assert ended.status == 0
    assert "leads.refused.csv is of an earlier run" in ended.out
    assert report.read_bytes() == mended


def test_our_own_old_report_goes_when_nothing_is_refused_any_more(home: Home, world: World) -> None:
    write(home, [HEADER, ("Ada", "Roe", "")])
    assert run(home, "leads.csv").status == 1
    write(home, [HEADER, ("Ada", "Roe", "Acme")])
    assert run(home, "leads.csv").status == 0
    assert [path.name for path in home.folder.iterdir() if path.is_file()] == ["leads.csv"]


def test_the_report_may_be_elsewhere_but_not_in_the_place_of_the_file(home: Home, world: World) -> None:
    path = write(home, [HEADER, ("Ada", "Roe", "")])
    before = path.read_bytes()
    ended = run(home, "leads.csv", "--report", "leads.csv")
    assert (ended.status, path.read_bytes()) == (2, before), ended
    assert run(home, "leads.csv", "--report", "other.csv").status == 1
    assert len(read(home.folder / "other.csv")) == 2


def test_jsonl_has_a_report_of_its_own_kind(home: Home, world: World) -> None:
    lines = [
        '{"Last_Name": "Roe", "Company": "Acme", "No_of_Employees": 12, "Email_Opt_Out": true}',
        '{"Last_Name": "Doe", "Company": null}',
        '{"Last_Name": "Poe", "Company": {"a": 1}}',
        "no JSON",
        "",
        '{"Last_Name": "\\ud800", "Company": "Acme", "Email": "nix"}',
    ]
    path = home.folder / "leads.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    ended = run(home, "leads.jsonl")
    assert ended.status == 1, ended
    (record,) = world.records()
    assert (record["Last_Name"], record["No_of_Employees"], record["Email_Opt_Out"]) == ("Roe", 12, True)
    report = home.folder / "leads.refused.jsonl"
    refused = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert refused[0] == {
        "Last_Name": "Doe",
        "Company": None,
        "_error": "Company: This is needed. Correct it in this file, then import it.",
    }
    assert refused[1]["Company"] == {"a": 1}
    assert refused[2]["_line"] == "no JSON"
    assert "no JSON" in refused[2]["_error"]
    assert refused[3]["Last_Name"] == "\ud800"
    refused[0]["Company"] = "Acme"
    report.write_text(json.dumps(refused[0]) + "\n")
    assert run(home, report.name).status == 0
    assert names(world) == ["Roe", "Doe"]


# Columns


def test_a_column_that_nobody_knows_stops_it_before_anything_is_saved(home: Home, world: World) -> None:
    write(home, [(*HEADER, "E-Mial", "Shoe size"), ("Ada", "Roe", "Acme", "a@b.example", "43")])
    ended = run(home, "leads.csv")
    assert ended.status == 2, ended
    assert "The column “E-Mial” is no field of this org; did you mean “Email”?" in ended.err
    assert "The column “Shoe size” is no field of this org." in ended.err
    assert home.rows() == []
    done = run(home, "leads.csv", "--map", "e-mial=EMAIL", "--ignore", "Shoe size")
    assert done.status == 0, done
    assert world.records()[0]["Email"] == "a@b.example"


@pytest.mark.parametrize(
    ("header", "options", "told"),
    [
        (("Last Name", "Last_Name", "Company"), (), "are both Last_Name: leave one out by --ignore"),
        (("Last Name", "Last Name", "Company"), (), "There are 2 columns “Last Name”"),
        (("Last Name", "City"), (), "No column is Company (Company), which every lead needs."),
        (
            HEADER,
            ("--map", "First Name=Compny"),
            "There is no field “Compny” for the column “First Name”; did",
        ),
        (HEADER, ("--ignore", "Frist Name"), "There is no column “Frist Name”; did you mean “First Name”?"),
        (HEADER, ("--map", "nothing"), "Column of the file=Field"),
        (HEADER, ("--delimiter", "ab"), "one character"),
        (HEADER, ("--encoding", "klingon"), "is no encoding"),
    ],
)
def test_what_cannot_be_meant_is_told_before_anything_is_saved(
    home: Home, header: Sequence[str], options: Sequence[str], told: str
) -> None:
    write(home, [header, ["x"] * len(header)])
    ended = run(home, "leads.csv", *options)
    assert ended.status == 2, ended
    assert told in ended.err
    assert home.rows() == []


# Dry run


def test_a_dry_run_writes_nothing_at_all(home: Home, world: World) -> None:
    write(home, [HEADER, ("Ada", "Roe", "Acme"), ("Bob", "Doe", "")])
    before = home.everything_kept()
    ended = run(home, "leads.csv", "--dry-run", "--ignore", "First Name")
    assert ended.status == 1, ended
    assert home.everything_kept() == before
    assert not home.data.exists()
    assert world.requests == []
    assert ended.out.splitlines() == [
        "Last Name -> Last_Name",
        "Company -> Company",
        "First Name is left out",
        "Line 3: Company: This is needed. Correct it in this file, then import it.",
        "Leads that would be saved: 1 of 2. Nothing was written.",
    ]


# Saved and not yet sent


def test_without_a_sign_in_they_are_saved_and_wait_for_the_org_to_be_confirmed(
    home: Home, world: World
) -> None:
    write(home, [HEADER, ("Ada", "Roe", "Acme"), ("Bob", "Doe", "")])
    ended = run(home, "leads.csv", env=SIGNED_OUT)
    assert ended.status == 3, ended
    assert "The leads are saved. Not signed in to Zoho" in ended.err
    assert "Waiting to be sent: 1. They are safe" in ended.out
    assert "Saved without a sign-in: 1." in ended.out
    assert run(home, "leads.csv", "--wait", "0.5").status == 3
    assert posts(world) == []
    assert home.run("send", "--confirm-org").status == 0
    assert run(home, "leads.csv").status == 1
    assert run(home, "leads.csv", env=SIGNED_OUT).status == 1
    assert names(world) == ["Roe"]


def test_when_the_line_is_down_they_wait_and_the_next_run_sends_them(
    home: Home, world: World, url: Serving
) -> None:
    assert home.run("add", given={"Last_Name": "First", "Company": "Acme"}).status == 0
    world.faults.order("refuse", seconds=60)
    write(home, [HEADER, ("Ada", "Roe", "Acme"), ("Bob", "Doe", "Acme")])
    ended = run(home, "leads.csv", "--wait", "0.5")
    assert ended.status == 3, ended
    assert "Waiting to be sent: 2. They are safe in the outbox" in ended.out
    url.server.accept()
    assert run(home, "leads.csv").status == 0
    assert names(world) == ["First", "Roe", "Doe"]


def test_with_a_sign_in_whose_org_was_never_seen_they_go_to_that_org(
    home: Home, world: World, url: Serving
) -> None:
    world.faults.order("refuse", seconds=60)
    write(home, [HEADER, ("Ada", "Roe", "Acme")])
    ended = run(home, "leads.csv", "--wait", "0.5")
    assert ended.status == 3, ended
    assert "The org's own fields are not known." in ended.err
    url.server.accept()
    assert run(home, "leads.csv").status == 0
    assert names(world) == ["Roe"]


def test_what_was_imported_into_another_org_is_told_and_not_doubled(home: Home, world: World) -> None:
    write(home, [HEADER, ("Ada", "Roe", "Acme")])
    assert run(home, "leads.csv").status == 0
    world.org["id"] = "4150868000000999999"
    (home.data / "cache" / "snapshot.json").unlink()
    ended = run(home, "leads.csv")
    assert ended.status == 3, ended
    assert "Imported into another org or as another user: 1." in ended.out
    assert len(world.records()) == 1


def test_what_the_rep_discarded_stays_discarded(home: Home, world: World) -> None:
    world.add_unique_field("Number_Plate")
    header = ("Last Name", "Company", "Number_Plate", "Email")
    write(home, [header, ("Roe", "Acme", "A1", ""), ("Doe", "Acme", "A1", "doe@x.example")])
    assert run(home, "leads.csv").status == 1
    assert home.run("forget", "doe@x.example", "--yes").status == 0
    ended = run(home, "leads.csv")
    assert "Discarded in the Log, and left alone: 1." in ended.out
    assert ended.status == 1
    assert not (home.folder / "leads.refused.csv").exists()


def test_an_unclear_lead_is_told_with_its_line(world: World, home: Home) -> None:
    assert home.run("add", given={"Last_Name": "First", "Company": "Acme"}).status == 0
    world.faults.order("drop-after", path="/crm/v8/Leads", method="POST")
    write(home, [HEADER, ("Ada", "Roe", "Acme")])
    ended = run(home, "leads.csv", "--wait", "0.5")
    assert ended.status == 4, ended
    assert "Unclear whether they stand in Zoho: 1." in ended.out
    assert "Unclear are the lines 2" in ended.out


def test_where_nobody_reads_what_it_prints_the_status_is_still_that_of_the_leads(home: Home) -> None:
    write(home, [HEADER, ("Ada", "Roe", "Acme"), ("Bob", "", "Acme")])
    with home.start("import", "leads.csv") as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(timeout=30) == 1
    assert [state for _, state, _ in home.rows()] == ["sent"]


def test_ctrl_c_says_what_is_saved_and_how_to_go_on(home: Home, world: World, url: Serving) -> None:
    assert home.run("add", given={"Last_Name": "First", "Company": "Acme"}).status == 0
    world.faults.order("refuse", seconds=60)
    write(home, [HEADER, *(("", f"Roe {number}", "Acme") for number in range(20))])
    process = home.start("import", "leads.csv")
    assert process.stderr is not None
    said = b""
    while b"saved 20 of 20" not in said:
        said += process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, more = process.communicate(timeout=20)
    assert process.returncode == 130, more
    assert b"Interrupted: saved 20 of 20, created 0, refused 0. What is saved is safe" in more
    url.server.accept()
    assert run(home, "leads.csv").status == 0
    assert len(world.records()) == 21
