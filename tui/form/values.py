"""The values of a form: set, typed, cleared and brought back."""

from __future__ import annotations

from collections.abc import Callable, Mapping


class Values:
    """What every field holds, as text; an empty field holds nothing.

    It remembers what was set by the host beside what was typed since, and the values before the last
    clearing.
    """

    def __init__(self) -> None:
        self._now: dict[str, str] = {}
        self._set: dict[str, str] = {}
        self._cleared: dict[str, str] | None = None

    def __getitem__(self, name: str) -> str:
        return self._now.get(name, "")

    def enter(self, name: str, value: str) -> bool:
        """Take *value* as typed by the rep; return whether it differs from before."""
        if self[name] == value:
            return False
        _put(self._now, name, value)
        return True

    def put(self, name: str, value: str) -> bool:
        """Take *value* as set by the host; return whether it differs from before."""
        _put(self._set, name, value)
        return self.enter(name, value)

    @property
    def dirty(self) -> bool:
        """Whether anything differs from what the host set."""
        return self._now != self._set

    def clear(self, keep: Callable[[str], bool]) -> None:
        """Empty all but the names that *keep* approves, and remember the values if any was there."""
        kept = {name: value for name, value in self._now.items() if keep(name)}
        if kept != self._now:
            self._cleared = dict(self._now)
        self._now = kept
        self._set = dict(kept)

    def restore(self) -> bool:
        """Bring back the values before the last clearing, and remember what was typed since instead."""
        if self._cleared is None:
            return False
        typed = dict(self._now) if self.dirty else None
        self._now, self._cleared = self._cleared, typed
        return True

    def to_dict(self) -> Mapping[str, str]:
        """Return every value by its name."""
        return dict(self._now)


def _put(values: dict[str, str], name: str, value: str) -> None:
    if value:
        values[name] = value
    else:
        values.pop(name, None)
