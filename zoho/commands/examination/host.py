"""The terminal, its characters and its colours. None of it keeps a lead from being sent."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any, TextIO

from zoho.commands.examination.report import Entry, mend, told, well
from zoho.wire.clean import clean_line

_LEAST = (80, 24)
_LONGEST = 40


def look_at_host(environ: Mapping[str, str]) -> list[Entry]:
    """Return what this process is started in."""
    is_terminal = all(_is_terminal(stream) for stream in (sys.stdin, sys.stdout))
    return [
        terminal(environ, is_terminal=is_terminal, size=_size()),
        characters(environ),
        colours(environ),
    ]


def terminal(environ: Mapping[str, str], *, is_terminal: bool, size: tuple[int, int] | None) -> Entry:
    """Return whether the app can be shown; ``add`` and ``send`` need no terminal."""
    name = _shown(environ, "TERM")
    inside = "tmux" if environ.get("TMUX") else "screen" if environ.get("STY") else None
    facts: dict[str, Any] = {"term": name or None, "terminal": is_terminal, "size": size, "inside": inside}
    if not is_terminal:
        return told("terminal", "This is no terminal: add and send work, the app needs one.", **facts)
    if name in ("", "dumb", "unknown"):
        what = f"The app cannot draw on this terminal (TERM={name})."
        return mend("terminal", what, "Try TERM=xterm-256color zoho-leads.", **facts)
    words = [name]
    if size is not None:
        words.append(f"{size[0]} x {size[1]}")
    if inside:
        words.append(f"inside {inside}")
    what = f"A terminal: {', '.join(words)}."
    if size is not None and (size[0] < _LEAST[0] or size[1] < _LEAST[1]):
        return told("terminal", what, f"The app is made for {_LEAST[0]} x {_LEAST[1]}.", **facts)
    return well("terminal", what, **facts)


def characters(environ: Mapping[str, str]) -> Entry:
    """Return what the locale says of the encoding."""
    variable, value = _locale(environ)
    facts: dict[str, Any] = {"variable": variable, "locale": value or None, "utf8": has_utf8(environ)}
    named = f"{variable}={value}" if variable else "LANG is not set"
    if has_utf8(environ):
        return well("locale", f"Characters are UTF-8 ({named}).", **facts)
    return told("locale", f"Characters are not UTF-8 ({named}).", "Try LANG=C.UTF-8.", **facts)


def has_utf8(environ: Mapping[str, str]) -> bool:
    """Say whether the locale of *environ* is one with UTF-8."""
    return "utf8" in _locale(environ)[1].lower().replace("-", "")


def colours(environ: Mapping[str, str]) -> Entry:
    """Return how many colours there are, as far as the environment tells."""
    color, term = _shown(environ, "COLORTERM"), _shown(environ, "TERM")
    facts: dict[str, Any] = {"colorterm": color or None, "no_color": bool(environ.get("NO_COLOR"))}
    if facts["no_color"]:
        return told("colours", "No colours: NO_COLOR is set.", **facts)
    if color.lower() in ("truecolor", "24bit"):
        return well("colours", f"Every colour (COLORTERM={color}).", **facts)
    number = "256" if "256color" in term else "16"
    return told("colours", f"{number} colours: COLORTERM promises no more.", **facts)


def _locale(environ: Mapping[str, str]) -> tuple[str | None, str]:
    # setlocale(3): the first that is not empty counts.
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        if value := _shown(environ, name):
            return name, value
    return None, ""


def _shown(environ: Mapping[str, str], name: str) -> str:
    return clean_line(environ.get(name, ""))[:_LONGEST]


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # a closed stream
        return False


def _size() -> tuple[int, int] | None:
    for stream in (sys.stdout, sys.stdin, sys.stderr):
        if _is_terminal(stream):
            size = os.get_terminal_size(stream.fileno())
            return size.columns, size.lines
    return None
