"""Whether the terminal can show the app at all; asked before Textual is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Stream(Protocol):
    """The part of a text stream that is asked."""

    def isatty(self) -> bool:
        """Tell whether the stream is a terminal."""
        ...


def terminal_problem(environ: Mapping[str, str], stdin: Stream | None, stdout: Stream | None) -> str | None:
    """Return one sentence that says why the app cannot be shown here and what to do, or None where it can."""
    if not _is_terminal(stdin):
        return (
            "zoho-leads needs a terminal, but its input is not one: start it directly in a terminal "
            "(with ssh use `ssh -t`), or add a lead without a screen by `zoho-leads add`."
        )
    if not _is_terminal(stdout):
        return (
            "zoho-leads needs a terminal, but its output goes to a file or a pipe: start it without the "
            "redirection, or add a lead without a screen by `zoho-leads add`."
        )
    term = environ.get("TERM", "")
    if not term:
        return (
            "zoho-leads does not know this terminal, because TERM is not set: try "
            "`TERM=xterm-256color zoho-leads`, or add a lead without a screen by `zoho-leads add`."
        )
    if term in ("dumb", "unknown"):
        return (
            f"zoho-leads cannot draw on this terminal (TERM={term}): use another terminal, "
            "or add a lead without a screen by `zoho-leads add`."
        )
    return None


def _is_terminal(stream: Stream | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # a closed stream
        return False
