"""Rep's processes that start quickly (`fork_server`). Run as a program, it is the one that forks them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from fork_server import ForkServer, fork_server, serve
from rep_process import Rep, main


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
        server: forks them.
    """

    def __init__(self, server: ForkServer) -> None:
        self._server = server

    def start(self, rep: Rep) -> WarmRep:
        """Start one; it waits at its gate."""
        gate, open_gate = os.pipe()
        said, say = os.pipe()
        pid = self._server.fork(asdict(rep), stdin=gate, stdout=say)
        os.close(gate)
        os.close(say)
        return WarmRep(pid, said, open_gate)


@contextmanager
def warm_reps() -> Iterator[WarmReps]:
    """Run the program that forks rep's processes."""
    with fork_server(__file__) as server:
        yield WarmReps(server)


def _import_everything() -> None:
    import outbox_office  # noqa: F401

    from zoho.api import ZohoClient  # noqa: F401
    from zoho.outbox import Courier, SqliteStore  # noqa: F401


if __name__ == "__main__":
    _import_everything()
    serve(lambda order: main(Rep(**order)))
