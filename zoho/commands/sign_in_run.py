"""One sign-in, whoever shows it: the verb and the Settings screen rest on this. It prints nothing.

The place where the sign-in is kept is looked at first; then it is fetched, kept, and what it replaces is
revoked. Each step is told to whoever shows it, by an event.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Protocol

from pydantic import SecretStr

from zoho.account import Config
from zoho.account.data_centers import DATA_CENTERS, DataCenter, data_center
from zoho.account.secret_store import SecretStore
from zoho.account.sign_in_place import SignInPlace
from zoho.account.unlock import unlock
from zoho.api import ZohoClient
from zoho.api.sign_in import CodeReady, DeviceSignIn, GoingOn, Waiting
from zoho.api.sign_in_answers import CONNECTED_APPS
from zoho.api.sign_in_end import Revoked, SignedIn, revoke
from zoho.api.sign_in_host import AccountsHost, Form, HttpAccountsHost, OAuthClient, Reply, SignInHosts
from zoho.api.sign_in_keep import keep_sign_in
from zoho.api.sign_in_pasted import exchange_grant_code, try_refresh_token
from zoho.commands.place import Place
from zoho.leads.check_up import Finding, check_up
from zoho.leads.org import OrgProfile
from zoho.leads.sign_in_check import sign_in_findings
from zoho.wire.errors import SecretLocked, ZohoError
from zoho.wire.http import build_http_client
from zoho.wire.lean_httpx import httpx
from zoho.wire.shapes import as_object, as_text

_PATIENCE = 3.0
"""Seconds that whoever stops waits for an answer that is under way: it may hold a token."""


@dataclass(frozen=True, slots=True)
class ByDevice:
    """Approved in a browser anywhere."""


@dataclass(frozen=True, slots=True)
class GrantCode:
    """Exchanged: the code of a Self Client."""

    code: SecretStr


@dataclass(frozen=True, slots=True)
class PastedToken:
    """Tried out: a refresh token that was had elsewhere."""

    token: SecretStr


Way = ByDevice | GrantCode | PastedToken


@dataclass(frozen=True, slots=True)
class Kept:
    """It is written down: whoever stops now is signed in."""


@dataclass(frozen=True, slots=True)
class Done:
    """A sign-in that is kept: its tokens, where ("in ..."), and what became of the one before at Zoho."""

    got: SignedIn
    kept_where: str
    said: Revoked | ZohoError | None

    @property
    def findings(self) -> list[Finding]:
        """What a person should know of it, besides who they are (`findings_of`)."""
        replaced = _replaced(self.said)
        kept = Finding(True, f"Data centre: {self.got.center.code}. The sign-in is kept {self.kept_where}.")
        return [kept] if replaced is None else [kept, replaced]


Step = CodeReady | Waiting | GoingOn | Kept


@dataclass(frozen=True, slots=True)
class Means:
    """What a sign-in is done with; the defaults are the real Zoho and the real time.

    Args:
        transport: makes the way to the accounts hosts; None, the network.
        centers: the data centres.
        clock: seconds that only ever go forward.
        sleep: waits some seconds.
    """

    transport: Callable[[], httpx.AsyncBaseTransport] | None = None
    centers: Mapping[str, DataCenter] = field(default_factory=lambda: DATA_CENTERS)
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


class Ask(Protocol):
    """As `zoho.account.unlock.unlock`, and as `zoho.account.unlock.unlock_here`."""

    def __call__(self, config: Config, environ: Mapping[str, str], *, names: Collection[str]) -> Config:
        """Return *config* with the secrets *names*; raises `SecretLocked`."""
        ...


class SignInRun:
    """One sign-in. It is stopped by cancelling whoever runs it.

    Args:
        config: the configuration of now.
        kept_in: where the sign-in is kept.
        center: the data centre that the client is registered in.
        means: what it is done with.
    """

    def __init__(self, config: Config, kept_in: SignInPlace, center: DataCenter, means: Means) -> None:
        self.config = config
        self.center = center
        self._kept_where = kept_in.kept_where
        self._place = kept_in
        self._means = means

    @classmethod
    def prepared(
        cls,
        place: Place,
        environ: Mapping[str, str],
        *,
        center: str | None = None,
        means: Means | None = None,
        ask: Ask = unlock,
    ) -> SignInRun:
        """Look whether a sign-in could be kept, and return one that may begin; nothing is fetched or changed.

        Args:
            place: what the command line says; what it says of data centre and source is for now alone.
            environ: the environment.
            center: code of the data centre, where another one is meant than the configured one.
            means: what it is done with.
            ask: asks helper commands and the keyring for secrets.

        Raises:
            ConfigError: the configuration cannot work, or what is kept there would not be used.
            SecretLocked: the client secret is not to be had now.
            StorageError: it could not be written there.
        """
        means = means or Means()
        config = ask(place.config(environ), environ, names=("client_secret",))
        before = later(place).config(environ)
        with suppress(SecretLocked):  # then it is not revoked
            before = ask(before, environ, names=("refresh_token",))
        token_cache = place.paths(environ).token_cache
        kept_in = SignInPlace(before, token_cache, store=SecretStore(before, environ))
        chosen = data_center(center or config.data_center)
        chosen = means.centers.get(chosen.code, chosen)
        kept_in.probe()
        kept_in.check(chosen)
        return cls(config, kept_in, chosen, means)

    async def run(
        self, way: Way, typed: Mapping[str, str | SecretStr], hear: Callable[[Step], None] = lambda _: None
    ) -> Done:
        """Fetch, keep, and revoke what is replaced.

        Args:
            way: how.
            typed: client id and secret, as far as they are not configured, or others are meant; they are
                kept with the sign-in.
            hear: is told each step.

        Raises:
            ZohoError: why there is no sign-in; nothing was changed.
        """
        client = self._client(typed)
        transport = self._means.transport() if self._means.transport else None
        async with build_http_client(transport=transport) as http:
            host = HttpAccountsHost(http)
            got = await self._fetched(way, _Unbroken(host), client, hear)
            said = await keep_sign_in(
                host,
                self._place,
                got,
                client_id=client.client_id,
                at=time.time(),
                typed=typed,
                fetched=not isinstance(way, PastedToken),
                on_kept=lambda: hear(Kept()),
            )
        return Done(got, self._kept_where, said)

    async def _fetched(
        self, way: Way, host: AccountsHost, client: OAuthClient, hear: Callable[[Step], None]
    ) -> SignedIn:
        hosts = self._hosts
        if isinstance(way, GrantCode):
            return await exchange_grant_code(host, client, hosts, way.code)
        if isinstance(way, PastedToken):
            return await try_refresh_token(host, client, hosts, way.token)
        service = DeviceSignIn(
            host=host,
            client=client,
            hosts=hosts,
            may_go_on=self._place.check,
            clock=self._means.clock,
            sleep=self._means.sleep,
        )
        async for event in service.events():
            if isinstance(event, SignedIn):
                return event
            hear(event)
        raise AssertionError("a sign-in ends with its tokens or an error")

    def _client(self, typed: Mapping[str, str | SecretStr]) -> OAuthClient:
        secret = typed.get("client_secret") or self.config.client_secret or ""
        return OAuthClient(
            str(typed.get("client_id") or self.config.client_id or ""),
            secret if isinstance(secret, SecretStr) else SecretStr(secret),
        )

    @property
    def _hosts(self) -> SignInHosts:
        config, center = self.config, self.center
        # One that is configured has been checked against this data centre.
        url = config.accounts_base if config.accounts_url is not None else center.accounts_url
        return SignInHosts(center, url, allow_loopback=config.allow_loopback, centers=self._means.centers)


class _Unbroken:
    """An accounts host for somebody who may be stopped: what an answer under way brings is given back."""

    def __init__(self, host: AccountsHost) -> None:
        self._host = host

    async def post(self, accounts_url: str, path: str, form: Form) -> Reply:
        """Send *form* and return the answer; cancelled, wait a moment for it, and revoke the token in it."""
        asking = asyncio.ensure_future(self._host.post(accounts_url, path, form))
        try:
            return await asyncio.shield(asking)
        except asyncio.CancelledError:
            with suppress(ZohoError, TimeoutError):
                async with asyncio.timeout(_PATIENCE):
                    await self._give_back(accounts_url, await asking)
            raise

    async def _give_back(self, accounts_url: str, reply: Reply) -> None:
        token = as_text(as_object(reply.body).get("refresh_token"))
        if token:
            await revoke(self._host, accounts_url, SecretStr(token))


def later(place: Place) -> Place:
    """Return *place* as later runs will have it: without what this command line says of org and leads."""
    return replace(place, data_center=None, source=None)


async def findings_of(
    client: ZohoClient, *, read: OrgProfile | ZohoError, source: str, scope: str | None
) -> list[Finding]:
    """Return who is signed in, to which org, and what stands between here and a created lead.

    Args:
        client: signed in.
        read: the org as it was just read, or why it could not be.
        source: the value that ``Lead_Source`` will get.
        scope: the scopes that the token answer listed; None, it listed none, or is long gone.
    """
    found = await check_up(client, read=read, source=source)
    return found + sign_in_findings(scope=scope, clock_offset=client.clock_offset)


def _replaced(said: Revoked | ZohoError | None) -> Finding | None:
    if isinstance(said, ZohoError):
        return Finding(
            False,
            f"The earlier sign-in could not be revoked. {said.what}",
            f"It stays good until you remove it in Zoho: {CONNECTED_APPS}.",
        )
    if said is Revoked.DONE:
        return Finding(
            True, "The earlier sign-in was revoked. Another zoho-leads that is open needs a new start."
        )
    return None
