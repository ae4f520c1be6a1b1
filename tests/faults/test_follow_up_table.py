"""The table of failures for notes and tasks: each fault, before and after Zoho applied the request.

As for leads, each cell is one attempt over real TCP, and what follows: the state of the note or task, the
sender's rest, and at the end one of it in Zoho, or the words for the rep. Its lead is never touched, and the
next lead goes on unless leads would meet the same.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import stamina
from class_stage import ON, RESTS, STOPS
from figures import Figures
from outbox_office import KEY_FIELD, SETTLED, Office, Street, lead, new_key
from sandbox_caller import Clock

from zoho.leads.follow_up import FollowUp, FollowUpKind
from zoho.outbox.follow_ups import FollowUpRow, FollowUpState
from zoho.outbox.states import State
from zoho.outbox.store import FRESH
from zoho.sandbox import World

WAITING, UNKNOWN = FollowUpState.WAITING, FollowUpState.UNKNOWN
SENT, REFUSED = FollowUpState.SENT, FollowUpState.REFUSED

PAGE = "<!doctype html><title>Gateway</title>"
NOTE = FollowUp(FollowUpKind.NOTE, {"Note_Title": "Answers", "Note_Content": "Budget: 10 k"})
TASK = FollowUp(FollowUpKind.TASK, {"Subject": "Call Ada", "Due_Date": "2026-11-26"})
PATHS = {FollowUpKind.NOTE: "/crm/v8/Leads/", FollowUpKind.TASK: "/crm/v8/Tasks"}
KINDS = [pytest.param(NOTE, id="note"), pytest.param(TASK, id="task")]

Play = Callable[[Office, FollowUp], None]


def plays(kind: str, **params: Any) -> Play:
    return lambda office, what: _order(office, what, kind, params)


def _order(office: Office, what: FollowUp, kind: str, params: dict[str, Any]) -> None:
    office.world.faults.order(kind, path=PATHS[what.kind], method="POST", **params)


def answers(status: int, body: Any = None, **params: Any) -> Play:
    return plays("answer", status=status, body=body, **params)


def lacks_the_scope(office: Office, what: FollowUp) -> None:
    office.world.options.missing_scopes.add(f"ZohoCRM.modules.{what.kind}s.CREATE")


def lacks_the_permission(office: Office, what: FollowUp) -> None:
    office.world.options.denied_permissions.add(f"Crm_Implied_Create_{what.kind.title()}s")


def lacks_api_access(office: Office, what: FollowUp) -> None:
    office.world.options.api_access = False


def refuses(office: Office, what: FollowUp) -> None:
    office.world.faults.order("refuse", seconds=3600)


class Cell(NamedTuple):
    """A fault and what must come of it.

    Args:
        fault, when: its name, and whether Zoho has applied the request by then.
        play: what brings it about.
        state, rest: the follow-up and the sender after the one attempt.
        at_the_end: once all is well again, but for the rep's word.
        posts: requests that reach Zoho in that attempt.
        cut: the attempt is cancelled while its answer is waited for.
    """

    fault: str
    when: str
    play: Play
    state: FollowUpState
    rest: float
    at_the_end: FollowUpState
    posts: int = 1
    cut: bool = False


def error(code: str, **details: Any) -> dict[str, Any]:
    return {"code": code, "status": "error", "message": code.lower(), "details": details}


def record_error(code: str, **details: Any) -> dict[str, Any]:
    return {"data": [error(code, **details)]}


WRONG = record_error("INVALID_DATA", api_name="Subject", json_path="$.data[0].Subject")
NO_ID = {"data": [{"code": "SUCCESS", "status": "success", "message": "record added", "details": {}}]}

TABLE = [
    # fault, when, played by, the follow-up, the sender, at the end
    #
    # It never reached Zoho: it waits, and the line is tried again
    Cell("refused", "before", refuses, WAITING, RESTS, SENT, posts=0),
    #
    # The sign-in: refresh once, send once more, then stop, as leads would have to
    Cell("401", "before", plays("expired-token"), SENT, ON, SENT, posts=2),
    Cell("401 twice", "before", plays("expired-token", times=2), WAITING, STOPS, SENT, posts=2),
    #
    # Not allowed: told, and no lead waits for it
    Cell("401 scope", "before", lacks_the_scope, REFUSED, ON, REFUSED),
    Cell("403 permission", "before", lacks_the_permission, REFUSED, ON, REFUSED),
    Cell("403 API access", "before", lacks_api_access, REFUSED, ON, REFUSED),
    #
    # Too many requests: wait
    Cell("429", "before", plays("429"), WAITING, RESTS, SENT),
    Cell("429 Retry-After", "before", plays("429", retry_after=30), WAITING, 30.0, SENT),
    Cell("429 credits", "before", plays("429", credits=True), WAITING, 1800.0, SENT),
    #
    # Refused: told, and no lead waits for it
    Cell("200 record error", "before", answers(200, WRONG), REFUSED, ON, REFUSED),
    Cell("201 record error", "before", answers(201, WRONG), REFUSED, ON, REFUSED),
    Cell("400 record error", "before", answers(400, WRONG), REFUSED, ON, REFUSED),
    Cell("400 bare", "before", answers(400, error("INVALID_DATA")), REFUSED, ON, REFUSED),
    Cell("400 module", "before", answers(400, error("INVALID_MODULE")), REFUSED, ON, REFUSED),
    Cell("404 Zoho's", "before", answers(404, error("INVALID_URL_PATTERN")), REFUSED, ON, REFUSED),
    Cell("duplicate", "before", answers(400, record_error("DUPLICATE_DATA", id="1")), REFUSED, ON, REFUSED),
    #
    # Not Zoho's answer: later, and the next lead tells whether leads meet the same
    Cell("400 HTML", "before", answers(400, PAGE), WAITING, ON, SENT),
    Cell("404 HTML", "before", answers(404, PAGE), WAITING, ON, SENT),
    Cell("302", "before", plays("redirect"), WAITING, ON, SENT),
    #
    # No answer says what became of it: it is looked for
    Cell("read timeout", "before", plays("hang-before"), UNKNOWN, RESTS, SENT),
    Cell("read timeout", "after", plays("hang-after"), UNKNOWN, RESTS, SENT),
    Cell("dropped", "before", plays("drop-before"), UNKNOWN, RESTS, SENT),
    Cell("dropped", "after", plays("drop-after"), UNKNOWN, RESTS, SENT),
    Cell("half an answer", "after", plays("half"), UNKNOWN, RESTS, SENT),
    Cell("cancelled", "before", plays("hang-before"), UNKNOWN, ON, SENT, cut=True),
    Cell("cancelled", "after", plays("hang-after"), UNKNOWN, ON, SENT, cut=True),
    Cell("500", "before", plays("5xx-before"), UNKNOWN, RESTS, SENT),
    Cell("500", "after", plays("5xx-after"), UNKNOWN, RESTS, SENT),
    Cell("503", "after", plays("5xx-after", status=503), UNKNOWN, RESTS, SENT),
    Cell("504 HTML", "before", plays("5xx-before", status=504, html=True), UNKNOWN, RESTS, SENT),
    Cell("200 HTML", "before", plays("html"), UNKNOWN, RESTS, SENT),
    Cell("200 HTML", "after", plays("html", commit=True), UNKNOWN, RESTS, SENT),
    Cell("200, other JSON", "after", answers(200, {"ok": True}, commit=True), UNKNOWN, RESTS, SENT),
    Cell("204", "before", answers(204), UNKNOWN, RESTS, SENT),
    Cell("no rows", "after", answers(201, {"data": []}, commit=True), UNKNOWN, RESTS, SENT),
    Cell("success, no id", "before", answers(201, NO_ID), UNKNOWN, RESTS, SENT),
    Cell("success, no id", "after", answers(201, NO_ID, commit=True), UNKNOWN, RESTS, SENT),
    Cell("oversized", "after", plays("oversized", mib=20), UNKNOWN, RESTS, SENT),
]


@pytest.fixture(autouse=True)
def reads_are_repeated_at_once() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
async def street(tmp_path: Path) -> AsyncGenerator[Street]:
    with ExitStack() as servers:
        async with AsyncExitStack() as stack:
            yield Street(tmp_path, Clock(), stack, servers)


def save(office: Office, *follow_ups: FollowUp, name: str = "Lovelace") -> str:
    key = new_key()
    org = office.org.key
    office.store.add(key, lead(name), org=org, lane=FRESH, at=office.clock(), follow_ups=follow_ups)
    return key


def posts(office: Office, what: FollowUp) -> int:
    path = PATHS[what.kind]
    return sum(one.method == "POST" and one.path.startswith(path) for one in office.world.requests)


def standing(office: Office) -> int:
    return len(office.world.notes) + len(office.world.tasks)


async def attempt(office: Office, cell: Cell, what: FollowUp) -> None:
    step = asyncio.create_task(office.courier.step())
    if cell.cut:
        handled = cell.when == "after"
        await office.until(lambda: posts(office, what) and office.world.requests[-1].handled == handled)
        step.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await step


def rest_of(office: Office) -> float:
    pause = office.pauses[-1] if office.pauses else None
    if pause is None:
        return ON
    return STOPS if pause.until is None else pause.until - office.clock()


async def heal(street: Street, office: Office) -> Office:
    """End whatever is wrong, and let another process go on."""
    world = office.world
    world.faults.clear()
    world.options.missing_scopes.clear()
    world.options.denied_permissions.clear()
    world.options.api_access = True
    office.lock.release()
    return await street.office(world, tcp=True, org=office.org)


@pytest.mark.parametrize("what", KINDS)
@pytest.mark.parametrize("cell", TABLE, ids=lambda cell: f"{cell.fault}, {cell.when}")
async def test_a_fault_is_what_the_table_says(cell: Cell, what: FollowUp, street: Street) -> None:
    world = World(seed=False, clock=street.clock, submission_key=KEY_FIELD)
    office = await street.office(world, tcp=True)
    key = save(office, what)
    assert await office.courier.step()
    before = office.row(key)
    assert before.state is State.SENT
    cell.play(office, what)
    await attempt(office, cell, what)

    def row() -> FollowUpRow:
        (only,) = office.store.follow_ups.of(key)
        return only

    assert (row().state, rest_of(office)) == (cell.state, cell.rest)
    assert (posts(office, what), row().attempt) == (cell.posts, 1)
    assert standing(office) == (cell.when == "after" or cell.state is SENT)
    assert row().unclear == (cell.state is UNKNOWN)
    assert bool(row().faults) == (cell.state is not SENT)
    assert office.row(key) == before, "its lead stays as it was"
    if cell.state is REFUSED:
        assert row().faults[0].next_step
        world.options.api_access = True
        other = save(office, name="Roe")
        await office.drain(limit=0)
        assert office.state(other) is State.SENT, "leads go on"

    if cell.play is refuses:
        street.open_door(world)
    office = await heal(street, office)
    for _ in range(8):
        office.courier.retry()
        await office.steps()
        office.clock.forward(SETTLED)
    assert row().state is cell.at_the_end
    if cell.at_the_end is REFUSED:
        assert office.store.follow_ups.retry(key, office.clock()) == 1
        await office.steps()
    assert row().state is SENT
    assert standing(office) == 1
    again = cell.state in (WAITING, REFUSED) or (cell.state is UNKNOWN and cell.when == "before")
    assert posts(office, what) == cell.posts + again
    assert len(office.records()) == 1


def test_the_table_of_follow_ups(figures: Figures) -> None:
    figures.add("Class table, notes and tasks", f"{len(TABLE)} faults, {2 * len(TABLE)} cells")
    assert len(TABLE) >= 35
