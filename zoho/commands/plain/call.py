"""One call: the lead as far as it is typed, and what is still to be asked. Nothing is said or kept here."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence

from zoho.commands.plain.asked import DISQUALIFIED, Asked
from zoho.leads.call_back import CALL_BACK, CALL_BACK_ABOUT
from zoho.leads.fields import Option
from zoho.outbox.states import State
from zoho.outbox.store import Row


class Call:
    """A lead that is being typed.

    Args:
        asked: every question, in its order.
        row: a draft to go on with; None, it is a new lead.
    """

    def __init__(self, asked: Sequence[Asked], row: Row | None = None) -> None:
        self.asked = asked
        self.key = row.key if row is not None else str(uuid.uuid4())
        self.row = row if row is not None and row.state is not State.DRAFT else None
        """The lead of the outbox that is changed; None, it is a new one."""
        self.typed: dict[str, str] = dict(row.typed or {}) if row is not None else {}
        self.wrong: dict[str, str] = {}
        """What was typed and is no answer, by the name of its question."""
        self.changed = row is not None
        """Whether something was typed that is not saved as the lead's."""
        self.refused = False
        """Whether it could not be saved as it is typed."""
        self.found: tuple[Option, ...] = ()
        """What a number means in the next answer to the same question."""
        self.section = ""
        """The title that was told last."""
        self.asked_last: Asked | None = None
        """What was asked last: its choices need not be told again."""
        self._before: list[Asked] = []
        self._wanted = ""
        """The name of what was gone to, and is asked though it may be left out."""
        begin = row.field if row is not None else None
        names = [one.name for one in asked]
        self._queue = list(asked[names.index(begin) if begin in names else 0 :])

    @property
    def texts(self) -> Mapping[str, str]:
        """What a draft of it holds: also what is no answer, so that nothing is lost."""
        return {**self.typed, **self.wrong}

    @property
    def at(self) -> str | None:
        """The name of what is asked next."""
        return self._queue[0].name if self._queue else None

    # What is asked

    def next(self) -> Asked | None:
        """Take the next question that is to be asked; None, all are."""
        while self._queue:
            one = self._queue.pop(0)
            if not self._is_left_out(one):
                self._wanted = ""
                return one
        return None

    def again(self, one: Asked | None) -> None:
        """Ask the same once more."""
        if one is not None:
            self._wanted = one.name
            self._queue.insert(0, one)

    def go_to(self, one: Asked, *, since: Asked | None) -> None:
        """Go on from *one*; *since* is what was asked instead."""
        self._done_with(since)
        self._wanted = one.name
        self._queue = list(self.asked[self.asked.index(one) :])

    def back(self, one: Asked | None) -> bool:
        """Go to the question before *one*; False if there is none."""
        self.again(one)
        if not self._before:
            return False
        self.found = ()
        self.again(self._before.pop())
        return True

    def ask_these(self, names: Collection[str | None]) -> None:
        """Ask only these questions before all is asked again."""
        self._queue = [one for one in self.asked if one.name in names]
        self._wanted = ""

    def _is_left_out(self, one: Asked) -> bool:
        if one.name == self._wanted or one.name in self.texts:
            return False
        return one.hidden or (one.name == CALL_BACK_ABOUT and CALL_BACK not in self.typed)

    def _done_with(self, one: Asked | None) -> None:
        self.found = ()
        if one is not None:
            self._before.append(one)

    # What is answered

    def take(self, one: Asked, changes: Mapping[str, str]) -> None:
        """Let fields hold what came of the answer to *one*."""
        self.put(changes)
        self._done_with(one)
        if one.name == DISQUALIFIED and one.name in self.typed:
            self._queue = []  # nothing else need be known of it

    def put(self, changes: Mapping[str, str]) -> None:
        """Let fields hold these texts; an empty one empties its field."""
        self.changed = True
        for name, text in changes.items():
            self.wrong.pop(name, None)
            self.typed.pop(name, None)
            if text:
                self.typed[name] = text

    def take_wrong(self, one: Asked, text: str) -> None:
        """Remember what is no answer to *one*."""
        self.changed = True
        self.wrong[one.name] = text

    def skip(self, one: Asked) -> None:
        """Let *one* be as it was before it was asked."""
        self.wrong.pop(one.name, None)
        self._done_with(one)
