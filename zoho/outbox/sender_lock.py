"""Exactly one sender for each outbox: the operating system's lock on a file beside it.

A lock, not a lease: the kernel frees it when its holder dies, so whoever gets it next knows that a row still
in ``sending`` belongs to nobody.
"""

from __future__ import annotations

from pathlib import Path

from filelock import Timeout

from zoho.account.locks import kernel_lock
from zoho.outbox.sqlite_errors import outbox_error


class LockLostError(Exception):
    """The right to send was given back, right before a byte would have left."""


class SenderLock:
    """The right to send from one outbox. It may be given back at any time, from any thread.

    Args:
        path: the lock file, which stays.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = kernel_lock(path, timeout=0)
        self._given_back = 0

    @property
    def held(self) -> bool:
        """Whether this process is the sender."""
        return self._lock.is_locked

    @property
    def hold(self) -> int | None:
        """A number for this time of holding it; None while it is not held, another one ever after."""
        return self._given_back if self._lock.is_locked else None

    def acquire(self) -> bool:
        """Become the sender if nobody is; return whether this process now is. It does not wait.

        Raises:
            StorageError: the file system has no locks, or the folder is not ours.
        """
        if self._lock.is_locked:
            return True
        try:
            self._lock.acquire()
        except Timeout:
            return False
        except OSError as error:
            raise outbox_error(self._path, error) from None
        return True

    def release(self) -> None:
        """Let somebody else be the sender."""
        if self._lock.is_locked:
            # Counted first: from here on nobody may take the lock for held.
            self._given_back += 1
            self._lock.release(force=True)
