"""What a process did to a file that it replaces, read from strace's log, and a disk that knows renaming."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import disk_log
from disk_log import Created, Event, Removed, Said, Synced, Written
from power_disk import Disk


@dataclass(frozen=True)
class Renamed:
    """The file *name* took the name *to*, and the place of who had it."""

    name: str
    to: str


class RenamingDisk(Disk):
    """A `Disk` on which a file may take another's name: until the folder is synced, it has either, or both.

    (No real file system shows both, or the new name gone; what is right here is right there.)
    """

    def apply(self, event: Event | Renamed) -> None:
        """Let something be done to it."""
        if not isinstance(event, Renamed):
            super().apply(event)
            return
        file = self._now.pop(event.name)
        self._now[event.to] = file
        self._pending += [(event.to, file), (event.name, None)]

    def holds(self, name: str, content: bytes) -> None:
        """Begin with a file that has been on the disk for long."""
        for event in (Created(name), Written(name, 0, content), Synced(name), Synced("")):
            self.apply(event)


def read_replacing(log: Path, folder: Path) -> list[Event | Renamed]:
    """Return what *log* has about the files of *folder*.

    Raises:
        ValueError: one of them was changed in a way that is not modelled here.
    """
    reader = _Reader(folder)
    return [event for call in disk_log._calls(log) if not call.failed for event in reader.events(call)]


class _Reader:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written: dict[str, int] = {}

    def events(self, call: disk_log._Call) -> Iterator[Event | Renamed]:
        if call.name == "write" and call.text.startswith("1<"):
            yield Said(call.strings[0].decode().strip())
        elif call.name in ("openat", "rename", "unlink"):
            yield from self._of_names(call, [self._ours(text.decode()) for text in call.strings])
        elif call.file == str(self._folder) and call.name == "fsync":
            yield Synced("")
        elif name := self._ours(call.file):
            yield from self._of_a_file(call, name)

    def _of_names(self, call: disk_log._Call, names: list[str]) -> Iterator[Event | Renamed]:
        if not all(names):
            return
        if call.name == "rename":
            yield Renamed(*names)
        elif call.name == "unlink":
            yield Removed(*names)
        elif "O_CREAT" in call.text and names[0] not in self._written:
            self._written[names[0]] = 0
            yield Created(*names)
        elif "O_TRUNC" in call.text:
            yield disk_log.Cut(names[0], 0)

    def _of_a_file(self, call: disk_log._Call, name: str) -> Iterator[Event]:
        if call.name == "write":
            data = call.strings[0]
            yield Written(name, self._written[name], data)
            self._written[name] += len(data)
        elif call.name == "fsync":
            yield Synced(name)
        elif call.name not in ("mmap", "ftruncate"):
            raise ValueError(f"{call.name} is not modelled")

    def _ours(self, path: str) -> str:
        """Return the name of the file *path* of the folder, or nothing."""
        whole = Path(path)
        return whole.name if whole.parent == self._folder else ""
