"""Signing in by device code, without a screen: events for whoever shows them, an error of ours at a failure.

Source: the devices pages of Zoho Accounts. The rep approves in a browser anywhere; nothing but the address
and a short code has to get there.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass

from zoho.account.data_centers import DataCenter, check_accounts_url
from zoho.account.scopes import ASKED_SCOPES
from zoho.api.sign_in_answers import (
    SLOW_PACE,
    AskElsewhere,
    DeviceCode,
    KeepAsking,
    Poll,
    elsewhere_unknown,
    expired,
    no_usable_answer,
    read_device_code,
    read_poll,
    secret_elsewhere,
)
from zoho.api.sign_in_end import SignedIn, finished
from zoho.api.sign_in_host import AccountsHost, OAuthClient, SignInHosts
from zoho.api.token_answers import TokenGrant
from zoho.wire.errors import ConfigError, NotReached, OutcomeUnknown, ZohoError

_BEGIN = "/oauth/v3/device/code"
_POLL = "/oauth/v3/device/token"
_PAGE = "/oauth/v3/device"
_TICK = 1.0


@dataclass(frozen=True, slots=True)
class CodeReady:
    """What the rep needs now. ``complete_address`` has the code in it already; None, there is none."""

    address: str
    complete_address: str | None
    user_code: str
    seconds_left: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """Told about once a second. ``trouble`` is what the last answer was, if it could not be understood."""

    seconds_left: float
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class GoingOn:
    """Approved, by somebody whose account is at another data centre: it goes on there."""

    center: DataCenter


SignInEvent = CodeReady | Waiting | GoingOn | SignedIn


class DeviceSignIn:
    """One sign-in by device code. It is cancelled by cancelling whoever reads `events`.

    Args:
        host: the network.
        client: of the console's kind *Non-browser Application*.
        hosts: where it begins, and where it may go on.
        scopes: what is asked for.
        may_go_on: is asked before the sign-in goes on at another data centre, while no token has been
            fetched; raises `ConfigError` if a sign-in there could not be kept.
        clock: seconds that only ever go forward.
        now: seconds since the epoch.
        sleep: waits some seconds.
    """

    def __init__(
        self,
        *,
        host: AccountsHost,
        client: OAuthClient,
        hosts: SignInHosts,
        scopes: Sequence[str] = ASKED_SCOPES,
        may_go_on: Callable[[DataCenter], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._host = host
        self._client = client
        self._hosts = hosts
        self._scopes = scopes
        self._may_go_on = may_go_on
        self._clock = clock
        self._now = now
        self._sleep = sleep
        self._center = hosts.center
        self._accounts_url = hosts.accounts_url
        self._been = {hosts.center.code}
        self._trouble = ""
        self._lost = False

    async def events(self) -> AsyncGenerator[SignInEvent]:
        """Begin, and tell each step; the last one is `SignedIn`.

        Nothing is awaited between Zoho's answer with the tokens and that last event: who keeps them at once
        does not lose them to a cancellation.

        Raises:
            SignInError: refused, ended, or the client is at fault.
            TokenThrottled: too many tokens were asked for.
            ConfigError: it would go on where it cannot be kept, or the answer names a foreign host.
            NotReached: the accounts host cannot be reached, before there is a code.
            OutcomeUnknown: the line broke, before there is a code.
        """
        code = await self._begin()
        pace, ends = code.interval, self._clock() + code.life
        yield self._ready(code)
        while True:
            ask_at = min(self._clock() + pace, ends)
            while (left := ask_at - self._clock()) > 0:
                yield Waiting(ends - self._clock(), self._trouble)
                await self._sleep(min(_TICK, left))
            said = await self._poll(code)
            if isinstance(said, TokenGrant):
                yield await self._finished(said)
                return
            if isinstance(said, AskElsewhere):
                said = self._go_on(said)
            if isinstance(said, GoingOn):
                yield said
            elif isinstance(said, KeepAsking):
                self._trouble = said.trouble
                pace = SLOW_PACE if said.slower else pace
            else:
                raise self._failure(said)
            if self._clock() >= ends:
                raise expired(self._trouble, lost=self._lost)

    async def _finished(self, grant: TokenGrant) -> SignedIn:
        return await finished(
            self._host,
            self._accounts_url,
            self._center,
            grant,
            at=self._now(),
            allow_loopback=self._hosts.allow_loopback,
        )

    async def _begin(self) -> DeviceCode:
        form = {
            "client_id": self._client.client_id,
            "grant_type": "device_request",
            "scope": ",".join(self._scopes),
            # The default is online, which gives no refresh token; nor is one given without asking for
            # consent again, when the client was approved before (initiation-request).
            "access_type": "offline",
            "prompt": "consent",
        }
        reply = await self._host.post(self._accounts_url, _BEGIN, form)
        read = read_device_code(reply.status, reply.body)
        if isinstance(read, DeviceCode):
            return read
        raise read

    async def _poll(self, code: DeviceCode) -> Poll:
        form = {**self._client.form, "grant_type": "device_token", "code": code.secret}
        try:
            reply = await self._host.post(self._accounts_url, _POLL, form)
        except NotReached as error:
            return KeepAsking(trouble=error.code)
        except OutcomeUnknown as error:
            self._lost = True
            return KeepAsking(trouble=error.code)
        said = read_poll(reply.status, reply.body)
        if isinstance(said, KeepAsking) and not said.trouble:
            self._lost = False  # what was lost before was no more than this
        return said

    def _go_on(self, said: AskElsewhere) -> GoingOn | KeepAsking:
        """Turn to the data centre that the answer names; the device code stays good there."""
        name = said.location.strip().lower()
        center = self._hosts.centers.get(_ALIASES.get(name, name))
        if center is None:
            raise elsewhere_unknown(said.location)
        if center.code == self._center.code:
            return KeepAsking(trouble="other_dc")
        if self._accounts_url != self._center.accounts_url:
            raise _cannot_leave(self._accounts_url, center)
        if center.code in self._been:
            # Two data centres that each name the other would send us to and fro for ever.
            raise no_usable_answer("other_dc")
        self._may_go_on(center)
        self._been.add(center.code)
        self._center, self._accounts_url, self._trouble = center, center.accounts_url, ""
        return GoingOn(center)

    @property
    def _moved(self) -> bool:
        return self._center.code != self._hosts.center.code

    def _failure(self, error: ZohoError) -> ZohoError:
        if self._moved and error.code in ("invalid_client", "invalid_client_secret"):
            return secret_elsewhere(self._center.code, error)
        if self._lost and error.code in ("invalid_code", "expired", "expired_token"):
            return expired("", lost=True)
        return error

    def _ready(self, code: DeviceCode) -> CodeReady:
        address = self._checked(code.address) or self._accounts_url + _PAGE
        return CodeReady(address, self._checked(code.complete_address), code.user_code, code.life)

    def _checked(self, address: str | None) -> str | None:
        """Return the address of a page where a person types a password, if it is Zoho's; else None."""
        match = _ADDRESS.fullmatch(address or "")
        if match is None:
            return None
        if match["origin"] in {one.accounts_url for one in self._hosts.centers.values()}:
            return address
        try:
            check_accounts_url(match["origin"], allow_loopback=self._hosts.allow_loopback)
        except ConfigError:
            return None
        return address


# Nothing in it that a terminal, or a person who copies it, could take for something else.
_ADDRESS = re.compile(r"(?P<origin>https?://[a-z0-9.:\[\]-]+)(?:/[A-Za-z0-9/_.~%?=&+-]*)?", re.ASCII)

_ALIASES = {"com": "us", "com.au": "au", "com.cn": "cn"}
"""What the OpenAPI descriptions call some data centres: by the end of their addresses."""


def _cannot_leave(accounts_url: str, center: DataCenter) -> ConfigError:
    return ConfigError(
        f"Your account is at the data centre {center.code!r}, and accounts_url holds fast to {accounts_url}.",
        next_step="Remove accounts_url from the configuration, then sign in again.",
        field="accounts_url",
        code="set_elsewhere",
    )
