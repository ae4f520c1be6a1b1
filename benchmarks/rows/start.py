"""Cold start, and memory."""

from __future__ import annotations

from benchmarks.bench import READY, Bench
from benchmarks.programs import Program
from benchmarks.table import Line, at_most, median
from benchmarks.terminal import Terminal


def start(bench: Bench) -> list[Line]:
    """From the command to the first typed character on the screen."""
    bench.home()
    others = [program for program in (bench.minimal, bench.posting) if program is not None]
    times: dict[str, list[float]] = {"ours": [], **{program.name: [] for program in others}}
    for number in range(max(5, bench.runs) + 1):
        for program in (None, *others):  # taken in turn, so that noise meets all alike
            name, taken = program.name if program else "ours", _usable(bench, program)
            if number:  # the first one only warms the disk's cache
                times[name].append(taken)
    ours = median(times.pop("ours"))
    targets = {"minimal": 1.25, "posting": 0.35}
    return [
        at_most(
            f"cold start to the first character, to {name}",
            ours / median(taken),
            targets[name],
            "x",
            f"{ours:.0f} to {median(taken):.0f} ms",
        )
        for name, taken in times.items()
    ]


def _usable(bench: Bench, program: Program | None) -> float:
    ready = program.ready if program is not None else READY
    with program.start() if program is not None else bench.ours() as terminal:
        terminal.wait_for(lambda _: terminal.row_of(ready) >= 0)
        terminal.send("q")
        # A letter that stands nowhere else on these screens but behind its caret.
        terminal.wait_for(lambda _: _echoed(terminal, ready))
        return terminal.start_ms()


def _echoed(terminal: Terminal, ready: str) -> bool:
    return any(
        f"{row} ".find("q ") >= 0 and "request" not in row for row in (terminal.row(y) for y in range(12))
    )


def memory(bench: Bench) -> list[Line]:
    """Resident memory at the first frame, and after use."""
    first: dict[str, list[float]] = {"ours": [], "minimal": []}
    used: dict[str, list[float]] = {"ours": [], "minimal": []}
    for _ in range(3):
        with bench.minimal.start() as terminal:
            terminal.wait_for(bench.minimal.ready)
            first["minimal"].append(terminal.memory())
            terminal.send("Ada Lovelace")
            terminal.wait_quiet(0.5)
            used["minimal"].append(terminal.memory())
        with bench.ours() as terminal:
            terminal.wait_for(READY)
            first["ours"].append(terminal.memory())
            _use(terminal)
            used["ours"].append(terminal.memory())
    what = (("at the first frame", first, 1.25), ("after use, 10,000 leads", used, 1.6))
    return [
        at_most(
            f"memory {label}, to minimal",
            median(figures["ours"]) / median(figures["minimal"]),
            target,
            "x",
            f"{median(figures['ours']):.1f} to {median(figures['minimal']):.1f} MiB",
        )
        for label, figures, target in what
    ]


def _use(terminal: Terminal) -> None:
    """Use everything once: a lead is sent, each tab visited, the palette and a lead's details opened."""
    terminal.wait_for("online")
    terminal.send("Ada\tLovelace\tAnalytical Engines")
    terminal.press("ctrl+s")
    terminal.wait_for("created in Zoho")
    terminal.press("f4")
    terminal.wait_for("Ada Lovelace")
    for key in ("pagedown", "end", "home", "enter"):
        terminal.press(key)
    terminal.wait_for("What was tried")
    terminal.press("escape")
    terminal.press("f3")
    terminal.wait_for("Client secret")
    terminal.press("ctrl+p")
    terminal.wait_for("Leave; what waits")
    terminal.press("escape")
    terminal.press("f2")
    terminal.wait_for(READY)
    terminal.wait_quiet(0.5)
