"""A disk whose power may go: what may be on it when it comes back.

Until a file is synced, each sector of what was written into it may be there or not; until the folder is
synced, each file that was made in it, or removed from it, may be there or not. (File systems promise more;
which, differs.) The folder itself is there.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from disk_log import Created, Cut, Event, Removed, Synced, Written

SECTOR = 512

Files = dict[str, bytes]
Kept = Callable[[], bool]
"""Says of each thing that is not synced whether it is on the disk."""


@dataclass
class _File:
    durable: bytes = b""
    pending: list[Written | Cut] = field(default_factory=list)

    def after(self, kept: Kept) -> bytes:
        content = bytearray(self.durable)
        for change in self.pending:
            if isinstance(change, Written):
                _write(content, change, kept)
            elif kept():
                _cut(content, change.size)
        return bytes(content)


class Disk:
    """The files of one folder."""

    def __init__(self) -> None:
        self._now: dict[str, _File] = {}
        self._durable: dict[str, _File] = {}
        self._pending: list[tuple[str, _File | None]] = []

    def apply(self, event: Event) -> None:
        """Let something be done to it; what is said or sent changes nothing."""
        match event:
            case Created(name):
                self._now[name] = _File()
                self._pending.append((name, self._now[name]))
            case Removed(name):
                del self._now[name]
                self._pending.append((name, None))
            case Written(name) | Cut(name):
                self._now[name].pending.append(event)
            case Synced(""):
                self._durable, self._pending = dict(self._now), []
            case Synced(name):
                file = self._now[name]
                file.durable, file.pending = file.after(lambda: True), []
            case _:
                pass

    def after(self, kept: Kept) -> Files:
        """Return what is on the disk when the power goes now."""
        names = dict(self._durable)
        for name, file in self._pending:
            if not kept():
                continue
            if file is None:
                names.pop(name, None)
            else:
                names[name] = file
        return {name: file.after(kept) for name, file in names.items()}

    def everything(self) -> Files:
        """Return it as if all was written in time."""
        return self.after(lambda: True)

    def synced(self) -> Files:
        """Return it as if nothing was written that need not be."""
        return self.after(lambda: False)

    def some(self, chance: random.Random) -> Files:
        """Return it with a part of what need not be there: more or less of it, from state to state."""
        share = chance.choice((0.1, 0.5, 0.9))
        return self.after(lambda: chance.random() < share)


def _write(content: bytearray, change: Written, kept: Kept) -> None:
    end = change.offset + len(change.data)
    start = change.offset
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        if kept():
            if len(content) < stop:
                content.extend(bytes(stop - len(content)))
            content[start:stop] = change.data[start - change.offset : stop - change.offset]
        start = stop


def _cut(content: bytearray, size: int) -> None:
    del content[size:]
    content.extend(bytes(size - len(content)))
