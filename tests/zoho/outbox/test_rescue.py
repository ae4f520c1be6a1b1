"""Outboxes that are really damaged: set aside, never deleted, and what they still tell is taken over."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from outbox_office import begin, finish, lead, new_key
from rep_process import environment
from sandbox_caller import Clock

from zoho.outbox.rest import Waits
from zoho.outbox.sender_lock import SenderLock
from zoho.outbox.sqlite_rescue import damaged_beside, open_outbox
from zoho.outbox.sqlite_rows import insert_row
from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import Mode, State
from zoho.outbox.store import Attempt, Outcome, Row
from zoho.wire.errors import FieldFault, StorageError

PAGE = 4096
ORG = "us:1:production:2"
FAULTS = (FieldFault("ask", "Unclear.", "Look."),)


def fill(path: Path, number: int = 200) -> list[Row]:
    """Leave an outbox with many leads, sent but for the last, which waits; return them, oldest first."""
    store = SqliteStore(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN")
        for i in range(number):
            ended = i < number - 1
            state, zoho_id = (State.SENT, str(i)) if ended else (State.QUEUED, None)
            values = lead(f"Roe {i}", Note="x" * 200)
            insert_row(db, Row(new_key(), state, values, ORG, float(i), float(i), zoho_id=zoho_id))
        db.execute("COMMIT")
    rows = store.rows()[::-1]
    store.close()
    return rows


@pytest.fixture
def rows(path: Path) -> list[Row]:
    return fill(path)


@pytest.fixture
def rescued(path: Path) -> Iterator[Callable[[], tuple[list[Row], str]]]:
    """Open the outbox; give its leads, oldest first, and the one thing that is told."""
    opened: list[SqliteStore] = []

    def rescue() -> tuple[list[Row], str]:
        store, told = open_outbox(path)
        opened.append(store)
        assert store.is_sound()
        (only,) = told
        return store.rows()[::-1], only

    yield rescue
    for store in opened:
        store.close()


Rescue = Callable[[], tuple[list[Row], str]]


def overwrite(path: Path, start: int, length: int, byte: bytes = b"\0") -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(byte * length)


def leaf_pages(path: Path) -> list[int]:
    """The numbers of the pages that hold leads (SQLite's own statistics are not always there)."""
    data = path.read_bytes()
    pages = range(2, len(data) // PAGE + 1)
    return [n for n in pages if data[(n - 1) * PAGE] == 0x0D and b"Roe " in data[(n - 1) * PAGE : n * PAGE]]


# What is damaged, and what is left of it


def test_a_sound_outbox_is_opened_and_nothing_is_said(path: Path, rows: list[Row]) -> None:
    store, told = open_outbox(path)
    assert told == []
    assert store.rows()[::-1] == rows
    store.close()
    assert damaged_beside(path) == []


def test_a_new_outbox_is_made(path: Path) -> None:
    store, told = open_outbox(path)
    assert (told, store.rows()) == ([], [])
    store.close()


def test_pages_lost_in_the_middle_cost_their_own_leads_alone(
    path: Path, rows: list[Row], rescued: Rescue
) -> None:
    lost = leaf_pages(path)[3:5]
    for page in lost:
        overwrite(path, (page - 1) * PAGE, PAGE)
    damaged = path.read_bytes()
    left, told = rescued()
    (aside,) = damaged_beside(path)
    assert aside.read_bytes() == damaged
    assert re.fullmatch(r"outbox-damaged-\d{8}-\d{6}\.db", aside.name)
    # A page holds some ten leads of this length.
    assert len(rows) - 40 < len(left) < len(rows)
    assert [row for row in rows[:-1] if row in left] == left[:-1]
    assert f"set aside as {aside.name}" in told
    assert f"Leads taken over: {len(left)}; 1 of them need you" in told
    assert "Others may be lost" in told
    assert sorted(one.name for one in path.parent.iterdir()) == [aside.name, "outbox.db", "outbox.lock"]


@pytest.mark.parametrize("length", [16, 100, PAGE])
def test_a_lost_header_or_first_page_costs_no_lead(
    path: Path, rows: list[Row], rescued: Rescue, length: int
) -> None:
    overwrite(path, 0, length, b"\xa7")
    left, told = rescued()
    assert left[:-1] == rows[:-1]
    assert left[-1].key == rows[-1].key
    assert "lost" not in told


def test_what_was_cut_off_costs_what_stood_there(path: Path, rows: list[Row], rescued: Rescue) -> None:
    os.truncate(path, path.stat().st_size // 2 + 100)
    left, _ = rescued()
    assert 20 < len(left) < len(rows)
    assert left == [row for row in rows if row in left]


def test_where_nothing_can_be_read_an_empty_one_is_begun(
    path: Path, rows: list[Row], rescued: Rescue
) -> None:
    overwrite(path, 0, path.stat().st_size, b"\xa7")
    left, told = rescued()
    assert left == []
    assert "Leads taken over: 0; none of them needs you" in told
    assert len(damaged_beside(path)) == 1


def test_what_is_no_database_at_all_is_kept(path: Path, rescued: Rescue) -> None:
    path.parent.mkdir(mode=0o700)
    path.write_text("notes of somebody" * 100)
    assert rescued()[0] == []
    (aside,) = damaged_beside(path)
    assert aside.read_text() == "notes of somebody" * 100


# What becomes of each lead


@pytest.mark.parametrize("state", State)
def test_nothing_of_a_damaged_outbox_is_sent_again_by_itself(path: Path, clock: Clock, state: State) -> None:
    store = SqliteStore(path)
    row = store.add(new_key(), lead(), org=ORG, lane=1, at=1.0)
    sending = begin(store, row, Attempt("me", Mode.KEYED, 5.0, "layout", "Submission_Key"))
    assert sending is not None
    assert finish(store, sending, Outcome(State.UNKNOWN, zoho_id="9", faults=FAULTS, not_before=7.0), at=6.0)
    fill(path, 20)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("UPDATE leads SET state = ?, unclear = 0 WHERE key = ?", (state, row.key))
        db.execute("UPDATE leads SET typed = '{\"City\":\"Bath\"}', field = 'City', holder = 'session-1'")
    before = store.get(row.key)
    assert before is not None
    store.close()
    overwrite(path, 0, 16, b"\xa7")
    opened, _ = open_outbox(path, clock=clock)
    after = opened.get(row.key)
    opened.close()
    assert after is not None
    becomes = {State.SENDING: State.UNKNOWN, State.QUEUED: State.ASK}
    assert after.state is becomes.get(state, state)
    kept = ("key", "values", "org", "zoho_id", "created_at", "updated_at", "attempt", "mode", "attempt_at")
    kept += ("key_field", "layout_id", "typed", "field", "holder", "lane")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert after.unclear == (state in {State.SENDING, State.UNKNOWN, State.ASK, State.QUEUED})
    if state is State.QUEUED:
        assert [fault.code for fault in after.faults] == ["outbox_damaged"]
    else:
        assert after.faults == FAULTS
    if state is State.SENDING:
        assert after.not_before == clock() + Waits().longest_under_way


def test_values_that_no_lead_can_have_are_left_out(path: Path, rows: list[Row], rescued: Rescue) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for row, column, value in zip(
            rows, ("state", '"values"', '"values"', "typed"), ("lost", "[1]", "{", "[]"), strict=False
        ):
            db.execute(f"UPDATE leads SET {column} = ? WHERE key = ?", (value, row.key))
    overwrite(path, 0, 16, b"\xa7")
    left, told = rescued()
    assert [row.key for row in left] == [row.key for row in rows[4:]]
    assert "Others may be lost" in told


def test_the_rep_may_send_again_what_was_not_there(path: Path, rows: list[Row], rescued: Rescue) -> None:
    overwrite(path, 0, 16, b"\xa7")
    left, _ = rescued()
    store = SqliteStore(path)
    assert store.decide(left[-1].key, State.QUEUED, at=9.0)
    assert [row.key for row in store.queued(ORG, lane=0, limit=9)] == [left[-1].key]
    store.close()


# What is beside it, and what is not ours


def test_a_hot_journal_is_rolled_back_and_its_lead_was_never_saved(path: Path, rows: list[Row]) -> None:
    dies = (
        "import os, sqlite3, sys\n"
        "db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "db.execute('PRAGMA cache_size=1'); db.execute('BEGIN IMMEDIATE')\n"
        "db.execute(\"UPDATE leads SET state = 'discarded'\")\n"
        "os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", dies, str(path)], check=False).returncode == -signal.SIGKILL
    assert path.with_name("outbox.db-journal").stat().st_size > 0
    store, told = open_outbox(path)
    assert (told, store.rows()[::-1]) == ([], rows)
    store.close()


def test_a_journal_goes_with_its_damaged_file(path: Path, rows: list[Row], rescued: Rescue) -> None:
    # Beside the new outbox it would be taken for that one's.
    overwrite(path, 0, PAGE, b"\xa7")
    journal = path.with_name("outbox.db-journal")
    kept = b"\0" + b"\xa7" * PAGE  # a journal that begins so is not hot: SQLite leaves it
    journal.write_bytes(kept)
    left, _ = rescued()
    (aside,) = damaged_beside(path)
    assert len(left) == len(rows)
    assert not journal.exists()
    assert aside.with_name(f"{aside.name}-journal").read_bytes() == kept


def test_nothing_is_ever_overwritten(path: Path, clock: Clock) -> None:
    for number in range(3):
        fill(path, 3 + number)
        overwrite(path, 0, 16, b"\xa7")
        store, _ = open_outbox(path, clock=clock)
        store.close()
    aside = damaged_beside(path)
    assert len(aside) == 3
    assert len({one.read_bytes() for one in aside}) == 3


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA application_id=7")
        db.execute("CREATE TABLE theirs (x)")
        db.executemany("INSERT INTO theirs VALUES (?)", [("x" * 3000,)] * 20)


def test_another_programs_file_stays_where_it_is_though_it_is_damaged(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    foreign(path)
    os.truncate(path, path.stat().st_size - PAGE)
    before = path.read_bytes()
    with pytest.raises(StorageError) as caught:
        open_outbox(path)
    assert caught.value.code == "foreign_database"
    assert "--data-dir" in caught.value.next_step
    assert path.read_bytes() == before
    assert damaged_beside(path) == []


def test_a_newer_versions_file_stays_where_it_is_though_it_is_damaged(path: Path, rows: list[Row]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA user_version=99")
    os.truncate(path, path.stat().st_size - PAGE)
    with pytest.raises(StorageError) as caught:
        open_outbox(path)
    assert caught.value.code == "newer_database"
    assert damaged_beside(path) == []


def test_a_folder_in_its_place_stays(path: Path) -> None:
    path.mkdir(parents=True, mode=0o700)
    path.parent.chmod(0o700)
    with pytest.raises(StorageError, match=r"outbox\.db") as caught:
        open_outbox(path)
    assert "--data-dir" in caught.value.next_step
    assert path.is_dir()
    assert damaged_beside(path) == []


# Others


def test_while_another_process_sends_from_it_it_is_left(path: Path, rows: list[Row]) -> None:
    overwrite(path, 0, 16, b"\xa7")
    before = path.read_bytes()
    other = SenderLock(path.with_suffix(".lock"))
    assert other.acquire()
    with pytest.raises(StorageError, match="another zoho-leads is using it") as caught:
        open_outbox(path)
    assert caught.value.code == "damaged_in_use"
    assert (path.read_bytes(), damaged_beside(path)) == (before, [])
    other.release()
    store, told = open_outbox(path)
    store.close()
    assert len(told) == 1


def test_while_another_process_writes_to_it_it_is_left(path: Path, rows: list[Row]) -> None:
    overwrite(path, (leaf_pages(path)[3] - 1) * PAGE, PAGE)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError) as caught:
            open_outbox(path, busy=0.0)
        assert caught.value.code == "damaged_in_use"
        other.execute("ROLLBACK")
    assert damaged_beside(path) == []


def test_who_has_the_damaged_file_open_says_saved_no_more(path: Path, rows: list[Row]) -> None:
    session = SqliteStore(path)
    overwrite(path, (leaf_pages(path)[3] - 1) * PAGE, PAGE)
    store, told = open_outbox(path)
    assert len(told) == 1
    with pytest.raises(StorageError) as caught:
        session.add(new_key(), lead(), org=ORG, lane=0, at=1.0)
    assert caught.value.code == "outbox_gone"
    store.close()
    session.close()


def test_of_two_processes_at_once_one_sets_it_aside_and_both_can_use_it(path: Path) -> None:
    rows = fill(path, 60)
    overwrite(path, 0, PAGE, b"\xa7")
    opens = (
        "import sys\nfrom pathlib import Path\nfrom zoho.outbox.sqlite_rescue import open_outbox\n"
        "from zoho.wire.errors import StorageError\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "try:\n    store, told = open_outbox(Path(sys.argv[1]))\n"
        "except StorageError as error:\n    print(error.code)\n"
        "else:\n    print(len(told), len(store.rows()))\n    store.close()"
    )
    command = [sys.executable, "-c", opens, str(path)]
    both = [
        subprocess.Popen(command, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for one in both:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    with ThreadPoolExecutor() as pool:
        said = sorted(out.strip() for out, _ in pool.map(lambda one: one.communicate("\n", 60), both))
    # The other one came after it, or met it at work.
    assert said[-1] == "damaged_in_use" or said == [f"0 {len(rows)}", f"1 {len(rows)}"]
    assert f"1 {len(rows)}" in said
    assert len(damaged_beside(path)) == 1


# Trouble on the way


@pytest.mark.parametrize(
    "leftover", ["outbox-rescue.db", "outbox-rescue.db-journal", "outbox-rescue-copy.db"]
)
def test_what_a_killed_rescue_left_is_in_nobodys_way(
    path: Path, rows: list[Row], rescued: Rescue, leftover: str
) -> None:
    overwrite(path, 0, 16, b"\xa7")
    path.with_name(leftover).write_bytes(b"half")
    assert len(rescued()[0]) == len(rows)
    assert not path.with_name(leftover).exists()


def test_killed_at_any_call_no_lead_is_lost(tmp_path: Path) -> None:
    """Let the n-th change of a name end the rescue, for each n, then open again."""
    ends = (
        "import os, sys\nfrom pathlib import Path\nfrom zoho.outbox.sqlite_rescue import open_outbox\n"
        "left = int(sys.argv[2])\n"
        "def hook(event, args):\n"
        "    global left\n"
        "    if event in ('os.link', 'os.rename', 'os.remove', 'sqlite3.connect'):\n"
        "        left -= 1\n"
        "        if left < 0: os._exit(9)\n"
        "sys.addaudithook(hook)\n"
        "open_outbox(Path(sys.argv[1]))[0].close()"
    )
    for number in range(100):
        path = tmp_path / str(number) / "outbox.db"
        rows = fill(path, 12)
        overwrite(path, 0, PAGE, b"\xa7")
        command = [sys.executable, "-W", "error", "-c", ends, str(path), str(number)]
        ended = subprocess.run(command, env=environment(), check=False).returncode
        store, _ = open_outbox(path)
        assert {row.key for row in store.rows()} == {row.key for row in rows}
        store.close()
        if ended == 0:
            assert number > 5
            return
        assert ended == 9
    raise AssertionError("it does not come to its end")


def test_in_a_read_only_folder_it_is_told_and_left(as_user: Path) -> None:
    path = as_user / "outbox.db"
    fill(path, 5)
    overwrite(path, 0, 16, b"\xa7")
    path.with_suffix(".lock").touch(mode=0o600)
    before = path.read_bytes()
    as_user.chmod(0o500)
    with pytest.raises(StorageError, match="--data-dir"):
        open_outbox(path)
    assert sorted(one.name for one in as_user.iterdir()) == ["outbox.db", "outbox.lock"]
    assert path.read_bytes() == before


def test_a_check_that_takes_long_is_given_up_and_is_no_damage(path: Path, rows: list[Row]) -> None:
    store = SqliteStore(path)
    assert store.is_sound(within=-1.0)
    assert len(store.rows()) == len(rows)
    store.close()
