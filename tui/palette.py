"""The command palette: the same actions, found by name, on a screen that is still while nobody types."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from textual.app import ComposeResult
from textual.command import (
    CommandInput,
    CommandList,
    CommandPalette,
    DiscoveryHit,
    Hit,
    Hits,
    Provider,
    SearchIcon,
)
from textual.containers import Horizontal, Vertical

from tui.actions import ACTIONS, Action
from tui.text import signs


class Palette(CommandPalette):
    """Textual's palette without what moves by itself.

    Textual's own blinks and keeps a `LoadingIndicator`, which is drawn 16 times a second even while it is
    hidden: on a slow line that is traffic for nothing. Nor is its magnifying glass taken over, since
    terminals dispute the width of an emoji, and a row with one is drawn whole at every letter.
    """

    # Textual's black is not seen on a dark terminal, and costs more than one of the terminal's own colours.
    DEFAULT_CSS = """
    Palette SearchIcon { color: ansi_default; }
    Palette #--input { border: hkey ansi_bright_black; }
    Palette CommandList { border-bottom: hkey ansi_bright_black; }
    Palette .-terminal-caret > .input--cursor { text-style: none; background: transparent; }
    """

    def compose(self) -> ComposeResult:
        """Make the field and the list."""
        icon = SearchIcon()
        icon.icon = signs().pointer
        field = CommandInput(placeholder="Search for an action", select_on_focus=False)
        field.cursor_blink = False
        field.set_class(getattr(self.app._driver, "draws_caret", False), "-terminal-caret")
        with Vertical(id="--container"):
            with Horizontal(id="--input"):
                yield icon
                yield field
            with Vertical(id="--results"):
                yield CommandList()

    async def _watch__show_busy(self) -> None:
        """Show nothing: the actions of a table are found at once."""

    def _action_command_list(self, action: str) -> None:
        """Move in the list; a key that comes before the list is laid out does nothing."""
        # Textual looks lines up that the next frame will make: Ctrl+P, Page Down in one packet ended the app.
        with suppress(KeyError):
            super()._action_command_list(action)


class ActionProvider(Provider):
    """Offers the actions of the table that work now."""

    def _offered(self) -> Iterator[Action]:
        tab, actions = getattr(self.app, "tab", ""), getattr(self.app, "actions", ACTIONS)
        return (action for action in actions if action.palette and action.tab in ("", tab))

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
    return f"{action.label}  {', '.join(action.shown_keys)}" if action.keys else action.label
