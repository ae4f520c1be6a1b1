"""Undoing a lead in a stand-in's recycle bin, whatever breaks in between; and bringing it back."""

from __future__ import annotations

from typing import Any

import pytest
from outbox_office import KEY_FIELD, WAITS, Office, Street, Troubled, new_key

from zoho.api.client import ZohoClient
from zoho.leads.follow_up import FollowUp, FollowUpKind
from zoho.outbox.follow_ups import FollowUpState
from zoho.outbox.states import State
from zoho.outbox.store import FRESH
from zoho.outbox.undo import LATEST, Undo
from zoho.sandbox import World
from zoho.wire.errors import PermissionMissing, StorageError, ZohoError

NOTE = FollowUp(FollowUpKind.NOTE, {"Note_Title": "Answers", "Note_Content": "Budget: 10 k"})
TASK = FollowUp(FollowUpKind.TASK, {"Subject": "Call Ada", "Due_Date": "2026-11-26", "Status": "Not Started"})
LEADS, BIN = "/crm/v8/Leads/", "/crm/v8/settings/recycle_bin/"
SETTLED = LATEST + WAITS.longest_under_way
W, SENT = FollowUpState.WAITING, FollowUpState.SENT


class Killed(BaseException):
    """The process ends here."""


class Breaking:
    """A client that ends before or after it deletes."""

    def __init__(self, client: ZohoClient, *, before: bool) -> None:
        self._client, self._before = client, before

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    async def delete_lead(self, lead_id: str, **more: Any) -> None:
        if not self._before:
            await self._client.delete_lead(lead_id, **more)
        raise Killed


class Late:
    """A client whose restoring is overtaken: another session brings the lead back right before it."""

    def __init__(self, office: Office, key: str) -> None:
        self._office, self._key = office, key

    def __getattr__(self, name: str) -> Any:
        return getattr(self._office.client, name)

    async def restore_lead(self, lead_id: str) -> None:
        await undo_of(self._office).restore(self._key)
        await self._office.client.restore_lead(lead_id)


def undo_of(office: Office, zoho: Any = None, store: Any = None) -> Undo:
    return Undo(
        store=store or office.store,
        zoho=zoho or office.client,
        org=office.org,
        waits=WAITS,
        clock=office.clock,
    )


async def created(office: Office, *follow_ups: FollowUp, steps: int | None = None) -> str:
    """Create a lead; of its notes and tasks as many as *steps* besides."""
    key = new_key()
    office.store.add(
        key,
        {"Last_Name": "Lovelace", "Company": "Analytical Engines"},
        org=office.org.key,
        lane=FRESH,
        at=office.clock(),
        follow_ups=follow_ups,
    )
    for _ in range(1 + (len(follow_ups) if steps is None else steps)):
        assert await office.courier.step()
    assert office.state(key) is State.SENT
    return key


def deletes(office: Office) -> int:
    return sum(one.method == "DELETE" for one in office.world.requests)


async def refusal(undo: Undo, key: str) -> str:
    with pytest.raises(ZohoError) as caught:
        await undo.undo(key)
    return caught.value.code.removeprefix("undo_")


# The rep's stories


async def test_within_a_minute_it_goes_to_the_recycle_bin(keyed: Office) -> None:
    key = await created(keyed, NOTE, TASK)
    keyed.clock.forward(59)
    done = await undo_of(keyed).undo(key)
    assert (done.row.undone, done.leaves_task) == (True, True)
    assert (keyed.records(), len(keyed.world.binned()), deletes(keyed)) == ([], 1, 1)
    row = keyed.row(key)
    assert (row.state, row.undo_wanted, row.undone_at) == (State.SENT, keyed.clock(), keyed.clock())
    paths = [(call.method, call.status, call.attempt) for call in keyed.store.calls(key)]
    assert paths[-2:] == [("GET", 200, 1), ("DELETE", 200, 1)]
    # And it is never sent again.
    keyed.clock.forward(999)
    assert await keyed.steps() == 0
    assert keyed.records() == []


async def test_after_a_minute_it_stays(keyed: Office) -> None:
    key = await created(keyed)
    keyed.clock.forward(61)
    before = len(keyed.world.requests)
    assert await refusal(undo_of(keyed), key) == "too_old"
    assert len(keyed.world.requests) == before
    assert len(keyed.records()) == 1


async def test_the_minute_begins_when_zoho_created_it_though_that_was_told_later(unkeyed: Office) -> None:
    unkeyed.breaks("drop-after")
    key = unkeyed.save()
    await unkeyed.until_idle(settle=1)
    await unkeyed.steps()
    assert unkeyed.state(key) is State.SENT
    unkeyed.clock.forward(10)
    assert unkeyed.clock() - unkeyed.row(key).updated_at < 60
    assert await refusal(undo_of(unkeyed), key) == "too_old"


async def test_what_somebody_changed_stays(keyed: Office) -> None:
    key = await created(keyed)
    keyed.clock.forward(2)
    await keyed.client.update_record("Leads", keyed.row(key).zoho_id or "", {"City": "London"})
    assert await refusal(undo_of(keyed), key) == "changed"
    assert (len(keyed.records()), deletes(keyed), keyed.row(key).undo_wanted) == (1, 0, None)


async def test_what_was_converted_stays(keyed: Office) -> None:
    key = await created(keyed)
    keyed.world.living("Leads")[-1].converted = True
    assert await refusal(undo_of(keyed), key) == "converted"
    assert deletes(keyed) == 0


async def test_two_sessions_may_restore_the_same_lead_at_once(keyed: Office) -> None:
    key = await created(keyed)
    await undo_of(keyed).undo(key)
    assert (await undo_of(keyed, zoho=Late(keyed, key)).restore(key)).in_zoho


async def test_what_is_restored_gets_the_note_that_waited(keyed: Office) -> None:
    key = await created(keyed, NOTE, TASK, steps=1)
    done = await undo_of(keyed).undo(key)
    assert not done.leaves_task
    assert await keyed.steps() == 0
    assert [one.state for one in keyed.store.follow_ups.of(key)] == [SENT, W]
    assert (keyed.world.living_notes(), keyed.world.tasks) == ([], [])
    row = await undo_of(keyed).restore(key)
    assert (row.restored_at, row.in_zoho) == (keyed.clock(), True)
    await keyed.steps()
    assert [one.state for one in keyed.store.follow_ups.of(key)] == [SENT, SENT]
    assert (len(keyed.world.living_notes()), len(keyed.world.tasks), len(keyed.records())) == (1, 1, 1)
    assert await refusal(undo_of(keyed), key) == "restored"


async def test_a_drain_does_not_wait_for_a_note_that_is_held_back(keyed: Office) -> None:
    key = await created(keyed, NOTE, steps=0)
    await undo_of(keyed).undo(key)
    before = keyed.clock()
    await keyed.drain(limit=60.0, key=key)
    await keyed.drain(limit=60.0)
    assert keyed.clock() == before


async def test_another_persons_hands_are_in_nobodys_way(keyed: Office) -> None:
    key = await created(keyed)
    id_ = keyed.row(key).zoho_id or ""
    await undo_of(keyed).undo(key)
    await keyed.client.restore_lead(id_)  # in Zoho's own pages
    before = len(keyed.world.requests)
    assert (await undo_of(keyed).restore(key)).in_zoho
    assert [one.method for one in list(keyed.world.requests)[before:]] == ["GET"]


async def test_what_was_emptied_out_of_the_bin_is_told(keyed: Office) -> None:
    key = await created(keyed)
    await undo_of(keyed).undo(key)
    keyed.world.erase(keyed.world.binned()[0])
    with pytest.raises(ZohoError) as caught:
        await undo_of(keyed).restore(key)
    assert caught.value.code == "undo_not_in_bin"
    assert keyed.row(key).undone


@pytest.mark.parametrize(
    "scope", ["ZohoCRM.modules.Leads.DELETE", "ZohoCRM.settings.recycle_bin.UPDATE"], ids=["undo", "restore"]
)
async def test_a_missing_scope_is_named(keyed: Office, scope: str) -> None:
    key = await created(keyed, NOTE, steps=0)
    keyed.world.options.missing_scopes.add(scope)
    undo = undo_of(keyed)
    if "Leads" in scope:
        asked = undo.undo(key)
    else:
        await undo.undo(key)
        asked = undo.restore(key)
    with pytest.raises(PermissionMissing, match=f"(?i){scope}"):
        await asked
    # What was not done leaves no trace: its note is sent, or waits as before.
    assert keyed.row(key).in_zoho == ("Leads" in scope)
    assert await keyed.steps() == ("Leads" in scope)


# Whatever breaks in between


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
async def test_killed_around_the_deletion_it_is_looked_for_and_never_deleted_again(
    keyed: Office, street: Street, before: bool
) -> None:
    key = await created(keyed, NOTE, steps=0)
    with pytest.raises(Killed):
        await undo_of(keyed, Breaking(keyed.client, before=before)).undo(key)
    assert keyed.row(key).being_undone
    keyed.lock.release()
    office = await street.office(keyed.world)
    undo = undo_of(office)
    assert await undo.next_settling() == office.clock() + SETTLED
    # Its note waits meanwhile, and nobody undoes or restores what nobody knows of.
    assert await office.steps() == 0
    assert await refusal(undo, key) == "open"
    with pytest.raises(ZohoError, match="not known"):
        await undo.restore(key)
    found = await undo.settle()
    assert [row.undone for row in found] == ([] if before else [True])
    office.clock.forward(SETTLED)
    found += await undo.settle()
    assert [row.undone for row in found] == [not before]
    assert await undo.next_settling() is None
    await office.steps()
    assert (deletes(office), len(office.records())) == (int(not before), int(before))
    assert [one.state for one in office.store.follow_ups.of(key)] == [SENT if before else W]


@pytest.mark.parametrize("kind", ["drop-before", "drop-after", "5xx-before", "5xx-after"])
async def test_an_answer_that_is_lost_costs_a_look(keyed: Office, kind: str) -> None:
    key = await created(keyed)
    keyed.world.faults.order(kind, path=LEADS, method="DELETE")
    undo = undo_of(keyed)
    if kind.endswith("after"):
        assert (await undo.undo(key)).row.undone
    else:
        assert await refusal(undo, key) == "unclear"
        assert await undo.settle() == []
        keyed.clock.forward(SETTLED)
        assert [row.in_zoho for row in await undo.settle()] == [True]
    assert deletes(keyed) == 1
    assert len(keyed.world.binned()) == int(kind.endswith("after"))


async def test_where_nothing_can_be_asked_it_stays_open(keyed: Office) -> None:
    key = await created(keyed)
    keyed.world.faults.order("drop-after", path=LEADS, method="DELETE")
    breaking = Deaf(keyed.client)
    assert await refusal(undo_of(keyed, breaking), key) == "unclear"
    with pytest.raises(ZohoError, match="slow down"):
        await undo_of(keyed, breaking).settle()
    assert keyed.row(key).being_undone
    assert [row.undone for row in await undo_of(keyed).settle()] == [True]


class Deaf:
    """A client that is told nothing any more once it has asked to delete."""

    def __init__(self, client: ZohoClient) -> None:
        self._client, self._deleted = client, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    async def delete_lead(self, lead_id: str, **more: Any) -> None:
        self._deleted = True
        await self._client.delete_lead(lead_id, **more)

    async def get_lead(self, lead_id: str) -> Any:
        if self._deleted:
            raise ZohoError("Zoho asks us to slow down.", next_step="Wait.")
        return await self._client.get_lead(lead_id)


async def test_stopped_too_long_before_the_deletion_it_never_leaves(
    street: Street, keyed_world: World
) -> None:
    office = await street.office(keyed_world, tcp=True)
    await office.prove_the_key()
    key = await created(office)

    class Stopped(Deaf):
        async def delete_lead(self, lead_id: str, **more: Any) -> None:
            office.clock.forward(LATEST + 1)
            await self._client.delete_lead(lead_id, **more)

    assert await refusal(undo_of(office, Stopped(office.client)), key) == "too_late"
    assert (deletes(office), office.row(key).in_zoho) == (0, True)


async def test_where_the_disk_is_full_nothing_is_deleted(keyed: Office) -> None:
    key = await created(keyed)
    store = Troubled(keyed.store)
    store.failures["want"] = 1
    with pytest.raises(StorageError):
        await undo_of(keyed, store=store).undo(key)
    assert (deletes(keyed), len(keyed.records())) == (0, 1)


async def test_what_could_not_be_written_after_the_deletion_is_found(keyed: Office) -> None:
    key = await created(keyed)
    store = Troubled(keyed.store)
    store.failures["undone"] = 1
    with pytest.raises(StorageError):
        await undo_of(keyed, store=store).undo(key)
    assert keyed.row(key).being_undone
    assert [row.undone for row in await undo_of(keyed).settle()] == [True]
    assert deletes(keyed) == 1


async def test_a_note_that_begins_in_between_is_waited_for(keyed: Office) -> None:
    key = await created(keyed, NOTE, steps=0)

    class Meanwhile(Deaf):
        async def get_lead(self, lead_id: str) -> Any:
            found = await self._client.get_lead(lead_id)
            (note,) = keyed.store.follow_ups.of(key)
            keyed.store.follow_ups.begin(note, "me", keyed.clock())
            return found

    assert await refusal(undo_of(keyed, Meanwhile(keyed.client)), key) == "under_way"
    assert (deletes(keyed), keyed.row(key).undo_wanted) == (0, None)


@pytest.mark.parametrize("kind", ["drop-before", "drop-after"])
async def test_a_restoration_whose_answer_is_lost_may_be_asked_for_again(keyed: Office, kind: str) -> None:
    key = await created(keyed)
    await undo_of(keyed).undo(key)
    keyed.world.faults.order(kind, path=BIN, method="POST")
    if kind == "drop-before":
        with pytest.raises(ZohoError):
            await undo_of(keyed).restore(key)
        assert keyed.row(key).undone
    assert (await undo_of(keyed).restore(key)).in_zoho
    assert len(keyed.records()) == 1


async def test_a_lead_of_the_same_key_is_another_question(keyed: Office) -> None:
    """The key of an undone lead is free in Zoho; here it is that lead's for ever."""
    key = await created(keyed)
    await undo_of(keyed).undo(key)
    row = keyed.store.add(key, {"Last_Name": "Roe"}, org=keyed.org.key, lane=FRESH, at=keyed.clock())
    assert (row.state, row.undone) == (State.SENT, True)
    assert await keyed.steps() == 0
    assert keyed.records("Roe") == []
    assert KEY_FIELD in keyed.world.modules["Leads"].fields
