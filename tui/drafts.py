"""Half-typed leads on the disk, and which of them this session has in its form."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoho.outbox.held_drafts import HeldDrafts
    from zoho.outbox.session_slot import SessionSlot
    from zoho.outbox.store import Row, Store


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form.

    Args:
        key: its submission key.
        editing: it changes a lead that is in the outbox already.
        typed: API names and texts.
        field: API name of the field that the caret is in.
    """

    key: str
    editing: bool = False
    typed: Mapping[str, str] = field(default_factory=dict[str, str])
    field: str | None = None


class Drafts:
    """The drafts of one user, as one session sees them.

    Every method may raise `zoho.wire.errors.ZohoError`.

    Args:
        store: gives the outbox.
        slot: gives this session's place, once the outbox is open.
    """

    def __init__(self, store: Callable[[], Store], slot: Callable[[], SessionSlot]) -> None:
        self._store = store
        self._slot = slot
        self._writing = threading.Lock()
        self._latest = 0
        self._written: dict[str, int] = {}
        """Of each draft the number of its latest state on the disk: another's takes nothing from it."""

    async def left_over(self) -> Row | None:
        """Return the draft that stood in the form of a session that has ended since, and make it ours."""
        return await asyncio.to_thread(lambda: self._held().left_over())

    async def all(self) -> tuple[list[Row], set[str]]:
        """Return every draft, the one typed in last first, and the keys of those in other sessions' forms."""
        return await asyncio.to_thread(lambda: self._held().all())

    async def take(self, key: str) -> Row | None:
        """Make a draft ours; None if it is gone, or in the form of another session."""
        return await asyncio.to_thread(lambda: self._held().take(key))

    def _held(self) -> HeldDrafts:
        from zoho.outbox.held_drafts import HeldDrafts

        return HeldDrafts(self._store(), self._slot())

    async def park(self, row: Row) -> None:
        """Put a draft of ours aside as it is on the disk."""
        draft = Draft(row.key, editing=row.state != "draft", typed=row.typed or {}, field=row.field)
        await self.keep(draft, parked=True)

    async def drop(self, key: str) -> None:
        """Forget what was typed."""
        await asyncio.to_thread(self._store().drafts.drop, key)

    async def keep(self, draft: Draft, *, parked: bool = False) -> bool:
        """Keep a draft as it is now; False if its lead is past being typed."""
        return await asyncio.to_thread(self._keep, draft, self._next(), parked)

    def keep_at_once(self, draft: Draft) -> None:
        """Keep a draft without waiting: the session is ending."""
        self._keep(draft, self._next(), parked=False)

    async def overtake(self, key: str) -> None:
        """Let what is still to be kept of a draft so far be of no effect: its lead is saved, or parked."""
        await asyncio.to_thread(self._overtake, key, self._next())

    def _overtake(self, key: str, number: int) -> None:
        with self._writing:  # in a thread: a slow disk may hold it for a while
            self._written[key] = max(self._written.get(key, 0), number)

    def _next(self) -> int:
        self._latest += 1
        return self._latest

    def _keep(self, draft: Draft, number: int, parked: bool) -> bool:
        with self._writing:
            if number < self._written.get(draft.key, 0):
                return True  # a later state of it is on the disk already
            self._written[draft.key] = number
            return self._store().drafts.keep(
                draft.key,
                draft.typed,
                field=draft.field,
                holder=None if parked else self._slot().name,
                editing=draft.editing,
                at=time.time(),
            )
