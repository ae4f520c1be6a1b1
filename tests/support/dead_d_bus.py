"""A D-Bus that lets everybody in and answers nothing, and the library that would wait for it for ever."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LIBRARY = Path(sys.prefix) / "keyring"
"""Where the library `keyring` is: beside the others, so that nothing else in the tests finds a keyring."""


@contextmanager
def dead_d_bus(path: Path) -> Iterator[str]:
    """Listen on the socket *path*; give the address for ``DBUS_SESSION_BUS_ADDRESS``."""

    def let_in(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            while data := connection.recv(4096):
                if b"AUTH" in data:
                    connection.sendall(b"OK 0123456789abcdef\r\n")
                elif b"NEGOTIATE" in data:
                    connection.sendall(b"ERROR\r\n")

    def serve() -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                threading.Thread(target=let_in, args=(listening.accept()[0],), daemon=True).start()

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        threading.Thread(target=serve, daemon=True).start()
        yield f"unix:path={path}"
        listening.shutdown(socket.SHUT_RDWR)
