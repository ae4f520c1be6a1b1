"""The courier cut off, overtaken, or let down by its disk: nothing is lost, nothing is sent unwritten."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Generator
from typing import Any

import pytest
from outbox_office import SETTLED, Held, Office, Street, Troubled, begin

from zoho.outbox.sender_lock import SenderLock
from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import Mode, State
from zoho.outbox.store import Attempt, Row
from zoho.sandbox import World
from zoho.wire.errors import StorageError

# The disk fails


async def troubled(street: Street, world: World, store: SqliteStore) -> tuple[Office, Troubled]:
    trouble = Troubled(store)
    return await street.office(world, store=trouble), trouble


async def test_without_its_intent_nothing_is_sent(
    street: Street, unkeyed_world: World, store: SqliteStore
) -> None:
    office, trouble = await troubled(street, unkeyed_world, store)
    key = office.save()
    trouble.failures["begin"] = 2
    for _ in range(2):
        with pytest.raises(StorageError, match="disk is full"):
            await office.courier.step()
    assert (office.posts(), office.state(key)) == (0, State.QUEUED)
    await office.steps()
    assert (office.posts(), office.state(key)) == (1, State.SENT)


async def test_an_outcome_that_cannot_be_written_is_written_before_anything_else_is_sent(
    street: Street, unkeyed_world: World, store: SqliteStore
) -> None:
    office, trouble = await troubled(street, unkeyed_world, store)
    keys = [office.save("First"), office.save("Second")]
    trouble.failures["finish"] = 3
    for _ in range(3):
        with pytest.raises(StorageError):
            await office.courier.step()
    assert (office.posts(), office.state(keys[0])) == (1, State.SENDING)
    trouble.called.clear()
    assert await office.courier.step()
    assert trouble.called.index("finish") < trouble.called.index("begin")
    assert [office.state(key) for key in keys] == [State.SENT, State.SENT]
    assert (office.posts(), len(office.store.calls(keys[0]))) == (2, 1)
    assert office.row(keys[0]).zoho_id == office.records("First")[0]["id"]


async def test_an_outcome_that_is_never_written_is_found_by_the_next_sender(
    street: Street, unkeyed_world: World, store: SqliteStore
) -> None:
    office, trouble = await troubled(street, unkeyed_world, store)
    key = office.save()
    trouble.failures["finish"] = 1
    with pytest.raises(StorageError):
        await office.courier.step()
    office.lock.release()  # it ends
    heir = await street.office(unkeyed_world)
    await heir.until_idle()
    [record] = heir.records()
    assert (heir.state(key), heir.row(key).zoho_id, heir.posts()) == (State.SENT, record["id"], 1)


async def test_drain_tells_a_disk_that_fails(
    street: Street, unkeyed_world: World, store: SqliteStore
) -> None:
    office, trouble = await troubled(street, unkeyed_world, store)
    office.save()
    trouble.failures["begin"] = 1
    with pytest.raises(StorageError):
        await office.drain(limit=1)


@pytest.mark.parametrize("method", ["orphan", "queued", "begin", "finish", "note", "set_note"])
async def test_run_outlives_a_disk_that_fails(
    street: Street, keyed_world: World, store: SqliteStore, method: str
) -> None:
    office, trouble = await troubled(street, keyed_world, store)
    trouble.failures[method] = 1
    key = office.save()
    async with running(office):
        await office.until(lambda: office.pauses)
        pause = office.pauses[0]
        assert pause is not None
        assert pause.code == "disk_full"
        office.courier.retry()
        await office.until(lambda: store.get(key).state is State.SENT)  # type: ignore[union-attr]
        assert None in office.pauses
    assert len(office.records()) == 1


async def test_run_outlives_what_nobody_thought_of(street: Street, unkeyed_world: World) -> None:
    def listener(row: Row) -> None:
        raise RuntimeError("the listener's own fault")

    office = await street.office(unkeyed_world, on_change=listener)
    key = office.save()
    async with running(office):
        await office.until(lambda: office.state(key) is State.SENT)
    assert office.pauses == []


@contextlib.asynccontextmanager
async def running(office: Office):
    task = asyncio.create_task(office.courier.run())
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


# Cancelled


class CutAt:
    """Runs a coroutine and cancels it as it waits for the *number*-th time."""

    def __init__(self, work: Coroutine[Any, Any, Any], number: int) -> None:
        self._work = work
        self._number = number
        self.waits = 0

    def __await__(self) -> Generator[Any, Any, Any]:
        waiting = self._work.__await__()
        try:
            step = waiting.send
            value: Any = None
            while True:
                future = step(value)
                self.waits += 1
                if self.waits == self._number:
                    task = asyncio.current_task()
                    assert task is not None
                    task.cancel()
                step, value = waiting.send, None
                try:
                    value = yield future
                except BaseException as error:
                    step, value = waiting.throw, error
        except StopIteration as end:
            return end.value


async def cut(work: Coroutine[Any, Any, Any], number: int) -> bool:
    """Return whether *work* was cut off at its *number*-th wait, rather than done before."""

    async def task() -> None:
        await CutAt(work, number)

    try:
        await asyncio.create_task(task())
    except asyncio.CancelledError:
        return True
    return False


@pytest.mark.parametrize("heir", [False, True])
@pytest.mark.parametrize("is_keyed", [False, True])
async def test_cancelled_at_any_wait_a_lead_is_neither_lost_nor_doubled(
    street: Street, keyed_world: World, unkeyed_world: World, is_keyed: bool, heir: bool
) -> None:
    world = keyed_world if is_keyed else unkeyed_world
    office = await street.office(world, tcp=True)
    if is_keyed:
        await office.prove_the_key()
    ends: list[State] = []
    was_cut = True
    while was_cut and len(ends) < 100:
        name = f"Lead{len(ends)}"
        key = office.save(name)
        was_cut = await cut(office.courier.step(), len(ends) + 1)
        if heir:  # another process goes on
            office.lock.release()
            office = await street.office(world, tcp=True)
        await office.until_idle(settle=3)
        ends.append(office.state(key))
        assert len(office.records(name)) == (ends[-1] is State.SENT)
    assert not was_cut
    assert len(ends) > 6
    assert set(ends) == {State.SENT} if is_keyed else set(ends) <= {State.SENT, State.ASK}
    assert ends.count(State.ASK) < len(ends) / 2


async def test_cancelled_while_it_becomes_the_sender_it_does_not_become_it_afterwards(
    street: Street, unkeyed_world: World
) -> None:
    office = await street.office(unkeyed_world)
    for _ in range(200):
        await cut(office.courier.step(), 1)
        office.lock.release()
        await asyncio.to_thread(int)  # whatever a thread was still about to do is done
        assert not office.lock.held


@pytest.mark.parametrize("number", range(1, 30, 3))
async def test_cancelled_while_it_resolves_a_lead_is_resolved_later(unkeyed: Office, number: int) -> None:
    unkeyed.breaks("5xx-after")
    key = unkeyed.save()
    await unkeyed.steps()
    unkeyed.clock.forward(SETTLED)
    await cut(unkeyed.courier.step(), number)
    await unkeyed.until_idle()
    assert (unkeyed.state(key), unkeyed.posts()) == (State.SENT, 1)


@pytest.mark.parametrize("applied", [False, True])
async def test_cancelled_in_the_middle_of_the_post_it_is_unclear_at_once(
    street: Street, unkeyed_world: World, applied: bool
) -> None:
    held, office = await with_held(street, unkeyed_world, applied=applied)
    key = office.save()
    task = asyncio.create_task(office.courier.run())
    await held.waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert office.state(key) is State.UNKNOWN
    assert office.row(key).faults[0].code == "cancelled"
    assert office.changes[-1].state is State.UNKNOWN


async def test_cancelled_while_the_intent_is_written_nothing_was_sent_and_it_waits_again(
    street: Street, unkeyed_world: World, store: SqliteStore
) -> None:
    office, trouble = await troubled(street, unkeyed_world, store)
    key = office.save()
    gate = trouble.gates["begin"] = threading.Event()
    task = asyncio.create_task(office.courier.step())
    await office.until(lambda: "begin" in trouble.called)
    task.cancel()
    await asyncio.sleep(0)
    gate.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (office.state(key), office.row(key).attempt, office.posts()) == (State.QUEUED, 1, 0)


async def test_cancelled_with_a_full_disk_it_still_ends_and_is_found_later(
    street: Street, unkeyed_world: World, store: SqliteStore
) -> None:
    trouble = Troubled(store)
    held, office = await with_held(street, unkeyed_world, applied=True, store=trouble)
    key = office.save()
    trouble.failures["finish"] = 1
    task = asyncio.create_task(office.courier.step())
    await held.waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert office.state(key) is State.SENDING
    held.let_go.set()
    await office.until_idle()
    assert (office.state(key), len(office.records())) == (State.SENT, 1)


async def with_held(street: Street, world: World, *, applied: bool, store: Any = None) -> tuple[Held, Office]:
    held: list[Held] = []

    def wrap(client: Any) -> Held:
        held.append(Held(client, applied=applied))
        return held[0]

    office = await street.office(world, wrap=wrap, store=store)
    return held[0], office


async def test_stopped_it_brings_the_lead_under_way_to_its_end_and_takes_no_other(
    street: Street, unkeyed_world: World
) -> None:
    held, office = await with_held(street, unkeyed_world, applied=False)
    keys = [office.save("First"), office.save("Second")]
    task = asyncio.create_task(office.courier.run())
    await held.waiting.wait()
    office.courier.stop()
    held.let_go.set()
    async with asyncio.timeout(10):
        await task
    assert [office.state(key) for key in keys] == [State.SENT, State.QUEUED]


# Dead, suspended, overtaken


def begun_by_a_dead_sender(office: Office, key: str) -> None:
    form = office.org.form
    mode, key_field = (Mode.KEYED, form.key_field) if form.key_field else (Mode.UNKEYED, None)
    attempt = Attempt("dead", mode, office.clock(), form.layout_id, key_field)
    assert begin(office.store, office.row(key), attempt) is not None


def left_in_sending(office: Office, key: str) -> None:
    """What a courier leaves that is killed in the middle of its POST."""
    begun_by_a_dead_sender(office, key)
    office.lock.release()


@pytest.mark.parametrize("applied", [False, True])
@pytest.mark.parametrize("is_keyed", [False, True])
async def test_what_a_dead_sender_left_is_resolved_by_the_next(
    street: Street, keyed_world: World, unkeyed_world: World, is_keyed: bool, applied: bool
) -> None:
    world = keyed_world if is_keyed else unkeyed_world
    dead = await street.office(world)
    await dead.prove_the_key()
    key = dead.save()
    left_in_sending(dead, key)
    if applied:
        record = dict(dead.row(key).values) | ({"Submission_Key": key} if is_keyed else {})
        world.keep("Leads", record)
    heir = await street.office(world)
    posts = heir.posts()
    assert await heir.steps() == 0
    assert heir.state(key) is State.UNKNOWN
    await heir.until_idle()
    expected = State.SENT if is_keyed or applied else State.ASK
    assert (heir.state(key), len(heir.records())) == (expected, expected is State.SENT)
    assert heir.posts() == posts + (is_keyed and not applied)


async def test_a_courier_that_follows_in_the_same_process_finds_them_too(
    street: Street, unkeyed_world: World
) -> None:
    before = await street.office(unkeyed_world)
    key = before.save()
    await before.courier.step()
    second = before.save("Second")
    begun_by_a_dead_sender(before, second)
    after = await street.office(unkeyed_world, lock=before.lock, store=before.store)
    assert after.lock.held
    await after.steps()
    assert (after.state(key), after.state(second)) == (State.SENT, State.UNKNOWN)


async def test_who_has_not_the_lock_sends_nothing_until_it_is_free(
    street: Street, unkeyed_world: World
) -> None:
    tries: list[bool] = []

    class Tried(SenderLock):
        def acquire(self) -> bool:
            tries.append(super().acquire())
            return tries[-1]

    first = await street.office(unkeyed_world)
    second = await street.office(unkeyed_world, lock=Tried(street.lock_path))
    assert await first.steps() == 0
    key = first.save()
    assert not await second.courier.step()
    await second.drain(limit=0)
    async with running(second):
        await second.until(lambda: len(tries) > 5)
        assert (any(tries), second.posts()) == (False, 0)
        first.lock.release()
        await second.until(lambda: second.state(key) is State.SENT)
    assert len(second.records()) == 1
    assert not await first.courier.step()


async def test_drain_waits_for_the_process_that_sends(street: Street, unkeyed_world: World) -> None:
    held, sender = await with_held(street, unkeyed_world, applied=False)
    key = sender.save()
    async with running(sender):
        await held.waiting.wait()
        waiting = await street.office(unkeyed_world)
        draining = asyncio.create_task(waiting.drain(limit=60, key=key))
        held.let_go.set()
        await draining
        assert waiting.state(key) is State.SENT
    assert sender.posts() == 1


@pytest.mark.parametrize("applied", [False, True])
async def test_who_was_overtaken_in_the_middle_of_its_post_changes_nothing(
    street: Street, keyed_world: World, applied: bool
) -> None:
    proof = await street.office(keyed_world)
    await proof.prove_the_key()
    proof.lock.release()
    held, slow = await with_held(street, keyed_world, applied=applied)
    key = slow.save()
    task = asyncio.create_task(slow.courier.step())
    await held.waiting.wait()
    slow.lock.release()  # suspended
    other = await street.office(keyed_world)
    await other.until_idle()
    assert other.state(key) is State.SENT
    settled = other.row(key)
    held.let_go.set()  # resumed: its POST is refused, or its answer comes late
    async with asyncio.timeout(10):
        await task
    assert slow.row(key) == settled
    assert len(slow.records()) == 1
    assert not await slow.courier.step()


async def test_suspended_and_resumed_with_nobody_in_between_the_answer_counts(
    street: Street, unkeyed_world: World
) -> None:
    held, office = await with_held(street, unkeyed_world, applied=True)
    key = office.save()
    task = asyncio.create_task(office.courier.step())
    await held.waiting.wait()
    office.lock.release()
    held.let_go.set()
    await task
    assert (office.state(key), office.posts()) == (State.SENT, 1)
    again = office.save("Second")
    await office.steps()
    assert office.state(again) is State.SENT


@pytest.mark.parametrize("before", [State.QUEUED, State.UNKNOWN])
async def test_a_lock_that_is_lost_before_the_post_leaves_the_lead_as_it_was(
    street: Street, keyed_world: World, before: State
) -> None:
    seen: list[State] = []

    def lose(row: Row) -> None:
        seen.append(row.state)
        if row.state is State.SENDING and losing:
            office.lock.release()

    losing: list[bool] = []
    office = await street.office(keyed_world, on_change=lose)
    await office.prove_the_key()
    if before is State.UNKNOWN:
        office.breaks("5xx-before")
    key = office.save()
    if before is State.UNKNOWN:
        await office.steps()
        office.clock.forward(SETTLED)
    posts = office.posts()
    losing.append(True)
    await office.courier.step()
    assert (office.state(key), office.posts()) == (before, posts)
    assert seen[-2:] == [State.SENDING, before]
    losing.clear()
    await office.until_idle()
    assert (office.state(key), len(office.records())) == (State.SENT, 1)


async def test_two_steps_at_once_of_one_courier_send_a_lead_once(unkeyed: Office) -> None:
    key = unkeyed.save()
    worked = await asyncio.gather(*(unkeyed.courier.step() for _ in range(5)))
    assert sorted(worked) == [False, False, False, False, True]
    assert (unkeyed.state(key), unkeyed.posts()) == (State.SENT, 1)


# The loop


async def test_run_sends_what_is_there_and_what_comes(unkeyed: Office) -> None:
    first = unkeyed.save("First")
    async with running(unkeyed):
        await unkeyed.until(lambda: unkeyed.state(first) is State.SENT)
        second = unkeyed.save("Second")
        unkeyed.courier.wake()
        await unkeyed.until(lambda: unkeyed.state(second) is State.SENT)
    assert unkeyed.posts() == 2
    assert unkeyed.pauses == []


async def test_run_finds_what_another_process_saved_without_being_woken(
    street: Street, unkeyed_world: World
) -> None:
    office, other = await street.office(unkeyed_world), await street.office(unkeyed_world)
    async with running(office):
        await office.until(lambda: office.lock.held)
        key = other.save()
        await office.until(lambda: office.state(key) is State.SENT)


async def test_run_goes_on_by_itself_when_a_pause_is_over(unkeyed: Office) -> None:
    unkeyed.breaks("429", retry_after=30)
    key = unkeyed.save()
    async with running(unkeyed):
        await unkeyed.until(lambda: unkeyed.pauses)
        unkeyed.clock.forward(30.0)
        await unkeyed.until(lambda: unkeyed.state(key) is State.SENT)
        await unkeyed.until(lambda: unkeyed.pauses[-1] is None)


async def test_listeners_are_called_in_the_loops_thread(street: Street, unkeyed_world: World) -> None:
    loops: list[asyncio.AbstractEventLoop] = []
    office = await street.office(unkeyed_world, on_change=lambda _: loops.append(asyncio.get_running_loop()))
    office.save()
    await office.steps()
    assert loops == [asyncio.get_running_loop()] * 2


async def test_drain_ends_when_nothing_is_left(unkeyed: Office) -> None:
    keys = [unkeyed.save(f"Lead{number}") for number in range(5)]
    await unkeyed.drain(limit=60)
    assert {unkeyed.state(key) for key in keys} == {State.SENT}


async def test_drain_for_one_lead_ends_with_it(unkeyed: Office) -> None:
    first, second = unkeyed.save("First"), unkeyed.save("Second")
    await unkeyed.drain(limit=60, key=first)
    assert (unkeyed.state(first), unkeyed.state(second)) == (State.SENT, State.QUEUED)
    await unkeyed.drain(limit=60, key="no such")


async def test_drain_looks_unclear_leads_up_in_its_time(unkeyed: Office) -> None:
    unkeyed.breaks("5xx-after")
    key = unkeyed.save()
    draining = asyncio.create_task(unkeyed.drain(limit=300))
    await unkeyed.until(lambda: unkeyed.pauses)
    unkeyed.clock.forward(SETTLED)
    await draining
    assert unkeyed.state(key) is State.SENT


async def test_drain_ends_when_its_time_is_over(unkeyed: Office) -> None:
    unkeyed.breaks("5xx-after")
    key = unkeyed.save()
    draining = asyncio.create_task(unkeyed.drain(limit=0.5))
    await unkeyed.until(lambda: unkeyed.pauses)
    await draining
    assert unkeyed.state(key) is State.UNKNOWN
