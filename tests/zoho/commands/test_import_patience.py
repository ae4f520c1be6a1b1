"""An import gives up when nothing goes on; a note that leaves before the leads of the file is going on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from outbox_office import begin, finish, new_key

from zoho.commands.importing.run import Import
from zoho.leads.fields import LeadForm
from zoho.leads.follow_up import FollowUp, FollowUpKind
from zoho.leads.org import OrgProfile
from zoho.outbox.follow_ups import FollowUpState
from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import Mode, State
from zoho.outbox.store import BACKLOG, FRESH, Attempt, Outcome

ORG = OrgProfile("us", "1", "Zylker Ltd", "production", "2", "Robin Ellis", LeadForm(None, ()))
NOTE = FollowUp(FollowUpKind.NOTE, {"Note_Title": "Answers"})
ATTEMPT = Attempt("me", Mode.KEYED, 2.0, None, None)


class Slow:
    """A courier that sends one thing while somebody waits, notes first."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    async def drain(self, *, limit: float) -> None:
        """Send the next one."""
        del limit
        for note in self._store.follow_ups.due(ORG.key, now=9.0, limit=1):
            begun = self._store.follow_ups.begin(note, "me", 2.0)
            assert begun is not None
            self._store.follow_ups.finish(begun, FollowUpState.SENT, at=3.0, zoho_id="7")
            return
        for lead in self._store.queued(ORG.key, lane=BACKLOG, limit=1):
            sent(self._store, lead.key, "8")


class Stuck(Slow):
    """A courier that sends nothing."""

    calls = 0

    async def drain(self, *, limit: float) -> None:
        """Count how often somebody waited."""
        del limit
        self.calls += 1


def sent(store: SqliteStore, key: str, id_: str) -> None:
    row = store.get(key)
    assert row is not None
    begun = begin(store, row, ATTEMPT)
    assert begun is not None
    assert finish(store, begun, Outcome(State.SENT, zoho_id=id_), at=3.0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """An outbox with a lead of a file that waits, behind the two notes of one that was created."""
    with closing(SqliteStore(tmp_path / "data" / "outbox.db")) as opened:
        key = new_key()
        values = {"Last_Name": "Roe"}
        opened.add(key, values, org=ORG.key, lane=FRESH, at=1.0, follow_ups=[NOTE, NOTE])
        sent(opened, key, "5")
        opened.add(new_key(), values, org=ORG.key, lane=BACKLOG, at=1.0)
        yield opened


def import_into(store: SqliteStore) -> Import:
    nothing: Any = SimpleNamespace(store=store, tell=lambda _: None)
    return Import(nothing, nothing, nothing, org=ORG, form=ORG.form, total=1, progress=nothing)


async def test_it_goes_on_while_notes_leave(store: SqliteStore) -> None:
    courier: Any = Slow(store)
    await import_into(store).send(courier, ORG, patience=60)
    assert store.counts(since=0).unsent == 0


async def test_it_gives_up_when_nothing_goes_on(store: SqliteStore) -> None:
    courier: Any = Stuck(store)
    await import_into(store).send(courier, ORG, patience=60)
    assert courier.calls == 1
