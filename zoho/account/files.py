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

NOT_PRIVATE = "not_private"
"""The code of a `StorageError` for what is refused: somebody else may have put it there, or may read it."""

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
        if _is_to_be_closed(path):
            path.chmod(0o700)
    except OSError as error:
        raise storage_error(path, error) from None
    return path


def check_private_folder(path: Path) -> None:
    """Refuse what `private_folder` refuses, and change nothing; a folder that is not there is no fault.

    Raises:
        StorageError: it is a symbolic link, belongs to somebody else, or is open to others.
    """
    try:
        if os.path.lexists(path):
            _is_to_be_closed(path)
    except OSError as error:
        raise storage_error(path, error) from None


def check_private_file(path: Path) -> None:
    """Refuse what somebody else may have put at *path*, where a file of ours is or will be.

    Raises:
        StorageError: it is a symbolic link or no file at all, or belongs to somebody else.
    """
    try:
        _refuse_foreign(path, path.lstat())
    except FileNotFoundError:
        pass
    except OSError as error:
        raise storage_error(path, error) from None


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


def remove_leftovers(path: Path) -> None:
    """Remove what `write_atomically` left beside *path* where it was killed: it holds what *path* would.

    For who keeps every other writer of *path* out meanwhile.
    """
    for left in path.parent.iterdir():
        if left.name.startswith(f".{path.name}.") and left.suffix == ".tmp":
            with contextlib.suppress(OSError):  # it is private, and goes the next time
                left.unlink()


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
        if error.errno in (errno.ELOOP, errno.EACCES):
            check_private_file(path)  # a link, or a file that another user of this host made
        raise storage_error(path, error) from None
    try:
        _refuse_foreign(path, os.fstat(descriptor))
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
    return StorageError(what, next_step=next_step, code=NOT_PRIVATE)


def _refuse_foreign(path: Path, found: os.stat_result) -> None:
    if stat.S_ISLNK(found.st_mode):
        fault, command = "is a symbolic link", "rm"
    elif not stat.S_ISREG(found.st_mode):
        fault, command = "is not a file", "rm -r"
    elif not _is_ours(found):
        fault, command = "belongs to another user", "rm -f"
    else:
        return
    raise _refused(path, fault, f"Take it away, it is made anew: {command} {_quoted(path)}")


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


def _is_to_be_closed(path: Path) -> bool:
    """Say whether *path* is a folder of ours that is open to others and may be closed.

    Raises:
        StorageError: it is refused.
        OSError: it cannot be looked at.
    """
    found = path.lstat()
    if stat.S_ISLNK(found.st_mode):
        step = f"Name the real folder instead (--data-dir, --config), or remove the link: rm {_quoted(path)}"
        raise _refused(path, "is a symbolic link", step)
    if not stat.S_ISDIR(found.st_mode):
        raise _refused(path, "is not a folder", "Move it away, or choose another folder (--data-dir).")
    if not _is_ours(found):
        step = f'Choose a folder of your own (--data-dir); or: sudo chown -R "$(id -un)" {_quoted(path)}'
        raise _refused(path, "belongs to another user", step)
    if os.name != "posix" or not found.st_mode & _OPEN_TO_OTHERS:
        return False
    if is_standard_folder(path) or not any(path.iterdir()):
        return True
    step = f"Choose another, or close it: chmod 700 {_quoted(path)}"
    raise _refused(path, "is open to other users", step)


def _quoted(path: Path) -> str:
    import shlex  # not before the first frame

    return shlex.quote(clean_line(str(path)))


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
