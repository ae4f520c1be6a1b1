"""One writer at a time, among all processes of the user."""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from zoho.account.files import storage_error
from zoho.wire.clean import clean_line
from zoho.wire.errors import StorageError


def kernel_lock(path: Path, *, timeout: float) -> FileLock:
    """Return the operating system's lock on the file *path*, not taken yet; a missing file is made.

    The kernel frees it when the holder dies, however it dies. It may be taken in one thread and given back in
    another. *timeout* is how many seconds taking it waits for another holder.
    """
    logging.getLogger("filelock").setLevel(logging.WARNING)
    # A removed lock file or a "soft" one (mere existence) would let two holders in.
    return FileLock(
        path, timeout=timeout, mode=0o600, thread_local=False, fallback_to_soft=False, preserve_lock_file=True
    )


@contextmanager
def file_lock(path: Path, *, timeout: float) -> Generator[None]:
    """Hold the `kernel_lock` of *path*; who holds it must not take it again.

    Args:
        path: the lock file, which stays; its folder exists.
        timeout: seconds to wait for another holder.

    Raises:
        StorageError: somebody held it for the whole of *timeout*, or the file system has no locks.
    """
    lock = kernel_lock(path, timeout=timeout)
    try:
        lock.acquire()
    except Timeout:
        raise StorageError(
            f"Another process of yours has held {clean_line(str(path))} for {timeout:.0f} s.",
            next_step="Wake or end it (a suspended zoho-leads, perhaps), then try again.",
            code="locked",
        ) from None
    except OSError as error:
        raise storage_error(path, error) from None
    try:
        yield
    finally:
        lock.release()
