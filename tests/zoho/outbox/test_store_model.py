"""The store against a model of it, step by step: the table of states is the invariant."""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    precondition,
    rule,
)
from outbox_office import begin, finish, next_queued

from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import EDITABLE, MAY_BECOME, MAY_DECIDE, Mode, State
from zoho.outbox.store import BACKLOG, FRESH, Attempt, Outcome, Row

SENDERS = st.sampled_from(["a", "b"])
ORGS = st.sampled_from([None, "us", "eu"])
MOMENTS = st.floats(0, 1e10, allow_nan=False)
STATES = st.sampled_from(State)


class Outbox(RuleBasedStateMachine):
    """Rows as they were read at any time are used again: only those that still are so may have an effect."""

    read = Bundle("read")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.store = SqliteStore(self.folder / "outbox.db")
        self.other = SqliteStore(self.folder / "outbox.db")
        self.model: dict[str, Row] = {}

    def teardown(self) -> None:
        self.store.close()
        self.other.close()
        shutil.rmtree(self.folder)

    def is_as_read(self, row: Row) -> bool:
        now = self.model[row.key]
        return (now.state, now.attempt, now.sender) == (row.state, row.attempt, row.sender)

    def change(self, key: str, **changes: Any) -> Row:
        self.model[key] = dataclasses.replace(self.model[key], **changes)
        return self.model[key]

    @rule(target=read, key=st.integers(0, 3), org=ORGS, lane=st.sampled_from([FRESH, BACKLOG]), at=MOMENTS)
    def add(self, key: int, org: str | None, lane: int, at: float) -> Row:
        name = f"key {key}"
        fresh = Row(name, State.QUEUED, {"Last_Name": name}, org, at, at, lane=lane, saved_at=at)
        row = self.store.add(name, fresh.values, org=org, lane=lane, at=at)
        assert row == self.model.setdefault(name, fresh)
        return row

    @rule(target=read, row=read)
    def read_again(self, row: Row) -> Row:
        return self.model[row.key]

    @rule(target=read, row=read, by=SENDERS, mode=st.sampled_from(Mode), at=MOMENTS)
    def begin(self, row: Row, by: str, mode: Mode, at: float) -> Row:
        if State.SENDING not in MAY_BECOME[row.state]:
            return row
        fits = self.is_as_read(row)
        begun = begin(self.store, row, Attempt(by, mode, at, "layout", "Key"))
        assert (begun is not None) == fits
        if begun is None:
            return row
        now = self.model[row.key]
        expected = self.change(
            row.key,
            state=State.SENDING,
            attempt=now.attempt + 1,
            sender=by,
            mode=mode,
            attempt_at=at,
            layout_id="layout",
            key_field="Key",
            looks=0,
        )
        assert begun == expected
        return begun

    @rule(row=read, to=STATES, looks=st.integers(0, 3), at=MOMENTS, zoho_id=st.none() | st.just("1"))
    def finish(self, row: Row, to: State, looks: int, at: float, zoho_id: str | None) -> None:
        if to is State.SENDING or not (to in MAY_BECOME[row.state] or to is row.state is State.UNKNOWN):
            return
        fits = self.is_as_read(row)
        outcome = Outcome(to, zoho_id=zoho_id, not_before=at, looks=looks)
        assert finish(self.other, row, outcome, at=at) == fits
        if fits:
            self.change(
                row.key,
                state=to,
                zoho_id=zoho_id,
                faults=(),
                not_before=at,
                looks=looks,
                updated_at=at,
                unclear=self.model[row.key].unclear or to is State.UNKNOWN,
            )

    @rule(target=read, row=read, by=SENDERS)
    def claim(self, row: Row, by: str) -> Row:
        if row.state is not State.UNKNOWN:
            return row
        fits = self.is_as_read(row)
        claimed = self.store.claim(row, by)
        assert (claimed is not None) == fits
        if claimed is not None:
            assert claimed == self.change(row.key, sender=by)
        return claimed or row

    @rule(by=SENDERS, at=MOMENTS)
    def orphan(self, by: str, at: float) -> None:
        found = [row for row in self.model.values() if row.state is State.SENDING and row.sender != by]
        turned = self.other.orphan(by, not_before=at, at=at)
        for row in found:
            self.change(row.key, state=State.UNKNOWN, not_before=at, updated_at=at, unclear=True)
        assert {row.key: row for row in turned} == {row.key: self.model[row.key] for row in found}

    @rule(row=read, to=STATES, at=MOMENTS, zoho_id=st.none() | st.just("2"))
    def decide(self, row: Row, to: State, at: float, zoho_id: str | None) -> None:
        now = self.model[row.key]
        allowed = to in MAY_DECIDE.get(now.state, frozenset())
        assert self.store.decide(row.key, to, at=at, zoho_id=zoho_id) == allowed
        if allowed:
            known = zoho_id if to is State.QUEUED else zoho_id or now.zoho_id
            over = {"faults": ()} if to in (State.QUEUED, State.SENT) else {}
            self.change(row.key, state=to, updated_at=at, zoho_id=known, **over)

    @rule(row=read, name=st.text(max_size=5), at=MOMENTS)
    def edit(self, row: Row, name: str, at: float) -> None:
        allowed = self.model[row.key].state in EDITABLE
        assert self.other.edit(row.key, {"Last_Name": name}, at=at) == allowed
        if allowed:
            self.change(
                row.key,
                state=State.QUEUED,
                values={"Last_Name": name},
                faults=(),
                zoho_id=None,
                lane=FRESH,
                updated_at=at,
            )

    @rule()
    def bind(self) -> None:
        unbound = [
            row.key for row in self.model.values() if row.org is None and row.state is not State.DISCARDED
        ]
        assert self.store.bind("us") == len(unbound)
        for key in unbound:
            self.change(key, org="us")

    @precondition(lambda self: self.model)
    @rule(row=consumes(read))
    def open_again(self, row: Row) -> None:
        self.store.close()
        self.store = SqliteStore(self.folder / "outbox.db")

    @invariant()
    def the_disk_is_as_the_model(self) -> None:
        assert {row.key: row for row in self.store.rows()} == self.model

    @invariant()
    def the_next_lead_is_the_models(self) -> None:
        order = {row.key: place for place, row in enumerate(reversed(self.store.rows()))}
        for org in ("us", "eu"):
            for lane in (FRESH, BACKLOG):
                waiting = [
                    row
                    for row in self.model.values()
                    if (row.state, row.org, row.lane) == (State.QUEUED, org, lane)
                ]
                found = next_queued(self.other, org, lane=lane)
                assert found == min(waiting, key=lambda row: order[row.key], default=None)


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
