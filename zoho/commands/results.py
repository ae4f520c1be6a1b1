"""What the verbs print and how they end: one shape for a lead, one exit status for each outcome."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any, TypeVar

import click

from zoho.outbox.follow_ups import FollowUpRow
from zoho.outbox.states import Standing, State, UndoState
from zoho.outbox.store import LoggedCall, Row
from zoho.wire.errors import FieldFault, ZohoError

F = TypeVar("F", bound=Callable[..., Any])


class Exit(IntEnum):
    """Exit status of the verbs that send."""

    CREATED = 0
    REJECTED = 1
    BAD_INPUT = 2
    SAVED = 3
    UNCLEAR = 4


INTERRUPTED = 130
"""Exit status after Ctrl+C, as a shell has it, where nothing better is known."""

_BY_STANDING: Mapping[Standing, Exit] = {
    State.SENT: Exit.CREATED,
    State.MERGED: Exit.CREATED,
    State.REJECTED: Exit.REJECTED,
    State.DUPLICATE: Exit.REJECTED,
    State.DISCARDED: Exit.REJECTED,
    State.QUEUED: Exit.SAVED,
    State.DRAFT: Exit.SAVED,
    State.SENDING: Exit.UNCLEAR,
    State.UNKNOWN: Exit.UNCLEAR,
    State.ASK: Exit.UNCLEAR,
    UndoState.UNDOING: Exit.UNCLEAR,
    UndoState.UNDONE: Exit.REJECTED,
}


def exit_of(row: Row) -> Exit:
    """Return the exit status that says where *row* stands; one that was undone is as good as discarded."""
    return _BY_STANDING[row.standing]


def row_json(
    row: Row, calls: Iterable[LoggedCall] | None = None, follow_ups: Iterable[FollowUpRow] | None = None
) -> dict[str, Any]:
    """Return a lead as JSON values: key, state, Zoho id, fields, reasons.

    Its calls, and its notes and tasks, are in it where they are given.
    """
    shown: dict[str, Any] = {
        "key": row.key,
        "state": row.state.value,
        "id": row.zoho_id,
        "org": row.org,
        "created_at": _time(row.created_at),
        "updated_at": _time(row.updated_at),
        "fields": dict(row.values),
        "attempts": row.attempt,
        "reasons": [_fault(fault) for fault in row.faults],
    }
    if row.undo_wanted is not None and row.being_undone:
        shown["undoing_since"] = _time(row.undo_wanted)
    if row.undone_at is not None and row.undone:
        shown["undone_at"] = _time(row.undone_at)
    if follow_ups is not None:
        shown["follow_ups"] = [_follow_up(one) for one in follow_ups]
    if calls is not None:
        shown["calls"] = [
            {
                "at": _time(call.at),
                "attempt": call.attempt,
                "method": call.method,
                "path": call.path,
                "status": call.status,
                "code": call.code,
                "ms": round(call.milliseconds),
            }
            for call in calls
        ]
    return shown


def _follow_up(row: FollowUpRow) -> dict[str, Any]:
    return {
        "kind": row.kind.value,
        "state": row.state.value,
        "id": row.zoho_id,
        "module": row.module,
        "record": row.record_id,
        "created_at": _time(row.created_at),
        "updated_at": _time(row.updated_at),
        "fields": dict(row.values),
        "attempts": row.attempt,
        "reasons": [_fault(fault) for fault in row.faults],
    }


def _fault(fault: FieldFault) -> dict[str, Any]:
    return {"field": fault.field, "code": fault.code, "what": fault.what, "next_step": fault.next_step}


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def print_json(value: Any) -> None:
    """Print *value* as JSON, ASCII only, so that it survives every locale and pipe."""
    click.echo(json.dumps(value, indent=2))


@contextmanager
def whoever_reads() -> Generator[None]:
    """Print within it what the exit status says as well: a closed pipe or a full disk changes nothing."""
    try:
        yield
    except OSError:
        print_no_more()


def print_no_more() -> None:
    """Let what is still to be printed go nowhere, since it cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def agreed(told: str, question: str, *, yes: bool) -> bool:
    """Say *told* and ask *question*, unless *yes* was given; without a terminal it is no."""
    if yes:
        return True
    click.echo(told, err=True)
    if not sys.stdin.isatty():
        click.echo("Nothing was changed: nobody can be asked here. Give --yes to do it.", err=True)
        return False
    if not _confirmed(question):
        click.echo("Nothing was changed.", err=True)
        return False
    return True


def _confirmed(question: str) -> bool:
    try:
        return click.confirm(question, err=True)
    except click.Abort:  # Ctrl+C or Ctrl+D
        click.echo(err=True)
        return False


def tells_failures(command: F) -> F:
    """Let *command* end with one clear message and `Exit.BAD_INPUT` where it raises an error of ours.

    A pipe that its reader closed ends it quietly, Ctrl+C with `INTERRUPTED`.
    """

    @functools.wraps(command)
    def run(*args: Any, **given: Any) -> Any:
        try:
            return command(*args, **given)
        except ZohoError as error:
            click.echo(f"zoho-leads: {error}", err=True)
            raise SystemExit(Exit.BAD_INPUT) from None
        except KeyboardInterrupt:
            click.echo("zoho-leads: Interrupted.", err=True)
            raise SystemExit(INTERRUPTED) from None
        except BrokenPipeError:
            print_no_more()
            raise SystemExit(Exit.BAD_INPUT) from None

    decorated: Any = run
    return decorated
