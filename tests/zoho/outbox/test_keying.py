"""What is known of an org's field for our key, and for how long."""

from __future__ import annotations

import dataclasses
import logging
from typing import Any

import pytest
from outbox_office import KEY_FIELD, Office, row_of
from sandbox_caller import Clock

from zoho.leads.org import OrgProfile
from zoho.outbox.keying import Keying, Proof, proof_of
from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import Mode
from zoho.wire.errors import NotReached

DAY = 24 * 3600.0


class Reading:
    """A client that reads one lead, and layouts, and counts it."""

    clock_offset = None

    def __init__(self, record: Any = None, layouts: Any = ()) -> None:
        self.record = record
        self.shown = layouts
        self.reads = 0

    async def get_lead(self, lead_id: str) -> Any:
        self.reads += 1
        if isinstance(self.record, Exception):
            raise self.record
        return self.record

    async def layouts(self) -> Any:
        self.reads += 1
        if isinstance(self.shown, Exception):
            raise self.shown
        return self.shown


@pytest.fixture
def org(keyed: Office) -> OrgProfile:
    return keyed.org


def keying(store: SqliteStore, org: OrgProfile, clock: Clock, zoho: Any) -> Keying:
    return Keying(store=store, zoho=zoho, org=org, clock=clock)


@pytest.fixture
def blank(tmp_path: Any) -> Any:
    """An outbox that knows nothing of the org."""
    store = SqliteStore(tmp_path / "blank" / "outbox.db")
    yield store
    store.close()


def sent(org: OrgProfile, **more: Any) -> Any:
    return row_of(layout_id=org.form.layout_id, **more)


async def prove(asked: Keying, row: Any, lead_id: str) -> None:
    """Show what became of *row*, as the sender does once a lead was created."""
    record = await asked.read(lead_id) if await asked.is_open(row) else None
    if record is not None:
        await asked.learn(row, lead_id, record)


async def test_without_a_field_there_is_nothing_to_prove(
    blank: SqliteStore, org: OrgProfile, clock: Clock
) -> None:
    bare = dataclasses.replace(org, form=dataclasses.replace(org.form, key_field=None))
    zoho = Reading()
    asked = keying(blank, bare, clock, zoho)
    assert proof_of(blank, bare, now=clock()) is Proof.ABSENT
    assert asked.next_attempt() == (Mode.UNKEYED, None)
    await prove(asked, sent(bare, key_field=None), "1")
    assert zoho.reads == 0


async def test_the_first_lead_that_has_its_key_proves_it_for_good(
    blank: SqliteStore, org: OrgProfile, clock: Clock
) -> None:
    row = sent(org)
    zoho = Reading({KEY_FIELD: row.key})
    asked = keying(blank, org, clock, zoho)
    assert proof_of(blank, org, now=clock()) is Proof.OPEN
    assert asked.next_attempt() == (Mode.UNKEYED, KEY_FIELD)
    await prove(asked, row, "1")
    assert asked.next_attempt() == (Mode.KEYED, KEY_FIELD)
    await prove(asked, row, "1")
    assert zoho.reads == 1
    assert proof_of(blank, org, now=clock() + 1000 * DAY) is Proof.KEPT


async def test_a_field_that_dropped_the_key_is_left_out_for_a_day_then_tried_again(
    blank: SqliteStore, org: OrgProfile, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    row = sent(org)
    zoho = Reading({KEY_FIELD: None})
    asked = keying(blank, org, clock, zoho)
    with caplog.at_level(logging.WARNING):
        await prove(asked, row, "1")
    assert "dropped our key" in caplog.text
    assert asked.next_attempt() == (Mode.UNKEYED, None)
    clock.forward(DAY - 1)
    assert proof_of(blank, org, now=clock()) is Proof.DROPPED
    clock.forward(2)
    assert asked.next_attempt() == (Mode.UNKEYED, KEY_FIELD)
    zoho.record = {KEY_FIELD: row.key}
    await prove(asked, row, "1")
    assert asked.next_attempt() == (Mode.KEYED, KEY_FIELD)


@pytest.mark.parametrize(
    "record", [None, NotReached("No line.", next_step="Wait.", code="ConnectError"), ValueError("no id")]
)
async def test_what_cannot_be_read_back_proves_nothing(
    blank: SqliteStore, org: OrgProfile, clock: Clock, record: object
) -> None:
    asked = keying(blank, org, clock, Reading(record))
    await prove(asked, sent(org), "1")
    assert proof_of(blank, org, now=clock()) is Proof.OPEN


async def test_a_lead_that_carried_its_key_in_another_field_proves_nothing(
    blank: SqliteStore, org: OrgProfile, clock: Clock
) -> None:
    zoho = Reading({"Old_Key": "x"})
    await prove(keying(blank, org, clock, zoho), sent(org, key_field="Old_Key"), "1")
    assert zoho.reads == 0
    assert proof_of(blank, org, now=clock()) is Proof.OPEN


async def test_each_layout_has_its_own_proof(blank: SqliteStore, org: OrgProfile, clock: Clock) -> None:
    row = sent(org)
    await prove(keying(blank, org, clock, Reading({KEY_FIELD: row.key})), row, "1")
    other = dataclasses.replace(org, form=dataclasses.replace(org.form, layout_id="77"))
    assert proof_of(blank, other, now=clock()) is Proof.OPEN


@pytest.mark.parametrize("note", ["", "dropped", "dropped soon", "lost"])
async def test_a_note_that_says_nothing_leaves_it_open(
    blank: SqliteStore, org: OrgProfile, clock: Clock, note: str
) -> None:
    blank.set_note(f"key kept: {org.key}:{org.form.layout_id}:{KEY_FIELD}", note)
    assert proof_of(blank, org, now=clock()) is Proof.OPEN


async def test_whose_key_a_record_has(blank: SqliteStore, org: OrgProfile, clock: Clock) -> None:
    row = sent(org)
    zoho = Reading({KEY_FIELD: row.key})
    asked = keying(blank, org, clock, zoho)
    assert await asked.is_ours(row, "1") is True
    zoho.record = {KEY_FIELD: "another"}
    assert await asked.is_ours(row, "1") is False
    zoho.record = None
    assert await asked.is_ours(row, "1") is None
    assert await asked.is_ours(sent(org, key_field=None), "1") is None


async def test_a_look_at_the_layouts_is_good_for_ten_minutes(
    keyed: Office, blank: SqliteStore, clock: Clock
) -> None:
    layouts = await keyed.client.layouts()
    zoho = Reading(layouts=layouts)
    asked = keying(blank, keyed.org, clock, zoho)
    row = sent(keyed.org)
    assert await asked.still_holds(row)
    zoho.shown = []
    clock.forward(600)
    assert await asked.still_holds(row)
    assert zoho.reads == 1
    clock.forward(1)
    assert not await asked.still_holds(row)
    assert not await asked.still_holds(row)
    assert zoho.reads == 2


async def test_each_layout_and_field_is_looked_at_by_itself(
    keyed: Office, blank: SqliteStore, clock: Clock
) -> None:
    asked = keying(blank, keyed.org, clock, Reading(layouts=await keyed.client.layouts()))
    assert await asked.still_holds(sent(keyed.org))
    assert not await asked.still_holds(sent(keyed.org, key_field="Old_Key"))
    assert not await asked.still_holds(row_of(layout_id="77"))
    assert not await asked.still_holds(sent(keyed.org, key_field=None))


async def test_a_look_that_fails_is_told_and_made_again(
    keyed: Office, blank: SqliteStore, clock: Clock
) -> None:
    zoho = Reading(layouts=NotReached("No line.", next_step="Wait.", code="ConnectError"))
    asked = keying(blank, keyed.org, clock, zoho)
    with pytest.raises(NotReached):
        await asked.still_holds(sent(keyed.org))
    zoho.shown = await keyed.client.layouts()
    assert await asked.still_holds(sent(keyed.org))
