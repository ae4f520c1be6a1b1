"""Response bodies with a cap on their *decoded* size, so that a small answer cannot fill the memory.

httpx decodes each chunk whole: 194 kB of gzip became 200 MB in one step. Here the body is inflated piece by
piece, below httpx, and reading stops with `BodyTooLarge` as soon as the cap is passed, or what is packed is
packed too well to be an answer.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator

from zoho.wire.lean_httpx import httpx

MIB = 1024 * 1024
DEFAULT_CAP = MIB
CAP_EXTENSION = "zoho_body_cap"
"""Key in ``httpx.Request.extensions`` for another cap than `DEFAULT_CAP`, in bytes."""

_PIECE = 64 * 1024
_SLACK = 64 * 1024
"""Bytes by which the encoded body may be larger than what it decodes to: gzip's own."""
_DENSEST = 300
"""Bytes that one byte of gzip may become, once `_MOST_DENSE` were had: layouts have some 40, zeros 1,000."""
_MOST_DENSE = MIB


class BodyTooLarge(httpx.DecodingError):
    """The decoded body is larger than its cap, or cannot be decoded."""


class _CappedStream(httpx.AsyncByteStream):
    def __init__(self, inner: httpx.AsyncByteStream, *, gzipped: bool, cap: int) -> None:
        self._inner = inner
        self._inflater = zlib.decompressobj(zlib.MAX_WBITS | 16) if gzipped else None
        self._left = cap
        self._left_encoded = cap + _SLACK
        self._inflated = self._taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._inner:
            # What follows the end of a gzip, or decodes to nothing, would be read for ever.
            self._left_encoded -= len(chunk)
            if self._left_encoded < 0:
                raise BodyTooLarge("the answer is too large")
            for piece in self._decoded(chunk):
                self._left -= len(piece)
                if self._left < 0:
                    raise BodyTooLarge("the answer is too large")
                yield piece

    def _decoded(self, chunk: bytes) -> Iterator[bytes]:
        if self._inflater is None:
            yield chunk
            return
        while chunk and not self._inflater.eof:  # what is given after the end, zlib would collect
            try:
                piece = self._inflater.decompress(chunk, _PIECE)
            except zlib.error:
                raise BodyTooLarge("the answer is not the gzip that it says it is") from None
            left = self._inflater.unconsumed_tail
            self._taken += len(chunk) - len(left)
            self._inflated += len(piece)
            if self._inflated > max(_MOST_DENSE, _DENSEST * self._taken):
                raise BodyTooLarge("the answer is packed too well")
            chunk = left
            yield piece

    async def aclose(self) -> None:
        await self._inner.aclose()


async def cap_body(response: httpx.Response) -> None:
    """Event hook of httpx: put the cap under *response* before anybody reads it."""
    stream = response.stream
    if response.is_stream_consumed or not isinstance(stream, httpx.AsyncByteStream):
        return  # an in-memory answer, already read: nothing is left to save
    encoding = response.headers.pop("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise BodyTooLarge(f"the answer is encoded as {encoding!r}, which was not asked for")
    cap = response.request.extensions.get(CAP_EXTENSION, DEFAULT_CAP)
    response.stream = _CappedStream(stream, gzipped=encoding == "gzip", cap=cap)
