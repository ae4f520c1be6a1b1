"""Outcomes on their way to the disk: until one is there, nothing else is sent and nobody is told."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from zoho.outbox.listeners import Listeners
from zoho.outbox.store import Ending, Row, Store
from zoho.wire.errors import StorageError

_log = logging.getLogger("zoho.outbox")


class Endings:
    """Writes outcomes down, and tells of each row that has changed.

    Args:
        store: the outbox.
        listeners: are told each row.
        clock: seconds since the epoch.
    """

    def __init__(self, *, store: Store, listeners: Listeners, clock: Callable[[], float]) -> None:
        self._store = store
        self._listeners = listeners
        self._clock = clock
        self._unwritten: list[Sequence[Ending]] = []
        self._changed: list[Row] = []
        self._flushing = threading.Lock()

    async def write(self, endings: Sequence[Ending]) -> None:
        """Write down what became of attempts; they are in one transaction.

        Raises:
            StorageError: they cannot be written now; `catch_up` tries again.
        """
        if endings:
            self._unwritten.append(endings)
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

    def write_at_once(self, endings: Sequence[Ending]) -> None:
        """Write without waiting: the loop may be ending, the write is small, and it must not be lost."""
        self._unwritten.append(endings)
        self._flush_at_once()

    def _flush_at_once(self) -> None:
        try:
            self._flush()
        except StorageError as error:
            _log.warning("An outcome could not be written; its lead will be looked up: %s", error)
        self._tell_changes()

    def _flush(self) -> None:
        with self._flushing:
            while self._unwritten:
                endings = [_numbered(ending) for ending in self._unwritten[0]]
                try:
                    after = self._store.finish(endings, at=self._clock())
                except StorageError:
                    raise  # nothing has changed: it is tried again, before anything else
                except Exception:
                    # It would fail for ever; the leads stay in sending, and are found there.
                    del self._unwritten[0]
                    raise
                del self._unwritten[0]
                for ending, row in zip(endings, after, strict=True):
                    if row is None:
                        _log.warning("Lead %s is another sender's by now", ending.row.key)
                    else:
                        self._changed.append(row)

    def _tell_changes(self) -> None:
        while self._changed:
            self._listeners.change(self._changed.pop(0))


def _numbered(ending: Ending) -> Ending:
    calls = [replace(call, attempt=ending.row.attempt) for call in ending.calls]
    return ending._replace(calls=calls)
