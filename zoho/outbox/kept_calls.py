"""The HTTP exchanges made for a lead, collected while they are made."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator
from contextvars import ContextVar

from zoho.api.calls import Call
from zoho.outbox.store import LoggedCall

_collected: ContextVar[list[LoggedCall] | None] = ContextVar("calls of the leads being sent", default=None)


def keep_call(call: Call) -> None:
    """Keep an exchange of the client with the leads that this task is sending (give it as ``on_call``)."""
    calls = _collected.get()
    if calls is not None:
        calls.append(
            LoggedCall(time.time(), 0, call.method, call.path, call.status, call.code, call.milliseconds)
        )


@contextlib.contextmanager
def collected_calls() -> Generator[list[LoggedCall]]:
    """Give the list that the exchanges of this task are kept in from here on."""
    calls: list[LoggedCall] = []
    token = _collected.set(calls)
    try:
        yield calls
    finally:
        _collected.reset(token)
