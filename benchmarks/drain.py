"""Drain the outbox of this environment with the parts of ``zoho-leads send``; print how long it took.

The first lead goes alone, untimed: it proves that the org keeps our key.
"""

from __future__ import annotations

import asyncio
import json
import time

import click

from zoho.commands.place import Place
from zoho.commands.session import Session, open_session
from zoho.outbox.states import UNSENT


async def _drain(session: Session) -> dict[str, object]:
    async with session.courier() as (courier, org):
        (first,) = session.store.queued(org.key, lane=1, limit=1)
        await courier.drain(limit=60, key=first.key)
        waiting = session.store.waiting(org.key)
        began = time.perf_counter()
        await courier.drain(limit=300)
        seconds = time.perf_counter() - began
    assert not session.store.counts(since=0).of(UNSENT)
    return {"seconds": seconds, "waited": waiting, "batches": _batches(session, waiting)}


def _batches(session: Session, waiting: int) -> list[int]:
    """Return the sizes of the POSTs, as they were logged: one line for each lead that was in it."""
    sizes: dict[float, int] = {}
    for row in session.store.rows(limit=waiting):
        for call in session.store.calls(row.key):
            if call.method == "POST":
                sizes[call.at] = sizes.get(call.at, 0) + 1
    return [sizes[at] for at in sorted(sizes)]


if __name__ == "__main__":
    # As in the verb: what is taken from the environment belongs to a run of the command.
    with click.Context(click.Command("drain")), open_session(Place()) as opened:
        print(json.dumps(asyncio.run(_drain(opened))))
