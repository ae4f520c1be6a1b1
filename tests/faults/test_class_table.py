"""The design's table of failures, cell by cell: each fault, before and after Zoho applied the request.

Each cell is one attempt of the real client and courier over real TCP, and what follows: the lead's state, the
sender's rest, one request and not two, and at the end one record, or the right refusal. Two are not here: a
name that cannot be resolved (only this machine may play Zoho), and a connection pool that stays full.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import stamina
from class_stage import (
    ON,
    RESTS,
    STOPS,
    Attempt,
    Play,
    Stage,
    a_colleague_has_it,
    answers,
    cut_off,
    is_no_tls,
    lacks_api_access,
    lacks_the_permission,
    lacks_the_scope,
    never_connects,
    one_attempt,
    ours_is_there,
    plays,
    proxy_refuses,
    redirects_to_itself,
    refuses,
    rep_decides,
)
from figures import Figures
from outbox_office import KEY_FIELD, SETTLED, Street
from sandbox_caller import Clock

from zoho.outbox.states import State
from zoho.sandbox import World

QUEUED, UNKNOWN, SENT, ASK = State.QUEUED, State.UNKNOWN, State.SENT, State.ASK
REJECTED, DUPLICATE = State.REJECTED, State.DUPLICATE

PAGE = "<!doctype html><title>Gateway</title>"


class Cell(NamedTuple):
    """A fault and what must come of it.

    Args:
        fault, when: its name, and whether Zoho has applied the request by then.
        play: what brings it about.
        state, rest: the lead and the sender after the one attempt.
        keyed, unkeyed: the lead once all is well again; None, it cannot happen in such an org. An org that is
            not proved to be keyed is unkeyed.
        posts: inserts that reach Zoho in that attempt.
        attempt: how it is made.
    """

    fault: str
    when: str
    play: Play
    state: State
    rest: float
    keyed: State | None
    unkeyed: State | None
    posts: int = 1
    attempt: Attempt = one_attempt


def record_error(code: str, **details: Any) -> dict[str, Any]:
    return {"data": [{"code": code, "status": "error", "message": code.lower(), "details": details}]}


def error(code: str, **details: Any) -> dict[str, Any]:
    return {"code": code, "status": "error", "message": code.lower(), "details": details}


ON_THE_URL = record_error("INVALID_MODULE", resource_path_index=0)
WRONG = record_error("INVALID_DATA", api_name="Email", json_path="$.data[0].Email")
NO_ID = {"data": [{"code": "SUCCESS", "status": "success", "message": "record added", "details": {}}]}
TWO = {"data": NO_ID["data"] * 2}

TABLE = [
    # fault, when, played by, the lead, the sender, at the end keyed, unkeyed
    #
    # It never reached Zoho: queue with back-off
    Cell("refused", "before", refuses, QUEUED, RESTS, SENT, SENT, posts=0),
    Cell("connect timeout", "before", never_connects, QUEUED, RESTS, SENT, SENT, posts=0),
    Cell("no TLS there", "before", is_no_tls, QUEUED, RESTS, SENT, SENT, posts=0),
    Cell("proxy refusal", "before", proxy_refuses, QUEUED, RESTS, SENT, SENT, posts=0),
    #
    # The sign-in: refresh once, send once more, then stop
    Cell("401", "before", plays("expired-token"), SENT, ON, SENT, SENT, posts=2),
    Cell("401 twice", "before", plays("expired-token", times=2), QUEUED, STOPS, SENT, SENT, posts=2),
    Cell("401 HTML", "before", answers(401, PAGE), QUEUED, STOPS, SENT, SENT),
    Cell("401 scope", "before", lacks_the_scope, QUEUED, STOPS, SENT, SENT),
    Cell("403 permission", "before", lacks_the_permission, QUEUED, STOPS, SENT, SENT),
    Cell("403 API access", "before", lacks_api_access, QUEUED, STOPS, SENT, SENT),
    #
    # Too many requests: wait
    Cell("429", "before", plays("429"), QUEUED, RESTS, SENT, SENT),
    Cell("429 Retry-After", "before", plays("429", retry_after=30), QUEUED, 30.0, SENT, SENT),
    Cell("429 Retry-After 0", "before", plays("429", retry_after=0), QUEUED, RESTS, SENT, SENT),
    Cell("429 credits", "before", plays("429", credits=True), QUEUED, 1800.0, SENT, SENT),
    Cell("429 HTML", "before", answers(429, PAGE), QUEUED, RESTS, SENT, SENT),
    #
    # Zoho refuses the record, whatever the status says
    *(
        Cell(f"{status} record error", "before", answers(status, WRONG), REJECTED, ON, REJECTED, REJECTED)
        for status in (200, 201, 202, 207, 400)
    ),
    Cell("400, bare", "before", answers(400, WRONG["data"][0]), REJECTED, ON, REJECTED, REJECTED),
    Cell("422, Zoho's", "before", answers(422, error("X")), REJECTED, ON, REJECTED, REJECTED),
    #
    # Zoho refuses the request, which no lead can cure: stop
    Cell("404 URL", "before", answers(404, error("INVALID_URL_PATTERN")), QUEUED, STOPS, SENT, SENT),
    Cell("400 module", "before", answers(400, error("INVALID_MODULE")), QUEUED, STOPS, SENT, SENT),
    Cell("400 row on the URL", "before", answers(400, ON_THE_URL), QUEUED, STOPS, SENT, SENT),
    #
    # It is not Zoho that answers: stop; a redirect is never followed
    *(
        Cell(f"{status} HTML", "before", answers(status, PAGE), QUEUED, STOPS, SENT, SENT)
        for status in (400, 403, 404, 407, 413)
    ),
    Cell("302", "before", redirects_to_itself(302), QUEUED, STOPS, SENT, SENT),
    Cell("307", "before", redirects_to_itself(307), QUEUED, STOPS, SENT, SENT),
    Cell("301, no address", "before", answers(301, PAGE), QUEUED, STOPS, SENT, SENT),
    #
    # Somebody has the record
    Cell("our key is there", "before", ours_is_there, SENT, ON, SENT, None),
    Cell("a colleague's", "before", a_colleague_has_it, DUPLICATE, ON, DUPLICATE, DUPLICATE),
    #
    # No answer says what became of it
    Cell("read timeout", "before", plays("hang-before"), UNKNOWN, RESTS, SENT, ASK),
    Cell("read timeout", "after", plays("hang-after"), UNKNOWN, RESTS, SENT, SENT),
    Cell("dropped", "before", plays("drop-before"), UNKNOWN, RESTS, SENT, ASK),
    Cell("dropped", "after", plays("drop-after"), UNKNOWN, RESTS, SENT, SENT),
    Cell("half an answer", "after", plays("half"), UNKNOWN, RESTS, SENT, SENT),
    Cell("cancelled", "before", plays("hang-before"), UNKNOWN, ON, SENT, ASK, attempt=cut_off),
    Cell("cancelled", "after", plays("hang-after"), UNKNOWN, ON, SENT, SENT, attempt=cut_off),
    Cell("500", "before", plays("5xx-before"), UNKNOWN, RESTS, SENT, ASK),
    Cell("500", "after", plays("5xx-after"), UNKNOWN, RESTS, SENT, SENT),
    Cell("500 HTML", "before", plays("5xx-before", html=True), UNKNOWN, RESTS, SENT, ASK),
    Cell("500 HTML", "after", plays("5xx-after", html=True), UNKNOWN, RESTS, SENT, SENT),
    Cell("503", "before", plays("5xx-before", status=503), UNKNOWN, RESTS, SENT, ASK),
    Cell("504 HTML", "after", plays("5xx-after", status=504, html=True), UNKNOWN, RESTS, SENT, SENT),
    Cell("500 with rows", "before", answers(500, WRONG), UNKNOWN, RESTS, SENT, ASK),
    Cell("200 HTML", "before", plays("html"), UNKNOWN, RESTS, SENT, ASK),
    Cell("200 HTML", "after", plays("html", commit=True), UNKNOWN, RESTS, SENT, SENT),
    Cell("200, other JSON", "before", answers(200, {"ok": True}), UNKNOWN, RESTS, SENT, ASK),
    Cell("200, other JSON", "after", answers(200, {"ok": True}, commit=True), UNKNOWN, RESTS, SENT, SENT),
    Cell("204", "before", answers(204), UNKNOWN, RESTS, SENT, ASK),
    Cell("204", "after", answers(204, commit=True), UNKNOWN, RESTS, SENT, SENT),
    Cell("no rows", "before", answers(201, {"data": []}), UNKNOWN, RESTS, SENT, ASK),
    Cell("no rows", "after", answers(201, {"data": []}, commit=True), UNKNOWN, RESTS, SENT, SENT),
    Cell("two rows", "after", answers(201, TWO, commit=True), UNKNOWN, RESTS, SENT, SENT),
    Cell("success, no id", "before", answers(201, NO_ID), UNKNOWN, RESTS, SENT, ASK),
    Cell("success, no id", "after", answers(201, NO_ID, commit=True), UNKNOWN, RESTS, SENT, SENT),
    Cell("oversized", "after", plays("oversized", mib=2), UNKNOWN, RESTS, SENT, SENT),
    Cell("oversized, packed", "after", plays("oversized", mib=64, gzip=True), UNKNOWN, RESTS, SENT, SENT),
]

KEYED, UNPROVED, UNKEYED = "keyed", "unproved", "unkeyed"
"""What the org does with our key: refuse it a second time; that too, but it was not proved; drop it."""


def cells() -> Iterator[Any]:
    for cell in TABLE:
        for org, at_the_end in ((KEYED, cell.keyed), (UNPROVED, cell.unkeyed), (UNKEYED, cell.unkeyed)):
            if at_the_end is not None and (org != UNPROVED or cell.state is UNKNOWN):
                yield pytest.param(cell, org, at_the_end, id=f"{cell.fault}, {cell.when}, {org}")


CELLS = list(cells())


@pytest.fixture(autouse=True)
def reads_are_repeated_at_once() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
async def street(tmp_path: Path) -> AsyncGenerator[Street]:
    with ExitStack() as servers:
        async with AsyncExitStack() as stack:
            yield Street(tmp_path, Clock(), stack, servers)


@pytest.mark.parametrize(("cell", "org", "at_the_end"), CELLS)
async def test_a_fault_is_what_the_design_says(
    cell: Cell, org: str, at_the_end: State, street: Street
) -> None:
    world = World(seed=False, clock=street.clock, submission_key=None if org == UNKEYED else KEY_FIELD)
    stage = await Stage.open(street, world, keyed=org == KEYED)
    refreshes = world.token_requests
    stage.save()
    await cell.play(stage)
    await cell.attempt(stage)

    assert (stage.row.state, stage.rest) == (cell.state, cell.rest)
    assert len(stage.ids) == (cell.when == "after" or cell.state is SENT)
    assert world.token_requests - refreshes == cell.fault.startswith("401") * (cell.posts - 1)
    # No second request by itself: it rests, or the lead is not due, or there is nothing to do any more.
    await stage.office.drain(limit=0)
    assert (stage.posts, stage.row.attempt) == (cell.posts, 1)

    await stage.heal()
    if org == KEYED:
        stage.office.finds_nothing()  # Zoho's refusal of the key alone must be enough
    await stage.office.until_idle()
    assert stage.row.state is at_the_end
    sent_again = cell.state is QUEUED or (cell.state is UNKNOWN and org == KEYED)
    assert stage.posts == cell.posts + sent_again
    assert stage.ids == ([stage.row.zoho_id] if at_the_end is SENT else [])
    if at_the_end is DUPLICATE:
        [theirs] = [one for one in world.records() if one["Last_Name"] == "Roe"]
        assert stage.row.zoho_id == theirs["id"]
    if at_the_end is not SENT:
        await rep_decides(stage, at_the_end)
        assert (stage.row.state, stage.ids) == (SENT, [stage.row.zoho_id])


async def unreadable(stage: Stage) -> None:
    await a_colleague_has_it(stage)
    stage.world.faults.order("5xx-before", times=None, path="/crm/v8/Leads/", method="GET")


async def unique(stage: Stage) -> None:
    stage.world.add_unique_field("Email")


RESENDS = [
    # the first attempt, what the resend meets, the lead then
    pytest.param("drop-after", unique, SENT, id="ours, and its e-mail address too"),
    pytest.param("drop-before", a_colleague_has_it, DUPLICATE, id="a colleague's"),
    pytest.param("drop-before", unreadable, ASK, id="whose, cannot be read"),
    pytest.param("drop-before", answers(400, WRONG), REJECTED, id="refused, and not there"),
    pytest.param("drop-before", plays("429"), UNKNOWN, id="not applied, after not applied"),
    pytest.param("drop-after", plays("429"), UNKNOWN, id="not applied, after applied"),
    pytest.param("drop-before", plays("drop-after"), UNKNOWN, id="unclear again"),
]


@pytest.mark.parametrize(("first", "second", "state"), RESENDS)
async def test_a_resend_tells_what_became_of_both(
    first: str, second: Play, state: State, street: Street
) -> None:
    world = World(seed=False, clock=street.clock, submission_key=KEY_FIELD)
    stage = await Stage.open(street, world, keyed=True)
    stage.save()
    stage.office.finds_nothing()
    stage.office.breaks(first)
    await one_attempt(stage)
    assert stage.row.state is UNKNOWN
    await second(stage)
    street.clock.forward(SETTLED)
    await one_attempt(stage)
    assert (stage.row.state, stage.posts) == (state, 2)
    if state is UNKNOWN:
        await stage.heal()
        await stage.office.until_idle()
        assert stage.row.state is SENT
    assert stage.ids == ([stage.row.zoho_id] if stage.row.state is SENT else [])


async def test_what_is_found_is_not_sent_again(street: Street) -> None:
    world = World(seed=False, clock=street.clock, submission_key=KEY_FIELD)
    stage = await Stage.open(street, world, keyed=True)
    stage.save()
    stage.office.breaks("drop-after")
    await one_attempt(stage)
    street.clock.forward(SETTLED)
    await one_attempt(stage)
    assert (stage.row.state, stage.posts, stage.ids) == (SENT, 1, [stage.row.zoho_id])


def test_the_table_is_large(figures: Figures) -> None:
    assert len(CELLS) >= 100
    figures.add("Class table", f"{len(TABLE)} faults, {len(CELLS)} cells in keyed, unproved and unkeyed orgs")
