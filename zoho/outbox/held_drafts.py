"""Half-typed leads as one session sees them: its own, those put aside, and what an ended session left."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoho.outbox.session_slot import SessionSlot
    from zoho.outbox.store import Row, Store


class HeldDrafts:
    """The drafts of one user, for the session that has *slot*; every method may raise `StorageError`."""

    def __init__(self, store: Store, slot: SessionSlot) -> None:
        self._drafts = store.drafts
        self._slot = slot

    def left_over(self) -> Row | None:
        """Return the draft that stood in the form of a session that has ended since, and make it ours."""
        held = [(row, row.holder) for row in self._drafts.all() if row.holder is not None]
        ended = self._slot.ended([holder for _, holder in held])
        self._drafts.let_go(ended)
        found = next((row for row, holder in held if holder in ended), None)
        return self.take(found.key) if found is not None else None

    def free(self) -> list[Row]:
        """Return the drafts that no other session has in its form, the one typed in last first."""
        found = self._drafts.all()
        ended = self._slot.ended([row.holder for row in found if row.holder is not None])
        return [row for row in found if row.holder is None or row.holder in ended]

    def all(self) -> tuple[list[Row], set[str]]:
        """Return every draft, the one typed in last first, and the keys of those in other sessions' forms."""
        every, free = self._drafts.all(), {row.key for row in self.free()}
        return every, {row.key for row in every} - free

    def take(self, key: str) -> Row | None:
        """Make a draft ours; None if it is gone, or in the form of another session."""
        row = next((row for row in self.free() if row.key == key), None)
        return row if row is not None and self._drafts.take(row, self._slot.name) else None
