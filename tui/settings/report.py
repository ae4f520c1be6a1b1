"""What the connection test found, and what is to be done first: a few lines under the settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from tui.sign_in.words import on_screen
from tui.text import plain, signs

if TYPE_CHECKING:
    from zoho.leads.check_up import Finding
    from zoho.wire.errors import ZohoError


class Report(Static):
    """Findings, one under the other, each with its sign and what to do."""

    is_fresh = True
    """Whether nothing has been shown yet."""

    def say(self, text: str) -> None:
        """Show one sentence."""
        self._show([plain(text)])

    def guide(self, text: str) -> None:
        """Show how to go on, until something has to be said."""
        self.update(plain(text))

    def fail(self, error: ZohoError) -> None:
        """Show what went wrong, and what to do."""
        self._show([plain(f"{signs().attention} {on_screen(error.what)}"), _next_step(error.next_step)])

    def warn(self, warnings: Sequence[str]) -> None:
        """Show sentences that each need somebody's attention."""
        self._show([plain(f"{signs().attention} {warning}") for warning in warnings])

    def show(self, findings: Sequence[Finding]) -> None:
        """Show what was found: who it is about, then what is not well, which must not be cut off below."""
        marks = signs()
        lines: list[Content] = []
        for finding in (*findings[:1], *sorted(findings[1:], key=lambda one: one.well)):
            mark, style = (marks.created, "") if finding.well else (marks.attention, "bold")
            lines.append(plain(f"{mark} {on_screen(finding.what)}", style))
            if finding.next_step:
                lines.append(_next_step(finding.next_step))
        self._show(lines)

    def _show(self, lines: Sequence[Content]) -> None:
        self.is_fresh = False
        self.update(Content("\n").join(lines))


def _next_step(text: str) -> Content:
    return plain(f"  {on_screen(text)}")
