"""System calls of one thread, seen and disturbed by strace.

How strace counts: ``when=N`` means the N-th call *of that system call in that thread* since strace attached.
With ``-f`` each thread has a counter of its own, and whichever comes to N first is hit; so one thread is
attached to at a time, without ``-f``, and then every call of every thread can be hit.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from warm_reps import WarmRep

_CALL = re.compile(r"(?:\d+ +)?(\w+)\(")
_NO_RETURN = ("exit_group", "exit")


@dataclass(frozen=True)
class Point:
    """The *number*-th call of *call* in *thread* (``main`` or ``pool``), counted from the gate on."""

    thread: str
    call: str
    number: int

    def __str__(self) -> str:
        return f"{self.call} {self.number} of the thread {self.thread}"


@dataclass
class Traced:
    """What became of a rep's process under strace: what it said, and strace's log."""

    said: list[str]
    log: list[str]

    @property
    def killed(self) -> bool:
        return self.log[-1].endswith("+++ killed by SIGKILL +++")

    @property
    def disturbed(self) -> bool:
        """Whether a call was made to fail."""
        return any("(INJECTED" in line for line in self.log)

    def calls(self) -> Counter[str]:
        """How many calls of each kind were made."""
        found = (_CALL.match(line) for line in self.log)
        return Counter(match.group(1) for match in found if match)


def trace(strace: str, rep: WarmRep, thread: str, log: Path, *options: str) -> Traced:
    """Let *rep* go on with one of its threads under strace, until it has ended."""
    command = [strace, "-p", str(rep.threads[thread]), "-o", str(log), *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr is not None
        told = next((line for line in tracer.stderr if "attach" in line), "strace ended")
        assert told.endswith(" attached\n"), told
        said = rep.go()
        tracer.communicate(timeout=30)
    return Traced(said, log.read_text().splitlines())


def kill_before(point: Point) -> list[str]:
    """Options that kill the process before that call."""
    return ["-e", f"trace={point.call}", "-e", f"inject={point.call}:signal=SIGKILL:when={point.number}"]
