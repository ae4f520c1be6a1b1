"""The command palette: the same actions, found by name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tui.actions import ACTIONS, Action


class ActionProvider(Provider):
    """Offers the actions of the table that work now."""

    def _offered(self) -> Iterator[Action]:
        tab = getattr(self.app, "tab", "")
        return (action for action in ACTIONS if action.palette and action.tab in ("", tab))

    async def discover(self) -> Hits:
        """Offer everything before a letter is typed."""
        for action in self._offered():
            yield DiscoveryHit(_title(action), partial(self.app.run_action, action.run), help=action.help)

    async def search(self, query: str) -> Hits:
        """Offer what matches *query*."""
        matcher = self.matcher(query)
        for action in self._offered():
            score = matcher.match(f"{action.label} {action.help}")
            if score > 0:
                run = partial(self.app.run_action, action.run)
                yield Hit(score, matcher.highlight(_title(action)), run, help=action.help)


def _title(action: Action) -> str:
    return f"{action.label}  {', '.join(action.shown_keys)}"
