"""The checker of the soak finds what it is there to find: each history here is a good one, spoilt once."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import pytest
from soak_history import Change, Create, Finding, History, Row, Standing, findings

KEYS = ("a", "b", "c")


def ways(key: str, *states: str, mode: str = "keyed") -> list[Change]:
    return [Change(key, before, after, mode) for before, after in pairwise(states)]


GOOD = History(
    saved={"a": 1.0, "b": 2.0},  # of c it was not said any more: its sender was killed
    creates=[
        Create(("a",), True, 201),
        Create(("b",), True, None, ("drop-after",)),
        Create(("c",), False, 429, ("429",)),
        Create(("b", "c"), True, 207),
    ],
    changes=[
        *ways("a", "queued", "sending", "sent"),
        *ways("b", "queued", "sending", "unknown", "sending", "sent"),
        *ways("c", "queued", "sending", "queued", "sending", "sent"),
    ],
    rows=[Row("a", "sent", "1"), Row("b", "sent", "2"), Row("c", "sent", "3")],
    standing=[Standing("a", "1"), Standing("b", "2"), Standing("c", "3")],
)


def spoilt(**more: object) -> list[Finding]:
    return findings(dataclasses.replace(GOOD, **more))  # type: ignore[arg-type]


def whats(found: list[Finding]) -> list[tuple[str, str]]:
    return [(one.what, one.key) for one in found]


def test_a_good_history_has_no_findings() -> None:
    assert findings(GOOD) == []
    assert GOOD.faulty == 0.5


def test_nothing_at_all_is_a_good_history() -> None:
    assert findings(History(saved={})) == []


@pytest.mark.parametrize("key", KEYS)
def test_a_doubled_lead(key: str) -> None:
    assert whats(spoilt(standing=[*GOOD.standing, Standing(key, "9")])) == [("doubled", key)]


@pytest.mark.parametrize("key", KEYS)
def test_a_lead_marked_sent_that_zoho_does_not_have(key: str) -> None:
    standing = [one for one in GOOD.standing if one.key != key]
    assert whats(spoilt(standing=standing)) == [("lost", key)]


def test_a_lead_said_to_be_saved_that_has_no_row() -> None:
    assert whats(spoilt(saved={**GOOD.saved, "d": 3.0})) == [("lost", "d")]
    # Even if Zoho has it: nobody knows of it here.
    standing = [*GOOD.standing, Standing("d", "4")]
    assert ("lost", "d") in whats(spoilt(saved={**GOOD.saved, "d": 3.0}, standing=standing))


def test_a_record_of_a_lead_that_has_no_row() -> None:
    assert whats(spoilt(standing=[*GOOD.standing, Standing("d", "4")])) == [("from nowhere", "d")]
    found = whats(spoilt(creates=[*GOOD.creates, Create(("d",), False, 500)]))
    assert found == [("from nowhere", "d"), ("unwritten", "d"), ("taken back", "d")]


@pytest.mark.parametrize("wrong", ["1", None])
def test_a_wrong_zoho_id(wrong: str | None) -> None:
    rows = [GOOD.rows[0], Row("b", "sent", wrong), GOOD.rows[2]]
    assert whats(spoilt(rows=rows)) == [("wrong id", "b")]


@pytest.mark.parametrize(
    "state", ["queued", "sending", "unknown", "ask", "rejected", "duplicate", "discarded"]
)
def test_a_lead_that_came_to_no_end(state: str) -> None:
    rows = [GOOD.rows[0], GOOD.rows[1], Row("c", state, None)]
    changes = [*GOOD.changes[:-1], Change("c", "sending", state)] if state != "sending" else GOOD.changes[:-1]
    history = dataclasses.replace(GOOD, rows=rows, changes=changes)
    assert ("unfinished", "c") in whats(findings(history))
    assert ("unfinished", "c") not in whats(findings(history, waiting={state}))


@pytest.mark.parametrize(
    "states",
    [
        ("queued", "sent"),  # marked as sent before it was
        ("queued", "unknown"),
        ("queued", "sending", "ask"),
        ("queued", "sending", "unknown", "queued"),
        ("queued", "sending", "sent", "queued"),
        ("queued", "sending", "sent", "sending"),
        ("sending", "sent"),  # nobody wrote down that it was begun
        ("queued", "sending", "made up"),
    ],
)
def test_a_row_that_went_an_impossible_way(states: tuple[str, ...]) -> None:
    rows = [Row("a", states[-1], "1"), *GOOD.rows[1:]]
    found = spoilt(changes=[*ways("a", *states), *GOOD.changes[2:]], rows=rows)
    assert ("impossible", "a") in whats(found)


def test_a_row_that_changed_unseen() -> None:
    assert whats(spoilt(changes=GOOD.changes[:-1])) == [("impossible", "c")]
    unseen = [change for change in GOOD.changes if change != Change("b", "sending", "unknown")]
    assert whats(spoilt(changes=unseen)) == [("impossible", "b")]


def test_an_unclear_lead_is_sent_again_only_keyed() -> None:
    changes = [
        *GOOD.changes[:2],
        *ways("b", "queued", "sending", "unknown", "sending", "sent", mode="unkeyed"),
        *GOOD.changes[6:],
    ]
    assert whats(spoilt(changes=changes)) == [("impossible", "b")]


def test_the_rep_s_word_lets_an_unclear_lead_be_sent_again() -> None:
    way = ways("b", "queued", "sending", "unknown", "ask", "queued", "sending", "sent", mode="unkeyed")
    assert spoilt(changes=[*GOOD.changes[:2], *way, *GOOD.changes[6:]]) == []


def test_a_request_that_was_not_written_down_before() -> None:
    assert whats(spoilt(creates=[*GOOD.creates, Create(("a",), False, None)])) == [
        ("unwritten", "a"),
        ("taken back", "a"),
    ]
    # One that was written down and never left is none.
    assert spoilt(creates=GOOD.creates[1:]) == []


@pytest.mark.parametrize(
    ("handled", "status", "found"),
    [
        (False, 429, []),
        (False, 401, []),
        (True, None, [("taken back", "c")]),
        (False, None, [("taken back", "c")]),
        (True, 500, [("taken back", "c")]),
        (False, 500, [("taken back", "c")]),
        (False, 200, [("taken back", "c")]),
        (True, 201, [("taken back", "c")]),
    ],
)
def test_an_attempt_is_taken_back_only_if_it_was_certainly_not_applied(
    handled: bool, status: int | None, found: list[tuple[str, str]]
) -> None:
    creates = [create for create in GOOD.creates if create.keys != ("c",)]
    assert whats(spoilt(creates=[*creates, Create(("c",), handled, status)])) == found
