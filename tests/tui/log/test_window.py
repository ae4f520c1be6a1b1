"""The window on a long list: what it reads, holds, and forgets."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from tui.log.window import AHEAD, Listed, Window
from zoho.leads.follow_up import FollowUpKind
from zoho.outbox.follow_ups import FollowUpState, OpenFollowUp
from zoho.outbox.states import State
from zoho.outbox.store import Row

HEIGHT = 20


def row(number: int) -> Row:
    return Row(f"key {number}", State.SENT, {"Last_Name": f"Lead {number}"}, "org", 1.0, 1.0)


class Leads:
    """Leads by their numbers; remembers what was read of them."""

    def __init__(self, count: int) -> None:
        self.rows = {number: row(number) for number in range(1, count + 1)}
        self.asked: list[Sequence[int]] = []

    async def read(self, numbers: Sequence[int]) -> Mapping[int, Listed]:
        self.asked.append(list(numbers))
        return {number: Listed(self.rows[number]) for number in numbers if number in self.rows}


def opened(count: int) -> tuple[Window, Leads]:
    leads = Leads(count)
    window = Window(leads.read)
    window.show(sorted(leads.rows, reverse=True))
    return window, leads


async def test_only_what_is_near_is_read_and_held() -> None:
    window, leads = opened(100_000)
    for first in (0, 50_000, 99_990, 20_000):
        await window.look(first, HEIGHT)
        assert window.row(first) == leads.rows[100_000 - first]
        assert window.held <= HEIGHT * (2 * AHEAD + 1)
    assert sum(len(numbers) for numbers in leads.asked) <= 4 * HEIGHT * (2 * AHEAD + 1)


async def test_the_next_page_is_there_already() -> None:
    window, leads = opened(1000)
    await window.look(0, HEIGHT)
    assert len(leads.asked) == 1
    assert not await window.look(HEIGHT, HEIGHT)
    assert len(leads.asked) == 1
    assert window.row(2 * HEIGHT - 1) is not None


async def test_a_row_that_changed_is_read_anew_and_no_other() -> None:
    window, leads = opened(1000)
    await window.look(0, HEIGHT)
    assert not await window.look(0, HEIGHT, anew=True)
    leads.rows[999] = replace(leads.rows[999], state=State.REJECTED)
    assert await window.look(0, HEIGHT, anew=True)
    assert window.row(1) == leads.rows[999]
    assert [len(numbers) for numbers in leads.asked[1:]] == [HEIGHT, HEIGHT]


async def test_a_lead_is_replaced_where_it_is_held() -> None:
    window, leads = opened(1000)
    await window.look(0, HEIGHT)
    changed = replace(leads.rows[990], state=State.REJECTED)
    assert window.replace(changed) == 10
    assert window.row(10) == changed
    assert window.replace(leads.rows[3]) is None


async def test_newer_leads_come_in_front_and_places_follow() -> None:
    window, leads = opened(50)
    await window.look(0, HEIGHT)
    assert window.place_of(50) == 0
    leads.rows |= {number: row(number) for number in (51, 52)}
    window.add([52, 51])
    assert (len(window), window.newest, window.place_of(50)) == (52, 52, 2)
    assert window.row(2) == leads.rows[50]


async def test_a_lead_that_is_gone_leaves_the_list_and_its_place_to_the_next_older_one() -> None:
    window, leads = opened(50)
    del leads.rows[48]
    assert await window.look(0, HEIGHT)
    assert len(window) == 49
    assert window.number(window.place_of(48)) == 47
    del leads.rows[1]
    await window.look(40, HEIGHT, anew=True)
    assert window.number(window.place_of(1)) == 2


async def test_an_empty_list_has_no_places() -> None:
    window, leads = opened(0)
    assert not await window.look(0, HEIGHT)
    assert (window.newest, window.row(0), window.place_of(7)) == (0, None, 0)
    assert leads.asked == []


async def test_what_goes_with_a_lead_stays_with_it_when_its_state_changes() -> None:
    beside = (OpenFollowUp(FollowUpKind.NOTE, FollowUpState.WAITING),)

    async def read(numbers: Sequence[int]) -> Mapping[int, Listed]:
        return {number: Listed(row(number), beside) for number in numbers}

    window = Window(read)
    window.show([2, 1])
    await window.look(0, HEIGHT)
    assert window.replace(replace(row(2), state=State.MERGED)) == 0
    assert window.listed(0) == Listed(replace(row(2), state=State.MERGED), beside)


@pytest.mark.parametrize("replaced", [True, False], ids=["told", "read"])
async def test_a_read_that_ends_late_takes_nothing_back(replaced: bool) -> None:
    leads, gates = Leads(10), [asyncio.Event(), asyncio.Event()]
    reads = iter(gates)

    async def read(numbers: Sequence[int]) -> Mapping[int, Listed]:
        found = await leads.read(numbers)
        if gate := next(reads, None):
            await gate.wait()
        return found

    window = Window(read)
    window.show(sorted(leads.rows, reverse=True))
    gates[0].set()
    await window.look(0, HEIGHT)
    late = asyncio.create_task(window.look(0, HEIGHT, anew=True))
    await asyncio.sleep(0)
    leads.rows[10] = replace(leads.rows[10], state=State.REJECTED)
    if replaced:
        window.replace(leads.rows[10])
    else:
        await window.look(0, HEIGHT, anew=True)
    gates[1].set()
    await late
    assert window.row(0) == leads.rows[10]
    leads.rows[10] = replace(leads.rows[10], state=State.DISCARDED)
    await window.look(0, HEIGHT, anew=True)
    assert window.row(0) == leads.rows[10]


async def test_a_read_that_ends_late_forgets_nothing_of_what_is_looked_at_now() -> None:
    leads, answers = Leads(1000), [asyncio.Event()]

    async def read(numbers: Sequence[int]) -> Mapping[int, Listed]:
        if len(numbers) == 1:
            await answers[0].wait()
        return await leads.read(numbers)

    window = Window(read)
    window.show(sorted(leads.rows, reverse=True))
    await window.look(0, HEIGHT)
    late = asyncio.create_task(window.look(0, 1, anew=True))
    await asyncio.sleep(0)
    await window.look(HEIGHT, HEIGHT)
    answers[0].set()
    await late
    assert [window.row(place) for place in range(HEIGHT, 2 * HEIGHT)] == [
        leads.rows[1000 - place] for place in range(HEIGHT, 2 * HEIGHT)
    ]
