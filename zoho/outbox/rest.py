"""When the sender rests, and for how long."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from zoho.outbox.store import Pause
from zoho.wire.http import Deadlines


@dataclass(frozen=True, slots=True)
class Waits:
    """How long the courier waits for what, in seconds.

    ``deadline`` is the longest that a request of ours can be under way; ``margin`` is added before the lead
    is sent again or looked up for the last time, for what is still on its way inside Zoho. A line that is
    down is tried again after ``first_retry``, then twice that, and so on up to ``longest_retry``. ``poll`` is
    the time between two looks for what another process saved, or for the end of a pause.
    """

    deadline: float = Deadlines().overall
    margin: float = 5.0
    first_retry: float = 1.0
    longest_retry: float = 300.0
    poll: float = 1.0

    @property
    def longest_under_way(self) -> float:
        """The time after which everything that may be under way has arrived."""
        return self.deadline + self.margin


class Rest:
    """The sender's pause, if there is one.

    Args:
        waits: the lengths.
        clock: seconds since the epoch.
        jitter: a number from 0 to 1, so that many senders do not come back at the same moment.
    """

    def __init__(
        self,
        waits: Waits | None = None,
        *,
        clock: Callable[[], float] = time.time,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.waits = waits or Waits()
        self._clock = clock
        self._jitter = jitter
        self._pause: Pause | None = None
        self._line_down = False
        self._failures = 0

    @property
    def active(self) -> bool:
        """Whether the sender rests now."""
        pause = self._pause
        return pause is not None and (pause.until is None or pause.until > self._clock())

    def begin(self, pause: Pause, *, grows: bool = False, line_down: bool = False) -> Pause:
        """Rest, and return the pause as it will be.

        Args:
            pause: why, and until when.
            grows: the length is set here instead: longer with each failure in a row, with jitter.
            line_down: new work ends the pause (`try_line`).
        """
        if grows:
            longest = min(self.waits.longest_retry, self.waits.first_retry * 2**self._failures)
            self._failures = min(self._failures + 1, 30)
            pause = replace(pause, until=self._clock() + longest * (0.5 + self._jitter() / 2))
        self._pause = pause
        self._line_down = line_down
        return pause

    def try_line(self) -> None:
        """Let new work try a line that was down; a pause for another reason stays."""
        if self._line_down and self._pause is not None:
            # Over, but not forgotten: `end` tells of it when the line has proved to be up again.
            self._pause = replace(self._pause, until=self._clock())

    def end(self) -> bool:
        """Go on; return whether there was a pause."""
        paused, self._pause, self._line_down, self._failures = self._pause, None, False, 0
        return paused is not None

    def outlasts(self, moment: float) -> bool:
        """Say whether the pause lasts beyond *moment* (seconds since the epoch)."""
        pause = self._pause
        return self.active and pause is not None and (pause.until is None or pause.until > moment)
