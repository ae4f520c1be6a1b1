"""What a process did to the files of one folder, and what it said meanwhile, read from strace's log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WATCHED = (
    "openat,open,creat,pwrite64,write,pwritev,pwritev2,writev,fsync,fdatasync,sync_file_range,ftruncate,"
    "truncate,fallocate,unlink,unlinkat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mmap,"
    "copy_file_range,sendfile,sendto,sendmsg"
)
STRACE = ("-f", "-y", "-xx", "-s", "1000000", "-e", f"trace={WATCHED}", "-e", "signal=none")
"""strace's options for such a log."""

_LINE = re.compile(r"(?P<thread>\d+) +(?:(?P<call>\w+)\(|<\.\.\. \w+ resumed>)(?P<rest>.*)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FILE = re.compile(r"<((?:\\x[0-9a-f]{2})+)>(\(deleted\))?")
_SYNCS = ("fsync", "fdatasync")
_UNFINISHED = " <unfinished ...>"
_RESULT = re.compile(r".*\) += (-?\w+)")


@dataclass(frozen=True)
class Created:
    """The file *name* was made."""

    name: str


@dataclass(frozen=True)
class Removed:
    """The file *name* was removed from the folder."""

    name: str


@dataclass(frozen=True)
class Written:
    """*data* was written into the file *name* at *offset*."""

    name: str
    offset: int
    data: bytes


@dataclass(frozen=True)
class Cut:
    """The file *name* was made *size* bytes long."""

    name: str
    size: int


@dataclass(frozen=True)
class Synced:
    """What was written into the file *name* is on the disk; an empty name is the folder itself."""

    name: str


@dataclass(frozen=True)
class Said:
    """A line on standard output."""

    line: str


@dataclass(frozen=True)
class Sent:
    """Bytes that left over a socket."""

    data: bytes


Event = Created | Removed | Written | Cut | Synced | Said | Sent


@dataclass(frozen=True)
class _Call:
    name: str
    text: str

    @property
    def failed(self) -> bool:
        result = _RESULT.match(self.text)
        return result is not None and result[1] == "-1"

    @property
    def strings(self) -> list[bytes]:
        return [_bytes(found) for found in _TEXT.findall(self.text)]

    @property
    def file(self) -> str:
        """The path of the first descriptor that is no folder to begin a relative path from; "" if gone."""
        path, deleted = next(iter(_FILE.findall(self.text)), ("", ""))
        return "" if deleted else _bytes(path).decode()

    def number(self, which: int) -> int:
        """Return the argument number *which* from the end, the last one being 1."""
        return int(self.text[: self.text.rindex(")")].split(", ")[-which])


def read_log(log: Path, folder: Path, prefix: str) -> list[Event]:
    """Return what *log* has about the files of *folder* whose names begin with *prefix*.

    Raises:
        ValueError: one of them was changed in a way that is not modelled here.
    """
    reader = _Reader(folder, prefix)
    return [event for call in _calls(log) if not call.failed for event in reader.events(call)]


def _calls(log: Path) -> Iterator[_Call]:
    """Give the calls: what is said when it begins, what is done to files when it has ended."""
    begun: dict[str, _Call] = {}
    with log.open() as lines:
        for line in lines:
            found = _LINE.match(line)
            if found is None:
                continue
            thread, rest = found["thread"], found["rest"].rstrip("\n")
            call = _Call(found["call"] or begun[thread].name, rest)
            if found["call"] is None:
                call = _Call(call.name, begun.pop(thread).text + rest)
            elif rest.endswith(_UNFINISHED):
                call = begun[thread] = _Call(call.name, rest.removesuffix(_UNFINISHED))
                if not _speaks(call):
                    continue
            if found["call"] is not None or not _speaks(call):
                yield call


def _speaks(call: _Call) -> bool:
    return call.name in ("sendto", "sendmsg") or (call.name == "write" and call.text.startswith("1<"))


class _Reader:
    def __init__(self, folder: Path, prefix: str) -> None:
        self._folder = str(folder)
        self._prefix = prefix
        self._names: set[str] = set()

    def events(self, call: _Call) -> Iterator[Event]:
        if _speaks(call):
            for data in call.strings:
                yield Said(data.decode().strip()) if call.name == "write" else Sent(data)
        elif call.name in ("openat", "unlink"):
            yield from self._of_a_name(call)
        elif call.file == self._folder and call.name in _SYNCS:
            yield Synced("")
        elif name := self._ours(call.file):
            yield from self._of_a_file(call, name)
        elif any(self._ours(text.decode(errors="replace")) for text in call.strings[:2]):
            raise ValueError(f"{call.name} is not modelled")

    def _ours(self, path: str) -> str:
        """Return the name of our file *path*, or nothing."""
        folder, _, name = path.rpartition("/")
        return name if folder == self._folder and name.startswith(self._prefix) else ""

    def _of_a_name(self, call: _Call) -> Iterator[Event]:
        name = self._ours(call.strings[0].decode())
        if not name:
            return
        if call.name == "unlink":
            self._names.discard(name)
            yield Removed(name)
        elif "O_CREAT" in call.text and name not in self._names:
            self._names.add(name)
            yield Created(name)
        if "O_TRUNC" in call.text:
            yield Cut(name, 0)

    def _of_a_file(self, call: _Call, name: str) -> Iterator[Event]:
        if call.name == "pwrite64":
            yield Written(name, call.number(1), call.strings[0])
        elif call.name in _SYNCS:
            yield Synced(name)
        elif call.name == "ftruncate":
            yield Cut(name, call.number(1))
        elif call.name != "mmap" or ("MAP_SHARED" in call.text and "PROT_WRITE" in call.text):
            raise ValueError(f"{call.name} is not modelled")


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))
