"""The table of states, against the design's table as it is printed there."""

from __future__ import annotations

import pytest

from zoho.outbox.states import EDITABLE, MAY_BECOME, MAY_DECIDE, NEEDS_REP, UNSENT, State

# The design's words; what stands in brackets there is when, not whether.
PRINTED = """
| draft | queued, merged, discarded |
| queued | sending, merged, discarded |
| sending | sent, rejected, duplicate, unknown, queued |
| unknown | sent, sending, ask |
| ask | sent, queued, discarded |
| rejected | queued, merged, discarded |
| duplicate | queued, merged, discarded |
"""


def printed() -> dict[State, frozenset[State]]:
    rows = [line.strip("| ").split(" | ") for line in PRINTED.strip().splitlines()]
    return {State(before): frozenset(map(State, after.split(", "))) for before, after in rows}


def test_the_table_is_the_designs() -> None:
    ends = {State.SENT, State.MERGED, State.DISCARDED}
    assert printed() | {state: frozenset() for state in ends} == MAY_BECOME


def test_every_state_has_its_line() -> None:
    assert set(MAY_BECOME) == set(State)


def test_only_what_was_not_applied_may_be_edited() -> None:
    assert {State.DRAFT, State.QUEUED, State.REJECTED, State.DUPLICATE} == EDITABLE


@pytest.mark.parametrize("state", [State.SENDING, State.UNKNOWN])
def test_the_rep_decides_nothing_while_the_courier_does(state: State) -> None:
    assert state not in MAY_DECIDE


def test_the_reps_word_is_within_the_table_and_sends_nothing() -> None:
    for before, after in MAY_DECIDE.items():
        assert after <= MAY_BECOME[before]
        assert not after & {State.SENDING, State.UNKNOWN, State.REJECTED}


def test_a_lead_waits_for_the_courier_or_for_the_rep_or_is_at_its_end() -> None:
    for state in State:
        ended = not MAY_BECOME[state]
        assert [state in UNSENT, state in NEEDS_REP, ended, state is State.DRAFT].count(True) == 1
