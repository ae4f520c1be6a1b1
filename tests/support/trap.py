"""A world where every name leads somewhere: Zoho's to answers on order, all others to one trap."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

Answers = Callable[[httpx.Request], httpx.Response]


class Trap:
    """Who must hear nothing. ``heard`` is every byte; ``callers`` is how many came, silent ones too."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.callers = 0
        self.heard = bytearray()

    @property
    def url(self) -> str:
        """Its own address."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def listening() -> Iterator[Trap]:
    """Open a trap on a free port."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            trap.callers += 1
            self.request.settimeout(0.5)
            with contextlib.suppress(OSError):
                while piece := self.request.recv(65536):
                    trap.heard += piece
                    if b"\r\n\r\n" in trap.heard:
                        # It plays along, so that whoever was caught goes on.
                        self.request.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        trap = Trap(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield trap
        finally:
            server.shutdown()
            thread.join()


class _AllToTrap(httpcore.AsyncNetworkBackend):
    def __init__(self, trap: Trap) -> None:
        self._inner = httpcore.AnyIOBackend()
        self._trap = trap

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's name
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        return await self._inner.connect_tcp("127.0.0.1", self._trap.port, timeout)


class World(httpx.AsyncBaseTransport):
    """What every request meets.

    Args:
        zoho: the origins that are Zoho's.
        answers: what they answer.
        trap: where every other address leads, over TCP.
    """

    def __init__(self, zoho: Iterable[str], answers: Answers, trap: Trap) -> None:
        self._zoho = frozenset(zoho)
        self._answers = answers
        self._outside = httpx.AsyncHTTPTransport()
        pool = httpcore.AsyncConnectionPool(network_backend=_AllToTrap(trap))
        self._outside._pool = pool
        self.asked: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if origin_of(request) in self._zoho:
            return self._answers(request)
        return await self._outside.handle_async_request(request)

    async def aclose(self) -> None:
        await self._outside.aclose()

    @property
    def foreign(self) -> list[str]:
        """The addresses of the requests that did not go to Zoho."""
        return [str(one.url) for one in self.asked if origin_of(one) not in self._zoho]


def origin_of(request: httpx.Request) -> str:
    """Return where *request* really goes, as ``https://host``, with the port where that is not the usual."""
    return f"{request.url.scheme}://{request.url.netloc.decode()}"
