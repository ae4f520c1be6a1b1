"""How a sign-in ends: in tokens that may be kept, and one day in their revocation."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import SecretStr

from zoho.account.data_centers import DataCenter, check_api_domain
from zoho.account.token_cache import AccessToken
from zoho.api.sign_in_answers import no_refresh_token, no_usable_answer
from zoho.api.sign_in_host import AccountsHost
from zoho.api.token_answers import TokenGrant
from zoho.wire.errors import ConfigError, ZohoError
from zoho.wire.shapes import as_object

_REVOKE = "/oauth/v2/token/revoke"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The tokens, where they are good, and the scopes that Zoho says they have (it may not say)."""

    center: DataCenter
    accounts_url: str
    refresh_token: SecretStr = field(repr=False)
    access: AccessToken = field(repr=False)
    scope: str | None = None


class Revoked(StrEnum):
    """What became of a refresh token that was given back."""

    DONE = "done"
    UNKNOWN = "unknown"


async def finished(
    host: AccountsHost,
    accounts_url: str,
    center: DataCenter,
    grant: TokenGrant,
    *,
    at: float,
    allow_loopback: bool,
    refresh_token: SecretStr | None = None,
) -> SignedIn:
    """Return what *grant* is worth; nothing is awaited where it is good.

    Args:
        host: the network.
        accounts_url: the host that gave it.
        center: the data centre of that host.
        grant: the answer.
        at: when it was given, in seconds since the epoch.
        allow_loopback: this machine may play Zoho.
        refresh_token: the one that was used, where the answer has none.

    Raises:
        SignInError: there is no refresh token.
        ConfigError: it names an API host that is not the data centre's; the token has been given back.
    """
    refresh = grant.refresh_token or refresh_token
    if refresh is None:
        raise no_refresh_token()
    try:
        domain = grant.api_domain and check_api_domain(
            grant.api_domain, center, allow_loopback=allow_loopback
        )
    except ConfigError as error:
        failure = error
    else:
        access = AccessToken(
            grant.access_token,
            expires_at=at + grant.lifetime,
            api_domain=domain,
            scope=grant.scope,
            issued_at=at,
        )
        return SignedIn(center, accounts_url, refresh, access, grant.scope)
    if refresh_token is None:
        await revoke(host, accounts_url, refresh)
    raise failure


async def revoke(host: AccountsHost, accounts_url: str, refresh_token: SecretStr) -> Revoked | ZohoError:
    """Give a refresh token back; its access tokens end with it (revoke-refresh-token, Zoho Accounts).

    An unknown token is answered with 400 and, as a probe has seen, a page. The failure is returned: who
    revokes goes on without it.
    """
    try:
        # In the form body, as Zoho's SDK has it, and not in the query of the page's example.
        reply = await host.post(accounts_url, _REVOKE, {"token": refresh_token})
    except ZohoError as error:
        return error
    said = as_object(reply.body)
    if said.get("status") == "success":
        return Revoked.DONE
    return Revoked.UNKNOWN if reply.status == 400 else no_usable_answer(f"http_{reply.status}", reply.status)
