"""Larger changes of the screen: tabs, the palette, toasts, the Log."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.bench import READY, Bench
from benchmarks.rows.typing import typed
from benchmarks.table import Line, at_most, median
from benchmarks.terminal import Effect, Terminal

_SAID = "what waits is safe"


def _ratio(effects: list[Effect]) -> tuple[float, str]:
    size, least = sum(one.size for one in effects), sum(one.least for one in effects)
    return size / least, f"{size / len(effects):,.0f} to {least / len(effects):,.0f} bytes"


def tabs(bench: Bench) -> list[Line]:
    """Going to a tab that was visited before."""
    effects: list[Effect] = []
    with bench.settled() as terminal:
        keys = [one.ms for one in typed(terminal, "abcdefghijklmnop")]
        terminal.send("\x15")
        for number in range(bench.runs + 1):
            for key, text in (("f4", "Hamilton"), ("f3", "Client secret"), ("f2", READY)):
                effect = terminal.act(key, lambda wanted=text: terminal.row_of(wanted) >= 0, quiet=0.3)
                effects += [effect] if number else []
    ms, (ratio, detail) = median([one.ms for one in effects]), _ratio(effects)
    return [
        at_most("a tab, second visit, to a key echo", ms / median(keys), 6, "x", f"{ms:.1f} ms"),
        at_most("a tab, second visit, to its cells", ratio, 1.2, "x", detail),
    ]


def overlays(bench: Bench) -> list[Line]:
    """The palette opens; a toast comes, and goes."""
    opened: list[Effect] = []
    come: list[Effect] = []
    gone: list[Effect] = []
    with bench.settled() as terminal:
        for _ in range(max(2, bench.runs // 2)):
            opened.append(terminal.act("ctrl+p", lambda: terminal.row_of("Put this") >= 0, quiet=0.4))
            terminal.act("escape", lambda: terminal.row_of("Put this") < 0, quiet=0.4)
            come.append(terminal.act("ctrl+c", lambda: terminal.row_of(_SAID) >= 0, quiet=0.4))
            gone.append(terminal.act("text:", lambda: terminal.row_of(_SAID) < 0, quiet=0.4))
    named = (("opening the palette", opened), ("a toast comes", come), ("a toast goes", gone))
    return [at_most(f"{what}, to its cells", *_with_target(_ratio(found))) for what, found in named]


def _with_target(ratio: tuple[float, str]) -> tuple[float, float, str, str]:
    return ratio[0], 1.2, "x", ratio[1]


def log(bench: Bench) -> list[Line]:
    """The Log with 100,000 leads."""
    opened: list[float] = []
    found: list[float] = []
    pages: list[Effect] = []
    for _ in range(3):
        with bench.settled(100_000) as terminal:
            first = terminal.act("f4", lambda: terminal.row_of("-99999,") >= 0)
            opened.append(first.ms)
            pages += [terminal.act("pagedown", _changed(terminal), quiet=0.15) for _ in range(6)]
            found += [_find(terminal, word) for word in _WORDS]
    ratio, detail = _ratio(pages)
    return [
        at_most("Log, 100,000 leads: open", median(opened), 100, "ms"),
        at_most("Log, 100,000 leads: filter by a word", median(found), 50, "ms", f"{max(found):.0f} at most"),
        at_most("Log, 100,000 leads: a page", ratio, 1.2, "x", detail),
    ]


_WORDS = ("lovelace-99982", "hopper", "knuth", "000099999")
"""Of one lead, of every tenth, and a part of one's id."""


def _changed(terminal: Terminal) -> Callable[[], bool]:
    before = terminal.mark()
    return lambda: terminal.mark() > before


def _find(terminal: Terminal, word: str) -> float:
    """Type a word; return what it took until all leads in sight have it."""
    terminal.act("text:/", lambda: terminal.row_of("found") >= 0, quiet=0.3)

    def seen() -> bool:
        rows = [terminal.row(y).lower() for y in range(2, terminal.size[1]) if "created" in terminal.row(y)]
        return bool(rows) and all(word in row for row in rows)

    effect = terminal.act(f"text:{word}", seen, quiet=0.5)
    terminal.act("escape", lambda: terminal.row_of("found") < 0, quiet=0.5)
    return effect.ms
