"""A minute in which nobody types."""

from __future__ import annotations

import time
from contextlib import ExitStack

from benchmarks.bench import Bench
from benchmarks.table import Line, at_most
from benchmarks.terminal import Terminal

SECONDS = 60.0


def idle(bench: Bench) -> list[Line]:
    """Bytes and CPU of the waiting app: its form, its palette, a dialog; all at the same time."""
    with ExitStack() as stack:
        named: dict[str, Terminal] = {"minimal": stack.enter_context(bench.minimal.start())}
        for name in ("form", "palette", "dialog"):
            named[name] = stack.enter_context(bench.settled())
        named["palette"].press("ctrl+p")
        named["dialog"].press("f4")
        named["dialog"].wait_for("Hamilton")
        named["dialog"].press("enter")
        named["dialog"].wait_for("What was tried")
        for terminal in named.values():
            # The minimal app's caret blinks; ours are to be silent.
            if terminal is not named["minimal"]:
                terminal.wait_quiet(1.5)
        before = {name: (terminal.mark(), terminal.cpu()) for name, terminal in named.items()}
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            for terminal in named.values():
                terminal.pause(0.25)
        cpu = {name: 100 * (one.cpu() - before[name][1]) / SECONDS for name, one in named.items()}
        sizes = {name: len(one.bytes_since(before[name][0])) for name, one in named.items()}
    lines: list[Line] = []
    for name in ("form", "palette", "dialog"):
        lines.append(at_most(f"idle for a minute, {name}", sizes[name], 0, "bytes"))
        over = cpu[name] - cpu["minimal"]
        detail = f"{cpu[name]:.2f} % to {cpu['minimal']:.2f} %"
        lines.append(at_most(f"idle for a minute, {name}, CPU over minimal", over, 0.15, "pp", detail))
    return lines
