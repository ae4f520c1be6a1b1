"""Rep's processes that start quickly: forked by a program that has imported everything already.

Run as a program, it is that program: it forks a rep's process for each order that comes over a socket. Each
is a process of its own, with files, threads and connections of its own; only the imports are shared.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from rep_process import Rep, environment, main

_SET_PTRACER = 0x59616D61  # PR_SET_PTRACER of <sys/prctl.h>
_ANY = ctypes.c_ulong(-1)


class WarmRep:
    """A rep's process that waits at its gate (see `Rep`), before the first touch of the outbox.

    Args:
        pid: the process, whose first thread has that id too.
        said: what it prints.
        gate: what it reads.
    """

    def __init__(self, pid: int, said: int, gate: int) -> None:
        self.pid = pid
        self._said = os.fdopen(said, "rb")
        self._gate = gate
        word, _, thread = self._said.readline().decode().partition(" ")
        assert word == "ready", word
        self.threads = {"main": pid, "pool": int(thread)}

    def go(self) -> list[str]:
        """Let it go on; return what it said when it has ended, however that was."""
        os.write(self._gate, b"\n")
        os.close(self._gate)
        with self._said:
            return self._said.read().decode().splitlines()


class WarmReps:
    """Starts them.

    Args:
        orders: the socket to the program that forks them.
    """

    def __init__(self, orders: socket.socket) -> None:
        self._orders = orders

    def start(self, rep: Rep) -> WarmRep:
        """Start one; it waits at its gate."""
        gate, open_gate = os.pipe()
        said, say = os.pipe()
        socket.send_fds(self._orders, [json.dumps(asdict(rep)).encode()], [gate, say])
        os.close(gate)
        os.close(say)
        return WarmRep(int(self._orders.recv(100)), said, open_gate)


@contextmanager
def warm_reps() -> Iterator[WarmReps]:
    """Run the program that forks rep's processes."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours:
        with theirs:
            fork = subprocess.Popen(
                [sys.executable, str(Path(__file__)), str(theirs.fileno())],
                env=environment(),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        try:
            yield WarmReps(ours)
        finally:
            ours.shutdown(socket.SHUT_RDWR)
            fork.wait(10)


def _import_everything() -> None:
    import outbox_office  # noqa: F401

    from zoho.api import ZohoClient  # noqa: F401
    from zoho.outbox import Courier, SqliteStore  # noqa: F401


def _serve(orders: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
    while True:
        order, files, _, _ = socket.recv_fds(orders, 100_000, 2)
        if not order:
            return
        pid = os.fork()
        if pid == 0:
            os._exit(_be_one(orders, order, files))
        for file in files:
            os.close(file)
        orders.send(str(pid).encode())


def _be_one(orders: socket.socket, order: bytes, files: list[int]) -> int:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    # Where the kernel lets only a parent trace (Yama, as on Ubuntu): strace is none, and is let in.
    ctypes.CDLL(None).prctl(_SET_PTRACER, _ANY, 0, 0, 0)
    orders.close()
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    return main(Rep(**json.loads(order)))


if __name__ == "__main__":
    _import_everything()
    _serve(socket.socket(fileno=int(sys.argv[1])))
