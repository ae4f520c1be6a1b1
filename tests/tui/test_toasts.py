"""What a toast says when something needs the rep, with the keys that they have."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tui.sign_in.words import on_screen
from tui.text import ASCII_SIGNS, UNICODE_SIGNS
from tui.toasts import toast_of, toast_of_follow_up
from zoho.leads.follow_up import FollowUpKind
from zoho.leads.stock import STOCK_FORM
from zoho.outbox.follow_ups import FollowUpRow, FollowUpState
from zoho.outbox.states import State
from zoho.outbox.store import Row
from zoho.wire.errors import FieldFault

FAULT = FieldFault("NO_PERMISSION", "You may not create notes.", "Ask your administrator.")
LEAD = Row("k", State.SENT, {"Last_Name": "Roe", "Company": "Acme [/x]"}, "o", 0.0, 0.0)
NOTE = FollowUpRow(
    *("1", "k", FollowUpKind.NOTE, {}, FollowUpState.REFUSED, "Leads", "9", "o"),
    *(1, None, 0.0, 0.0, None, (FAULT,), 0.0, 0.0),
)


def test_a_refused_note_is_told_with_its_lead_its_reason_and_what_to_do() -> None:
    toast = toast_of_follow_up(NOTE, LEAD, STOCK_FORM, UNICODE_SIGNS)
    assert toast is not None
    assert (toast.title, toast.severity) == ("Roe, Acme [/x]", "error")
    assert toast.text == (
        "! note refused; the lead is in Zoho. You may not create notes. Ask your administrator."
        " R in the Log (F4) sends it again."
    )
    task = toast_of_follow_up(replace(NOTE, kind=FollowUpKind.TASK), LEAD, STOCK_FORM, ASCII_SIGNS)
    assert task is not None
    assert task.text.startswith("! call-back refused;")


@pytest.mark.parametrize("state", set(FollowUpState) - {FollowUpState.REFUSED})
def test_nothing_else_about_a_note_is_told(state: FollowUpState) -> None:
    assert toast_of_follow_up(replace(NOTE, state=state), LEAD, STOCK_FORM, UNICODE_SIGNS) is None


def test_of_a_lead_that_is_gone_nothing_is_told() -> None:
    assert toast_of_follow_up(NOTE, None, STOCK_FORM, UNICODE_SIGNS) is None


def test_without_an_app_the_built_in_keys_are_told() -> None:
    toast = toast_of(replace(LEAD, state=State.REJECTED, faults=(FAULT,)), STOCK_FORM, UNICODE_SIGNS)
    assert toast is not None
    assert "It waits in the Log (F4)." in toast.text
    assert on_screen("Run zoho-leads login.") == "Sign in (F6)."
