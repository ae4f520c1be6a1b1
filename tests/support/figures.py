"""What the fault tests measured."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Figures:
    """What the tests measured, shown when they are over."""

    lines: list[tuple[str, str]] = field(default_factory=list)

    def add(self, what: str, figure: str) -> None:
        self.lines.append((what, figure))
