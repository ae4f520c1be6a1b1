"""Which fields a rep wants first, and which not at all. No screen needed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A rep's wishes for a form.

    Args:
        pinned: The names of the fields that come first, in their order.
        hidden: The names of those that are left out while they are empty.
    """

    pinned: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    def pin(self, name: str) -> Arrangement:
        """Return this with a field pinned behind the others, or no longer; what is pinned is not hidden."""
        pinned = _without(self.pinned, name)
        return Arrangement(pinned if name in self.pinned else (*pinned, name), _without(self.hidden, name))

    def hide(self, name: str) -> Arrangement:
        """Return this with a field hidden, or shown again; what is hidden is not pinned."""
        hidden = _without(self.hidden, name)
        return Arrangement(_without(self.pinned, name), hidden if name in self.hidden else (*hidden, name))

    def move(self, name: str, step: int) -> Arrangement:
        """Return this with a pinned field *step* places further down; at an end it stays."""
        if name not in self.pinned:
            return self
        pinned = list(_without(self.pinned, name))
        pinned.insert(max(0, self.pinned.index(name) + step), name)
        return Arrangement(tuple(pinned), self.hidden)


def _without(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(each for each in names if each != name)
