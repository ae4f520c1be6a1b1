"""The measure of all rows: the smallest Textual app that a rep could type into."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Input


class Minimal(App[None]):
    """One input."""

    def compose(self) -> ComposeResult:
        """Make it."""
        yield Input(placeholder="type here")


if __name__ == "__main__":
    Minimal().run()
