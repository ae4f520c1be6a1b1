"""The leads of a list, however many there are: all their numbers, and the rows near what is looked at."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Awaitable, Callable, Mapping, Sequence
from operator import neg
from typing import NamedTuple

from zoho.outbox.follow_ups import OpenFollowUp
from zoho.outbox.store import Row


class Listed(NamedTuple):
    """A lead of the list, with those of its notes and tasks that have not come to their end."""

    row: Row
    follow_ups: Sequence[OpenFollowUp] = ()


Read = Callable[[Sequence[int]], Awaitable[Mapping[int, Listed]]]

AHEAD = 3
"""Pages that are read on each side of the one that is looked at: so the next page is there already."""


class Window:
    """Leads by their places in a list, the newest in place 0.

    Args:
        read: returns the leads with the given numbers, as far as they are there.
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        self._numbers: Sequence[int] = array("q")
        self._rows: dict[int, Listed] = {}
        self._near = slice(0)
        """The places of what is held: those near what was looked at last."""
        self._moment = 0
        self._since: dict[int, int] = {}
        """The moment from which a row is as it is held: a read that began before says nothing newer."""

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def newest(self) -> int:
        """The number of the newest lead; 0, there is none."""
        return self._numbers[0] if self._numbers else 0

    @property
    def held(self) -> int:
        """How many rows are held."""
        return len(self._rows)

    def number(self, place: int) -> int:
        """Return the number of the lead in a place; 0, there is none."""
        return self._numbers[place] if 0 <= place < len(self._numbers) else 0

    def row(self, place: int) -> Row | None:
        """Return the lead in a place; None if it is not read, or there is none."""
        listed = self.listed(place)
        return listed.row if listed is not None else None

    def listed(self, place: int) -> Listed | None:
        """Return the lead in a place, with what goes with it; None if it is not read, or there is none."""
        return self._rows.get(self.number(place))

    def place_of(self, number: int) -> int:
        """Return the place of the lead with that number; of the next older one where it is not here."""
        place = bisect_left(self._numbers, -number, key=neg)
        return max(0, min(place, len(self._numbers) - 1))

    # What changes it

    def show(self, numbers: Sequence[int]) -> None:
        """Have other leads in the list; what is held of them stays."""
        self._numbers = numbers

    def add(self, newer: Sequence[int]) -> None:
        """Put newer leads in front."""
        self._numbers = array("q", [*newer, *self._numbers])

    def replace(self, row: Row) -> int | None:
        """Take the new state of a lead over; return its place, or None where it is not held."""
        for number, old in self._rows.items():
            if old.row.key == row.key:
                self._rows[number] = old._replace(row=row)
                self._since[number] = self._next_moment()
                place = self.place_of(number)
                return place if self.number(place) == number else None
        return None

    async def look(self, first: int, height: int, *, anew: bool = False) -> bool:
        """Have the rows of a page, with *anew* as they are now; return whether anything there has changed."""
        page = self._numbers[max(0, first) : first + height]
        lowest, highest = max(0, first - AHEAD * height), first + (AHEAD + 1) * height
        self._near = slice(lowest, highest)
        before = [self._rows.get(number) for number in page]
        if not anew and None not in before:
            return False
        near = self._numbers[self._near]
        wanted = page if anew and None not in before else [n for n in near if anew or n not in self._rows]
        begun = self._next_moment()
        found = await self._read(wanted)
        self._forget(wanted, found)
        self._keep(found, begun)
        return before != [self._rows.get(number) for number in page]

    def _forget(self, wanted: Sequence[int], found: Mapping[int, Listed]) -> None:
        """Take leads that are gone (a draft was dropped) out of the list."""
        if gone := set(wanted) - found.keys():
            self._numbers = array("q", (number for number in self._numbers if number not in gone))

    def _keep(self, found: Mapping[int, Listed], begun: int) -> None:
        """Hold what a read found that began then, and of the rest what is near what is looked at now."""
        near = self._numbers[self._near]
        kept = {number: self._rows[number] for number in near if number in self._rows}
        news = {number: listed for number, listed in found.items() if self._since.get(number, 0) < begun}
        self._rows = kept | news
        self._since = {
            number: begun if number in news else self._since.get(number, 0) for number in self._rows
        }

    def _next_moment(self) -> int:
        self._moment += 1
        return self._moment
