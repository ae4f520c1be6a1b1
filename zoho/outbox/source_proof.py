"""Does the org store the source that a lead is sent with? The first lead of a layout shows it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from zoho.leads.check_up import ADD_SOURCE, Finding
from zoho.leads.fields import SOURCE_FIELD
from zoho.leads.org import OrgProfile
from zoho.outbox.store import Row, Store
from zoho.wire.clean import clean_line

_log = logging.getLogger("zoho.outbox")

_LONGEST_SHOWN = 60


class SourceProof:
    """What becomes of ``Lead_Source`` in one org's layout.

    A layout without the field drops it silently, and a workflow of the org may set another.

    Args:
        store: keeps what was seen.
        org: whose layout it is.
        on_finding: is told a difference, once for each source.
    """

    def __init__(
        self, *, store: Store, org: OrgProfile, on_finding: Callable[[Finding], None] | None = None
    ) -> None:
        self._store = store
        self._org = org
        self._on_finding = on_finding

    async def is_open(self, row: Row) -> bool:
        """Say whether no lead with the source of *row* has been looked at yet, in the layout of *row*."""
        if not row.values.get(SOURCE_FIELD):
            return False
        return await asyncio.to_thread(self._store.note, self._note(row)) is None

    async def learn(self, row: Row, record: Any) -> None:
        """Compare *record*, as Zoho shows what was made of *row*."""
        sent, stored = row.values[SOURCE_FIELD], record.get(SOURCE_FIELD)
        await asyncio.to_thread(
            self._store.set_note, self._note(row), "kept" if stored == sent else "changed"
        )
        if stored == sent:
            return
        _log.warning("Zoho stored another source than was sent")
        if self._on_finding is not None:
            what = f"A lead was sent with the source “{sent}”, and Zoho stored {_shown(stored)}."
            self._on_finding(Finding(False, what, ADD_SOURCE))

    def _note(self, row: Row) -> str:
        return f"source kept: {self._org.key}:{row.layout_id}:{row.values[SOURCE_FIELD]}"


def _shown(stored: Any) -> str:
    return f"“{clean_line(str(stored))[:_LONGEST_SHOWN]}”" if stored else "none"
