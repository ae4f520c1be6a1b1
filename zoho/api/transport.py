"""What a failure below HTTP means: did the request reach Zoho, or may it have?"""

from __future__ import annotations

from zoho.wire.errors import NotReached, OutcomeUnknown, ZohoError
from zoho.wire.lean_httpx import httpx

_BEFORE_SENDING = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
BEFORE_SENDING = frozenset(kind.__name__ for kind in _BEFORE_SENDING)
"""Names of what httpx raises before the first byte of the request is sent: codes of our `NotReached`."""


def transport_error(error: Exception, *, in_flight: bool = True) -> ZohoError:
    """Return the error of ours for a failure of httpx, or for the overall deadline (``TimeoutError``).

    Only the failures that certainly happened before the request was sent are `NotReached`; everything else is
    `OutcomeUnknown`. The text of httpx's own error is not taken over: it can hold the URL.

    Args:
        error: what was raised.
        in_flight: False, the request was not on its way (or was refused with a 401) when that happened.
    """
    code = type(error).__name__
    if not in_flight or isinstance(error, _BEFORE_SENDING):
        return NotReached(
            "Zoho cannot be reached from here.",
            next_step="Nothing to do: the lead waits and is sent when the line is back.",
            code=code,
        )
    return OutcomeUnknown(
        "The line broke before Zoho's answer came.",
        next_step="Nothing to do: a lead is looked up before it is sent again.",
        code=code,
    )
