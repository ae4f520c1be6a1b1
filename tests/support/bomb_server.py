"""Answers made to fill the memory of whoever reads them, served over TCP."""

from __future__ import annotations

import gzip
import socketserver
import threading
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

MIB = 1024 * 1024
SIZE = 200 * MIB

JSON = "json"
"""No bomb: a small answer."""

_JSON_GZIP = gzip.compress(b"{}")
_ENDLESS = {
    "endless": (None, b"", b" " * 65536),
    "endless after its gzip": ("gzip", _JSON_GZIP, b"x" * 65536),
    "endless gzip of nothing": ("gzip", gzip.compress(b"")[:10], b"\x00\x00\x00\xff\xff" * 13000),
}
"""Encoding, beginning, and what is repeated until the reader has gone."""

ENCODINGS = ("gzip", "gzip in chunks", "deflate", "br", "zstd", "gzip, gzip")
KINDS = (*ENCODINGS, "as it is", *_ENDLESS, "endless in chunks")


def bombs() -> dict[str, bytes]:
    """Return the bodies of 200 MB, made once: it takes a second."""
    zeros = gzip.compress(b"\0" * SIZE, 9)
    return {
        "gzip": zeros,
        "deflate": zlib.compress(b"\0" * SIZE, 9),
        # Nobody needs a real one: it must be refused by its name.
        "br": zeros,
        "zstd": zeros,
        "gzip, gzip": gzip.compress(zeros),
    }


@contextmanager
def serve_bombs() -> Iterator[dict[str, str]]:
    """Serve every kind; give the base URL of each."""
    made = bombs()
    with ExitStack() as stack:
        yield {kind: stack.enter_context(_serve(kind, made)) for kind in (JSON, *KINDS)}


@contextmanager
def _serve(kind: str, made: dict[str, bytes]) -> Iterator[str]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):  # the reader has gone, as it should
                self._read_request()
                for piece in _answer(kind, made):
                    self.wfile.write(piece)

        def _read_request(self) -> None:
            length = 0
            while (line := self.rfile.readline().strip().lower()) != b"":
                if line.startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            self.rfile.read(length)

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def _answer(kind: str, made: dict[str, bytes]) -> Iterator[bytes]:
    name = kind.removesuffix(" in chunks")
    encoding, begin, again = _ENDLESS.get(name, (name, b"", b""))
    head = ["HTTP/1.1 200 OK", "Content-Type: application/json", "Connection: close"]
    if encoding not in (None, JSON, "as it is"):
        head.append(f"Content-Encoding: {encoding}")
    in_chunks = kind.endswith("in chunks")
    if in_chunks:
        head.append("Transfer-Encoding: chunked")
    elif name in made:
        head.append(f"Content-Length: {len(made[name])}")
    yield "\r\n".join([*head, "", ""]).encode()
    for piece in _body(name, made, begin, again):
        yield b"%x\r\n%s\r\n" % (len(piece), piece) if in_chunks else piece
    if in_chunks:
        yield b"0\r\n\r\n"


def _body(name: str, made: dict[str, bytes], begin: bytes, again: bytes) -> Iterator[bytes]:
    if name == JSON:
        yield b"{}"
    elif name in made:
        yield made[name]
    elif name == "as it is":
        for _ in range(SIZE // MIB):
            yield b"\0" * MIB
    else:
        yield begin or again
        while True:
            yield again
