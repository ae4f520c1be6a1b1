"""Reading the answers of Zoho's token endpoint (``{accounts}/oauth/v2/token``): pure functions.

The body decides: Zoho answers its OAuth errors with HTTP 200, and the throttle with 200 or 400 and a text in
the user's language (Accounts OAuth documentation; Kaizen 4 and 43).
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from zoho.wire.errors import NotReached, SignInError, TokenThrottled, ZohoError
from zoho.wire.shapes import as_object, as_text

THROTTLE_WAIT = 600.0
"""Seconds to leave the token endpoint alone after a throttle: ten refreshes per ten minutes are allowed."""


REFRESHES_PER_WINDOW = 5
"""How many access tokens we ask for in `THROTTLE_WAIT`, all processes of a user together.

Zoho gives ten for one refresh token ("token-limits", Accounts), and to who asks for more it gives none at all
for ten minutes. Half of them are left to whoever else has the same refresh token (a second host, another
program, a token file that was lost), and to a clock that was put forward: none of that silences the rep. In
ordinary work one is used in an hour.
"""

_LONGEST_LIFE = 86_400.0


@dataclass(frozen=True, slots=True)
class TokenGrant:
    """A new token: its secret, its life in seconds, the API host that goes with it, a refresh token, scopes.

    Only the first answer of a sign-in has a refresh token; ``scope`` is there at times.
    """

    access_token: SecretStr
    lifetime: float
    api_domain: str | None
    refresh_token: SecretStr | None
    scope: str | None = None


_CREDENTIALS_AT_FAULT: Mapping[str, tuple[str, str]] = {
    "invalid_client": (
        "Zoho does not know this client id in this data centre.",
        "A client belongs to the data centre that made it: in Settings, choose the data centre whose API "
        "console shows it (api-console.zoho.com, .eu, .in, ...). Or switch yours on there: the client > "
        "Settings > Multi-DC.",
    ),
    "invalid_client_secret": (
        "The client secret is wrong.",
        "Copy it again from Zoho's API console for this data centre (the client > Client Secret), and store "
        "it in Settings.",
    ),
    "invalid_code": (
        "Zoho does not accept the refresh token any more.",
        "Sign in again: zoho-leads login (README, Connecting a real org). If it is new, see the data centre "
        "in Settings: a refresh token is good in its user's own.",
    ),
    "invalid_redirect_uri": (
        "The client was registered with another redirect address.",
        "Use a Self Client, or make a refresh token with the address that is registered.",
    ),
    "invalid_scope": ("A scope is unknown to Zoho.", "Use the scopes that docs/zoho.md lists."),
    "missing_org_info": ("Zoho wants to know the org (soid).", "Use a refresh token of a user instead."),
}


def is_sendable(token: str) -> bool:
    """Say whether *token* can stand in a header: visible ASCII, as Zoho's are."""
    return token.isascii() and token.isprintable() and " " not in token


def has_token(body: Any) -> bool:
    """Say whether an answer has an access token that can be used."""
    token = as_text(as_object(body).get("access_token"))
    return token is not None and is_sendable(token)


def throttled(code: str, status: int | None = None) -> TokenThrottled:
    """Return the error for too many token requests, told by Zoho."""
    return TokenThrottled(
        "Zoho gives out no more access tokens for a while: too many were asked for.",
        next_step="Nothing to do: leads wait, and it is tried again in ten minutes.",
        wait=THROTTLE_WAIT,
        code=code,
        status=status,
    )


def used_up(wait: float, now: float) -> TokenThrottled:
    """Return the error for the refreshes that we do not ask for any more (`REFRESHES_PER_WINDOW`).

    Args:
        wait: seconds until one is asked for again.
        now: seconds since the epoch.
    """
    return TokenThrottled(
        "No more access tokens are asked for just now: there were too many within ten minutes.",
        next_step=f"Nothing to do: leads wait, and it goes on {in_words(wait, now)}.",
        wait=wait,
        code="counted",
    )


def in_words(wait: float, now: float) -> str:
    """Say when *wait* seconds from *now* (since the epoch) are over: "in 4 minutes, at 14:32".

    Both, since the host of a rep on an SSH line may keep another time than the rep.
    """
    minutes = max(1, math.ceil(wait / 60))
    at = time.strftime("%H:%M", time.localtime(now + wait))
    return f"in {minutes} minute{'s' if minutes > 1 else ''}, at {at}"


def read_token_answer(status: int, body: Any) -> TokenGrant:
    """Return the token in an answer of the token endpoint.

    Args:
        status: HTTP status.
        body: the decoded JSON value, None where the answer is no JSON.

    Raises:
        SignInError: the credentials are at fault: somebody has to change them.
        TokenThrottled: too many requests; ask again only after ``wait`` seconds.
        NotReached: an outage or a page of HTML; ask again later.
    """
    answer = as_object(body)
    token = as_text(answer.get("access_token"))
    if token is not None and is_sendable(token):
        refresh = as_text(answer.get("refresh_token"))
        return TokenGrant(
            SecretStr(token),
            _lifetime(answer),
            as_text(answer.get("api_domain")),
            SecretStr(refresh) if refresh else None,
            as_text(answer.get("scope")),
        )
    raise _refusal(status, answer)


def error_word(answer: Mapping[str, Any]) -> str:
    """Return Zoho's word for what is wrong (``invalid_code``), in lower case; empty where it is none.

    The throttle's is in the user's language, and what echoes our form would hold a secret: neither is a word
    that can be looked up, and neither belongs in a log.
    """
    word = (as_text(answer.get("error")) or "").strip().lower().replace(" ", "_")
    return word if re.fullmatch("[a-z_]{1,40}", word) else ""


def _refusal(status: int, answer: Mapping[str, Any]) -> ZohoError:
    error = error_word(answer)
    if error in _CREDENTIALS_AT_FAULT:
        what, next_step = _CREDENTIALS_AT_FAULT[error]
        return SignInError(what, next_step=next_step, code=error, status=status)
    if (
        error == "access_denied"
        or answer.get("status") == "failure"
        or (status == 400 and "error_description" in answer)
        or status == 429
    ):
        return throttled(error or "throttled", status)
    return NotReached(
        "Zoho's sign-in server gave no usable answer.",
        next_step="Nothing to do: the lead waits and it is tried again.",
        code=error or f"http_{status}",
        status=status,
    )


def _lifetime(answer: Mapping[str, Any]) -> float:
    """Return the token's life in seconds: ``expires_in_sec``, beside which ``expires_in`` is milliseconds."""
    key = "expires_in_sec" if "expires_in_sec" in answer else "expires_in"
    try:
        seconds = float(answer.get(key) or 0)
    except (TypeError, ValueError, OverflowError):
        seconds = 0.0
    # Documented is an hour; a life without end would never be renewed.
    return seconds if 0 < seconds <= _LONGEST_LIFE else 3600.0
