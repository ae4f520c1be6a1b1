"""What happened in a soak, and what is wrong with it: a pure function, which knows nothing of the outbox.

Its tables of states are the design's, written down a second time: a mistake in the program's own does not
excuse the program.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

MAY_BECOME: Mapping[str, Collection[str]] = {
    "draft": {"queued", "discarded"},
    "queued": {"sending", "discarded"},
    "sending": {"sent", "rejected", "duplicate", "unknown", "queued"},
    "unknown": {"sent", "sending", "ask"},
    "ask": {"sent", "queued", "discarded"},
    "rejected": {"queued", "discarded"},
    "duplicate": {"queued", "merged", "discarded"},
}


FOLLOW_UP_MAY_BECOME: Mapping[str, Collection[str]] = {
    "waiting": {"sending", "refused", "discarded"},
    "sending": {"sent", "refused", "unknown", "waiting"},
    "unknown": {"sent", "waiting", "refused", "discarded"},
    "refused": {"waiting", "unknown", "discarded"},
}


class Create(NamedTuple):
    """A request to create leads, as the stand-in saw it; *status* is None where no whole answer was sent."""

    keys: tuple[str, ...]
    handled: bool
    status: int | None
    faults: tuple[str, ...] = ()

    @property
    def unclear(self) -> bool:
        """Whether it may have been applied, for all that its sender can know."""
        return self.handled or self.status is None or self.status < 300 or self.status >= 500


class Standing(NamedTuple):
    """A record that stands in Zoho at the end."""

    key: str
    zoho_id: str


class Change(NamedTuple):
    """A change of a row's state, with the mode that its last attempt is resolved in."""

    key: str
    before: str
    after: str
    mode: str = "keyed"


class Row(NamedTuple):
    """A row of the outbox at the end."""

    key: str
    state: str
    zoho_id: str | None


class Finding(NamedTuple):
    """Something that must not be."""

    what: str
    key: str
    detail: str = ""


@dataclass(frozen=True)
class History:
    """What happened, each list in the order in which it did.

    Args:
        saved: the leads of which ``saved`` was said, and when (`time.monotonic`).
        creates: what reached Zoho.
        changes: what the rows went through.
        rows: the outbox at the end.
        standing: Zoho's records at the end.
    """

    saved: Mapping[str, float]
    creates: Sequence[Create] = ()
    changes: Sequence[Change] = ()
    rows: Sequence[Row] = ()
    standing: Sequence[Standing] = ()

    @property
    def faulty(self) -> float:
        """The share of the creates that a fault befell."""
        return sum(bool(create.faults) for create in self.creates) / max(1, len(self.creates))


@dataclass
class _Lead:
    """All that is known of one lead."""

    key: str
    saved: bool
    row: Row | None = None
    ids: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    posts: int = 0
    unclear_posts: int = 0


def findings(history: History, *, waiting: Collection[str] = ()) -> list[Finding]:
    """Return everything in *history* that must not be; nothing, where each lead is in Zoho exactly once.

    Args:
        history: what happened.
        waiting: states besides *sent* in which a lead may be at the end.
    """
    found: list[Finding] = []
    for lead in _leads(history):
        found += [*_in_zoho(lead), *_at_the_end(lead, waiting), *_on_its_way(lead), *_requests(lead)]
    return found


def _leads(history: History) -> list[_Lead]:
    rows = {row.key: row for row in history.rows}
    ids: defaultdict[str, list[str]] = defaultdict(list)
    changes: defaultdict[str, list[Change]] = defaultdict(list)
    for record in history.standing:
        ids[record.key].append(record.zoho_id)
    for change in history.changes:
        changes[change.key].append(change)
    posts = Counter(key for create in history.creates for key in create.keys)
    unclear = Counter(key for create in history.creates if create.unclear for key in create.keys)
    return [
        _Lead(key, key in history.saved, rows.get(key), ids[key], changes[key], posts[key], unclear[key])
        for key in dict.fromkeys([*history.saved, *rows, *ids, *changes, *posts])
    ]


def _in_zoho(lead: _Lead) -> Iterator[Finding]:
    if len(lead.ids) > 1:
        yield Finding("doubled", lead.key, ", ".join(lead.ids))


def _at_the_end(lead: _Lead, waiting: Collection[str]) -> Iterator[Finding]:
    if lead.row is None:
        if lead.saved:
            yield Finding("lost", lead.key, "it was said to be saved, and has no row")
        elif lead.ids or lead.posts:
            yield Finding("from nowhere", lead.key, "Zoho was sent a lead that has no row")
    elif lead.row.state != "sent":
        if lead.row.state not in waiting:
            yield Finding("unfinished", lead.key, f"it is {lead.row.state}")
    elif not lead.ids:
        yield Finding("lost", lead.key, "it is marked as sent, and Zoho does not have it")
    elif lead.row.zoho_id not in lead.ids:
        yield Finding("wrong id", lead.key, f"{lead.row.zoho_id} instead of {', '.join(lead.ids)}")


def _on_its_way(lead: _Lead) -> Iterator[Finding]:
    state = "queued"
    for change in lead.changes:
        step = f"{change.before} -> {change.after}"
        if change.before != state:
            yield Finding("impossible", lead.key, f"{step}, although it was {state}")
        elif change.after not in MAY_BECOME.get(change.before, ()):
            yield Finding("impossible", lead.key, step)
        elif (change.before, change.after, change.mode) == ("unknown", "sending", "unkeyed"):
            yield Finding("impossible", lead.key, "unkeyed, and sent again while it was unclear")
        state = change.after
    if lead.row is not None and lead.row.state != state:
        yield Finding("impossible", lead.key, f"it was {state} and is {lead.row.state}")


def _requests(lead: _Lead) -> Iterator[Finding]:
    begun = sum(change.after == "sending" for change in lead.changes)
    if lead.posts > begun:
        yield Finding("unwritten", lead.key, f"{lead.posts} requests, {begun} of them written down before")
    taken_back = sum((change.before, change.after) == ("sending", "queued") for change in lead.changes)
    if lead.unclear_posts > begun - taken_back:
        yield Finding("taken back", lead.key, f"{taken_back} of {begun} attempts, although it may be in Zoho")
