"""The counter of changed cells is right on pictures that can be counted by hand."""

from __future__ import annotations

import pytest
from changed_cells import cost
from model_terminal import ModelTerminal


def picture(data: str) -> list[list]:  # type: ignore[type-arg]
    model = ModelTerminal(20, 3)
    model.feed("\x1b[?7l" + data)
    return model.seen()


@pytest.mark.parametrize(
    ("before", "after", "bytes_"),
    [
        ("abc", "abc", 0),
        ("abc", "abX", len("\x1b[1;3H") + len("\x1b[0m") + 1),
        ("abc", "XbX", 2 * (6 + 4 + 1)),
        ("", "\x1b[2;11H漢", len("\x1b[2;11H") + len("\x1b[0m") + 3),
        ("", "a\x1b[1;31mb", 6 + len("\x1b[0m") + 1 + len("\x1b[0;1;31m") + 1),
        ("abc", "", 6 + 4 + 3),
    ],
)
def test_the_bytes_of_the_changed_cells(before: str, after: str, bytes_: int) -> None:
    assert cost(picture(before), picture(after)) == bytes_
