"""Signing in with what a person pastes: the grant code of a Self Client, or a refresh token had elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable

from pydantic import SecretStr

from zoho.api.sign_in_answers import read_exchange
from zoho.api.sign_in_end import SignedIn, finished
from zoho.api.sign_in_host import AccountsHost, Form, OAuthClient, SignInHosts
from zoho.api.token_answers import TokenGrant

_TOKEN = "/oauth/v2/token"  # noqa: S105 - a path, no secret


async def exchange_grant_code(
    host: AccountsHost,
    client: OAuthClient,
    hosts: SignInHosts,
    code: SecretStr,
    *,
    now: Callable[[], float] = time.time,
) -> SignedIn:
    """Exchange a grant code, which is good once and for some minutes (self-client/authorization-code-flow).

    No redirect address is sent: a Self Client has none.

    Raises:
        SignInError: the code or the client is refused, or there is no refresh token in the answer.
        TokenThrottled: too many were exchanged.
        ConfigError: the answer names a foreign API host.
        NotReached: the accounts host cannot be reached; the code is still good.
        OutcomeUnknown: the line broke; the code may be used up.
    """
    form: Form = {**client.form, "grant_type": "authorization_code", "code": code}
    grant = await _grant(host, hosts, form, refreshing=False)
    return await finished(
        host, hosts.accounts_url, hosts.center, grant, at=now(), allow_loopback=hosts.allow_loopback
    )


async def try_refresh_token(
    host: AccountsHost,
    client: OAuthClient,
    hosts: SignInHosts,
    refresh_token: SecretStr,
    *,
    now: Callable[[], float] = time.time,
) -> SignedIn:
    """Prove a refresh token that was had elsewhere by getting an access token with it; raises as above."""
    form: Form = {**client.form, "grant_type": "refresh_token", "refresh_token": refresh_token}
    grant = await _grant(host, hosts, form, refreshing=True)
    return await finished(
        host,
        hosts.accounts_url,
        hosts.center,
        grant,
        at=now(),
        allow_loopback=hosts.allow_loopback,
        refresh_token=refresh_token,
    )


async def _grant(host: AccountsHost, hosts: SignInHosts, form: Form, *, refreshing: bool) -> TokenGrant:
    reply = await host.post(hosts.accounts_url, _TOKEN, form)
    read = read_exchange(reply.status, reply.body, refreshing=refreshing)
    if isinstance(read, TokenGrant):
        return read
    raise read
