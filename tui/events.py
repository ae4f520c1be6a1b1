"""What the desk tells the screens. Plain data, sent from any thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoho.leads.check_up import Finding
    from zoho.leads.org import OrgProfile
    from zoho.outbox.follow_ups import FollowUpRow
    from zoho.outbox.store import Counts, Pause, Row
    from zoho.wire.errors import SecretLocked, ZohoError


@dataclass(frozen=True, slots=True)
class Opened:
    """Configuration and outbox are open."""


@dataclass(frozen=True, slots=True)
class RowChanged:
    """A lead is in another state now; ``quiet``, it is told elsewhere what became of it."""

    row: Row
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class FollowUpChanged:
    """A note or a task of a lead is in another state now."""

    row: FollowUpRow


@dataclass(frozen=True, slots=True)
class OutboxChanged:
    """The outbox has changed; ``counts`` are the new numbers."""

    counts: Counts


@dataclass(frozen=True, slots=True)
class SenderRests:
    """The sender rests, for the reason in ``pause``; or goes on again."""

    pause: Pause | None


@dataclass(frozen=True, slots=True)
class OrgSeen:
    """The org and its form are known; ``live`` if Zoho has just said so."""

    org: OrgProfile
    live: bool


@dataclass(frozen=True, slots=True)
class SignedOut:
    """There is nothing to sign in with; ``missing`` names what is."""

    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Locked:
    """A secret is kept where it cannot be read without somebody at the terminal; leads wait meanwhile."""

    error: SecretLocked


@dataclass(frozen=True, slots=True)
class Found:
    """Something about the org that the rep should know."""

    finding: Finding


@dataclass(frozen=True, slots=True)
class Failed:
    """Something else went wrong."""

    error: ZohoError


@dataclass(frozen=True, slots=True)
class Over:
    """What had `Failed` is over: the outbox can be read again."""

    error: ZohoError


Event = (
    Opened
    | RowChanged
    | FollowUpChanged
    | OutboxChanged
    | SenderRests
    | OrgSeen
    | SignedOut
    | Locked
    | Found
    | Failed
    | Over
)
