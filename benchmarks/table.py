"""The table: what was measured, what it should be, and whether it is."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table; ``met`` is None for a figure without a target."""

    what: str
    measured: str
    target: str
    met: bool | None

    def __str__(self) -> str:
        mark = {True: "", False: "**missed**", None: ""}[self.met]
        return f"| {self.what} | {self.measured} | {self.target} | {mark} |"


HEAD = "| what | measured | target | |\n|---|---|---|---|"


def at_most(what: str, value: float, target: float, unit: str = "", detail: str = "") -> Line:
    """Return the line of a figure that is to be at most *target*."""
    digits = 0 if unit == "bytes" or value >= 100 else 2 if unit in ("x", "pp", "") else 1
    space = " " if unit else ""
    measured = f"{value:,.{digits}f}{space}{unit}{f' ({detail})' if detail else ''}"
    return Line(what, measured, f"<= {target:g}{space}{unit}", value <= target)


def median(values: Sequence[float]) -> float:
    """Return the middle value."""
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    """Return the value that 95 in 100 do not exceed."""
    return sorted(values)[int(len(values) * 0.95)]
