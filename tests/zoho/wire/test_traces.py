"""A trace says where, and never what about."""

from __future__ import annotations

import sys

from zoho.wire.traces import trace_of


def failing() -> BaseException:
    try:
        raise KeyError("canary")
    except KeyError as error:
        return error


def test_a_group_is_told_with_what_it_is_made_of() -> None:
    group = ExceptionGroup("canary", [failing(), ValueError("canary")])
    told = trace_of(group)
    assert [line for line in told if not line.startswith(" ")] == [
        "builtins.ExceptionGroup",
        "builtins.KeyError",
        "builtins.ValueError",
    ]
    assert any("in failing" in line for line in told)
    assert "canary" not in "".join(told)


def test_an_endless_recursion_is_told_from_both_ends() -> None:
    def fall(depth: int) -> None:
        fall(depth + 1)

    try:
        fall(0)
    except RecursionError as error:
        told = trace_of(error)
    assert len(told) < 70 < sys.getrecursionlimit()
    assert any("more ..." in line for line in told)
    assert any("test_an_endless_recursion" in line for line in told)
