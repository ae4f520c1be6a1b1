"""What a look-up finds. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zoho.leads.look_up.marks import STRONG, Kind

OUTBOX = "outbox"
"""Module of what this rep entered here before."""

LEADS, CONTACTS, ACCOUNTS = "Leads", "Contacts", "Accounts"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is known; ``score`` is 100 where the values are the same, less where they are similar."""

    kind: Kind
    score: int = 100

    @property
    def names_the_person(self) -> bool:
        """Whether it is the same e-mail address or number."""
        return self.kind in STRONG


@dataclass(frozen=True, slots=True)
class Match:
    """Somebody who is known already.

    Args:
        module: API name of the module, or `OUTBOX`.
        id: Zoho's id; in the outbox, the submission key.
        name: of the person; of an account, the company's.
        reasons: why, the strongest first.
        company: where the person is from.
        owner: who looks after it, in words.
        status: the lead status; in the outbox, the state.
        since: when it was created, seconds since the epoch; None, not told.
        converted: it is a lead that has become a contact.
        values: what Zoho holds, as far as it was read.
    """

    module: str
    id: str
    name: str
    reasons: tuple[Reason, ...]
    company: str = ""
    owner: str = ""
    status: str = ""
    since: float | None = None
    converted: bool = False
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def is_certain(self) -> bool:
        """Whether it is the same person: by e-mail address or number."""
        return any(reason.names_the_person for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Known:
    """Who is known by what stands in the form now.

    Args:
        matches: the most certain first.
        unasked: what was not asked of Zoho, since that would be too many calls, or Zoho cannot be asked now.
        partial: Zoho knows more like it than were looked at.
    """

    matches: tuple[Match, ...] = ()
    unasked: frozenset[Kind] = frozenset()
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """A lead of this rep's own outbox; ``values`` as typed or sent, ``at`` in seconds since the epoch."""

    key: str
    values: Mapping[str, Any]
    state: str
    at: float
    zoho_id: str | None = None
