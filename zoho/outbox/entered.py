"""Who of those that a lead may be was entered here before: found in the outbox, without a line."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from zoho.leads.look_up.known import Entered
from zoho.leads.look_up.marks import Kind, Mark
from zoho.leads.look_up.phones import endings
from zoho.outbox.store import Row, Store

_MOST = 50


async def entered_before(store: Store, marks: Sequence[Mark], *, but: str) -> list[Entered]:
    """Return leads that may have these marks, newest first; more than are meant.

    Args:
        store: the outbox.
        marks: what is looked for.
        but: the submission key of the lead that is looked for itself.

    Raises:
        StorageError: the outbox cannot be read.
    """
    texts = [text for mark in marks for text in _texts(mark)]
    rows = await asyncio.to_thread(store.listing.holding, texts, limit=_MOST)
    return [_entered(row) for row in rows if row.key != but]


def _texts(mark: Mark) -> Iterator[str]:
    match mark.kind:
        case Kind.PHONE:
            yield from endings(mark.text)
        case Kind.COMPANY:
            # Its longest word as it was typed: SQLite folds the case of ASCII alone.
            yield max(mark.text.split(), key=len)
        case Kind.DOMAIN:
            yield f"@{mark.key}"
        case Kind.EMAIL:
            yield mark.key


def _entered(row: Row) -> Entered:
    values = row.typed if row.typed is not None else row.values
    return Entered(row.key, values, row.state.value, row.created_at, row.zoho_id)
