"""What plain mode does with outbox and leads, without a word said."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from outbox_office import begin, finish, new_key

from zoho.account import default_paths, load_config
from zoho.commands.plain.desk import PlainDesk
from zoho.commands.session import Session
from zoho.leads.fields import LeadForm
from zoho.leads.follow_up import FollowUp, FollowUpKind
from zoho.leads.org import OrgProfile
from zoho.outbox.ahead import bind_ahead
from zoho.outbox.follow_ups import FollowUpRow, FollowUpState
from zoho.outbox.session_slot import SessionSlot
from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import Mode, State
from zoho.outbox.store import FRESH, Attempt, Outcome, Row

ORG = OrgProfile("us", "1", "Zylker Ltd", "production", "2", "Robin Ellis", LeadForm(None, ()))
LEAD = {"Last_Name": "Roe", "Company": "Acme"}
NOTE = FollowUp(FollowUpKind.NOTE, {"Note_Title": "Answers", "Note_Content": "Champion: yes"})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(tmp_path / "data" / "outbox.db")) as opened:
        yield opened


def session_of(folder: Path, store: SqliteStore, **more: str) -> Session:
    environ = {"HOME": str(folder), "ZOHO_DATA_DIR": str(folder / "data"), **more}
    paths = default_paths(environ)
    return Session(load_config(environ=environ, paths=paths), paths, store, environ)


def desk_of(session: Session) -> PlainDesk:
    return PlainDesk(session, SessionSlot(session.paths.data_dir / "sessions"))


@pytest.fixture
def desk(tmp_path: Path, store: SqliteStore) -> PlainDesk:
    return desk_of(session_of(tmp_path, store))


def refused(store: SqliteStore, follow_up: FollowUp) -> str:
    """Have a lead that Zoho refused; it goes with a note whose answers no script of today asks for."""
    key = new_key()
    answers = {"?champion": "1"}
    row = store.add(key, LEAD, org=None, lane=0, at=1.0, follow_ups=[follow_up], answers=answers)
    begun = begin(store, row, Attempt("me", Mode.UNKEYED, 2.0, None, None))
    assert begun is not None
    assert finish(store, begun, Outcome(State.REJECTED), at=3.0)
    return key


def waiting(store: SqliteStore, key: str) -> list[FollowUpRow]:
    return [one for one in store.follow_ups.of(key) if one.state is FollowUpState.WAITING]


def take_over(path: Path) -> None:
    """Make the notes those of an outbox that was damaged: each is looked for before it is sent."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("UPDATE follow_ups SET state = 'unknown', unclear = 1")


@pytest.mark.parametrize("taken_over", [False, True])
def test_the_note_of_a_lead_that_is_changed_is_not_lost(
    store: SqliteStore, desk: PlainDesk, tmp_path: Path, taken_over: bool
) -> None:
    key = refused(store, NOTE)
    if taken_over:
        take_over(tmp_path / "data" / "outbox.db")
    row = desk.row(key)
    assert row is not None
    assert desk.save_again(row, {"Last_Name": "Roe", "Company": "Acme Ltd"}).state is State.QUEUED
    assert [one.values for one in waiting(store, key)] == [NOTE.values]


class KilledError(Exception):
    """The process ends here."""


class KilledAfterSaving(SqliteStore):
    """An outbox whose process is killed as soon as a lead is on the disk."""

    def add(self, *given: Any, **more: Any) -> Row:
        super().add(*given, **more)
        raise KilledError


def test_killed_right_after_a_lead_is_saved_its_sign_in_is_known(tmp_path: Path) -> None:
    signed_in = {"ZOHO_CLIENT_ID": "id", "ZOHO_CLIENT_SECRET": "secret", "ZOHO_REFRESH_TOKEN": "token"}
    with closing(KilledAfterSaving(tmp_path / "data" / "outbox.db")) as store:
        session = session_of(tmp_path, store, **signed_in)
        with pytest.raises(KilledError):
            desk_of(session).save(new_key(), LEAD)
        (row,) = store.unbound()
        bind_ahead(store, session.config, ORG)
        assert store.unbound() == []
        assert [one.key for one in store.queued(ORG.key, lane=FRESH, limit=9)] == [row.key]
