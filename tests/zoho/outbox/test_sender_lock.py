"""Exactly one sender for each outbox."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from zoho.outbox.sender_lock import SenderLock
from zoho.wire.errors import StorageError

HOLD = """
import sys
from pathlib import Path
from zoho.outbox.sender_lock import SenderLock
lock = SenderLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    first, second = SenderLock(tmp_path / "x.lock"), SenderLock(tmp_path / "x.lock")
    assert first.acquire()
    assert first.acquire()
    assert first.held
    assert not second.acquire()
    assert not second.held
    first.release()
    first.release()
    assert not first.held
    assert second.acquire()
    second.release()


def test_the_kernel_frees_it_when_its_holder_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    lock = SenderLock(path)
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        assert not lock.acquire()
        holder.kill()
        holder.wait(10)
        assert lock.acquire()
    lock.release()


def test_the_file_stays_and_is_the_users_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    before = os.umask(0)
    try:
        lock = SenderLock(path)
        lock.acquire()
    finally:
        os.umask(before)
    lock.release()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_may_be_given_back_by_another_thread(tmp_path: Path) -> None:
    lock, other = SenderLock(tmp_path / "x.lock"), SenderLock(tmp_path / "x.lock")
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lock.acquire).result(10)
    lock.release()
    assert other.acquire()
    other.release()


def test_where_there_can_be_no_lock_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.lock").mkdir()
    with pytest.raises(StorageError) as caught:
        SenderLock(tmp_path / "x.lock").acquire()
    assert "--data-dir" in caught.value.next_step
