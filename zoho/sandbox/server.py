"""The stand-in over TCP: uvicorn with connections that can be broken and a door that can close."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from zoho.sandbox.gate import CONNECTION
from zoho.sandbox.world import World


class BreakableProtocol(H11Protocol):
    """uvicorn's own protocol; it hands the application the connection, so that a fault can break it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start serving a connection."""
        super().connection_made(transport)
        inner = self.app

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[CONNECTION] = transport
            await inner(scope, receive, send)  # type: ignore[arg-type]

        self.app = app  # type: ignore[assignment]


class SandboxServer(uvicorn.Server):
    """A uvicorn server of one world.

    Args:
        app: what `create_app` returned.
        sock: the listening socket, see `listen`.
    """

    def __init__(self, app: Starlette, sock: socket.socket) -> None:
        config = uvicorn.Config(
            app,
            http=BreakableProtocol,
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            # The stand-in dates its answers by its own clock.
            date_header=False,
            timeout_graceful_shutdown=1,
        )
        super().__init__(config)
        self._world: World = app.state.world
        self._sock = sock
        self.address: tuple[str, int] = sock.getsockname()[:2]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = 0
        self._again: asyncio.TimerHandle | None = None
        self.on_open: Callable[[], None] = lambda: None
        """Called when connections are taken again after a time of refusal."""

    @property
    def base_url(self) -> str:
        """Where it listens."""
        return f"http://{self.address[0]}:{self.address[1]}"

    def start(self) -> None:
        """Serve until told to stop."""
        self.run(sockets=[self._sock])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, and take orders to refuse."""
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._world.faults.gate = self.refuse
        self.listening()

    def listening(self) -> None:
        """Called once when the server has begun to listen."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening."""
        self._world.faults.gate = None
        if self._again is not None:
            self._again.cancel()
        await super().shutdown(sockets)

    def refuse(self, seconds: float) -> None:
        """Refuse connections for a while, and close the idle ones; done on return, whatever the thread."""
        assert self._loop is not None
        if threading.get_ident() == self._thread:
            self._close_door(seconds)
        else:
            asyncio.run_coroutine_threadsafe(self._door_closed(seconds), self._loop).result(10)

    async def _door_closed(self, seconds: float) -> None:
        self._close_door(seconds)

    def accept(self) -> None:
        """Take connections again, before the time is over. From any thread but the server's."""
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(self._listen_again(), self._loop).result(10)

    def _close_door(self, seconds: float) -> None:
        for server in self.servers:
            server.close()
        self.servers = []
        for connection in list(self.server_state.connections):
            connection.shutdown()
        assert self._loop is not None
        if self._again is not None:
            self._again.cancel()
        self._again = self._loop.call_later(seconds, self._open_door)

    def _open_door(self) -> None:
        assert self._loop is not None
        task = self._loop.create_task(self._listen_again())
        self.server_state.tasks.add(task)
        task.add_done_callback(self.server_state.tasks.discard)

    async def _listen_again(self) -> None:
        assert self._loop is not None
        if self._again is not None:
            self._again.cancel()
            self._again = None
        config, state = self.config, self.server_state

        def protocol() -> asyncio.Protocol:
            app_state: dict[str, Any] = {}
            return BreakableProtocol(config=config, server_state=state, app_state=app_state)

        server = await self._loop.create_server(protocol, sock=listen(*self.address))
        self.servers = [server]
        self.on_open()


def listen(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """Return a socket that is bound to a port (0, any free one).

    Raises:
        OSError: the port is in use.
    """
    # asyncio switches Nagle off only where it sees that this is TCP; with it on, each answer takes 40 ms.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock
