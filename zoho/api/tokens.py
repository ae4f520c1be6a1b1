"""The access token that is good now: held, taken from the cache, or refreshed, by one at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import stamina
from pydantic import SecretStr

from zoho.account.data_centers import DataCenter, check_api_domain
from zoho.account.token_cache import AccessToken, TokenCache
from zoho.api.answers import decode_body
from zoho.api.calls import Call, logged
from zoho.api.token_answers import TokenGrant, read_token_answer
from zoho.api.transport import transport_error
from zoho.wire.errors import NotReached, SignInError, ZohoError

TOKEN_PATH = "/oauth/v2/token"  # noqa: S105 - a path, no secret
_DEADLINE = 25.0
"""Seconds for one token request, whole."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a token is asked for with. Without ``refresh_token``, ``seed`` is all there is."""

    center: DataCenter
    accounts_url: str
    client_id: str | None
    client_secret: SecretStr | None
    refresh_token: SecretStr | None
    seed: SecretStr | None
    allow_loopback: bool = False


class TokenSource:
    """Gives the current access token and, when Zoho refused one, the next.

    Single-flight: however many calls meet an expired token, one refresh is made, within this process (a lock)
    and among the user's processes (the cache file's lock, after which the cache is read again).

    Args:
        http: client for the token endpoint.
        credentials: client and refresh token, and the data centre that they belong to.
        cache: where the token is kept between runs.
        on_new: is told each new token's secret (to write it back to the configuration file).
        on_call: is told each token request.
        clock: the time in seconds since the epoch.
    """

    def __init__(
        self,
        *,
        http: httpx.AsyncClient,
        credentials: Credentials,
        cache: TokenCache,
        on_new: Callable[[SecretStr], None] | None = None,
        on_call: Callable[[Call], None] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._http = http
        self._credentials = credentials
        self._cache = cache
        self._on_new = on_new
        self._told = logged(on_call)
        self._clock = clock
        self._lock = asyncio.Lock()
        self._held: AccessToken | None = None

    @property
    def api_domain(self) -> str | None:
        """The API host that the token answer named, checked; None before the first token."""
        return self._held.api_domain if self._held else None

    async def current(self) -> AccessToken:
        """Return a token that has not expired, refreshing it if there is none.

        Raises:
            SignInError: the credentials are missing or refused.
            TokenThrottled: Zoho gives out no more tokens for a while.
            NotReached: the accounts server cannot be reached.
        """
        async with self._lock:
            if self._held is None or self._held.is_expired(self._clock()):
                self._held = await asyncio.to_thread(self._cache.best, self._credentials.seed)
            if self._held is None:
                self._held = await self._refresh(None)
            return self._held

    async def replace(self, refused: AccessToken) -> AccessToken:
        """Return another token than *refused*, which Zoho answered with 401; raises as `current` does."""
        async with self._lock:
            if self._held is not None and self._held != refused:
                return self._held  # somebody else replaced it while this call waited
            await asyncio.to_thread(self._cache.mark_dead, refused)
            self._held = None
            self._held = await self._refresh(refused)
            return self._held

    async def _refresh(self, refused: AccessToken | None) -> AccessToken:
        if self._credentials.refresh_token is None or self._credentials.client_id is None:
            raise _nothing_to_refresh_with(refused)
        async with self._file_lock():
            found = await asyncio.to_thread(self._cache.load)
            if found is not None and found != refused:
                return found  # another process refreshed it while we waited for the lock
            await asyncio.to_thread(self._cache.record_refresh, self._clock())
            grant = await self._ask()
            token = self._token(grant)
            await asyncio.to_thread(self._cache.store, token)
        if self._on_new is not None:
            await asyncio.to_thread(self._on_new, token.secret)
        return token

    @asynccontextmanager
    async def _file_lock(self):
        lock = self._cache.lock()
        await asyncio.to_thread(lock.__enter__)
        try:
            yield
        finally:
            lock.__exit__(None, None, None)

    def _token(self, grant: TokenGrant) -> AccessToken:
        center, loopback = self._credentials.center, self._credentials.allow_loopback
        domain = grant.api_domain and check_api_domain(grant.api_domain, center, allow_loopback=loopback)
        expires_at = self._clock() + grant.lifetime
        return AccessToken(SecretStr(grant.access_token), expires_at=expires_at, api_domain=domain)

    async def _ask(self) -> TokenGrant:
        # Only what certainly did not reach Zoho is asked again: each refresh counts, ten per ten minutes.
        async for attempt in stamina.retry_context(
            on=_never_sent, attempts=2, wait_initial=0.5, timeout=None
        ):
            with attempt:
                return await self._ask_once()
        raise AssertionError("stamina gives at least one attempt")

    async def _ask_once(self) -> TokenGrant:
        secret, refresh = self._credentials.client_secret, self._credentials.refresh_token
        form = {
            "grant_type": "refresh_token",
            "client_id": self._credentials.client_id or "",
            "client_secret": secret.get_secret_value() if secret else "",
            "refresh_token": refresh.get_secret_value() if refresh else "",
        }
        began = time.monotonic()
        status: int | None = None
        code = ""
        try:
            async with asyncio.timeout(_DEADLINE):
                # The form body, not the query of Zoho's examples: URLs end in logs (Zoho's SDK does so too).
                response = await self._http.post(self._credentials.accounts_url + TOKEN_PATH, data=form)
            status = response.status_code
            grant = read_token_answer(status, decode_body(response.content))
            code = "SUCCESS"
            return grant
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            failure = _token_transport_error(error)
            code = failure.code
            raise failure from None
        except ZohoError as error:
            code = error.code
            raise
        finally:
            self._told(Call("POST", TOKEN_PATH, status, code, (time.monotonic() - began) * 1000))


def _never_sent(error: Exception) -> bool:
    return isinstance(error, NotReached) and error.status is None and error.code.startswith("Connect")


def _token_transport_error(error: Exception) -> NotReached:
    """Every transport failure of a token request is `NotReached`: the lead itself was not sent."""
    return NotReached(
        "Zoho's sign-in server cannot be reached from here.",
        next_step="Nothing to do: leads wait and are sent when the line is back.",
        code=transport_error(error).code,
    )


def _nothing_to_refresh_with(refused: AccessToken | None) -> SignInError:
    if refused is None:
        what = "This computer is not signed in to Zoho yet."
    else:
        what = (
            "Zoho does not accept the access token any more, and there is no refresh token to get a new one."
        )
    return SignInError(
        what,
        next_step="Store client id, client secret and refresh token in Settings, then Test connection.",
        code="not_signed_in",
    )
