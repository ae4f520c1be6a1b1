"""What Zoho answered a moment ago: the same value is not asked for twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from zoho.leads.look_up.marks import Mark

KEPT = 300.0
"""Seconds for which an answer is taken for what Zoho would say now."""

MOST = 200
"""Answers that are held: some fifty leads' worth."""

Found = tuple[str, str, Mapping[str, Any]]


class _Key(NamedTuple):
    module: str
    mark: Mark


class Answers:
    """Answers by module and mark, for a few minutes.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._held: dict[_Key, tuple[float, Sequence[Found]]] = {}

    def keep(self, module: str, mark: Mark, found: Sequence[Found]) -> None:
        """Keep what a module was found to have for a mark."""
        self._held.pop(_Key(module, mark), None)
        self._held[_Key(module, mark)] = self._clock(), found
        while len(self._held) > MOST:
            del self._held[next(iter(self._held))]

    def get(self, module: str, mark: Mark) -> Sequence[Found] | None:
        """Return what a module was found to have for a mark; None, that is not known now."""
        at, found = self._held.get(_Key(module, mark), (0.0, None))
        return found if found is not None and self._clock() - at < KEPT else None

    def forget(self) -> None:
        """Forget all: something was changed in Zoho, or it is another org."""
        self._held.clear()
