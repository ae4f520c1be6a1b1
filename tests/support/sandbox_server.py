"""A stand-in over real TCP for a test: uvicorn in a thread, on a free port, gone when the test is over."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from zoho.sandbox import World, create_app
from zoho.sandbox.server import SandboxServer, listen


class Serving(str):
    """The base URL of a stand-in that is being served; ``server`` is the server itself."""

    server: SandboxServer


@contextmanager
def serve(world: World) -> Iterator[Serving]:
    """Serve *world*; give its base URL."""
    ready = threading.Event()

    class Told(SandboxServer):
        def listening(self) -> None:
            ready.set()

    sock = listen()
    server = Told(create_app(world), sock)
    thread = threading.Thread(target=server.start, name="sandbox", daemon=True)
    thread.start()
    try:
        if not ready.wait(10):
            raise RuntimeError("The stand-in did not begin to listen.")
        url = Serving(server.base_url)
        url.server = server
        yield url
    finally:
        server.should_exit = True
        thread.join(10)
        sock.close()
        if thread.is_alive():
            raise RuntimeError("The stand-in did not stop.")
