"""The outbox as everybody sees it: its rows, and what may be done with them.

`Store` is the seam: the courier and the screens know nothing of SQLite, so that another engine can stand
behind it one day. Every method is one transaction; when it returns, what it says is on the disk.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from zoho.leads.follow_up import FollowUp
from zoho.outbox.follow_ups import FollowUps, FollowUpState
from zoho.outbox.states import ENDED, IN_ZOHO, UNSENT, Mode, Standing, State, UndoState
from zoho.wire.errors import FieldFault

ENOUGH_SPANS = 3
"""How many leads of a day must tell how long they took before that is worth a word."""

FRESH = 0
BACKLOG = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A lead in the outbox.

    Args:
        key: the submission key, a UUID; it belongs to this lead for ever.
        state: where it stands.
        values: the lead's values as Zoho takes them.
        org: `zoho.leads.org.OrgProfile.key` that it belongs to; None until the rep confirms one.
        created_at: when it was first kept: as a draft, or else saved; seconds since the epoch.
        updated_at: when it last changed; of one that was created, when that was known. Undoing changes
            neither.
        lane: `FRESH` (typed in a running session) or `BACKLOG`.
        attempt: how many times sending it has begun.
        mode: how the last attempt is resolved.
        sender: who began the last attempt.
        attempt_at: when it began, by Zoho's clock, seconds since the epoch.
        layout_id: the layout that it was sent with.
        key_field: the field that it carried the key in.
        not_before: when an unclear attempt is looked at next.
        looks: how many times it has been looked up since.
        zoho_id: Zoho's id; of the existing record where the state is duplicate.
        faults: why it was refused, or what is unclear.
        unclear: whether the fate of an attempt has ever been unclear: then the record may stand in Zoho.
        typed: what stands in a form and is not saved as the lead's values yet; None, nothing.
        field: API name of the field that the caret was in.
        holder: the session that has it in its form; None, it is parked.
        reason: why it was created although somebody like it is known; where it was merged, what was done.
        answers: what the rep answered to the questions of a script, as it was typed, by their names; None,
            nothing was asked.
        saved_at: when the rep first saved it, or said what it is; None of drafts, and of leads of earlier
            versions.
        undo_wanted: when undoing it was begun; None, it never was, or Zoho certainly did not do it.
        undone_at: when it was known to be gone from Zoho's leads.
        restored_at: when it was known to be back. It is never undone a second time.
    """

    key: str
    state: State
    values: Mapping[str, Any]
    org: str | None
    created_at: float
    updated_at: float
    lane: int = FRESH
    attempt: int = 0
    mode: Mode = Mode.UNKEYED
    sender: str | None = None
    attempt_at: float = 0.0
    layout_id: str | None = None
    key_field: str | None = None
    not_before: float = 0.0
    looks: int = 0
    zoho_id: str | None = None
    faults: tuple[FieldFault, ...] = ()
    unclear: bool = False
    typed: Mapping[str, str] | None = None
    field: str | None = None
    holder: str | None = None
    reason: str | None = None
    answers: Mapping[str, str] | None = None
    saved_at: float | None = None
    undo_wanted: float | None = None
    undone_at: float | None = None
    restored_at: float | None = None

    @property
    def standing(self) -> Standing:
        """Its state; or, if it was undone or may be, that."""
        if self.undo_wanted is None or self.restored_at is not None:
            return self.state
        return UndoState.UNDOING if self.undone_at is None else UndoState.UNDONE

    @property
    def being_changed(self) -> bool:
        """Whether it waits and is half changed, in a form or put aside: it is not sent before then."""
        return self.state is State.QUEUED and self.typed is not None

    @property
    def undone(self) -> bool:
        """Whether it was created, and is in Zoho's recycle bin now, as far as is known."""
        return self.standing is UndoState.UNDONE

    @property
    def being_undone(self) -> bool:
        """Whether it is not known whether an undo of it was done."""
        return self.standing is UndoState.UNDOING

    @property
    def in_zoho(self) -> bool:
        """Whether it stands in Zoho for certain, as a record of its own or in another."""
        return self.standing in IN_ZOHO

    @property
    def purged(self) -> bool:
        """Whether its values were taken out after its end."""
        return self.state in ENDED and not self.values


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """One HTTP exchange made for a lead: no secrets, no values."""

    at: float
    attempt: int
    method: str
    path: str
    status: int | None
    code: str
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is written down before a lead is sent."""

    sender: str
    mode: Mode
    at: float
    layout_id: str | None
    key_field: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt. ``not_before`` and ``looks`` are for `State.UNKNOWN`."""

    state: State
    zoho_id: str | None = None
    faults: tuple[FieldFault, ...] = ()
    not_before: float = 0.0
    looks: int = 0


class Ending(NamedTuple):
    """The end of an attempt: the row as it was begun or claimed, what became of it, the exchanges made."""

    row: Row
    outcome: Outcome
    calls: Sequence[LoggedCall] = ()


class Naming(NamedTuple):
    """How many leads name an e-mail address: at their end, waiting for us or the rep, under way to Zoho."""

    ended: int
    waiting: int
    under_way: int


class Forgotten(NamedTuple):
    """How many leads were erased, and how many could not be, since they are under way to Zoho."""

    erased: int
    under_way: int


@dataclass(frozen=True, slots=True)
class Pause:
    """Why the sender rests. ``until`` is seconds since the epoch; None, until somebody acts."""

    until: float | None
    what: str
    next_step: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many leads stand in which state.

    ``today`` counts those sent since midnight and not undone; ``spans`` are the seconds from the first keep
    of the draft to saving, for those of them that were a draft before. ``parked`` counts the drafts that are
    in no session's form, ``follow_ups_waiting`` the notes and tasks that still have to be sent although
    their lead stands in Zoho, ``follow_ups_refused`` those that wait for the rep's word.
    """

    by_state: Mapping[State, int] = field(default_factory=dict[State, int])
    today: int = 0
    parked: int = 0
    follow_ups_waiting: int = 0
    follow_ups_refused: int = 0
    spans: tuple[float, ...] = ()

    @property
    def median_span(self) -> float | None:
        """How long a lead of today took, in seconds: the median; None where fewer than three tell it."""
        spans = sorted(self.spans)
        middle = len(spans) // 2
        return (spans[middle] + spans[~middle]) / 2 if len(spans) >= ENOUGH_SPANS else None

    @property
    def unsent(self) -> int:
        """How many leads, notes and tasks the courier still has to do something about."""
        return self.of(UNSENT) + self.follow_ups_waiting

    def of(self, states: Iterable[State]) -> int:
        """Return how many leads are in one of *states*."""
        return sum(self.by_state.get(state, 0) for state in states)


class Sought(NamedTuple):
    """A word that a lead is looked for by: it stands in its name, company, Zoho id or reason.

    Or the lead stands in one of ``states``, or a note or task of it in one of ``follow_ups``: what those are
    called on the screen, the outbox does not know.
    """

    text: str
    states: frozenset[Standing] = frozenset()
    follow_ups: frozenset[FollowUpState] = frozenset()


class Listing(Protocol):
    """The leads as a list, read where it is looked at: each has a number, a newer lead a higher one."""

    def numbers(
        self, sought: Sequence[Sought] = (), *, after: int = 0, limit: int | None = None
    ) -> Sequence[int]:
        """Return the numbers of the leads, newest first.

        Args:
            sought: only of those that all of these words are found in, whatever their case.
            after: only higher ones.
            limit: at most so many.
        """
        ...

    def rows(self, numbers: Sequence[int]) -> Mapping[int, Row]:
        """Return the leads with these numbers, as far as they are still there; some hundred at most."""
        ...

    def holding(self, texts: Sequence[str], *, limit: int) -> Sequence[Row]:
        """Return the leads, newest first, that hold one of these texts, whatever its case.

        Those that were discarded or undone are left out, and those behind some ten thousand newer ones.
        """
        ...


class Drafts(Protocol):
    """What stands half typed in a form, on the disk: new leads, and changes to those that may be edited."""

    def keep(
        self,
        key: str,
        typed: Mapping[str, str],
        *,
        field: str | None,
        holder: str | None,
        editing: bool,
        at: float,
    ) -> bool:
        """Keep what is typed so far; False if the lead of that key is past being typed.

        Args:
            key: the submission key.
            typed: API names and texts; empty, the draft is dropped.
            field: API name of the field that the caret is in.
            holder: the session that has it in its form; None, it is parked.
            editing: a lead that is in the outbox already is being changed; else a new one is being typed.
            at: seconds since the epoch.
        """
        ...

    def all(self) -> list[Row]:
        """Return the drafts, the one that was typed in last first."""
        ...

    def take(self, row: Row, holder: str) -> bool:
        """Let the session *holder* have the draft; False if it is not as it was when it was read."""
        ...

    def let_go(self, holders: Collection[str]) -> int:
        """Park the drafts of sessions that have ended; return how many."""
        ...

    def drop(self, key: str) -> bool:
        """Forget what was typed: a lead that was only typed is gone, another stays as it was."""
        ...


class History(Protocol):
    """Taking out again what leads hold; key, Zoho id and times stay."""

    def purge(self, *, before: float) -> int:
        """Take the values out of leads that came to their end before then; return out of how many."""
        ...

    def naming(self, email: str) -> Naming:
        """Count the leads that name this e-mail address; raises ValueError where that is empty."""
        ...

    def forget(self, email: str, *, at: float) -> Forgotten:
        """Take the values out of every lead that names this e-mail address; what still waits is discarded."""
        ...


class Undos(Protocol):
    """Which leads were taken back out of Zoho. Their state stays *sent*: none of them is ever sent again.

    The notes and tasks of a lead that is undone, or being undone, are held back.
    """

    def want(self, key: str, *, at: float) -> Row | None:
        """Write down that a lead is being undone; return it as it is then.

        None where it may not be: it was not created, an undo of it was begun before, or a note or task of it
        is under way.
        """
        ...

    def drop(self, key: str) -> bool:
        """Forget that a lead is being undone, since it certainly was not; False if that is not open."""
        ...

    def undone(self, key: str, *, at: float) -> Row | None:
        """Write down that a lead which was being undone is gone; None if that is not open."""
        ...

    def restored(self, key: str, *, at: float) -> Row | None:
        """Write down that a lead which was undone is back; None if it was not undone."""
        ...

    def open(self, org: str) -> list[Row]:
        """Return the leads of that org of which it is not known whether they were undone, oldest first."""
        ...

    def recent(self, org: str, *, limit: int) -> list[Row]:
        """Return the leads of that org that were created last, newest first, those undone among them."""
        ...


class Store(Protocol):
    """The outbox. Every method may raise `zoho.wire.StorageError`; then nothing has changed."""

    @property
    def drafts(self) -> Drafts:
        """What stands in the forms."""
        ...

    @property
    def history(self) -> History:
        """What leads hold after their end."""
        ...

    @property
    def follow_ups(self) -> FollowUps:
        """The notes and tasks of leads."""
        ...

    @property
    def undos(self) -> Undos:
        """The leads that were taken back."""
        ...

    @property
    def listing(self) -> Listing:
        """The leads as a list to be looked at."""
        ...

    def add(
        self,
        key: str,
        values: Mapping[str, Any],
        *,
        org: str | None,
        lane: int,
        at: float,
        reason: str | None = None,
        follow_ups: Sequence[FollowUp] = (),
        answers: Mapping[str, str] | None = None,
    ) -> Row:
        """Save a lead as queued and return its row; the row that is already there, if the key is known.

        A draft of that key is what becomes the lead. Its follow-ups are saved with it; where the key is
        known, nothing changes.
        """
        ...

    def get(self, key: str) -> Row | None:
        """Return the lead of that key."""
        ...

    def rows(self, *, limit: int | None = None) -> list[Row]:
        """Return the leads, newest first."""
        ...

    def counts(self, *, since: float) -> Counts:
        """Return how many leads are in which state; ``today`` counts those sent since *since*."""
        ...

    def queued(self, org: str, *, lane: int, limit: int) -> list[Row]:
        """Return the oldest queued leads of that org and lane, but for those that are being changed."""
        ...

    def unknown(self, org: str, *, limit: int) -> list[Row]:
        """Return the unknown leads of that org, the one that is due first first."""
        ...

    def unbound(self) -> list[Row]:
        """Return the queued leads that belong to no org yet, newest first."""
        ...

    def waiting(self, org: str) -> int:
        """Return how many leads of that org the courier has to do something about, as `queued` has them."""
        ...

    def begin(self, intents: Sequence[tuple[Row, Attempt]]) -> list[Row]:
        """Write down that leads are being sent; return those that still were as they were when read."""
        ...

    def finish(self, endings: Sequence[Ending], *, at: float) -> list[Row | None]:
        """Write down what became of attempts; return the rows as they are then.

        None where the row is no longer that sender's. The calls are kept in either case: they were made.
        """
        ...

    def claim(self, row: Row, sender: str) -> Row | None:
        """Take an unknown row over, to resolve it; None if it is not as it was when it was read."""
        ...

    def orphan(self, sender: str, *, not_before: float, at: float) -> list[Row]:
        """Turn every row that another sender left in ``sending`` into ``unknown``, and return them."""
        ...

    def decide(
        self,
        key: str,
        state: State,
        *,
        at: float,
        zoho_id: str | None = None,
        reason: str | None = None,
        module: str | None = None,
        org: str | None = None,
        follow_ups: Sequence[FollowUp] | None = None,
    ) -> bool:
        """Carry out the rep's word on a lead; False if the lead may not become that.

        The follow-ups of a lead that is merged go to the record that it went into, those of one that is
        discarded with it.

        Args:
            key: its submission key.
            state: what it becomes.
            at: now.
            zoho_id: the record that it is, or was merged into.
            reason: what was done.
            module: of a lead that is merged: Leads (by default), Contacts or Accounts.
            org: the org of that record, which the lead belongs to from then on; None, that of the lead.
            follow_ups: of a lead that is merged: these instead of those that have not left yet; None leaves
                them as they are.
        """
        ...

    def edit(
        self,
        key: str,
        values: Mapping[str, Any],
        *,
        at: float,
        reason: str | None = None,
        follow_ups: Sequence[FollowUp] | None = None,
        answers: Mapping[str, str] | None = None,
    ) -> bool:
        """Give a lead other values and queue it again, with the same key; False if it may not be edited.

        *follow_ups* take the place of those that have not left yet, *answers* that of the earlier ones; None
        leaves them as they are.
        """
        ...

    def bind(self, org: str, *, keys: Iterable[str] | None = None) -> int:
        """Let the leads that belong to no org yet (or only *keys*) belong to *org*; return how many.

        What is half typed or given up belongs to none.
        """
        ...

    def holder_of(self, zoho_id: str) -> str | None:
        """Return the key of the sent lead that has this id in Zoho."""
        ...

    def log_calls(self, key: str, calls: Iterable[LoggedCall]) -> None:
        """Keep the HTTP exchanges of a lead."""
        ...

    def calls(self, key: str) -> list[LoggedCall]:
        """Return the HTTP exchanges of a lead, oldest first."""
        ...

    def note(self, name: str) -> str | None:
        """Return a small fact that was kept under *name*."""
        ...

    def set_note(self, name: str, value: str | None) -> None:
        """Keep a small fact; None forgets it."""
        ...

    def version(self) -> int:
        """Return a number that changes whenever another process changed the outbox."""
        ...

    def close(self) -> None:
        """Close it; rows stay."""
        ...
