"""Who is told what the courier does. A listener's failure is its own: it must not leave a lead half done."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from zoho.leads.check_up import Finding
from zoho.outbox.follow_ups import FollowUpRow
from zoho.outbox.store import Pause, Row

_log = logging.getLogger("zoho.outbox")
_T = TypeVar("_T")


class Listeners:
    """What to call, in the event loop's thread.

    Args:
        on_change: is told each lead whose state changed.
        on_pause: is told why the sender rests, and None when it goes on.
        on_finding: is told what the rep should know about the org.
        on_follow_up: is told each note or task whose state changed.
    """

    def __init__(
        self,
        *,
        on_change: Callable[[Row], None] | None = None,
        on_pause: Callable[[Pause | None], None] | None = None,
        on_finding: Callable[[Finding], None] | None = None,
        on_follow_up: Callable[[FollowUpRow], None] | None = None,
    ) -> None:
        self._on_change = on_change
        self._on_pause = on_pause
        self._on_finding = on_finding
        self._on_follow_up = on_follow_up

    def change(self, row: Row) -> None:
        """Tell of a lead."""
        _tell(self._on_change, row)

    def follow_up(self, row: FollowUpRow) -> None:
        """Tell of a note or task."""
        _tell(self._on_follow_up, row)

    def pause(self, pause: Pause | None) -> None:
        """Tell of a rest, or of its end."""
        _tell(self._on_pause, pause)

    def finding(self, finding: Finding) -> None:
        """Tell of the org."""
        _tell(self._on_finding, finding)


def _tell(listener: Callable[[_T], None] | None, news: _T) -> None:
    if listener is None:
        return
    try:
        listener(news)
    except Exception:
        _log.exception("A listener of the courier failed")
