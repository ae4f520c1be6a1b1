"""Backlogs in batches, and the last check before the first byte."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from outbox_office import KEY_FIELD, SETTLED, Office, Street, begin, lead, new_key

from zoho.api.client import ZohoClient
from zoho.outbox.states import Mode, State
from zoho.outbox.store import BACKLOG, Attempt
from zoho.sandbox import World


def backlog(office: Office, number: int) -> list[str]:
    return [office.save(f"Lead{n}", lane=BACKLOG) for n in range(number)]


def sizes(office: Office, since: int = 0) -> list[int]:
    """How many records each insert had."""
    posts = [one for one in office.world.requests if (one.method, one.path) == ("POST", "/crm/v8/Leads")]
    return [len(one.body["data"]) for one in posts[since:]]


def each_is_there_once(office: Office, keys: Sequence[str]) -> None:
    rows = [office.row(key) for key in keys]
    assert {row.state for row in rows} == {State.SENT}
    found = {record[KEY_FIELD]: record["id"] for record in office.world.records()}
    assert [found[row.key] for row in rows] == [row.zoho_id for row in rows]
    assert len(office.world.records()) == 1 + len(keys), "and the one that proved the key"


async def test_a_backlog_of_250_goes_with_three_requests(keyed: Office) -> None:
    keys = backlog(keyed, 250)
    before = keyed.posts()
    assert await keyed.steps() == 3
    assert sizes(keyed, before) == [100, 100, 50]
    each_is_there_once(keyed, keys)


async def test_oldest_first(keyed: Office) -> None:
    backlog(keyed, 120)
    before = keyed.posts()
    await keyed.courier.step()
    post = [one for one in keyed.world.requests if one.path == "/crm/v8/Leads"][before]
    assert [record["Last_Name"] for record in post.body["data"]] == [f"Lead{n}" for n in range(100)]


async def test_where_it_may_not_be_sent_again_each_goes_alone(unkeyed: Office) -> None:
    backlog(unkeyed, 5)
    await unkeyed.steps()
    assert sizes(unkeyed) == [1] * 5


async def test_a_fresh_lead_goes_between_two_batches(keyed: Office) -> None:
    backlog(keyed, 150)
    before = keyed.posts()
    await keyed.courier.step()
    fresh = keyed.save("Fresh")
    await keyed.courier.step()
    assert keyed.state(fresh) is State.SENT
    await keyed.steps()
    assert sizes(keyed, before) == [100, 1, 50]


async def test_one_bad_record_is_refused_alone(keyed: Office) -> None:
    keys = backlog(keyed, 9)
    bad = keyed.save("Bad", lane=BACKLOG, Email="no address")
    keys += [keyed.save(f"Late{n}", lane=BACKLOG) for n in range(5)]
    before = keyed.posts()
    await keyed.steps()
    assert sizes(keyed, before) == [15]
    assert keyed.state(bad) is State.REJECTED
    assert [fault.field for fault in keyed.row(bad).faults] == ["Email"]
    each_is_there_once(keyed, keys)


async def test_a_batch_that_one_record_spoils_is_split_until_that_one_stands_alone(
    street: Street, keyed_world: World
) -> None:
    """Zoho may refuse the whole request for one record; here it is the one called Lead5."""

    class Spoilt:
        def __init__(self, client: ZohoClient) -> None:
            self._client = client

        def __getattr__(self, name: str) -> Any:
            return getattr(self._client, name)

        async def create_leads(self, records: Sequence[Any], **more: Any) -> Any:
            if any(record["Last_Name"] == "Lead5" for record in records):
                body = {"code": "INVALID_DATA", "status": "error", "message": "invalid", "details": {}}
                office.breaks("answer", status=400, body=body)
            return await self._client.create_leads(records, **more)

    office = await street.office(keyed_world, wrap=Spoilt)
    await office.prove_the_key()
    keys = backlog(office, 16)
    await office.steps()
    assert office.state(keys[5]) is State.REJECTED
    each_is_there_once(office, [key for key in keys if key != keys[5]])


@pytest.mark.parametrize("blind", [False, True])
@pytest.mark.parametrize("kind", ["drop-after", "half", "drop-before"])
async def test_a_batch_whose_answer_is_lost_is_there_once(
    street: Street, keyed_world: World, kind: str, blind: bool
) -> None:
    office = await street.office(keyed_world, tcp=True)
    await office.prove_the_key()
    keys = backlog(office, 120)
    before = office.posts()
    if blind:
        office.finds_nothing()
    office.breaks(kind)
    await office.courier.step()
    assert [office.state(key) for key in keys] == [State.UNKNOWN] * 100 + [State.QUEUED] * 20
    await office.until_idle()
    each_is_there_once(office, keys)
    again = [100] if blind or kind == "drop-before" else []
    assert sorted(sizes(office, before)) == [20, 100, *again]


# Right before the first byte


class Loses:
    """A client whose process is suspended after the intent, before the first byte: the lock is given back."""

    def __init__(self, client: ZohoClient) -> None:
        self._client = client
        self.office: Office | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    async def create_leads(self, records: Any, **more: Any) -> Any:
        if self.office is not None:
            self.office.lock.release()
            if self.again:
                assert self.office.lock.acquire()
        return await self._client.create_leads(records, **more)

    again = False


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("number", [1, 3])
async def test_whoever_gave_the_lock_back_sends_nothing(
    street: Street, keyed_world: World, number: int, again: bool
) -> None:
    clients: list[Loses] = []

    def wrap(client: ZohoClient) -> Loses:
        clients.append(Loses(client))
        return clients[-1]

    office = await street.office(keyed_world, tcp=True, wrap=wrap)
    await office.prove_the_key()
    keys = backlog(office, number)
    before, calls = office.posts(), len(keyed_world.requests)
    clients[0].office, clients[0].again = office, again
    await office.courier.step()
    assert (office.posts(), len(keyed_world.requests)) == (before, calls)
    assert [office.state(key) for key in keys] == [State.QUEUED] * number
    assert [office.row(key).unclear for key in keys] == [False] * number
    clients[0].office = None
    await office.until_idle()
    each_is_there_once(office, keys)


# A layout that lost the field


@pytest.mark.parametrize("applied", [False, True])
async def test_a_lead_whose_layout_lost_the_field_is_looked_up_and_never_sent_again(
    street: Street, keyed_world: World, applied: bool
) -> None:
    office = await street.office(keyed_world, tcp=True)
    await office.prove_the_key()
    key = office.save()
    office.breaks("drop-after" if applied else "drop-before")
    await office.courier.step()
    assert (office.state(key), office.row(key).mode) == (State.UNKNOWN, Mode.KEYED)
    for section in keyed_world.modules["Leads"].layouts[0].sections:
        section.fields = [name for name in section.fields if name != KEY_FIELD]
    before = office.posts()
    await office.until_idle()
    assert office.posts() == before
    assert office.state(key) is (State.SENT if applied else State.ASK)
    assert len(office.records()) == applied


# Telling


async def test_what_a_dead_sender_left_is_told(street: Street, keyed_world: World) -> None:
    office = await street.office(keyed_world)
    keys = [office.save(f"Lead{n}") for n in range(2)]
    for key in keys:
        attempt = Attempt("dead", Mode.KEYED, office.clock(), None, None)
        assert begin(office.store, office.row(key), attempt) is not None
    await office.courier.step()
    assert [(row.key, row.state) for row in office.changes] == [(key, State.UNKNOWN) for key in keys]


async def test_what_another_process_saves_tries_a_line_that_is_down(
    street: Street, keyed_world: World
) -> None:
    office = await street.office(keyed_world)
    office.breaks("5xx-before")
    first = office.save("First")
    await office.courier._guarded_step()
    assert office.state(first) is State.UNKNOWN
    before = office.posts()
    for _ in range(3):
        await office.courier._guarded_step()
    assert office.posts() == before
    other = await street.office(keyed_world)
    second = new_key()
    other.store.add(second, lead("Second"), org=other.org.key, lane=BACKLOG, at=office.clock())
    await office.courier._guarded_step()
    assert office.state(second) is State.SENT
    assert office.clock() < office.row(first).not_before + SETTLED
