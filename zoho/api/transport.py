"""What a failure below HTTP means: did the request reach Zoho, or may it have?"""

from __future__ import annotations

import httpx

from zoho.wire.errors import NotReached, OutcomeUnknown, ZohoError

# httpx raises these before the first byte of the request is sent.
_BEFORE_SENDING = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


def transport_error(error: Exception) -> ZohoError:
    """Return the error of ours for a failure of httpx, or for the overall deadline (``TimeoutError``).

    Only the failures that certainly happened before the request was sent are `NotReached`; everything else is
    `OutcomeUnknown`. The text of httpx's own error is not taken over: it can hold the URL.
    """
    code = type(error).__name__
    if isinstance(error, _BEFORE_SENDING):
        return NotReached(
            "Zoho cannot be reached from here.",
            next_step="Nothing to do: the lead waits and is sent when the line is back.",
            code=code,
        )
    return OutcomeUnknown(
        "The line broke before Zoho's answer came.",
        next_step="Nothing to do: it is looked up before anything is sent again.",
        code=code,
    )
