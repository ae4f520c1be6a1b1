"""When the values of leads that came to their end are taken out of the outbox."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from zoho.outbox.store import Store
from zoho.wire.errors import StorageError

_log = logging.getLogger("zoho.outbox")

DAY = 24 * 3600.0
_EVERY = 3600.0
"""Seconds between two purges of a session that stays open."""


class Retention:
    """Purges one outbox, as often as is worth it.

    Args:
        store: the outbox.
        clock: seconds since the epoch.
    """

    def __init__(self, store: Store, *, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock
        self._last: tuple[float, float] | None = None

    def purge(self, days: float) -> int:
        """Take the values out of leads that ended more than *days* ago; return out of how many.

        Raises:
            StorageError: the outbox cannot be written; nothing has changed.
        """
        return self._store.history.purge(before=self._clock() - days * DAY)

    def keep_to(self, days: float, *, ended: bool = False) -> int:
        """Purge if it is time to: the first time, about hourly, when *days* is another number, and at an end.

        A purge that fails is logged and stops nobody: it is tried again an hour later.

        Args:
            days: how long values are kept.
            ended: a lead may have come to its end since the last call.
        """
        now = self._clock()
        if not self._is_time(days, now, ended=ended):
            return 0
        self._last = now, days
        try:
            return self.purge(days)
        except StorageError as error:
            _log.warning("The values of leads that ended could not be purged: %s", error)
            return 0

    def _is_time(self, days: float, now: float, *, ended: bool) -> bool:
        if self._last is None:
            return True
        at, kept = self._last
        # A clock that was put back must not keep it waiting.
        return days != kept or abs(now - at) >= _EVERY or (ended and days == 0)
