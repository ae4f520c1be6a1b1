"""What a toast says when a lead, or what goes with it, has come to an end or needs the rep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tui.actions import key_of
from tui.text import Signs
from zoho.outbox.states import State

if TYPE_CHECKING:
    from zoho.leads.fields import LeadForm
    from zoho.outbox.follow_ups import FollowUpRow
    from zoho.outbox.store import Row


@dataclass(frozen=True, slots=True)
class Toast:
    """A message that goes away by itself; ``seconds`` after which it does."""

    title: str
    text: str
    severity: Literal["information", "warning", "error"] = "information"
    seconds: float = 4.0


def toast_of(row: Row, form: LeadForm, signs: Signs) -> Toast | None:
    """Return the toast for a lead that has just come into its state; None if that is no news."""
    from tui.log.words import others
    from zoho.leads.fault_words import fault_line
    from zoho.outbox.names import name_of
    from zoho.outbox.store import BACKLOG

    name = name_of(row)
    if row.state is State.SENT and row.lane == BACKLOG:
        return None  # hundreds of them may come, and nobody waits for them
    if row.state is State.SENT:
        return Toast(name, f"{signs.created} created in Zoho. {key_of('lead.undo')} undoes it.")
    if row.state not in (State.REJECTED, State.DUPLICATE, State.ASK) or not row.faults:
        return None
    what = {
        State.REJECTED: "not created",
        State.DUPLICATE: "already in Zoho",
        State.ASK: "is it in Zoho?",
    }[row.state]
    fault = row.faults[0]
    told = f"{fault_line(fault, form)} {fault.next_step}{others(row)}"
    text = f"{signs.attention} {what}. {told} It waits in the Log ({key_of('tab.log')})."
    return Toast(name, text, "error", 12.0)


def toast_of_follow_up(row: FollowUpRow, lead: Row | None, form: LeadForm, signs: Signs) -> Toast | None:
    """Return the toast for a note or task that has just come into its state; None if that is no news.

    Args:
        row: the note or task.
        lead: what it goes with; None, it is gone.
        form: has the labels of fields.
        signs: the signs to use.
    """
    from zoho.leads.fault_words import fault_line
    from zoho.outbox.follow_up_names import KIND_WORDS
    from zoho.outbox.follow_ups import FollowUpState
    from zoho.outbox.names import name_of

    if row.state is not FollowUpState.REFUSED or lead is None:
        return None
    told = "".join(f" {fault_line(fault, form)} {fault.next_step}" for fault in row.faults[:1])
    again = f"{key_of('log.retry')} in the Log ({key_of('tab.log')}) sends it again."
    text = f"{signs.attention} {KIND_WORDS[row.kind]} refused; the lead is in Zoho.{told} {again}"
    return Toast(name_of(lead), text, "error", 12.0)
