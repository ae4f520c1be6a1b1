"""A session whose courier can be stopped at any point where it touches the outbox or the line.

A *kill* leaves everything as it is, for ever; a *cut* cancels the task, which may still write; a *hold* is a
process that stands still, while others work; a *full* disk refuses one call.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from outbox_office import WAITS
from scripted_zoho import Line, ScriptedZoho

from zoho.outbox.courier import Courier
from zoho.outbox.listeners import Listeners
from zoho.outbox.rest import Rest
from zoho.outbox.sender_lock import SenderLock
from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.store import Row
from zoho.wire.errors import StorageError

KILL, CUT, HOLD, FULL = "kill", "cut", "hold", "full"


class Stop(NamedTuple):
    """What happens at the point of that number, counted from the beginning of a step."""

    how: str
    point: int


class Killed(BaseException):
    """The process is no more: not one line of it runs from here on."""


class Stopped:
    """An outbox with a point before and after each call.

    ``working`` is held by the thread that is in a call: a task that is cut leaves its thread behind.
    """

    def __init__(self, store: Any, point: Callable[[bool], None], working: threading.RLock) -> None:
        self._store = store
        self._point = point
        self._working = working

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        if not callable(method):  # one of its parts
            return Stopped(method, self._point, self._working)

        def called(*args: Any, **more: Any) -> Any:
            with self._working:
                self._point(True)
                done = method(*args, **more)
                self._point(False)
            return done

        return called


class Session:
    """A process with a courier, in the event loop *loop*.

    Args:
        loop: is run by whoever calls these methods, none of which is a coroutine.
        path: the outbox.
        zoho: the org that is signed in to.
        clock: seconds since the epoch.
        leaves: is told of this session and the records when a first byte leaves.
        told: is told of each change that the courier tells of.
        offset_known: whether an answer has told the offset of Zoho's clock.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        path: Path,
        zoho: ScriptedZoho,
        clock: Callable[[], float],
        *,
        leaves: Callable[[Session, Any], None],
        told: Callable[[Row], None],
        offset_known: bool,
    ) -> None:
        self.loop = loop
        self.dead = False
        self.lock = SenderLock(path.with_suffix(".lock"))
        self._store = SqliteStore(path)
        self._working = threading.RLock()
        self.line = Line(
            zoho,
            pause=self._pause,
            leaves=lambda records: leaves(self, records),
            offset_known=offset_known,
        )
        self.courier = Courier(
            store=Stopped(self._store, self._point, self._working),
            lock=self.lock,
            zoho=self.line,
            org=self.line.org,
            rest=Rest(WAITS, clock=clock, jitter=lambda: 1.0),
            listeners=Listeners(on_change=lambda row: None if self.dead else told(row)),
            clock=clock,
        )
        self._stop: Stop | None = None
        self._points = 0
        self._task: asyncio.Task[bool] | None = None
        self._stands = asyncio.Event()
        self._go = threading.Event()

    @property
    def held(self) -> bool:
        """Whether it stands still in the middle of a step."""
        return self._task is not None

    def step(self, stop: Stop | None = None) -> bool:
        """Do a step, up to its end or its stop; return whether something was done."""
        self._points, self._stop = 0, stop
        self._task = self.loop.create_task(self.courier.step())
        return self._run()

    def go_on(self, stop: Stop | None = None) -> bool:
        """Go on from where it was held."""
        self._points, self._stop = 0, stop
        self._stands.clear()
        self._go.set()
        return self._run()

    def kill(self) -> None:
        """End it as SIGKILL does: the kernel frees its lock, and it writes nothing more."""
        self.dead = True
        if self._task is not None:
            self.go_on()
        self.lock.release()
        self._store.close()

    def _run(self) -> bool:
        return self.loop.run_until_complete(self._to_the_end_or_a_hold())

    async def _to_the_end_or_a_hold(self) -> bool:
        task, stands = self._task, asyncio.ensure_future(self._stands.wait())
        assert task is not None
        await asyncio.wait({task, stands}, return_when=asyncio.FIRST_COMPLETED)
        stands.cancel()
        if not task.done():
            return True
        self._task = None
        await asyncio.to_thread(self._no_thread_is_left)
        try:
            return task.result()
        except Killed:
            self.dead = True
        except (asyncio.CancelledError, StorageError):
            pass  # the courier may go on, or its process may end: the next steps tell
        return True

    def _no_thread_is_left(self) -> None:
        with self._working:
            pass

    # The points

    def _reached(self) -> str | None:
        if self.dead:
            raise Killed
        self._points += 1
        if self._stop is None or self._points != self._stop.point:
            return None
        if self._stop.how == KILL:
            self.dead = True
            raise Killed
        return self._stop.how

    def _point(self, before: bool) -> None:
        """A point in a thread of the pool (or in the loop's, where nothing may wait)."""
        how = self._reached()
        if how == FULL and before:
            raise StorageError("The disk is full.", next_step="Free some space.", code="disk_full")
        if how == CUT:
            self.loop.call_soon_threadsafe(self._cut)
        if how == HOLD and threading.current_thread() is not threading.main_thread():
            self._go.clear()
            self.loop.call_soon_threadsafe(self._stands.set)
            self._go.wait()
            if self.dead:
                raise Killed

    async def _pause(self) -> None:
        """A point on the line."""
        how = self._reached()
        if how == CUT:
            self._cut()
            await asyncio.sleep(0)
        if how == HOLD:
            self._go.clear()
            self._stands.set()
            await asyncio.to_thread(self._go.wait)
            if self.dead:
                raise Killed

    def _cut(self) -> None:
        if self._task is not None:
            self._task.cancel()
