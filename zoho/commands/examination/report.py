"""What an examination found, and what it means for the next lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from zoho.leads.check_up import Finding
from zoho.wire.errors import ZohoError


class Sign(StrEnum):
    """How a thing is: well, to be mended, or only told."""

    WELL = "well"
    MEND = "mend"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was looked at.

    Args:
        name: a stable name, for programs.
        sign: how it is.
        finding: what was found, in words.
        blocks: as long as it is like that, no lead can be sent.
        facts: the same as values, for programs; never a secret.
    """

    name: str
    sign: Sign
    finding: Finding
    blocks: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])


def well(name: str, what: str, **facts: Any) -> Entry:
    """Return an entry for what is as it should be."""
    return Entry(name, Sign.WELL, Finding(True, what), facts=facts)


def told(name: str, what: str, next_step: str = "", **facts: Any) -> Entry:
    """Return an entry for what is good to know, and neither good nor bad."""
    return Entry(name, Sign.INFO, Finding(True, what, next_step), facts=facts)


def mend(name: str, what: str, next_step: str, *, blocks: bool = False, **facts: Any) -> Entry:
    """Return an entry for what is to be mended."""
    return Entry(name, Sign.MEND, Finding(False, what, next_step), blocks, facts)


def failed(name: str, error: ZohoError, *, blocks: bool = True) -> Entry:
    """Return an entry for what *error* tells."""
    return mend(name, error.what, error.next_step, blocks=blocks, code=error.code)


def judged(name: str, finding: Finding, blocks: bool = False) -> Entry:
    """Return an entry for a finding that was made elsewhere."""
    if finding.well:
        return told(name, finding.what, finding.next_step) if finding.next_step else well(name, finding.what)
    return mend(name, finding.what, finding.next_step, blocks=blocks)


@dataclass(frozen=True, slots=True)
class Group:
    """The entries about one part of the way."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole examination.

    Args:
        groups: in the order in which things are to be mended.
        to: the org that a lead would go to, in words; None where that is not known.
        user: as whom.
        offline: Zoho was not asked, as was wished.
    """

    groups: tuple[Group, ...]
    to: str | None = None
    user: str | None = None
    offline: bool = False

    @property
    def entries(self) -> Iterable[Entry]:
        """Every entry, in order."""
        return (entry for group in self.groups for entry in group.entries)

    @property
    def ready(self) -> bool:
        """Whether a lead could be sent now, as far as was looked."""
        return not any(entry.blocks for entry in self.entries)

    @property
    def first(self) -> Entry | None:
        """What to mend first: what keeps a lead from being sent, else the first that is not well."""
        wrong = [entry for entry in self.entries if entry.sign is Sign.MEND]
        return next((entry for entry in wrong if entry.blocks), wrong[0] if wrong else None)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "ready": self.ready,
            "offline": self.offline,
            "org": self.to,
            "user": self.user,
            "first": _json(self.first) if self.first else None,
            "groups": [
                {"name": group.name, "findings": [_json(entry) for entry in group.entries]}
                for group in self.groups
            ],
        }


def _json(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "sign": entry.sign.value,
        "blocks": entry.blocks,
        "what": entry.finding.what,
        "next_step": entry.finding.next_step,
        "facts": dict(entry.facts),
    }
