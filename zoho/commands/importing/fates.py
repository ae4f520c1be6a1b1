"""What became of the lines of a file, counted and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field as made
from enum import Enum

from zoho.commands.results import Exit, exit_of
from zoho.leads.fault_words import fault_lines
from zoho.leads.fields import LeadForm
from zoho.outbox.states import Standing, State, UndoState
from zoho.outbox.store import Row
from zoho.wire.clean import clean_line
from zoho.wire.errors import FieldFault

_NAMED = 10
"""Lines that are named one by one; more are counted."""


class Fate(Enum):
    """Where a line ended up."""

    CREATED = "created"
    REFUSED = "refused"
    WAITING = "waiting"
    UNCLEAR = "unclear"
    ASKED = "asked"
    ELSEWHERE = "elsewhere"
    DISCARDED = "discarded"
    UNDONE = "undone"
    UNSAVED = "unsaved"


_BY_STANDING: Mapping[Standing, Fate] = {
    State.SENT: Fate.CREATED,
    State.MERGED: Fate.CREATED,
    State.REJECTED: Fate.REFUSED,
    State.DUPLICATE: Fate.REFUSED,
    State.DISCARDED: Fate.DISCARDED,
    State.QUEUED: Fate.WAITING,
    State.DRAFT: Fate.WAITING,
    State.SENDING: Fate.UNCLEAR,
    State.UNKNOWN: Fate.UNCLEAR,
    State.ASK: Fate.ASKED,
    UndoState.UNDOING: Fate.UNCLEAR,
    UndoState.UNDONE: Fate.UNDONE,
}


def fate_of(row: Row, org: str | None) -> Fate:
    """Return where the line that became *row* is; *org* is the one that is signed in to."""
    if org is not None and row.org not in (None, org):
        return Fate.ELSEWHERE
    return _BY_STANDING[row.standing]


def reason_of(faults: tuple[FieldFault, ...], form: LeadForm) -> str:
    """Return why a line was refused, on one line: fields, what is wrong, next steps, existing records."""
    told: list[str] = []
    for fault, line in zip(faults, fault_lines(faults, form), strict=True):
        known = fault.duplicate
        told.append(f"{line} It is {known.id} in {known.module or 'Leads'}." if known else line)
    return clean_line(" ".join(told)) or "Zoho refused it. See the Log."


@dataclass(slots=True)
class Fates:
    """The lines of a file by where they ended up."""

    counts: Counter[Fate] = made(default_factory=Counter[Fate])
    asked: list[int] = made(default_factory=list[int])
    orgless: int = 0
    status: Exit = Exit.CREATED

    def add_row(self, line: int, row: Row, org: str | None) -> Fate:
        """Count the line of that number, which became *row*; return where it is."""
        fate = fate_of(row, org)
        self.counts[fate] += 1
        self.orgless += fate is Fate.WAITING and row.org is None
        if fate in (Fate.ASKED, Fate.UNCLEAR) and len(self.asked) < _NAMED:
            self.asked.append(line)
        # What went to another org is not in this one.
        self.status = max(self.status, Exit.SAVED if fate is Fate.ELSEWHERE else exit_of(row))
        return fate

    def add_refused(self) -> None:
        """Count a line that was never saved, since it is no lead."""
        self.counts[Fate.REFUSED] += 1
        self.status = max(self.status, Exit.REJECTED)

    def add_unsaved(self) -> None:
        """Count a line that is a lead and was not saved."""
        self.counts[Fate.UNSAVED] += 1
        self.status = max(self.status, Exit.SAVED)

    def told(self) -> Iterator[str]:
        """Yield what became of the lines but those that were refused, a sentence each."""
        yield f"Created in Zoho: {self.counts[Fate.CREATED]:,}."
        for fate, words in _WORDS.items():
            if self.counts[fate]:
                yield words.format(self.counts[fate])
        if self.asked:
            more = ", ..." if self.counts[Fate.ASKED] + self.counts[Fate.UNCLEAR] > len(self.asked) else ""
            yield f"Unclear are the lines {', '.join(map(str, self.asked))}{more}"
        if self.orgless:
            yield (
                f"Saved without a sign-in: {self.orgless:,}. After signing in, zoho-leads send --confirm-org "
                "sends them."
            )


_WORDS: Mapping[Fate, str] = {
    Fate.WAITING: "Waiting to be sent: {:,}. They are safe in the outbox; zoho-leads send goes on with them.",
    Fate.UNCLEAR: "Unclear whether they stand in Zoho: {:,}. zoho-leads send finds that out.",
    Fate.ASKED: "Unclear, and only you can say: {:,}. Start zoho-leads and open the Log.",
    Fate.ELSEWHERE: "Imported into another org or as another user: {:,}. For a trial org, give a --data-dir.",
    Fate.DISCARDED: "Discarded in the Log, and left alone: {:,}.",
    Fate.UNDONE: "Created and undone, and left alone: {:,}.",
    Fate.UNSAVED: "Not saved yet: {:,}. Run the same again.",
}
