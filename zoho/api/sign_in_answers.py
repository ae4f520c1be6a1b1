"""What the answers of a sign-in mean: pure functions, each row of Zoho's tables one decision.

Sources: the devices pages of Zoho Accounts (initiation-request, polling-request,
multi-dc/client-authorization/limited-input-devices), self-client/authorization-code-flow, and
revoke-refresh-token. The body decides, never the status: answers before the end were seen with 200 and 400.
Failures are returned and not raised, so that no traceback has an answer's secrets in its frames.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from zoho.api.token_answers import THROTTLE_WAIT, TokenGrant, error_word, has_token, read_token_answer
from zoho.wire.clean import clean_line
from zoho.wire.errors import NotReached, SignInError, TokenThrottled, ZohoError
from zoho.wire.shapes import as_object, as_text

LONGEST_LIFE = 300.0
"""Seconds that a user code is valid (initiation-request)."""

LEAST_PACE = 5.0
SLOW_PACE = 30.0
"""Seconds between polls after ``slow_down``: one poll in 30 s is asked for (polling-request)."""

CONNECTED_APPS = "My Account > Sessions > Connected Apps"
CONSOLE = "https://api-console.zoho.com (or .eu, .in, ...)"


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """A sign-in that has begun. The addresses are as Zoho gave them, not yet checked; times are seconds."""

    secret: SecretStr
    user_code: str
    address: str | None
    complete_address: str | None
    interval: float
    life: float


@dataclass(frozen=True, slots=True)
class KeepAsking:
    """No word yet. ``slower``: ask less often from now on; ``trouble``: what stood in place of an answer."""

    slower: bool = False
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class AskElsewhere:
    """Approved, by somebody who lives at another data centre: the same code is good there."""

    location: str


Poll = TokenGrant | KeepAsking | AskElsewhere | ZohoError
"""What a poll says: the tokens, ask again, ask elsewhere, or why there will be none."""


def read_device_code(status: int, body: Any) -> DeviceCode | ZohoError:
    """Return the codes of a sign-in that has begun, or why it could not."""
    answer = as_object(body)
    device_code, user_code = as_text(answer.get("device_code")), as_text(answer.get("user_code"))
    if device_code is None or user_code is None or "error" in answer:
        return _fault(status, answer, _AT_START) or no_usable_answer(
            error_word(answer) or f"http_{status}", status
        )
    page = as_text(answer.get("verification_url")) or as_text(answer.get("verification_uri"))
    return DeviceCode(
        secret=SecretStr(device_code),
        user_code=clean_line(user_code)[:40],
        address=page,
        complete_address=as_text(answer.get("verification_uri_complete")),
        interval=_pace(answer.get("interval")),
        life=_life(answer.get("expires_in")),
    )


def read_poll(status: int, body: Any) -> Poll:
    """Return what an answer to a poll says; what is not understood is asked again, until the code ends."""
    answer = as_object(body)
    if has_token(body):
        return read_token_answer(status, body)
    word = error_word(answer)
    if word == "other_dc":
        where = as_text(answer.get("user_location")) or as_text(answer.get("dc"))
        return AskElsewhere(clean_line(where)) if where else KeepAsking(trouble=word)
    if word in _SLOWER:
        return KeepAsking(slower=_SLOWER[word])
    if fault := _fault(status, answer, _AT_POLL):
        return fault
    return KeepAsking(slower=status == 429, trouble=word or f"http_{status}")


def read_exchange(status: int, body: Any, *, refreshing: bool = False) -> TokenGrant | ZohoError:
    """Return the tokens for a grant code (or, *refreshing*, for a refresh token), or why there are none."""
    if has_token(body):
        return read_token_answer(status, body)
    answer = as_object(body)
    table = _AT_REFRESH if refreshing else _AT_EXCHANGE
    return _fault(status, answer, table) or no_usable_answer(error_word(answer) or f"http_{status}", status)


def no_usable_answer(code: str, status: int | None = None) -> NotReached:
    """Return the error for an answer that says nothing: an outage, a proxy's page."""
    return NotReached(
        "Zoho's sign-in server gave no usable answer.",
        next_step="Check the data centre and any proxy between here and Zoho, then sign in again.",
        code=code,
        status=status,
    )


def expired(trouble: str, *, lost: bool) -> SignInError:
    """Return the error for a code that nobody approved in time.

    Args:
        trouble: what the last answer was, if it could not be understood.
        lost: an answer was lost on the way; it may have held the tokens.
    """
    what = "The code was not approved in time."
    if lost:
        what = "The line broke while Zoho answered; if you had approved the code, that approval is lost."
    elif trouble:
        what = f"The code has ended, and Zoho's last answer could not be understood ({trouble})."
    return SignInError(what, next_step="Sign in again: zoho-leads login.", code="expired")


def no_refresh_token() -> SignInError:
    """Return the error for an answer that has an access token alone, which ends within the hour."""
    return SignInError(
        "Zoho gave an access token, but no refresh token: you would be signed out within the hour.",
        next_step=f"In Zoho open {CONNECTED_APPS}, remove this client there, and sign in again.",
        code="no_refresh_token",
    )


def elsewhere_unknown(location: str) -> SignInError:
    """Return the error for a data centre that our table does not have."""
    return SignInError(
        f"Your account is at a data centre that is not known here ({clean_line(location)[:40]}).",
        next_step="Nothing was sent there. A newer version may know it; docs/zoho.md lists those that are.",
        code="unknown_data_center",
    )


def secret_elsewhere(center: str, error: ZohoError) -> SignInError:
    """Return the error for a client that the user's own data centre *center* does not accept."""
    return SignInError(
        f"You approved, but the data centre {center!r}, where your account is, does not accept this client "
        "id and client secret.",
        next_step=f"In {CONSOLE} open the client > Settings > Multi-DC: switch {center} on, and use the same "
        f"secret for all data centres; or sign in with the secret of {center} and --data-center {center}.",
        code=error.code,
        status=error.status,
    )


_SLOWER: Mapping[str, bool] = {"authorization_pending": False, "slow_down": True}

_SECRET_WRONG = (
    "The client secret is wrong.",
    f"Copy it again from {CONSOLE}, for this data centre, and sign in again.",
)
_SCOPE_UNKNOWN = ("Zoho does not know one of the scopes.", "Please report it: docs/zoho.md lists the scopes.")
_REFUSED = ("Access was refused in the browser.", "Sign in again and approve: zoho-leads login.")
_AT_START: Mapping[str, tuple[str, str]] = {
    "invalid_client": (
        "Zoho does not know this client as one that devices sign in with, in this data centre.",
        f"In {CONSOLE} its kind must be Non-browser Application (with a Self Client: zoho-leads login "
        "--code), and --data-center must be the one where it was registered.",
    ),
    "invalid_client_secret": _SECRET_WRONG,
    "invalid_scope": _SCOPE_UNKNOWN,
    "access_denied": _REFUSED,
}
_AT_POLL: Mapping[str, tuple[str, str]] = _AT_START | {
    "expired": ("The code was not approved in time.", "Sign in again: zoho-leads login."),
    "expired_token": ("The code was not approved in time.", "Sign in again: zoho-leads login."),
    "invalid_code": ("Zoho does not know this code any more.", "Sign in again: zoho-leads login."),
}
_AT_EXCHANGE: Mapping[str, tuple[str, str]] = {
    "invalid_client": (
        "Zoho does not know this client id in this data centre.",
        f"Check client id and --data-center: a client belongs to the data centre of the console that made it "
        f"({CONSOLE}).",
    ),
    "invalid_client_secret": _SECRET_WRONG,
    "invalid_code": (
        "Zoho does not accept the grant code: it was used, is too old, or belongs to another client or data "
        "centre.",
        "Generate another one in the console's Self Client, and paste it within its minutes.",
    ),
    "invalid_redirect_uri": (
        "The client was registered with a redirect address, so it is not a Self Client.",
        "Use a Self Client for --code, or a Non-browser Application without it.",
    ),
    "invalid_scope": _SCOPE_UNKNOWN,
}
_AT_REFRESH: Mapping[str, tuple[str, str]] = _AT_EXCHANGE | {
    "invalid_code": (
        "Zoho does not accept this refresh token: it was revoked, or is of another client or data centre.",
        "Sign in without --refresh-token: zoho-leads login.",
    )
}


def _fault(status: int, answer: Mapping[str, Any], table: Mapping[str, tuple[str, str]]) -> ZohoError | None:
    word = error_word(answer)
    if _is_throttle(answer, word, table):
        return TokenThrottled(
            "Zoho gives out no more tokens for a while: too many were asked for.",
            wait=THROTTLE_WAIT,
            next_step="Wait ten minutes, then sign in again.",
            code=word or "throttled",
            status=status,
        )
    if word in table:
        what, next_step = table[word]
        return SignInError(what, next_step=next_step, code=word, status=status)
    return None


def _is_throttle(answer: Mapping[str, Any], word: str, table: Mapping[str, tuple[str, str]]) -> bool:
    # Its text is in the user's language; beside it stand a status or a description. With a blank instead of
    # the underscore it is the throttle's own "Access Denied", not the person's refusal (Kaizen 43).
    if answer.get("status") == "failure" or str(answer.get("error")) == "Access Denied":
        return True
    if word == "access_denied":
        return word not in table
    return bool(word) and word not in table and "error_description" in answer


def _pace(told: Any) -> float:
    """Return ``interval`` in seconds: clients of the real service get 5000, so milliseconds."""
    number = _number(told)
    seconds = number / 1000 if number >= 1000 else number
    return min(max(seconds, LEAST_PACE), SLOW_PACE)


def _life(told: Any) -> float:
    """Return ``expires_in`` in seconds: clients get 300000, so milliseconds; no code lives 10,000 seconds."""
    number = _number(told)
    seconds = number / 1000 if number >= 10_000 else number
    return min(seconds, LONGEST_LIFE) if seconds > 0 else LONGEST_LIFE


def _number(told: Any) -> float:
    try:
        number = float(told)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return number if math.isfinite(number) else 0.0
