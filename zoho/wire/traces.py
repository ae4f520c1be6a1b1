"""Where an error happened, without a word of what it was about.

The text of an exception, and the local variables of its frames, may hold what a rep typed or a secret:
neither goes into a log or a report.
"""

from __future__ import annotations

import traceback
from typing import cast

_MOST_FRAMES = 30


def trace_of(error: BaseException) -> list[str]:
    """Return the types of *error*, of what led to it and of what it is made of (an exception group), each
    with file, line and function of its frames.
    """
    lines: list[str] = []
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        current = waiting.pop(0)
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        lines.append(f"{type(current).__module__}.{type(current).__qualname__}")
        lines += _frames_of(current)
        waiting.append(current.__cause__ or (None if current.__suppress_context__ else current.__context__))
        if isinstance(current, BaseExceptionGroup):
            waiting += cast("BaseExceptionGroup[BaseException]", current).exceptions
    return lines


def _frames_of(error: BaseException) -> list[str]:
    frames = [
        f"  {frame.filename}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    if len(frames) <= 2 * _MOST_FRAMES:
        return frames
    left_out = f"  ... {len(frames) - 2 * _MOST_FRAMES} more ..."  # an endless recursion has thousands
    return [*frames[:_MOST_FRAMES], left_out, *frames[-_MOST_FRAMES:]]
