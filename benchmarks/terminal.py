"""A program in a pseudo-terminal, with a stop watch: what came back for a key, and when."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pty_session import PtySession, keys

from benchmarks.cells import Screen, bytes_of_changes, copy_of

QUIET = 0.06
"""Seconds without a byte after which a key has had its effect."""

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Effect:
    """What a key brought about.

    Args:
        ms: from the key to the bytes that show it, in milliseconds.
        size: bytes until the program was quiet again.
        least: bytes that the changed cells cost at least.
        chunks: (milliseconds after the key, bytes) of each write that was read.
    """

    ms: float
    size: int
    least: int
    chunks: Sequence[tuple[float, int]]


class Terminal(PtySession):
    """A program that is measured. It is started at once; ``began`` is when."""

    def __init__(
        self,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        size: tuple[int, int] = (120, 40),
        cwd: Path | None = None,
    ) -> None:
        self.size = size
        self._reads: list[tuple[float, int]] = []
        nothing = dict.fromkeys(os.environ)
        self.began = time.perf_counter()
        super().__init__(argv, env={**nothing, **env}, size=size, cwd=cwd)

    def _feed(self, data: bytes) -> None:
        # Before the bytes are taken apart, which is slow here and no matter of the program's.
        self._reads.append((time.perf_counter(), len(data)))
        super()._feed(data)

    @property
    def last_read(self) -> float:
        """When the last bytes came."""
        return self._reads[-1][0]

    def row(self, y: int) -> str:
        """Return one row of the screen."""
        line = self.buffer[y]
        return "".join(line[x].data for x in range(self.size[0])).rstrip()

    def row_of(self, text: str) -> int:
        """Return the number of the first row that has *text*, -1 if there is none."""
        return next((y for y in range(self.size[1]) if text in self.row(y)), -1)

    def shown(self) -> Screen:
        """Return the cells as they are now."""
        return copy_of(self.buffer, self.size)

    def act(self, key: str, seen: Callable[[], object], *, quiet: float = QUIET) -> Effect:
        """Press a key (or type a text) and wait until *seen* returns something true, and for quiet."""
        before = self.shown()
        ms, chunks = self.tap(key, seen, quiet=quiet)
        return Effect(ms, sum(size for _, size in chunks), bytes_of_changes(before, self.shown()), chunks)

    def tap(
        self, key: str, seen: Callable[[], object], *, quiet: float = QUIET
    ) -> tuple[float, list[tuple[float, int]]]:
        """Do as `act` does, and return no more than time and chunks, which is quicker."""
        first = len(self._reads)
        began = time.perf_counter()
        self.send(keys(key) if len(key) > 1 and not key.startswith("text:") else key.removeprefix("text:"))
        self.wait_for(lambda _: seen())
        at = self.last_read if len(self._reads) > first else began
        self.wait_quiet(quiet)
        return (at - began) * 1000, [((when - began) * 1000, size) for when, size in self._reads[first:]]

    def pause(self, seconds: float) -> None:
        """Take in what comes for some time."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._pump(left)

    def start_ms(self) -> float:
        """Return the milliseconds from the start to the last bytes that came."""
        return (self.last_read - self.began) * 1000

    # What the kernel says

    def memory(self) -> float:
        """Return the resident memory in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        (line,) = [one for one in status.splitlines() if one.startswith("VmRSS")]
        return int(line.split()[1]) / 1024

    def cpu(self) -> float:
        """Return the seconds of CPU that it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK
