"""What the Log says of the notes and tasks of a lead: its words and signs."""

from __future__ import annotations

from typing import Any

import pytest

from tui.log.follow_ups import beside_words, detail_lines, needs_rep, open_states_called
from tui.text import ASCII_SIGNS, UNICODE_SIGNS
from zoho.leads.follow_up import FollowUpKind
from zoho.leads.stock import STOCK_FORM
from zoho.outbox.follow_ups import FollowUpRow, FollowUpState, OpenFollowUp
from zoho.outbox.states import State
from zoho.outbox.store import Row
from zoho.wire.errors import FieldFault

N, T = FollowUpKind.NOTE, FollowUpKind.TASK
W, S, U, R = FollowUpState.WAITING, FollowUpState.SENDING, FollowUpState.UNKNOWN, FollowUpState.REFUSED


def lead(state: State = State.SENT) -> Row:
    return Row("k", state, {"Last_Name": "Roe"}, "o", 0.0, 0.0)


@pytest.mark.parametrize(
    ("follow_ups", "words", "asks"),
    [
        ([], "", False),
        ([(N, W)], "… note waits", False),
        ([(N, W), (T, S)], "… note, call-back wait", False),
        ([(N, U), (T, W)], "? note unclear", False),
        ([(N, W), (T, R)], "! call-back refused", True),
        ([(N, R), (T, R)], "! note, call-back refused", True),
        ([(N, R), (N, R)], "! note refused", True),
    ],
)
def test_a_row_says_what_needs_the_rep_most(follow_ups: Any, words: str, asks: bool) -> None:
    still_open = [OpenFollowUp(*one) for one in follow_ups]
    assert beside_words(lead(), still_open, UNICODE_SIGNS) == words
    assert beside_words(lead(State.MERGED), still_open, UNICODE_SIGNS) == words
    assert beside_words(lead(), still_open, ASCII_SIGNS).isascii()
    assert needs_rep(still_open) is asks


def test_nothing_is_said_while_the_lead_itself_waits() -> None:
    for state in set(State) - {State.SENT, State.MERGED}:
        assert beside_words(lead(state), [OpenFollowUp(N, W)], UNICODE_SIGNS) == ""


def test_details_say_what_it_is_where_it_stands_why_and_what_to_do() -> None:
    fault = FieldFault("NO_PERMISSION", "You may not.", "Ask.", "Company")
    row = FollowUpRow(
        "1", "k", N, {"Note_Title": "Answers"}, R, "Leads", "9", "o", 1, None, 0, 0, None, (fault,), 0, 0
    )
    assert list(detail_lines([row], STOCK_FORM, ASCII_SIGNS, here=None)) == [
        ("!", "Note “Answers”: refused"),
        (" ", "Company: You may not."),
        (" ", "Ask."),
    ]


@pytest.mark.parametrize(
    ("word", "states"), [("Refus", {R}), ("unclear", {U}), ("e", {R, U}), ("wait", set())]
)
def test_who_looks_for_a_word_of_the_row_finds_it(word: str, states: set[FollowUpState]) -> None:
    assert open_states_called(word) == states
