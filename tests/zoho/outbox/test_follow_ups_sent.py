"""Notes and tasks on their way to Zoho: after their lead, each once, whatever breaks in between."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import pytest
from outbox_office import KEY_FIELD, SETTLED, Office, Street, Troubled, lead, new_key

from zoho.api.client import ZohoClient
from zoho.leads.follow_up import FollowUp, FollowUpKind
from zoho.outbox.follow_ups import FollowUpRow, FollowUpState
from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import State
from zoho.outbox.store import BACKLOG, FRESH
from zoho.sandbox import World
from zoho.wire.errors import StorageError

NOTE = FollowUp(FollowUpKind.NOTE, {"Note_Title": "Answers", "Note_Content": "Budget: 10 k\nshe & he"})
TASK = FollowUp(FollowUpKind.TASK, {"Subject": "Call Ada", "Due_Date": "2026-11-26", "Status": "Not Started"})
NOTES, TASKS = "/crm/v8/Leads/", "/crm/v8/Tasks"
"""Where a note and a task are sent to: prefixes, for faults."""

W, S, U = FollowUpState.WAITING, FollowUpState.SENDING, FollowUpState.UNKNOWN
SENT, REFUSED = FollowUpState.SENT, FollowUpState.REFUSED
KINDS = pytest.mark.parametrize(("path", "follow_up"), [(NOTES, NOTE), (TASKS, TASK)], ids=["note", "task"])


def save(office: Office, *follow_ups: FollowUp, name: str = "Lovelace", lane: int = FRESH) -> str:
    key = new_key()
    office.store.add(
        key,
        lead(name),
        org=office.org.key,
        lane=lane,
        at=office.clock(),
        follow_ups=follow_ups or (NOTE, TASK),
    )
    return key


def states(office: Office, key: str) -> list[FollowUpState]:
    return [row.state for row in office.store.follow_ups.of(key)]


def there(office: Office) -> list[int]:
    """How many notes and tasks stand in Zoho."""
    return [len(office.world.notes), len(office.world.tasks)]


def one(office: Office, key: str) -> FollowUpRow:
    (row,) = office.store.follow_ups.of(key)
    return row


def creates(office: Office) -> list[str]:
    """What was sent to be created, in order."""
    posted = [one.path.rsplit("/", 1)[-1] for one in office.world.requests if one.method == "POST"]
    return [name for name in posted if name in ("Leads", "Notes", "Tasks")]


# In order


async def test_they_follow_their_lead(keyed: Office) -> None:
    keyed.world.requests.clear()
    key = save(keyed)
    assert await keyed.steps() == 3
    (record,) = keyed.records()
    (note,), (task,) = keyed.world.notes, keyed.world.tasks
    assert (note.parent, note.title, note.content) == (record["id"], "Answers", NOTE.values["Note_Content"])
    assert (task.parents, task.values["Subject"]) == ([record["id"]], "Call Ada")
    assert [(row.state, row.zoho_id) for row in keyed.store.follow_ups.of(key)] == [
        (SENT, note.id),
        (SENT, task.id),
    ]
    assert creates(keyed) == ["Leads", "Notes", "Tasks"]
    assert [row.state for row in keyed.follow_ups] == [S, SENT, S, SENT]
    paths = [(call.method, call.path, call.attempt) for call in keyed.store.calls(key)]
    assert ("POST", f"/crm/v8/Leads/{record['id']}/Notes", 1) in paths
    assert ("POST", TASKS, 1) in paths


async def test_fresh_leads_go_first_and_the_backlog_last(keyed: Office) -> None:
    keyed.world.requests.clear()
    save(keyed, NOTE, name="First", lane=BACKLOG)
    save(keyed, NOTE, name="Second", lane=BACKLOG)
    await keyed.steps()
    # The backlog goes together.
    assert creates(keyed) == ["Leads", "Notes", "Notes"]
    keyed.world.requests.clear()
    save(keyed, NOTE, name="Old", lane=BACKLOG)
    save(keyed, TASK, name="Third")
    save(keyed, TASK, name="Fourth")
    await keyed.steps()
    assert creates(keyed) == ["Leads", "Leads", "Tasks", "Tasks", "Leads", "Notes"]


async def test_what_is_unclear_waits_for_them(keyed: Office) -> None:
    keyed.breaks("drop-before")
    unclear = save(keyed, NOTE, name="Unclear")
    assert await keyed.courier.step()
    keyed.clock.forward(SETTLED)
    save(keyed, TASK, name="Next")
    keyed.world.requests.clear()
    await keyed.steps()
    assert creates(keyed) == ["Leads", "Tasks", "Leads", "Notes"]
    assert keyed.state(unclear) is State.SENT


async def test_a_refused_lead_keeps_them_back(keyed: Office) -> None:
    key = new_key()
    keyed.store.add(
        key, {"Company": "Acme"}, org=keyed.org.key, lane=FRESH, at=keyed.clock(), follow_ups=[NOTE]
    )
    await keyed.drain(limit=60.0)
    assert await keyed.steps() == 0
    assert (keyed.state(key), states(keyed, key), there(keyed)) == (State.REJECTED, [W], [0, 0])
    assert keyed.store.edit(key, lead(), at=keyed.clock())
    await keyed.drain(limit=60.0)
    assert (keyed.state(key), states(keyed, key), there(keyed)) == (State.SENT, [SENT], [1, 0])


@pytest.mark.parametrize("module", ["Leads", "Contacts", "Accounts"])
async def test_merged_they_go_to_the_other_record(keyed: Office, module: str) -> None:
    values = {"Account_Name": "Acme"} if module == "Accounts" else {"Last_Name": "Byron", "Company": "Acme"}
    other = keyed.world.keep(module, values)
    key = save(keyed)
    leads = len(keyed.world.records())
    assert keyed.store.decide(key, State.MERGED, at=keyed.clock(), zoho_id=other.id, module=module)
    await keyed.drain(limit=60.0)
    assert states(keyed, key) == [SENT, SENT]
    assert [note.parent for note in keyed.world.notes] == [other.id]
    assert [task.parents for task in keyed.world.tasks] == [[other.id]]
    assert len(keyed.world.records()) == leads


async def test_other_orgs_and_unbound_leads_keep_theirs(keyed: Office) -> None:
    for org in ("other", None):
        key = new_key()
        keyed.store.add(key, lead(), org=org, lane=FRESH, at=0.0, follow_ups=[NOTE])
        assert keyed.store.decide(key, State.MERGED, at=1.0, zoho_id="5")
        assert await keyed.steps() == 0
        assert states(keyed, key) == [W]


@pytest.mark.parametrize("zoho_id", [None, "nonsense"])
async def test_where_nobody_knows_the_record_the_rep_is_told(unkeyed: Office, zoho_id: str | None) -> None:
    unkeyed.breaks("drop-before")
    key = save(unkeyed, NOTE)
    await unkeyed.until_idle()
    assert unkeyed.state(key) is State.ASK
    assert unkeyed.store.decide(key, State.SENT, at=unkeyed.clock(), zoho_id=zoho_id)
    await unkeyed.drain(limit=60.0)
    row = one(unkeyed, key)
    assert (row.state, row.faults[0].code) == (REFUSED, "no_record")
    assert there(unkeyed) == [0, 0]


# Whoever waits for a lead waits for them


async def test_a_drain_ends_when_they_are_sent_too(keyed: Office) -> None:
    key = save(keyed)
    other = save(keyed, name="Other")
    keyed.world.faults.order("429", path=NOTES, method="POST", retry_after=5)
    waited = asyncio.create_task(keyed.courier.drain(limit=100.0, key=key))
    await keyed.until(lambda: keyed.pauses)
    assert keyed.state(key) is State.SENT
    assert not waited.done()
    keyed.clock.forward(6.0)
    await asyncio.wait_for(waited, 10)
    assert states(keyed, key) == [SENT, SENT]
    await keyed.drain(limit=100.0)
    assert states(keyed, other) == [SENT, SENT]


async def test_what_another_process_let_wait_again_tries_a_line_that_is_down(keyed: Office) -> None:
    key = save(keyed, NOTE)
    keyed.world.options.missing_scopes.add("ZohoCRM.modules.notes.CREATE")
    await keyed.steps()
    assert states(keyed, key) == [REFUSED]
    keyed.world.options.missing_scopes.clear()
    keyed.breaks("5xx-before")
    save(keyed, TASK, name="Down")
    running = asyncio.create_task(keyed.courier.run())
    await keyed.until(lambda: keyed.pauses and keyed.courier._waiting is not None)
    await asyncio.to_thread(keyed.store.follow_ups.retry, key, keyed.clock())
    await keyed.until(lambda: states(keyed, key) == [SENT])
    keyed.courier.stop()
    await asyncio.wait_for(running, 10)


# An answer is lost


@KINDS
@pytest.mark.parametrize(("kind", "posts"), [("drop-after", 1), ("drop-before", 2), ("half", 1)])
async def test_an_unclear_one_is_looked_for_and_then_sent_if_it_is_not_there(
    keyed: Office, path: str, follow_up: FollowUp, kind: str, posts: int
) -> None:
    key = save(keyed, follow_up)
    assert await keyed.courier.step()
    keyed.world.faults.order(kind, path=path, method="POST")
    assert await keyed.courier.step()
    row = one(keyed, key)
    assert (row.state, row.unclear) == (U, True)
    assert row.not_before == keyed.clock() + 50.0
    before = keyed.clock()
    keyed.clock.forward(49.0)
    assert await keyed.steps() == 0, "it may still arrive"
    assert keyed.clock() - before < 50
    keyed.clock.forward(2.0)
    await keyed.drain(limit=100.0)
    assert (states(keyed, key), sum(there(keyed))) == ([SENT], 1)
    assert one(keyed, key).zoho_id in {each.id for each in (*keyed.world.notes, *keyed.world.tasks)}
    sent = [each for each in keyed.world.requests if each.method == "POST" and each.path.startswith(path)]
    assert len(sent) == posts
    assert len(keyed.records()) == 1


async def test_of_two_alike_each_takes_its_own(keyed: Office) -> None:
    key = save(keyed, NOTE, NOTE)
    assert await keyed.courier.step()
    for kind in ("drop-after", "drop-before"):
        keyed.world.faults.order(kind, path=NOTES, method="POST")
        keyed.courier.retry()
        assert await keyed.courier.step()
    keyed.clock.forward(SETTLED)
    await keyed.drain(limit=100.0)
    assert states(keyed, key) == [SENT, SENT]
    assert {row.zoho_id for row in keyed.store.follow_ups.of(key)} == {note.id for note in keyed.world.notes}
    assert there(keyed) == [2, 0]


async def test_the_same_words_of_a_colleague_long_ago_are_none_of_ours(keyed: Office) -> None:
    other = keyed.world.keep("Contacts", {"Last_Name": "Byron"})
    await keyed.client.add_note(
        "Contacts", other.id, title=NOTE.values["Note_Title"], content=NOTE.values["Note_Content"]
    )
    keyed.clock.forward(86_400.0)
    key = save(keyed, NOTE)
    keyed.store.decide(key, State.MERGED, at=keyed.clock(), zoho_id=other.id, module="Contacts")
    keyed.world.faults.order("drop-before", path="/crm/v8/Contacts", method="POST")
    assert await keyed.courier.step()
    keyed.clock.forward(SETTLED)
    await keyed.drain(limit=100.0)
    assert (states(keyed, key), there(keyed)) == ([SENT], [2, 0])


@KINDS
async def test_where_the_list_may_not_be_read_none_is_sent_again(
    keyed: Office, path: str, follow_up: FollowUp
) -> None:
    key = save(keyed, follow_up)
    assert await keyed.courier.step()
    keyed.world.options.missing_scopes |= {"ZohoCRM.modules.notes.READ", "ZohoCRM.modules.tasks.READ"}
    keyed.world.faults.order("drop-after", path=path, method="POST")
    assert await keyed.courier.step()
    keyed.clock.forward(SETTLED)
    await keyed.drain(limit=100.0)
    row = one(keyed, key)
    assert (row.state, row.unclear, sum(there(keyed))) == (REFUSED, True, 1)
    assert "may stand in Zoho already" in row.faults[0].next_step
    # Even the rep's "again" looks first; with the scope it is found.
    keyed.store.follow_ups.retry(key, keyed.clock())
    await keyed.drain(limit=100.0)
    assert (states(keyed, key), sum(there(keyed))) == ([REFUSED], 1)
    keyed.world.options.missing_scopes.clear()
    keyed.store.follow_ups.retry(key, keyed.clock())
    await keyed.drain(limit=100.0)
    assert (states(keyed, key), sum(there(keyed))) == ([SENT], 1)


async def test_a_deleted_lead_gets_no_note(keyed: Office) -> None:
    key = save(keyed, NOTE)
    assert await keyed.courier.step()
    keyed.world.faults.order("drop-before", path=NOTES, method="POST")
    assert await keyed.courier.step()
    await keyed.client.delete_lead(keyed.row(key).zoho_id or "")
    keyed.clock.forward(SETTLED)
    await keyed.drain(limit=100.0)
    assert (states(keyed, key), there(keyed)) == ([REFUSED], [0, 0])
    assert keyed.state(key) is State.SENT


@pytest.mark.parametrize("kind", ["429", "5xx-before", "html"])
async def test_a_look_that_fails_is_made_again(keyed: Office, kind: str) -> None:
    key = save(keyed, NOTE)
    assert await keyed.courier.step()
    keyed.world.faults.order("drop-after", path=NOTES, method="POST")
    assert await keyed.courier.step()
    keyed.clock.forward(SETTLED)
    keyed.world.faults.order(kind, path=NOTES, method="GET", times=3)
    assert await keyed.courier.step()
    assert states(keyed, key) == [U]
    assert keyed.pauses[-1] is not None
    for _ in range(3):
        keyed.clock.forward(SETTLED)
        await keyed.drain(limit=0)
    assert (states(keyed, key), there(keyed)) == ([SENT], [1, 0])


# Leads go on


async def test_what_zoho_refuses_of_them_stops_no_lead(keyed: Office) -> None:
    keyed.world.options.missing_scopes |= {"ZohoCRM.modules.notes.CREATE"}
    keyed.world.options.denied_permissions |= {"Crm_Implied_Create_Tasks"}
    key = save(keyed)
    before = keyed.row(key)
    other = save(keyed, name="Other")
    await keyed.drain(limit=100.0)
    for each in (key, other):
        assert keyed.state(each) is State.SENT
        assert states(keyed, each) == [REFUSED, REFUSED]
    note, task = keyed.store.follow_ups.of(key)
    assert "ZohoCRM.modules.notes.CREATE" in note.faults[0].what
    assert "permission" in task.faults[0].what
    assert all(pause is None for pause in keyed.pauses)
    assert keyed.row(key).faults == before.faults == ()
    assert keyed.store.counts(since=0).follow_ups_refused == 4


# Cut off, killed, overtaken


class HeldFollowUps:
    """A client whose notes and tasks wait, before or after they reach Zoho, until they are let go."""

    def __init__(self, client: ZohoClient, *, applied: bool) -> None:
        self._client = client
        self._applied = applied
        self.waiting = asyncio.Event()
        self.let_go = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    async def _held(self, create: Any, *args: Any, **more: Any) -> str:
        done = await create(*args, **more) if self._applied else None
        self.waiting.set()
        await self.let_go.wait()
        return done or await create(*args, **more)

    async def add_note(self, *args: Any, **more: Any) -> str:
        return await self._held(self._client.add_note, *args, **more)

    async def create_task(self, *args: Any, **more: Any) -> str:
        return await self._held(self._client.create_task, *args, **more)


@KINDS
@pytest.mark.parametrize("applied", [True, False])
async def test_cut_off_while_the_answer_is_waited_for_it_is_unclear(
    street: Street, keyed_world: World, path: str, follow_up: FollowUp, applied: bool
) -> None:
    office = await street.office(keyed_world, wrap=lambda client: HeldFollowUps(client, applied=applied))
    held = office.courier._follow_ups._zoho
    key = save(office, follow_up)
    assert await office.courier.step()
    step = asyncio.create_task(office.courier.step())
    await held.waiting.wait()
    step.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await step
    row = one(office, key)
    assert (row.state, row.faults[0].code, row.unclear) == (U, "cancelled", True)
    assert office.follow_ups[-1].state is U
    held.let_go.set()
    office.clock.forward(SETTLED)
    await office.drain(limit=100.0)
    assert (states(office, key), sum(there(office))) == ([SENT], 1)


@KINDS
@pytest.mark.parametrize("applied", [True, False])
async def test_who_is_suspended_before_the_first_byte_and_overtaken_sends_nothing(
    street: Street, keyed_world: World, path: str, follow_up: FollowUp, applied: bool
) -> None:
    """Over TCP, since only there the first byte is told of."""
    first = await street.office(
        keyed_world, tcp=True, wrap=lambda client: HeldFollowUps(client, applied=applied)
    )
    held = first.courier._follow_ups._zoho
    key = save(first, follow_up)
    assert await first.courier.step()
    step = asyncio.create_task(first.courier.step())
    await held.waiting.wait()
    first.lock.release()
    second = await street.office(keyed_world, tcp=True)
    assert not await second.courier.step()
    assert states(second, key) == [U]
    second.clock.forward(SETTLED)
    await second.drain(limit=100.0)
    assert (states(second, key), sum(there(second))) == ([SENT], 1)
    held.let_go.set()
    await step
    assert (states(second, key), sum(there(second))) == ([SENT], 1)
    sent = [each for each in keyed_world.requests if each.method == "POST" and each.path.startswith(path)]
    assert len(sent) == 1


async def test_who_gives_the_lock_back_between_intent_and_first_byte_puts_it_back(
    street: Street, keyed_world: World
) -> None:
    office = await street.office(keyed_world)
    key = save(office, NOTE)
    assert await office.courier.step()
    post = office.courier._follow_ups._post

    async def lose(row: FollowUpRow, hold: int | None) -> Any:
        office.lock.release()
        return await post(row, hold)

    office.courier._follow_ups._post = lose  # type: ignore[method-assign]
    assert await office.courier.step()
    assert (states(office, key), there(office)) == ([W], [0, 0])


async def test_an_outcome_that_is_never_written_is_found_by_the_next_sender(
    street: Street, keyed_world: World, store: SqliteStore
) -> None:
    trouble = Troubled(store)
    first = await street.office(keyed_world, store=trouble)  # type: ignore[arg-type]
    key = save(first)
    assert await first.courier.step()
    trouble.failures["finish"] = 99
    with pytest.raises(StorageError):
        await first.courier.step()
    assert states(first, key) == [S, W]
    first.lock.release()
    second = await street.office(keyed_world)
    await second.steps()
    assert states(second, key) == [U, SENT]
    second.clock.forward(SETTLED)
    await second.drain(limit=100.0)
    assert (states(second, key), there(second)) == ([SENT, SENT], [1, 1])


async def test_an_outcome_that_is_written_late_costs_no_look(
    street: Street, keyed_world: World, store: SqliteStore
) -> None:
    trouble = Troubled(store)
    office = await street.office(keyed_world, store=trouble)  # type: ignore[arg-type]
    key = save(office, NOTE)
    assert await office.courier.step()
    trouble.failures["finish"] = 1
    with pytest.raises(StorageError):
        await office.courier.step()
    await office.drain(limit=0)
    assert (states(office, key), there(office)) == ([SENT], [1, 0])
    assert not any(each.method == "GET" and each.path.endswith("/Notes") for each in keyed_world.requests)


async def test_without_its_intent_on_the_disk_nothing_leaves(
    street: Street, keyed_world: World, store: SqliteStore
) -> None:
    trouble = Troubled(store)
    office = await street.office(keyed_world, store=trouble)  # type: ignore[arg-type]
    key = save(office, NOTE)
    assert await office.courier.step()
    trouble.failures["begin"] = 1
    with pytest.raises(StorageError):
        await office.courier.step()
    assert (states(office, key), there(office)) == ([W], [0, 0])


async def test_a_client_that_fails_as_nobody_thought_leaves_it_unclear(
    street: Street, keyed_world: World
) -> None:
    class Broken(HeldFollowUps):
        async def add_note(self, *args: Any, **more: Any) -> str:
            await self._client.add_note(*args, **more)
            raise RuntimeError("nobody thought of it")

    office = await street.office(keyed_world, wrap=lambda client: Broken(client, applied=True))
    key = save(office, NOTE)
    await office.steps()
    assert (states(office, key), there(office)) == ([U], [1, 0])
    office.clock.forward(SETTLED)
    await office.drain(limit=100.0)
    assert (states(office, key), there(office)) == ([SENT], [1, 0])


# Two sessions


async def test_two_sessions_send_each_once(street: Street, keyed_world: World) -> None:
    first, second = await street.office(keyed_world, tcp=True), await street.office(keyed_world, tcp=True)
    keys = [save(office, name=f"Number {number}") for number in range(5) for office in (first, second)]
    tasks = [asyncio.create_task(office.courier.run()) for office in (first, second)]
    await first.until(lambda: all(states(first, key) == [SENT, SENT] for key in keys))
    for office in (first, second):
        office.courier.stop()
    await asyncio.gather(*tasks)
    assert there(first) == [10, 10]
    assert len({note.parent for note in keyed_world.notes}) == 10
    assert KEY_FIELD in keyed_world.modules["Leads"].fields
