"""Processes that start quickly: forked by a program that has imported everything already.

That program forks one for each order that comes over a socket. Each is a process of its own, with files,
threads and connections of its own; only the imports are shared.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rep_process import environment

_SET_PTRACER = 0x59616D61  # PR_SET_PTRACER of <sys/prctl.h>
_ANY = ctypes.c_ulong(-1)


class ForkServer:
    """Has processes forked.

    Args:
        orders: the socket to the program that forks them.
    """

    def __init__(self, orders: socket.socket) -> None:
        self._orders = orders

    def fork(self, order: Mapping[str, Any], *, stdin: int, stdout: int) -> int:
        """Start one that is told *order*; return its id."""
        socket.send_fds(self._orders, [json.dumps(order).encode()], [stdin, stdout])
        return int(self._orders.recv(100))


@contextmanager
def fork_server(program: str) -> Iterator[ForkServer]:
    """Run *program*, a file that calls `serve`."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours:
        with theirs:
            server = subprocess.Popen(
                [sys.executable, program, str(theirs.fileno())],
                env=environment(),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        try:
            yield ForkServer(ours)
        finally:
            ours.shutdown(socket.SHUT_RDWR)
            server.wait(10)


def serve(be_one: Callable[[dict[str, Any]], int | None]) -> None:
    """In the program: fork a process for each order, in which *be_one* is called with it."""
    orders = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
    while True:
        order, files, _, _ = socket.recv_fds(orders, 100_000, 2)
        if not order:
            return
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            # Where the kernel lets only a parent trace (Yama, as on Ubuntu): strace is none, and is let in.
            ctypes.CDLL(None).prctl(_SET_PTRACER, _ANY, 0, 0, 0)
            orders.close()
            for number, file in enumerate(files):
                os.dup2(file, number)
                os.close(file)
            os._exit(be_one(json.loads(order)) or 0)
        for file in files:
            os.close(file)
        orders.send(str(pid).encode())
