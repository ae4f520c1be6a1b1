"""Time that goes by quicker than it does, for a sign-in that waits for a person."""

from __future__ import annotations

import asyncio
import time


class QuickTime:
    """A clock and the sleep that goes with it.

    Args:
        factor: how many seconds go by in one.
    """

    def __init__(self, factor: float) -> None:
        self._factor = factor

    def clock(self) -> float:
        """Return seconds that only ever go forward."""
        return time.monotonic() * self._factor

    async def sleep(self, seconds: float) -> None:
        """Wait so many of these seconds."""
        await asyncio.sleep(seconds / self._factor)
