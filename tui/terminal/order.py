"""Keys act in the order in which they were typed, however close together they arrive."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, Final, Protocol

from textual import events
from textual.app import App
from textual.message import Message

_LONGEST_ACTION: Final = 2.0
"""Seconds that one key may hold up those after it; an action that takes longer has no claim on them."""


class CallsLater(Protocol):
    """The part of a message pump that is needed."""

    def call_later(self, callback: Any, *args: Any) -> bool:
        """Call after the messages that wait now."""
        ...


class KeyOrder:
    """Hands the app one message after another.

    Textual acts on a bound key (Backspace, Tab, Ctrl+S) only when it has bubbled from the focused widget up
    to the app, and each widget on the way has a queue of its own. A letter typed after it is taken by the
    focused widget at once. On a fast keyboard nobody notices; on a slow line several keys arrive in one
    packet, and then "ab, Backspace, c" leaves "ab", and what is typed after Tab lands in the field before.
    So, after a key that is no letter, what follows waits until the key has gone its way.
    """

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._waiting: deque[Message] = deque()
        self._task: asyncio.Task[None] | None = None

    def deliver(self, message: Message) -> None:
        """Give *message* to the app, after those before it have acted; call it in the app's event loop."""
        self._waiting.append(message)
        if self._task is None:
            self._go_on()

    def _go_on(self) -> None:
        self._task = None
        while self._waiting:
            message = self._waiting.popleft()
            self._app.post_message(message)
            if isinstance(message, events.Key) and not message.is_printable:
                self._task = asyncio.create_task(self._acted(), name="order of keys")
                self._task.add_done_callback(lambda _: self._go_on())
                break

    async def _acted(self) -> None:
        try:
            async with asyncio.timeout(_LONGEST_ACTION):
                await _passed(self._app)  # who has forwarded the key to the focused widget
                focused = self._app.focused or self._app.screen
                for node in focused.ancestors_with_self:
                    await _passed(node)
        except Exception:  # the screens are gone, or the action takes too long
            return


async def _passed(pump: CallsLater) -> None:
    done = asyncio.get_running_loop().create_future()
    if pump.call_later(_settle, done):
        await done


def _settle(done: asyncio.Future[None]) -> None:
    if not done.done():
        done.set_result(None)
