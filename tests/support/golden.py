"""A screen as text that can be read in a diff: its lines, and below them what does not look plain."""

from __future__ import annotations

import os
import re
from itertools import groupby
from pathlib import Path

from rich.color import ColorType
from rich.style import Style
from textual.app import App

FOLDER = Path(__file__).parents[1] / "tui" / "goldens"
_LOOKS = ("bold", "dim", "italic", "underline", "reverse", "strike")
# What differs from run to run, by something of the same width wherever something stands behind it.
_MOVING = (
    (re.compile(r"\d\d:\d\d(:\d\d)?"), lambda m: re.sub(r"\d", "0", m[0])),
    (re.compile(r"\d{15,}"), lambda m: "0" * len(m[0])),
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), lambda m: re.sub(r"[0-9a-f]", "0", m[0])),
    (re.compile(r"\d+ ms"), lambda _: "N ms"),
)


def styles_of(app: App[None]) -> list[Style]:
    """Return every style that is on the screen."""
    strips = app.screen._compositor.render_strips()
    return [segment.style for strip in strips for segment in strip if segment.style is not None]


def only_the_terminals_colours(app: App[None]) -> bool:
    """Whether every colour is one of the terminal's own sixteen: then no depth of colour changes it."""
    colours = [
        colour for style in styles_of(app) for colour in (style.color, style.bgcolor) if colour is not None
    ]
    return all(colour.type in (ColorType.DEFAULT, ColorType.STANDARD) for colour in colours)


def picture(app: App[None]) -> str:
    """Return the screen as text."""
    lines: list[str] = []
    looks: list[str] = []
    for y, strip in enumerate(app.screen._compositor.render_strips()):
        cells = [(cell, _look(segment.style)) for segment in strip for cell in segment.text]
        lines.append(_still("".join(cell for cell, _ in cells)).rstrip())
        looks += _runs(y, cells)
    return "\n".join([*lines, "-- looks", *looks, ""])


def _look(style: Style | None) -> str:
    if style is None:
        return ""
    parts = [name for name in _LOOKS if getattr(style, name)]
    parts += [style.color.name] if style.color is not None and not style.color.is_default else []
    parts += (
        [f"on {style.bgcolor.name}"] if style.bgcolor is not None and not style.bgcolor.is_default else []
    )
    return " ".join(parts)


def _runs(y: int, cells: list[tuple[str, str]]) -> list[str]:
    runs: list[str] = []
    x = 0
    for look, group in groupby(cells, key=lambda cell: cell[1]):
        text = "".join(character for character, _ in group)
        # The colour and weight of blanks cannot be seen, unless they have a ground.
        seen = text if "reverse" in look or "on " in look or "underline" in look else text.rstrip()
        if look and seen:
            runs.append(f"{x}-{x + len(seen) - 1} {look}")
        x += len(text)
    return [f"{y}: {', '.join(runs)}"] if runs else []


def _still(text: str) -> str:
    for pattern, instead in _MOVING:
        text = pattern.sub(instead, text)
    return text


def assert_golden(name: str, app: App[None]) -> None:
    """Compare the screen with the golden of that name, or write it where ``GOLDENS=renew``."""
    file, now = FOLDER / f"{name}.txt", picture(app)
    if os.environ.get("GOLDENS") == "renew":
        FOLDER.mkdir(exist_ok=True)
        file.write_text(now, "utf-8")
    was = file.read_text("utf-8") if file.exists() else ""
    assert now.splitlines() == was.splitlines(), f"{name}: look at it; `make goldens` takes it over"
