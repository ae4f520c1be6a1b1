from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from zoho.account.files import (
    check_private_file,
    check_private_folder,
    private_folder,
    read_private,
    storage_error,
    write_atomically,
)
from zoho.wire.errors import StorageError

CANARY = b"1000.CANARY"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", ["0o000", "0o022", "0o277", "0o777"])
def test_private_whatever_the_umask(tmp_path: Path, umask: str) -> None:
    program = f"""
import os
from pathlib import Path
from zoho.account.files import private_folder, write_atomically
os.umask({umask})
folder = private_folder(Path({str(tmp_path)!r}, "new", "below"))
write_atomically(folder / "secret", b"one")
write_atomically(folder / "secret", b"two")
"""
    subprocess.run([sys.executable, "-c", program], check=True)
    assert mode(tmp_path / "new") == 0o700
    assert mode(tmp_path / "new" / "below") == 0o700
    assert mode(tmp_path / "new" / "below" / "secret") == 0o600
    assert (tmp_path / "new" / "below" / "secret").read_bytes() == b"two"


def test_an_open_empty_folder_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    assert private_folder(folder) == folder
    assert mode(folder) == 0o700


def test_an_open_folder_of_other_things_is_refused_and_left(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    folder.chmod(0o755)
    (folder / "letter").touch()
    with pytest.raises(StorageError, match="open to other users"):
        private_folder(folder)
    assert mode(folder) == 0o755


def test_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "nowhere").symlink_to(tmp_path / "missing")
    for name in ("link", "nowhere"):
        with pytest.raises(StorageError, match="symbolic link"):
            private_folder(tmp_path / name)
    assert not (tmp_path / "missing").exists()


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="not a folder"):
        private_folder(tmp_path / "file")
    with pytest.raises(StorageError):
        private_folder(tmp_path / "file" / "below")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_foreign_owner_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir(mode=0o700)
    (folder / "file").write_bytes(b"x")
    os.chown(folder / "file", 12345, 12345)
    with pytest.raises(StorageError, match="another user"):
        read_private(folder / "file")
    os.chown(folder, 12345, 12345)
    with pytest.raises(StorageError, match="another user"):
        private_folder(folder)


def test_a_crash_before_the_replace_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "file"
    write_atomically(file, b"old")

    class Crash(BaseException):
        pass

    def crash(source: Path, target: Path) -> None:
        assert source.read_bytes() == CANARY
        assert source.parent == target.parent
        assert mode(source) == 0o600
        raise Crash

    with pytest.raises(Crash):
        write_atomically(file, CANARY, replace=crash)
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_killed_before_the_replace_leaves_the_old_file(tmp_path: Path) -> None:
    program = f"""
import os, signal
from pathlib import Path
from zoho.account.files import write_atomically
write_atomically(Path({str(tmp_path)!r}, "file"), b"new" * 9999, replace=lambda *_: os.kill(os.getpid(), 9))
"""
    write_atomically(tmp_path / "file", b"old")
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == -9
    assert read_private(tmp_path / "file") == b"old"


@pytest.mark.parametrize(
    ("number", "words", "code"),
    [
        (errno.ENOSPC, "disk is full", "disk_full"),
        (errno.EDQUOT, "disk is full", "disk_full"),
        (errno.EROFS, "read-only", "read_only"),
        (errno.EACCES, "may not use", "not_permitted"),
        (errno.EIO, "cannot be used", "storage"),
    ],
)
def test_faults_in_words(tmp_path: Path, number: int, words: str, code: str) -> None:
    file = tmp_path / "file"
    write_atomically(file, b"old")

    def fail(source: Path, target: Path) -> None:
        raise OSError(number, os.strerror(number), str(target))

    with pytest.raises(StorageError, match=words) as caught:
        write_atomically(file, CANARY, replace=fail)
    assert str(file) in caught.value.what
    assert caught.value.next_step
    assert caught.value.code == code
    assert CANARY.decode() not in str(caught.value)
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_full_disk_for_real() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(OSError, match="No space left") as caught:
        os.write(os.open("/dev/full", os.O_WRONLY), b"x")
    assert "disk is full" in storage_error(Path("x"), caught.value).what


def test_a_missing_folder_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be used"):
        write_atomically(tmp_path / "no" / "file", b"x")


def test_an_escape_sequence_in_a_path_is_made_visible() -> None:
    error = storage_error(Path("/tmp/\x1b[31mred"), OSError(errno.EIO, "bad"))
    assert "\x1b" not in str(error)


def test_reading(tmp_path: Path) -> None:
    assert read_private(tmp_path / "missing") is None
    write_atomically(tmp_path / "file", b"\x00\xff")
    assert read_private(tmp_path / "file") == b"\x00\xff"
    (tmp_path / "link").symlink_to(tmp_path / "file")
    with pytest.raises(StorageError, match="symbolic link"):
        read_private(tmp_path / "link")
    with pytest.raises(StorageError, match="not a file"):
        read_private(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StorageError, match="not a file"):
        read_private(tmp_path / "pipe")


@pytest.mark.parametrize("name", ["file", "two words", "it's"])
def test_the_command_that_mends_it_can_be_pasted(tmp_path: Path, name: str) -> None:
    (tmp_path / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError) as caught:
        read_private(tmp_path / name)
    subprocess.run(["sh", "-c", caught.value.next_step.rpartition(": ")[2]], check=True)
    assert list(tmp_path.iterdir()) == []


def test_looking_at_a_folder_changes_nothing(tmp_path: Path) -> None:
    check_private_folder(tmp_path / "missing")
    assert not (tmp_path / "missing").exists()
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o755)
    check_private_folder(folder)
    (folder / "letter").touch()
    with pytest.raises(StorageError, match="open to other users"):
        check_private_folder(folder)
    assert mode(folder) == 0o755


def test_looking_at_a_file(tmp_path: Path) -> None:
    check_private_file(tmp_path / "missing")
    (tmp_path / "file").touch()
    check_private_file(tmp_path / "file")
    with pytest.raises(StorageError, match="not a file"):
        check_private_file(tmp_path)
    with pytest.raises(StorageError):
        check_private_file(tmp_path / "file" / "below")


def test_a_link_at_the_target_is_replaced_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"precious")
    (tmp_path / "file").symlink_to(tmp_path / "victim")
    write_atomically(tmp_path / "file", b"new")
    assert (tmp_path / "victim").read_bytes() == b"precious"
    assert not (tmp_path / "file").is_symlink()
