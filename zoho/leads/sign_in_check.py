"""What a sign-in lacks besides what `zoho.leads.check_up` looks at: scopes, and a clock that is right."""

from __future__ import annotations

from zoho.account.scopes import missing_scopes
from zoho.leads.check_up import Finding, lacks_scopes

CLOCK_SKEW = 300.0
"""Seconds by which this machine's clock may differ from Zoho's without a word."""


def sign_in_findings(*, scope: str | None, clock_offset: float | None) -> list[Finding]:
    """Return what is wrong with a sign-in; empty if nothing is.

    Args:
        scope: the scopes that the token answer lists; None, it lists none.
        clock_offset: seconds that Zoho's clock is ahead (`zoho.api.ZohoClient.clock_offset`).
    """
    found: list[Finding] = []
    names = missing_scopes(scope) if scope is not None else ()
    if names:
        found.append(lacks_scopes(names))
    if clock_offset is not None and abs(clock_offset) > CLOCK_SKEW:
        way = "behind" if clock_offset > 0 else "ahead of"
        found.append(
            Finding(
                False,
                f"This computer's clock is {abs(clock_offset) / 60:.0f} minutes {way} Zoho's.",
                "Set it, or ask who runs this computer: sudo timedatectl set-ntp true; on macOS, System "
                "Settings > General > Date & Time > Set time and date automatically.",
            )
        )
    return found
