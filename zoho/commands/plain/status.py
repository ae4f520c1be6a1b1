"""How plain mode ends: with the worst that became of any lead of the run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zoho.commands.plain.call import Call
from zoho.commands.plain.desk import PlainDesk
from zoho.commands.results import Exit, exit_of
from zoho.outbox.follow_ups import FOLLOW_UP_UNSENT, FollowUpState


def status_of(desk: PlainDesk, keys: Sequence[str], call: Call) -> Exit:
    """Return the exit status.

    Args:
        desk: knows what became of the leads.
        keys: of the leads that were saved in this run.
        call: what is in the hands at the end.
    """
    return max([*_of_leads(desk, keys), _of_call(call)])


def _of_leads(desk: PlainDesk, keys: Sequence[str]) -> Iterator[Exit]:
    for key in keys:
        row = desk.row(key)
        if row is None:
            continue
        yield exit_of(row)
        states = {one.state for one in desk.follow_ups(key)} if row.in_zoho else set[FollowUpState]()
        if states & FOLLOW_UP_UNSENT:
            yield Exit.SAVED
        elif FollowUpState.REFUSED in states:
            yield Exit.REJECTED


def _of_call(call: Call) -> Exit:
    if call.wrong or call.refused:
        return Exit.BAD_INPUT
    return Exit.SAVED if call.changed and call.texts else Exit.CREATED
