"""Typing: echo, bytes, the next field."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from benchmarks.bench import Bench
from benchmarks.table import Line, at_most, median, p95
from benchmarks.terminal import Effect, Terminal

_TEXT = "abcdefghijklmnopqrstuvwxyzabcd"
_FIELDS = ("First Name", "Last Name", "Company", "Email", "Phone")


def echo(bench: Bench) -> list[Line]:
    """Key echo in the form, against the minimal app, with few fields and with many."""
    times: dict[str, list[float]] = {"minimal": [], "15": [], "120": []}
    with ExitStack() as stack:
        programs: dict[str, Terminal] = {
            "minimal": stack.enter_context(bench.minimal.start()),
            "15": stack.enter_context(bench.settled()),
            "120": stack.enter_context(bench.settled(0)),
        }
        programs["minimal"].wait_for(bench.minimal.ready)
        for _ in range(bench.runs):
            for name, terminal in programs.items():
                times[name] += [one.ms for one in typed(terminal, _TEXT)]
                terminal.send("\x15")
                terminal.pause(1.0)  # a draft that is kept meanwhile is nobody's echo
    lines: list[Line] = []
    for name in ("15", "120"):
        for label, of in (("median", median), ("p95", p95)):
            ours, base = of(times[name]), of(times["minimal"])
            detail = f"{ours:.2f} to {base:.2f} ms"
            lines.append(at_most(f"key echo, {name} fields, {label}", ours / base, 1.25, "x", detail))
    return lines


def typed(terminal: Terminal, text: str) -> list[Effect]:
    """Type a text, letter by letter, each one after the effect of the one before."""
    effects: list[Effect] = []
    row = -1
    for place in range(1, len(text) + 1):
        wanted, at = text[:place], row

        def seen(wanted: str = wanted, at: int = at) -> bool:
            return wanted in terminal.row(at) if at >= 0 else terminal.row_of(wanted) >= 0

        if place == 1:
            terminal.send(text[0])  # it stands in other words of the screen, too
            terminal.wait_quiet()
            continue
        effects.append(terminal.act(f"text:{text[place - 1]}", seen))
        row = terminal.row_of(wanted) if row < 0 else row
    return effects


def size(bench: Bench) -> list[Line]:
    """Bytes of a typed character."""
    lines: list[Line] = []
    for columns, rows in ((120, 40), (80, 24)):
        with bench.settled(size=(columns, rows)) as terminal:
            ours = median([one.size for one in typed(terminal, _TEXT)])
        with bench.minimal.start((columns, rows)) as terminal:
            terminal.wait_for(bench.minimal.ready)
            theirs = median([one.size for one in typed(terminal, _TEXT)])
        detail = f"minimal: {theirs:,.0f}"
        lines.append(at_most(f"a typed character at {columns}x{rows}", ours, 20, "bytes", detail))
    return lines


def fields(bench: Bench) -> list[Line]:
    """Going to the next field."""
    moves: list[Effect] = []
    keys: list[float] = []
    with bench.settled() as terminal:
        for _ in range(bench.runs):
            keys += [one.ms for one in typed(terminal, "abcdefgh")]
            terminal.send("\x15")
            terminal.wait_quiet(1.0)
            for _ in _FIELDS:
                moves.append(terminal.act("tab", _moved(terminal)))
            for _ in _FIELDS:
                terminal.act("shift+tab", _moved(terminal))
            terminal.wait_quiet(0.3)
    ms, bytes_ = median([one.ms for one in moves]), max(one.size for one in moves)
    return [
        at_most("the next field, to a key echo", ms / median(keys), 1.6, "x", f"{ms:.2f} ms"),
        at_most("the next field, at most", bytes_, 250, "bytes"),
    ]


def _moved(terminal: Terminal) -> Callable[[], bool]:
    before = terminal.cursor
    return lambda: terminal.cursor != before
