"""The time by Zoho's clock. Only that clock says which leads were created since an attempt began."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from zoho.outbox.store import Store
from zoho.outbox.zoho import Reader

_NOTE = "clock offset"
_WORTH_KEEPING = 2.0
"""Seconds: ``Date`` headers have whole ones, and travel a while."""


class ServerClock:
    """This machine's clock, put right by what the last answer told.

    A process that has had no answer yet goes by what an earlier one was told: a script may send its lead with
    its very first call.

    Args:
        store: keeps how far Zoho's clock is ahead.
        zoho: hears it.
        clock: this machine's, seconds since the epoch.
    """

    def __init__(self, *, store: Store, zoho: Reader, clock: Callable[[], float]) -> None:
        self._store = store
        self._zoho = zoho
        self._clock = clock
        self._kept: float | None = None

    def now(self) -> float:
        """Return the time, seconds since the epoch. It may read the disk."""
        offset = self._zoho.clock_offset
        return self._clock() + (self._offset_kept() if offset is None else offset)

    def remember(self) -> None:
        """Keep what the last answer told for processes to come. It may write to the disk."""
        offset = self._zoho.clock_offset
        if offset is not None and abs(offset - self._offset_kept()) > _WORTH_KEEPING:
            self._store.set_note(_NOTE, f"{offset:.3f}")
            self._kept = offset

    def _offset_kept(self) -> float:
        if self._kept is None:
            self._kept = 0.0
            with suppress(ValueError):
                self._kept = float(self._store.note(_NOTE) or 0.0)
        return self._kept
