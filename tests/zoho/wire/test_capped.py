"""A cap on the decoded size of a body: nothing is lost below it, and little memory is used above it."""

from __future__ import annotations

import gzip
import random
import tracemalloc
from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import given, strategies as st

from zoho.wire.capped import CAP_EXTENSION, DEFAULT_CAP, MIB, BodyTooLarge, cap_body


class Chunks(httpx.AsyncByteStream):
    def __init__(self, content: bytes, size: int = 65536) -> None:
        self._content = content
        self._size = size
        self.closed = False
        self.given = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._content), self._size):
            self.given += self._size
            yield self._content[start : start + self._size]

    async def aclose(self) -> None:
        self.closed = True


def client(stream: httpx.AsyncByteStream, encoding: str | None = None) -> httpx.AsyncClient:
    headers = {} if encoding is None else {"Content-Encoding": encoding}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, headers=headers, stream=stream))
    return httpx.AsyncClient(transport=transport, event_hooks={"response": [cap_body]})


async def fetch(stream: httpx.AsyncByteStream, encoding: str | None = None, cap: int | None = None) -> bytes:
    extensions = {} if cap is None else {CAP_EXTENSION: cap}
    async with client(stream, encoding) as http:
        return (await http.get("https://zoho.test/", extensions=extensions)).content


@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.integers(0, 300_000).map(
            lambda size: b'{"Last_Name": "Roe"},' * (size // 21) + b"x" * (size % 21)
        ),
        st.integers(0, 200_000).map(lambda size: random.Random(size).randbytes(size)),
    ),
    size=st.sampled_from((7, 1000, 65536)),
)
async def test_a_body_below_the_cap_is_whole(content: bytes, size: int) -> None:
    size = max(size, len(content) // 500)
    assert await fetch(Chunks(content, size)) == content
    assert await fetch(Chunks(gzip.compress(content), size), "gzip") == content


@pytest.mark.parametrize("encoding", [None, "identity", "gzip", "GZIP"])
async def test_the_cap_is_on_the_decoded_size(encoding: str | None) -> None:
    zipped = encoding is not None and encoding.lower() == "gzip"
    exact, over = b" " * 1000, b" " * 1001
    streams = [Chunks(gzip.compress(body) if zipped else body) for body in (exact, over)]
    assert len(await fetch(streams[0], encoding, cap=1000)) == 1000
    with pytest.raises(BodyTooLarge):
        await fetch(streams[1], encoding, cap=1000)
    assert streams[1].closed


async def test_the_usual_cap_is_one_mebibyte() -> None:
    assert DEFAULT_CAP == MIB
    assert len(await fetch(Chunks(b" " * MIB))) == MIB
    with pytest.raises(BodyTooLarge):
        await fetch(Chunks(b" " * (MIB + 1)))


async def test_an_endless_body_is_left_at_the_cap() -> None:
    stream = Chunks(b" " * (50 * MIB))
    with pytest.raises(BodyTooLarge):
        await fetch(stream)
    assert stream.given <= 2 * MIB
    assert stream.closed


async def test_a_gzip_bomb_costs_little_memory() -> None:
    bomb = gzip.compress(b" " * (200 * MIB))
    assert len(bomb) < MIB
    await fetch(Chunks(b"{}"))  # what is imported on first use is not counted
    stream = Chunks(bomb, len(bomb))
    tracemalloc.start()
    try:
        with pytest.raises(BodyTooLarge):
            await fetch(stream, "gzip")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * MIB


@pytest.mark.parametrize(
    ("begin", "again"),
    [(gzip.compress(b"{}"), b"x"), (gzip.compress(b"")[:10], b"\x00\x00\x00\xff\xff")],
    ids=["after the end of the gzip", "empty blocks"],
)
async def test_what_decodes_to_nothing_is_not_read_for_ever(begin: bytes, again: bytes) -> None:
    stream = Chunks(begin + again * (50 * MIB // len(again)))
    with pytest.raises(BodyTooLarge):
        await fetch(stream, "gzip")
    assert stream.given <= 2 * MIB
    assert stream.closed


async def test_a_bomb_inside_a_bomb_is_not_opened() -> None:
    with pytest.raises(BodyTooLarge, match="was not asked for"):
        await fetch(Chunks(gzip.compress(gzip.compress(b" " * MIB))), "gzip, gzip")


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "\t", "nonsense"])
async def test_an_encoding_that_was_not_asked_for(encoding: str) -> None:
    stream = Chunks(b"{}")
    with pytest.raises(BodyTooLarge, match="was not asked for"):
        await fetch(stream, encoding)
    assert stream.closed


@pytest.mark.parametrize(
    "content", [b"{}", b"\x1f\x8b\x08 but no more of it", gzip.compress(b"{}" * 99)[:-20] + b"x" * 40]
)
async def test_gzip_that_is_none(content: bytes) -> None:
    with pytest.raises(BodyTooLarge, match="not the gzip"):
        await fetch(Chunks(content), "gzip")


async def test_a_body_too_large_is_an_error_of_httpx() -> None:
    assert issubclass(BodyTooLarge, httpx.DecodingError)


async def test_an_answer_that_is_in_memory_already_is_left_alone() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"a": 1}))
    async with httpx.AsyncClient(transport=transport, event_hooks={"response": [cap_body]}) as http:
        assert (await http.get("https://zoho.test/")).json() == {"a": 1}
