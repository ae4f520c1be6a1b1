"""The access token that is good now: held, taken from the cache, or refreshed, by one at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import stamina
from pydantic import SecretStr

from zoho.account.data_centers import DataCenter, check_api_domain
from zoho.account.token_cache import AccessToken, TokenCache
from zoho.api.answers import decode_body
from zoho.api.calls import Call, logged
from zoho.api.token_answers import (
    REFRESHES_PER_WINDOW,
    THROTTLE_WAIT,
    TokenGrant,
    is_sendable,
    read_token_answer,
    used_up,
)
from zoho.api.transport import BEFORE_SENDING, transport_error
from zoho.wire.errors import ConfigError, NotReached, SignInError, TokenThrottled, ZohoError
from zoho.wire.lean_httpx import httpx

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


def clock_offset_of(response: httpx.Response, now: float) -> float | None:
    """Return how many seconds the clock of who answered is ahead of *now*, by the ``Date`` header.

    None where it tells nothing.
    """
    try:
        return parsedate_to_datetime(response.headers.get("date", "")).timestamp() - now
    except (ValueError, OverflowError):
        return None


class TokenSource:
    """Gives the current access token and, when Zoho refused one, the next.

    Single-flight: however many calls meet an expired token, one refresh is made, within this process (a lock)
    and among the user's processes (the cache file's lock, after which the cache is read again). If it fails,
    it fails for all who waited. No more are asked for than `REFRESHES_PER_WINDOW`, by all processes together.

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
        self._clock_offset: float | None = None
        self._failures = 0
        self._failure: ZohoError | None = None

    @property
    def api_url(self) -> str:
        """The origin of the API: the one that the token answer named, else the data centre's."""
        return self.api_domain or self._credentials.center.api_url

    @property
    def api_domain(self) -> str | None:
        """The API host that the token answer named, checked; None before the first token."""
        return self._held.api_domain if self._held else None

    @property
    def clock_offset(self) -> float | None:
        """How many seconds the accounts server's clock is ahead of ours; None before its first answer."""
        return self._clock_offset

    @property
    def scope(self) -> str | None:
        """The scopes that Zoho listed with the token; None before the first, and where it listed none."""
        return self._held.scope if self._held else None

    async def current(self) -> AccessToken:
        """Return a token that has not expired, refreshing it if there is none.

        Raises:
            SignInError: the credentials are missing or refused.
            TokenThrottled: Zoho gives out no more tokens for a while.
            NotReached: the accounts server cannot be reached.
        """
        async with self._turn():
            if self._held is None or self._held.is_expired(self._clock()):
                best = await asyncio.to_thread(self._cache.best, self._credentials.seed)
                self._held = self._usable(best)
            if self._held is None:
                self._held = await self._refresh(None)
            return self._held

    async def replace(self, refused: AccessToken) -> AccessToken:
        """Return another token than *refused*, which Zoho answered with 401; raises as `current` does."""
        async with self._turn():
            if self._held is not None and self._held != refused:
                return self._held  # somebody else replaced it while this call waited
            await asyncio.to_thread(self._cache.mark_dead, refused)
            self._held = None
            self._held = await self._refresh(refused)
            return self._held

    @asynccontextmanager
    async def _turn(self) -> AsyncGenerator[None]:
        """Wait for our turn. Who waited while another failed shares the failure instead of repeating it."""
        before = self._failures
        async with self._lock:
            if self._failure is not None and self._failures != before:
                raise self._failure
            try:
                yield
            except ZohoError as error:
                self._failures += 1
                self._failure = error
                raise

    async def _refresh(self, refused: AccessToken | None) -> AccessToken:
        given = self._credentials
        if given.refresh_token is None or given.client_id is None or given.client_secret is None:
            raise _nothing_to_refresh_with(had_one=refused is not None or given.seed is not None)
        async with self._file_lock():
            found = self._usable(await asyncio.to_thread(self._cache.load))
            if found is not None and found != refused:
                return found  # another process refreshed it while we waited for the lock
            grant = await self._ask_within_limits()
            token = await self._keep(grant)
        if self._on_new is not None:
            await asyncio.to_thread(self._on_new, token.secret)
        return token

    @asynccontextmanager
    async def _file_lock(self) -> AsyncGenerator[None]:
        lock = self._cache.lock()
        entering = asyncio.ensure_future(asyncio.to_thread(lock.__enter__))

        def leave(entered: asyncio.Future[None]) -> None:
            if not entered.cancelled() and entered.exception() is None:
                lock.__exit__(None, None, None)

        try:
            # The thread goes on when we are cancelled, and must not keep what it then gets.
            await asyncio.shield(entering)
        except asyncio.CancelledError:
            entering.add_done_callback(leave)
            raise
        try:
            yield
        finally:
            lock.__exit__(None, None, None)

    def _usable(self, token: AccessToken | None) -> AccessToken | None:
        """Return *token* if it can be sent, and to the host that came with it; else None."""
        if token is None or not is_sendable(token.secret.get_secret_value()):
            return None
        try:
            self._checked(token.api_domain)
        except ConfigError:
            return None  # had when another data centre, or a stand-in, was configured
        return token

    def _checked(self, api_domain: str | None) -> str | None:
        center, loopback = self._credentials.center, self._credentials.allow_loopback
        return check_api_domain(api_domain, center, allow_loopback=loopback) if api_domain else None

    async def _keep(self, grant: TokenGrant) -> AccessToken:
        keeping = asyncio.ensure_future(asyncio.to_thread(self._keep_now, grant))
        try:
            return await asyncio.shield(keeping)
        except asyncio.CancelledError:
            # The lock is for whoever finds the token then, not for one who asks for another.
            await asyncio.wait([keeping])
            raise

    def _keep_now(self, grant: TokenGrant) -> AccessToken:
        now = self._clock()
        token = AccessToken(
            grant.access_token,
            expires_at=now + grant.lifetime,
            api_domain=self._checked(grant.api_domain),
            # The scopes are the refresh token's; not every answer lists them.
            scope=grant.scope or self._cache.scope(),
            issued_at=now,
        )
        self._cache.store(token)
        return token

    async def _ask_within_limits(self) -> TokenGrant:
        """Ask, unless all processes of the user together have asked as often as we do."""
        wait = await asyncio.to_thread(
            self._cache.wait_for_refresh, allowed=REFRESHES_PER_WINDOW, seconds=THROTTLE_WAIT
        )
        at = self._clock()
        if wait > 0:
            raise used_up(wait, at)
        # Counted beforehand: who is killed meanwhile has asked all the same.
        await asyncio.to_thread(self._cache.record_refresh, at)
        try:
            return await self._ask()
        except ZohoError as error:
            await asyncio.to_thread(self._cache.settle_refresh, at, _refreshes_used_up(error))
            raise

    async def _ask(self) -> TokenGrant:
        # Only what certainly did not reach Zoho is asked again: each refresh counts, ten per ten minutes.
        async for attempt in stamina.retry_context(
            on=_never_sent, attempts=2, wait_initial=0.5, timeout=None
        ):
            with attempt:
                return await self._ask_once()
        raise AssertionError("stamina gives at least one attempt")

    async def _ask_once(self) -> TokenGrant:
        began = time.monotonic()
        status: int | None = None
        outcome: TokenGrant | ZohoError
        try:
            async with asyncio.timeout(_DEADLINE):
                # The form body, not the query of Zoho's examples: URLs end in logs (Zoho's SDK does so too).
                url = self._credentials.accounts_url + TOKEN_PATH
                response = await self._http.post(url, data=self._form())
            self._clock_offset = clock_offset_of(response, self._clock())
            status = response.status_code
            outcome = read_token_answer(status, decode_body(response.content))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            outcome = _token_transport_error(error)
        except ZohoError as error:
            outcome = error
        code = "SUCCESS" if isinstance(outcome, TokenGrant) else outcome.code
        self._told(Call("POST", TOKEN_PATH, status, code, (time.monotonic() - began) * 1000))
        if isinstance(outcome, TokenGrant):
            return outcome
        # Raised here and not where it was caught: the frames of httpx's own error hold the form.
        raise outcome

    def _form(self) -> dict[str, str]:
        secret, refresh = self._credentials.client_secret, self._credentials.refresh_token
        return {
            "grant_type": "refresh_token",
            "client_id": self._credentials.client_id or "",
            "client_secret": secret.get_secret_value() if secret else "",
            "refresh_token": refresh.get_secret_value() if refresh else "",
        }


def _never_sent(error: Exception) -> bool:
    return isinstance(error, NotReached) and error.code in BEFORE_SENDING


def _refreshes_used_up(error: ZohoError) -> int:
    """Return how many refreshes a failed one has used up of those that Zoho allows."""
    if isinstance(error, TokenThrottled):
        return REFRESHES_PER_WINDOW  # all, whatever we counted: others may use the same refresh token
    # Without an answer a token may have been made; an answer that is no token says that none was.
    return 0 if _never_sent(error) or error.status is not None else 1


def _token_transport_error(error: Exception) -> NotReached:
    """Every transport failure of a token request is `NotReached`: the lead itself was not sent."""
    return NotReached(
        "Zoho's sign-in server cannot be reached from here.",
        next_step="Nothing to do: leads wait and are sent when the line is back.",
        code=transport_error(error).code,
    )


def _nothing_to_refresh_with(*, had_one: bool) -> SignInError:
    what = "This computer is not signed in to Zoho yet."
    if had_one:
        what = "Zoho does not accept the access token any more, and nothing is stored to get a new one with."
    return SignInError(
        what,
        next_step="Run zoho-leads login, or store client id, client secret and refresh token in Settings.",
        code="not_signed_in",
    )
