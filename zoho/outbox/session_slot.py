"""Which sessions of a user run now: a half-typed lead that is in the form of one is none of another's.

Each running session holds the operating system's lock on a file of its own, so that even one that was killed
is known to have ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from filelock import FileLock, Timeout

from zoho.account.files import private_folder, storage_error
from zoho.account.locks import kernel_lock
from zoho.wire.errors import StorageError

_MOST = 100


class SessionSlot:
    """The place of one running session among those of its user.

    Args:
        folder: for the lock files, which stay.

    Raises:
        StorageError: the folder cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = private_folder(folder)
        for number in range(_MOST):
            self.name = f"session-{number}"
            self._lock = kernel_lock(folder / f"{self.name}.lock", timeout=0)
            if self._taken(self._lock):
                return
        raise StorageError(
            f"More than {_MOST} sessions of zoho-leads are open.", next_step="End some.", code="sessions"
        )

    def ended(self, names: Iterable[str]) -> list[str]:
        """Return those of *names* that are no other running session's."""
        return [name for name in set(names) if name == self.name or self._is_free(name)]

    def release(self) -> None:
        """End: what this session had in its form is another's from now on."""
        self._lock.release(force=True)

    def _is_free(self, name: str) -> bool:
        lock = kernel_lock(self._folder / f"{name}.lock", timeout=0)
        if not self._taken(lock):
            return False
        lock.release()
        return True

    def _taken(self, lock: FileLock) -> bool:
        try:
            lock.acquire()
        except Timeout:
            return False
        except OSError as error:
            raise storage_error(self._folder, error) from None
        return True
