from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
import tracemalloc
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest
from verbs import COMMAND, Home

from tui.log.words import states_called
from zoho.commands.exporting import COLUMNS, STATE_WORDS, Chosen, Kind, export, exported
from zoho.commands.streamed_file import streamed_file
from zoho.leads.stock import STOCK_FORM
from zoho.outbox import Row, SqliteStore, State
from zoho.outbox.states import UndoState
from zoho.outbox.store import Sought
from zoho.wire.errors import FieldFault, StorageError

LEAD: dict[str, Any] = {"First_Name": "Ada", "Last_Name": "Roe", "Company": "Acme"}


def row(**more: Any) -> Row:
    given: dict[str, Any] = {"key": "k", "state": State.SENT, "values": LEAD, "org": "eu:1:production:2"}
    return Row(**given | {"created_at": 0.0, "updated_at": 60.0} | more)


def written(store: SqliteStore, kind: Kind, **more: Any) -> str:
    out = io.StringIO(newline="")
    export(store, out, kind=kind, **more)
    return out.getvalue()


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with closing(SqliteStore(tmp_path / "data" / "outbox.db")) as opened:
        yield opened


# Records


def test_a_record_says_everything_about_a_lead_but_what_it_holds() -> None:
    faults = (FieldFault("required", "This is needed.", "Fill it in.", "No_of_Employees"),)
    (record,) = exported(
        [row(state=State.REJECTED, attempt=2, faults=faults, reason="why")],
        STOCK_FORM,
        zone=timezone(timedelta(hours=1)),
    )
    assert record == {
        "key": "k",
        "state": "refused",
        "outbox_state": "rejected",
        "name": "Ada Roe",
        "company": "Acme",
        "zoho_id": None,
        "created_at": "1970-01-01T01:00:00+01:00",
        "updated_at": "1970-01-01T01:01:00+01:00",
        "org": "eu:1:production:2",
        "attempts": 2,
        "faults": ["No. of Employees: This is needed. Fill it in."],
        "reason": "why",
    }
    assert tuple(record) == COLUMNS


def test_what_a_lead_holds_is_there_only_if_it_is_wanted() -> None:
    (record,) = exported([row()], STOCK_FORM, values=True)
    assert record["values"] == LEAD


def test_a_purged_lead_and_a_draft_have_what_is_left_of_a_name() -> None:
    purged, draft = exported(
        [row(values={}), row(state=State.DRAFT, values={}, typed={"Last_Name": "Half"})], STOCK_FORM
    )
    assert (purged["name"], purged["company"]) == ("(purged)", "")
    assert draft["name"] == "Half"


def test_states_are_called_as_on_the_screen() -> None:
    assert set(STATE_WORDS) == {*State, *UndoState}
    for state, word in STATE_WORDS.items():
        assert states_called(word) == {state}


def test_what_was_undone_is_called_so() -> None:
    sent = {"state": State.SENT, "zoho_id": "9", "undo_wanted": 1.0}
    undone, open_, restored = exported(
        [row(**sent, undone_at=2.0), row(**sent), row(**sent, undone_at=2.0, restored_at=3.0)], STOCK_FORM
    )
    assert [one["state"] for one in (undone, open_, restored)] == ["undone", "undoing", "created"]
    assert {one["outbox_state"] for one in (undone, open_, restored)} == {"sent"}


# Files


def test_every_kind_has_every_lead_newest_first(store: SqliteStore) -> None:
    for number in range(3):
        store.add(f"k{number}", LEAD | {"Last_Name": f"Roe {number}"}, org=None, lane=1, at=float(number))
    names = ["Ada Roe 2", "Ada Roe 1", "Ada Roe 0"]
    assert [one["name"] for one in json.loads(written(store, Kind.JSON))] == names
    lines = written(store, Kind.JSONL).splitlines()
    assert [json.loads(line)["name"] for line in lines] == names
    header, *cells = csv.reader(io.StringIO(written(store, Kind.CSV), newline=""))
    assert tuple(header) == COLUMNS
    assert [line[3] for line in cells] == names


def test_an_empty_outbox_is_an_empty_file(store: SqliteStore) -> None:
    assert json.loads(written(store, Kind.JSON)) == []
    assert written(store, Kind.JSONL) == ""
    assert written(store, Kind.CSV) == ",".join(COLUMNS) + "\r\n"


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_a_formula_is_defused_in_csv_alone(store: SqliteStore, begin: str) -> None:
    evil = f'{begin}HYPERLINK("https://evil.example","x")'
    store.add(
        "k", {"Last_Name": evil, "Company": evil, "=Field": evil}, org=None, lane=1, at=0.0, reason=evil
    )
    text = written(store, Kind.CSV, values=True)
    header, cells = csv.reader(io.StringIO(text, newline=""))
    assert header[len(COLUMNS) :] == ["Last_Name", "Company", "'=Field"]
    assert [cell for cell in (*header, *cells) if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert cells.count(f"'{evil}") == 6
    (record,) = json.loads(written(store, Kind.JSON, values=True))
    assert record["values"]["=Field"] == record["reason"] == record["name"] == evil


def test_in_csv_every_value_has_the_column_of_its_field(store: SqliteStore) -> None:
    store.add("a", {"Last_Name": "Roe", "state": "own"}, org=None, lane=1, at=0.0)
    store.add("b", {"Last_Name": "Doe", "List": ["A", "B"], "Yes": True}, org=None, lane=1, at=0.0)
    header, *lines = csv.reader(io.StringIO(written(store, Kind.CSV, values=True), newline=""))
    assert header[len(COLUMNS) :] == ["Last_Name", "List", "Yes", "state"]
    assert [line[len(COLUMNS) :] for line in lines] == [["Doe", "A;B", "true", ""], ["Roe", "", "", "own"]]


def test_chosen_leads_alone(store: SqliteStore) -> None:
    for number in range(4):
        store.add(f"k{number}", LEAD, org=None, lane=1, at=float(number))
    store.decide("k3", State.DISCARDED, at=9.0)
    out = io.StringIO()
    chosen = Chosen(since=2.0, states={State.QUEUED})
    assert export(store, out, kind=Kind.JSONL, chosen=chosen) == 1
    assert json.loads(out.getvalue())["key"] == "k2"


def test_a_lead_that_was_half_typed_long_before_counts_from_when_it_was_saved(store: SqliteStore) -> None:
    store.drafts.keep("old", {"Last_Name": "Roe"}, field=None, holder=None, editing=False, at=1.0)
    store.drafts.keep("typed", {"Last_Name": "Roe"}, field=None, holder=None, editing=False, at=1.0)
    store.add("old", LEAD, org=None, lane=1, at=7.0)
    out = io.StringIO()
    assert export(store, out, kind=Kind.JSONL, chosen=Chosen(since=5.0)) == 1
    assert json.loads(out.getvalue())["key"] == "old"


def test_memory_is_flat(store: SqliteStore, tmp_path: Path) -> None:
    store.add("k", LEAD | {"Description": "x" * 1000}, org=None, lane=1, at=0.0)
    with closing(connect(tmp_path / "data" / "outbox.db")) as db:
        db.execute(
            'INSERT INTO leads (key, state, "values", lane, created_at, updated_at)'
            " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
            " SELECT 'k' || i, state, \"values\", lane, i, i FROM n, leads WHERE key = 'k'"
        )
        db.commit()
    with (tmp_path / "out").open("w") as out:
        tracemalloc.start()
        try:
            assert export(store, out, kind=Kind.JSONL, values=True) == 20_001
            assert tracemalloc.get_traced_memory()[1] < 6_000_000
        finally:
            tracemalloc.stop()


def test_a_file_that_is_broken_off_leaves_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("before")
    with pytest.raises(ZeroDivisionError), streamed_file(path) as file:
        file.write(f"half {1 / 0}")
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(StorageError), streamed_file(tmp_path / "missing" / "x"):
        pass


def test_what_is_no_file_is_not_replaced_by_one(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for path in (pipe, link):
        with pytest.raises(StorageError, match="no file"), streamed_file(path):
            pass
    assert pipe.is_fifo()
    assert link.is_symlink()
    assert sorted(tmp_path.iterdir()) == [link, pipe]


# The verb


def test_a_full_disk_behind_standard_output_is_said_to_be_one(home: Home) -> None:
    if not Path("/dev/full").is_char_device():
        pytest.skip("this system has no /dev/full")
    with open("/dev/full", "wb") as full:
        for arguments, status in (
            (("add", "--field", "Last_Name=Roe", "--field", "Company=Acme"), 0),
            (("export",), 2),
            (("export", "--format", "json"), 2),
        ):
            done = subprocess.run(
                [*COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, env=home.environ(), check=False
            )
            assert done.returncode == status, (arguments, done.stderr)
            assert b"error of its own" not in done.stderr
    assert b"Standard output cannot be written" in done.stderr


def test_a_file_is_private_and_of_the_kind_that_it_is_called(home: Home) -> None:
    home.run("add", given=LEAD)
    home.run("add", given={"Last_Name": "Doe"})
    for name in ("log.csv", "log.json", "log.jsonl"):
        ended = home.run("export", name)
        assert (ended.status, ended.out, ended.err) == (0, "", "Leads written: 2.\n"), ended
        assert stat.S_IMODE((home.folder / name).stat().st_mode) == 0o600
    assert (home.folder / "log.csv").read_bytes().startswith(b"\xef\xbb\xbfkey,"), "for spreadsheets"
    refused, created = json.loads((home.folder / "log.json").read_text())
    assert created["zoho_id"] == home.run("log", "--json").json[1]["id"]
    assert refused["faults"] == ["Company: Zoho requires a value here. Fill it in and send again."]


def test_standard_output_is_csv_and_states_go_by_both_names(home: Home) -> None:
    home.run("add", given=LEAD)
    home.run("add", given={"Last_Name": "Doe"})
    lines = list(csv.reader(io.StringIO(home.run("export").out)))
    assert [line[1] for line in lines] == ["state", "refused", "created"]
    for name in ("refused", "rejected", "Refused"):
        found = home.run("export", "--format", "jsonl", "--state", name, "-").out
        assert json.loads(found)["outbox_state"] == "rejected"
    wrong = home.run("export", "--state", "gone")
    assert wrong.status == 2
    assert "asks you" in wrong.err


def test_undone_leads_are_a_state_of_their_own(home: Home) -> None:
    keys = [home.run("add", given=LEAD | {"Company": name}).json["key"] for name in ("Acme", "Zylker")]
    with closing(SqliteStore(home.data / "outbox.db")) as store:
        store.undos.want(keys[0], at=1.0)
        store.undos.undone(keys[0], at=2.0)
    for state, key in (("undone", keys[0]), ("created", keys[1]), ("sent", keys[1])):
        assert json.loads(home.run("export", "--format", "jsonl", "--state", state).out)["key"] == key
    assert home.run("export", "--format", "jsonl", "--state", "undoing").out == ""


def test_since_is_a_day_here_or_a_moment(home: Home) -> None:
    home.run("add", given=LEAD)
    now = datetime.now(UTC)
    for since, number in (
        ((now - timedelta(days=1)).date().isoformat(), 1),
        ((now - timedelta(hours=1)).isoformat(), 1),
        ((now + timedelta(hours=1)).isoformat(), 0),
    ):
        assert len(home.run("export", "--format", "jsonl", "--since", since).out.splitlines()) == number
    assert home.run("export", "--since", "yesterday").status == 2


def test_those_that_have_some_words_are_written(store: SqliteStore) -> None:
    for number, company in enumerate(("Acme", "Other", "Acme")):
        store.add(f"k{number}", {**LEAD, "Company": company}, org=None, lane=0, at=number)
    chosen = Chosen(since=1.0, sought=[Sought("acme"), Sought("ada")])
    assert [one["key"] for one in json.loads(written(store, Kind.JSON, chosen=chosen))] == ["k2"]
