"""Files and folders that nobody but the user may read, and that are never seen half written."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

from zoho.account.paths import is_standard_folder
from zoho.wire.clean import clean_line
from zoho.wire.errors import StorageError

_OPEN_TO_OTHERS = 0o077
_CAREFULLY: int = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))


def private_folder(path: Path) -> Path:
    """Make *path* (and what is missing above it) a folder for the user alone, 0700 whatever the umask.

    A folder that is already there and open to others is closed if it is empty or the platform's folder of
    this application. Any other is left as it is and refused: it may be the home folder.

    Returns:
        *path*.

    Raises:
        StorageError: it cannot be made, is a symbolic link, belongs to somebody else, or is open to others.
    """
    try:
        _make_missing(path)
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            raise _refused(path, "is a symbolic link", "Name the real folder instead (--data-dir, --config).")
        if not stat.S_ISDIR(found.st_mode):
            raise _refused(path, "is not a folder", "Move it away, or choose another folder (--data-dir).")
        if not _is_ours(found):
            raise _refused(path, "belongs to another user", "Choose a folder of your own (--data-dir).")
        if os.name == "posix" and found.st_mode & _OPEN_TO_OTHERS:
            _close_to_others(path)
    except OSError as error:
        raise storage_error(path, error) from None
    return path


def write_atomically(
    path: Path, data: bytes, *, replace: Callable[[Path, Path], object] = os.replace
) -> None:
    """Put *data* into *path* so that every reader, and every crash, sees the old file or the new one.

    The file is 0600 whatever the umask. A symbolic link at *path* is replaced, not followed.

    Args:
        path: the file; its folder exists.
        data: the whole content.
        replace: what moves the finished temporary file into place.

    Raises:
        StorageError: the disk is full, read-only, or not ours; *path* is then as it was.
    """
    temporary: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            if os.name == "posix":
                os.fchmod(descriptor, 0o600)  # mkstemp leaves less than that under a strict umask
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        replace(temporary, path)
        temporary = None
        sync_folder(path.parent)
    except OSError as error:
        raise storage_error(path, error) from None
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()


def read_private(path: Path) -> bytes | None:
    """Return the content of *path*, a file that we wrote; None if there is none.

    Raises:
        StorageError: it cannot be read, is a symbolic link or no file at all, or belongs to somebody else.
    """
    # Neither followed nor waited for: a link or a pipe in its place was not put there by us.
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _refused(path, "is a symbolic link", "Remove it; it is made anew.") from None
        raise storage_error(path, error) from None
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise _refused(path, "is not a file", "Remove it; it is made anew.")
        if not _is_ours(found):
            raise _refused(path, "belongs to another user", "Remove it; it is made anew.")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read()
    except OSError as error:
        raise storage_error(path, error) from None
    finally:
        os.close(descriptor)


def storage_error(path: Path, error: OSError) -> StorageError:
    """Return *error*, met at *path*, in a rep's words."""
    what, next_step, code = _FAULTS.get(error.errno or 0, _OTHER_FAULT)
    reason = clean_line(error.strerror or type(error).__name__)
    return StorageError(
        what.format(path=clean_line(str(path)), reason=reason),
        next_step=next_step,
        code=code,
    )


_DISK_FULL = ("The disk is full: {path} cannot be written.", "Free some space, then try again.", "disk_full")
_READ_ONLY = (
    "The disk of {path} is read-only.",
    "Choose a folder that can be written (--data-dir).",
    "read_only",
)
_NOT_PERMITTED = (
    "This user may not use {path}.",
    "Ask for access to it, or choose another folder (--data-dir).",
    "not_permitted",
)
_OTHER_FAULT = (
    "{path} cannot be used: {reason}.",
    "See whether the disk is in order, or choose another folder (--data-dir).",
    "storage",
)
_FAULTS = {
    errno.ENOSPC: _DISK_FULL,
    errno.EDQUOT: _DISK_FULL,
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _NOT_PERMITTED,
    errno.EPERM: _NOT_PERMITTED,
}


def _refused(path: Path, fault: str, next_step: str) -> StorageError:
    what = f"{clean_line(str(path))} {fault}, so nothing private is kept there."
    return StorageError(what, next_step=next_step, code="not_private")


def _is_ours(found: os.stat_result) -> bool:
    return os.name != "posix" or found.st_uid == os.geteuid()


def _make_missing(path: Path) -> None:
    if os.path.lexists(path):
        return
    if path.parent != path:
        _make_missing(path.parent)
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        return  # another process of ours was quicker
    path.chmod(0o700)  # a strict umask would have left less
    with contextlib.suppress(PermissionError):  # a parent that may be written but not read
        sync_folder(path.parent)  # what is said to be saved in it must not go with it in a power cut


def _close_to_others(path: Path) -> None:
    if is_standard_folder(path) or not any(path.iterdir()):
        path.chmod(0o700)
        return
    raise _refused(
        path,
        "is open to other users",
        f"Close it with: chmod 700 {clean_line(str(path))}, or choose another.",
    )


def sync_folder(folder: Path) -> None:
    """Bring the names of the files in *folder* to the disk; raises OSError."""
    if os.name != "posix":
        return  # Windows has no descriptor of a folder
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some network file systems cannot sync a folder
            raise
    finally:
        os.close(descriptor)
