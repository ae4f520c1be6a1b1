"""Putting the token on each request, and a new one when Zoho refuses it."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Generator

from zoho.account.token_cache import AccessToken
from zoho.api.answers import SCOPE_MISSING, decode_body
from zoho.api.calls import Call
from zoho.api.tokens import TokenSource
from zoho.wire.lean_httpx import httpx
from zoho.wire.shapes import as_object, as_text


class ZohoAuth(httpx.Auth):
    """``Authorization: Zoho-oauthtoken ...``, refreshed before it expires and once on a 401.

    A 401 says that the request was not applied, so sending it once more with a new token doubles nothing. A
    401 for a missing scope, or one that is not Zoho's, is not a matter of the token: it is passed on.

    Each request has one of its own: ``in_flight`` tells whether that request may have reached Zoho without
    being refused, ``began`` (`time.monotonic`) when it was last sent.

    Args:
        tokens: where tokens come from.
        on_refused: is told the exchange that ended in a 401 and is repeated.
    """

    def __init__(self, tokens: TokenSource, *, on_refused: Callable[[Call], None] | None = None) -> None:
        self._tokens = tokens
        self._on_refused = on_refused
        self.in_flight = False
        self.began = time.monotonic()

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Send *request* with the current token, and once more with a new one if it is refused.

        Raises:
            ZohoError: if no token can be had; the request was then not applied.
        """
        token = await self._tokens.current()
        response = yield self._signed(request, token)
        if response.status_code != 401:
            return
        code = as_text(as_object(decode_body(await response.aread())).get("code"))
        if code is None or code == SCOPE_MISSING:
            return
        self.in_flight = False
        if self._on_refused is not None:
            milliseconds = (time.monotonic() - self.began) * 1000
            self._on_refused(Call(request.method, request.url.path, 401, code, milliseconds))
        token = await self._tokens.replace(token)
        yield self._signed(request, token)

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Refuse: the tokens are shared by coroutines."""
        raise NotImplementedError("ZohoAuth works with httpx.AsyncClient only")

    def _signed(self, request: httpx.Request, token: AccessToken) -> httpx.Request:
        # Zoho's own scheme, although the token answer says "Bearer" (CRM v8 documentation).
        request.headers["Authorization"] = f"Zoho-oauthtoken {token.secret.get_secret_value()}"
        self.began = time.monotonic()
        self.in_flight = True
        return request
