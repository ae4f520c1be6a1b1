"""Where an error happened, without a word of what it was about.

The text of an exception, and the local variables of its frames, may hold what a rep typed or a secret:
neither goes into a log or a report.
"""

from __future__ import annotations

import traceback


def trace_of(error: BaseException) -> list[str]:
    """Return the types of *error* and of what led to it, each with file, line and function of its frames."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines.append(f"{type(current).__module__}.{type(current).__qualname__}")
        frames = traceback.extract_tb(current.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return lines
