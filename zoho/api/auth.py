"""Putting the token on each request, and a new one when Zoho refuses it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator

import httpx

from zoho.api.answers import decode_body
from zoho.api.tokens import TokenSource
from zoho.wire.shapes import as_object


class ZohoAuth(httpx.Auth):
    """``Authorization: Zoho-oauthtoken ...``, refreshed before it expires and once on a 401.

    A 401 says that the request was not applied, so sending it once more with a new token doubles nothing. A
    401 for a missing scope is not a matter of the token: it is passed on.
    """

    def __init__(self, tokens: TokenSource) -> None:
        self._tokens = tokens

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Send *request* with the current token, and once more with a new one if it is refused.

        Raises:
            ZohoError: if no token can be had; the request was then not applied.
        """
        token = await self._tokens.current()
        request.headers["Authorization"] = _header(token.secret.get_secret_value())
        response = yield request
        if response.status_code != 401:
            return
        code = as_object(decode_body(await response.aread())).get("code")
        if code == "OAUTH_SCOPE_MISMATCH":
            return
        token = await self._tokens.replace(token)
        request.headers["Authorization"] = _header(token.secret.get_secret_value())
        yield request

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Refuse: the tokens are shared by coroutines."""
        raise NotImplementedError("ZohoAuth works with httpx.AsyncClient only")


def _header(secret: str) -> str:
    # Zoho's own scheme, although the token answer says "Bearer" (CRM v8 documentation).
    return f"Zoho-oauthtoken {secret}"
