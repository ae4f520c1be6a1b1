"""Several leads in one request: a fault is every lead's own, and what has an answer of its own keeps it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Any

import pytest
import stamina
from class_stage import ON, RESTS, STOPS, Play, Stage, answers, lacks_the_scope, one_attempt, plays
from outbox_office import KEY_FIELD, Office, Street
from sandbox_caller import Clock

from zoho.outbox.states import State
from zoho.outbox.store import BACKLOG
from zoho.sandbox import World

QUEUED, UNKNOWN, SENT, REJECTED = State.QUEUED, State.UNKNOWN, State.SENT, State.REJECTED
SIZE = 5

ROW: dict[str, Any] = {
    "code": "INVALID_DATA",
    "status": "error",
    "message": "invalid data",
    "details": {"api_name": "Email", "json_path": "$.data[0].Email"},
}


@pytest.fixture(autouse=True)
def reads_are_repeated_at_once() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncGenerator[Stage]:
    with ExitStack() as servers:
        async with AsyncExitStack() as stack:
            street = Street(tmp_path, Clock(), stack, servers)
            world = World(seed=False, clock=street.clock, submission_key=KEY_FIELD)
            yield await Stage.open(street, world, keyed=True)


def save(office: Office, *mails: str) -> list[str]:
    names = [f"Lead{number}" for number in range(SIZE)]
    mails = mails or ("ada@example.com",) * SIZE
    return [office.save(name, lane=BACKLOG, Email=mail) for name, mail in zip(names, mails, strict=True)]


def last_post(stage: Stage) -> int:
    """How many records the last insert had."""
    posts = [one for one in stage.world.requests if (one.method, one.path) == ("POST", "/crm/v8/Leads")]
    return len(posts[-1].body["data"])


def states(stage: Stage, keys: list[str]) -> list[State]:
    return [stage.office.state(key) for key in keys]


async def all_is_well(stage: Stage, keys: list[str]) -> None:
    """Whatever was, each is there once in the end."""
    await stage.heal()
    await stage.office.until_idle()
    rows = [stage.office.row(key) for key in keys]
    assert [row.state for row in rows] == [SENT] * len(rows)
    found = {record[KEY_FIELD]: record["id"] for record in stage.world.records()}
    assert [found[row.key] for row in rows] == [row.zoho_id for row in rows]
    assert len(stage.world.records()) == 1 + len(rows), "and the one that proved the key"


WHOLE = [
    pytest.param(plays("drop-before"), UNKNOWN, RESTS, 0, id="dropped, before"),
    pytest.param(plays("drop-after"), UNKNOWN, RESTS, SIZE, id="dropped, after"),
    pytest.param(plays("half"), UNKNOWN, RESTS, SIZE, id="half an answer"),
    pytest.param(plays("5xx-before"), UNKNOWN, RESTS, 0, id="500, before"),
    pytest.param(plays("5xx-after"), UNKNOWN, RESTS, SIZE, id="500, after"),
    pytest.param(answers(201, {"data": []}, commit=True), UNKNOWN, RESTS, SIZE, id="no rows, after"),
    pytest.param(answers(201, {"data": [ROW] * 6}, commit=True), UNKNOWN, RESTS, SIZE, id="too many rows"),
    pytest.param(plays("429", retry_after=30), QUEUED, 30.0, 0, id="429"),
    pytest.param(lacks_the_scope, QUEUED, STOPS, 0, id="401 scope"),
    pytest.param(answers(413, "<!doctype html>"), QUEUED, STOPS, 0, id="413 HTML"),
    pytest.param(answers(422, {**ROW, "details": {}}), QUEUED, ON, 0, id="422, for all of them"),
]


@pytest.mark.parametrize(("play", "state", "rest", "there"), WHOLE)
async def test_a_fault_of_the_request_is_every_lead_s(
    stage: Stage, play: Play, state: State, rest: float, there: int
) -> None:
    keys = save(stage.office)
    await play(stage)
    await one_attempt(stage)
    assert (states(stage, keys), stage.rest) == ([state] * SIZE, rest)
    assert (stage.posts, last_post(stage), len(stage.world.records())) == (1, SIZE, 1 + there)
    await all_is_well(stage, keys)


async def test_one_that_is_refused_keeps_no_other_back(stage: Stage) -> None:
    good, bad = "ada@example.com", "no address"
    keys = save(stage.office, good, good, bad, good, good)
    await one_attempt(stage)
    assert states(stage, keys) == [SENT, SENT, REJECTED, SENT, SENT]
    assert (stage.posts, stage.rest) == (1, ON)
    stage.office.store.edit(keys[2], {"Last_Name": "Lead2", "Company": "Acme"}, at=stage.world.clock())
    await all_is_well(stage, keys)
    assert stage.posts == 2


async def test_where_there_are_fewer_rows_than_leads_the_others_are_unclear(stage: Stage) -> None:
    keys = save(stage.office)
    await answers(207, {"data": [ROW, ROW]})(stage)
    await one_attempt(stage)
    assert states(stage, keys) == [REJECTED, REJECTED, UNKNOWN, UNKNOWN, UNKNOWN]
    assert (stage.posts, stage.rest) == (1, RESTS)
    for key in keys[:2]:
        row = stage.office.row(key)
        assert stage.office.store.edit(key, row.values, at=stage.world.clock())
    await all_is_well(stage, keys)


async def test_a_request_that_one_lead_spoils_is_halved_until_it_stands_alone(stage: Stage) -> None:
    keys = save(stage.office)
    # Five, two, one are refused as a whole: the one is refused itself, the others get through.
    await answers(422, {**ROW, "details": {}}, times=3)(stage)
    await stage.office.steps()
    assert states(stage, keys) == [REJECTED, SENT, SENT, SENT, SENT]
    assert stage.rest == ON
    stage.office.store.edit(keys[0], {"Last_Name": "Lead0", "Company": "Acme"}, at=stage.world.clock())
    await all_is_well(stage, keys)
