"""Which sessions run: told by the kernel, so that a killed one has ended."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from zoho.outbox.session_slot import SessionSlot
from zoho.wire.errors import StorageError

HOLD = """
import sys
from pathlib import Path
from zoho.outbox.session_slot import SessionSlot
slot = SessionSlot(Path(sys.argv[1]))
print(slot.name, flush=True)
sys.stdin.read()
"""


@contextmanager
def another(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Another process with a slot of its own; its name is told."""
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip(), process
        finally:
            process.kill()


def test_two_processes_have_two_names(tmp_path: Path) -> None:
    slot = SessionSlot(tmp_path / "sessions")
    with another(tmp_path / "sessions") as (name, _):
        assert (slot.name, name) == ("session-0", "session-1")
        assert slot.ended([name]) == []
    slot.release()


def test_who_was_killed_has_ended_and_its_name_is_anothers(tmp_path: Path) -> None:
    slot = SessionSlot(tmp_path / "sessions")
    with another(tmp_path / "sessions") as (name, process):
        process.kill()
        process.wait(10)
        assert slot.ended([name, name]) == [name]
        heir = SessionSlot(tmp_path / "sessions")
        assert heir.name == name
        assert slot.ended([name]) == []
        heir.release()
    slot.release()


def test_what_a_name_of_ours_held_before_is_nobodys(tmp_path: Path) -> None:
    slot = SessionSlot(tmp_path / "sessions")
    assert slot.ended([slot.name]) == [slot.name]
    slot.release()


def test_looking_takes_no_slot(tmp_path: Path) -> None:
    slot = SessionSlot(tmp_path / "sessions")
    assert slot.ended(["session-1"]) == ["session-1"]
    with another(tmp_path / "sessions") as (name, _):
        assert name == "session-1"
    slot.release()


def test_a_slot_that_was_released_is_the_next_ones(tmp_path: Path) -> None:
    first = SessionSlot(tmp_path / "sessions")
    first.release()
    second = SessionSlot(tmp_path / "sessions")
    assert second.name == first.name
    second.release()


def test_its_files_are_the_users_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        slot = SessionSlot(tmp_path / "sessions")
    finally:
        os.umask(before)
    modes = [stat.S_IMODE(one.stat().st_mode) for one in (tmp_path / "sessions").iterdir()]
    assert modes == [0o600]
    slot.release()


def test_there_is_an_end_to_sessions(tmp_path: Path) -> None:
    slots = [SessionSlot(tmp_path / "sessions") for _ in range(100)]
    with pytest.raises(StorageError, match="More than 100 sessions"):
        SessionSlot(tmp_path / "sessions")
    for slot in slots:
        slot.release()


def test_where_there_can_be_no_lock_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "sessions").write_text("")
    with pytest.raises(StorageError, match="sessions"):
        SessionSlot(tmp_path / "sessions")
