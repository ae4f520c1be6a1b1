"""Outcomes on their way to the disk: until one is there, nothing else is sent and nobody is told."""

from __future__ import annotations

import asyncio
import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Generic, TypeVar

from zoho.outbox.listeners import Listeners
from zoho.outbox.store import Ending, LoggedCall, Row, Store
from zoho.wire.errors import StorageError

_log = logging.getLogger("zoho.outbox")
_E = TypeVar("_E")
_R = TypeVar("_R")


class Unwritten(ABC, Generic[_E, _R]):
    """Writes outcomes down, each in one transaction, and tells of each row that has changed."""

    def __init__(self) -> None:
        self._unwritten: list[_E] = []
        self._changed: list[_R] = []
        self._flushing = threading.Lock()

    @abstractmethod
    def _put(self, outcome: _E) -> Iterable[_R]:
        """Write an outcome; return the rows that changed. Raises `StorageError`: nothing has changed."""

    @abstractmethod
    def _tell(self, row: _R) -> None:
        """Tell of a row that has changed."""

    async def write(self, outcome: _E) -> None:
        """Write down what became of something.

        Raises:
            StorageError: it cannot be written now; `catch_up` tries again.
        """
        if outcome:
            self._unwritten.append(outcome)
        await self.catch_up()

    async def catch_up(self) -> None:
        """Write down what could not be written before; raises `StorageError` where it still cannot be."""
        if not self._unwritten:
            return
        try:
            await asyncio.to_thread(self._flush)
        except asyncio.CancelledError:
            self._flush_at_once()
            raise
        self._tell_changes()

    def write_at_once(self, outcome: _E) -> None:
        """Write without waiting: the loop may be ending, the write is small, and it must not be lost."""
        self._unwritten.append(outcome)
        self._flush_at_once()

    def _flush_at_once(self) -> None:
        try:
            self._flush()
        except StorageError as error:
            _log.warning("An outcome could not be written; it will be looked up: %s", error)
        self._tell_changes()

    def _flush(self) -> None:
        with self._flushing:
            while self._unwritten:
                try:
                    changed = self._put(self._unwritten[0])
                except StorageError:
                    raise  # nothing has changed: it is tried again, before anything else
                except Exception:
                    # It would fail for ever; what it is about stays in sending, and is found there.
                    del self._unwritten[0]
                    raise
                del self._unwritten[0]
                self._changed += changed

    def _tell_changes(self) -> None:
        while self._changed:
            self._tell(self._changed.pop(0))


class Endings(Unwritten[Sequence[Ending], Row]):
    """Those of leads.

    Args:
        store: the outbox.
        listeners: are told each row.
        clock: seconds since the epoch.
    """

    def __init__(self, *, store: Store, listeners: Listeners, clock: Callable[[], float]) -> None:
        super().__init__()
        self._store = store
        self._listeners = listeners
        self._clock = clock

    def _put(self, outcome: Sequence[Ending]) -> Iterable[Row]:
        endings = [one._replace(calls=numbered(one.calls, one.row.attempt)) for one in outcome]
        after = self._store.finish(endings, at=self._clock())
        for ending, row in zip(endings, after, strict=True):
            if row is None:
                _log.warning("Lead %s is another sender's by now", ending.row.key)
        return [row for row in after if row is not None]

    def _tell(self, row: Row) -> None:
        self._listeners.change(row)


def numbered(calls: Iterable[LoggedCall], attempt: int) -> list[LoggedCall]:
    """Return the exchanges as those of that attempt."""
    return [replace(call, attempt=attempt) for call in calls]
