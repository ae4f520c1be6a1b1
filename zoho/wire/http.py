"""The one place where httpx clients are made."""

from __future__ import annotations

import logging
import ssl
from dataclasses import dataclass

import truststore

from zoho import __version__
from zoho.wire.capped import cap_body
from zoho.wire.lean_httpx import httpx


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long each part of a call may take, in seconds.

    ``overall`` covers the whole call: httpx has no total deadline, and a server that drips one byte at a time
    never trips ``read``.
    """

    connect: float = 5.0
    read: float = 20.0
    write: float = 20.0
    pool: float = 5.0
    overall: float = 45.0


_LOOPBACK = ("all://localhost", "all://127.0.0.1", "all://[::1]")


def build_http_client(
    *, deadlines: Deadlines | None = None, transport: httpx.AsyncBaseTransport | None = None
) -> httpx.AsyncClient:
    """Return a client that is careful by default.

    The host's own certificates are trusted (truststore; ``SSL_CERT_FILE`` works) and there is no switch that
    turns checking off; proxies of the environment are honoured; redirects are never followed, since a token
    must not travel to a host that nobody checked; bodies are capped (`zoho.wire.capped`). What goes to this
    machine itself (the stand-in) goes through no proxy.

    Args:
        deadlines: time limits; ``overall`` is kept by the caller, with ``asyncio.timeout``.
        transport: another transport, for tests and for the stand-in in the same process.
    """
    # At INFO these log whole URLs; ours hold no secrets, a caller's might.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    limits = deadlines or Deadlines()
    return httpx.AsyncClient(
        transport=transport,
        mounts=dict.fromkeys(_LOOPBACK),
        verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        timeout=httpx.Timeout(connect=limits.connect, read=limits.read, write=limits.write, pool=limits.pool),
        # One sender and a look-up beside it: Zoho counts concurrent calls per org and app.
        limits=httpx.Limits(max_connections=3, max_keepalive_connections=2),
        headers={
            "User-Agent": f"zoho-leads/{__version__}",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
        },
        follow_redirects=False,
        event_hooks={"response": [_forget_location, cap_body]},
    )


async def _forget_location(response: httpx.Response) -> None:
    """Event hook of httpx: nobody follows it, yet httpx reads it, and some fail with an error of idna's."""
    response.headers.pop("location", None)
