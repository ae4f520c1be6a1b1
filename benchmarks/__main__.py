"""Measure, and print the table: ``python -m benchmarks [--only ROW,...] [--runs N]``."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

ROWS = {
    "start": "start",
    "echo": "typing",
    "size": "typing",
    "fields": "typing",
    "tabs": "screens",
    "overlays": "screens",
    "idle": "idle",
    "memory": "start",
    "log": "screens",
    "save": "sending",
    "backlog": "sending",
    "verbs": "verbs",
    "day": "day",
}
"""Each row of the table, and the module that measures it."""


def main() -> int:
    """Measure what is asked for; return 1 if a target was missed."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", default=",".join(ROWS), help=f"some of {', '.join(ROWS)}")
    parser.add_argument("--runs", type=int, default=5, help="how often what is short is repeated (5)")
    options = parser.parse_args()
    # The terminal that the tests play, for whatever is started here.
    sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))
    from benchmarks.bench import Bench
    from benchmarks.table import HEAD

    cores, python = os.cpu_count(), platform.python_version()
    print(f"{time.strftime('%Y-%m-%d')}, {platform.system()}, {cores} cores, Python {python}\n\n{HEAD}")
    missed = 0
    with ExitStack() as stack:
        bench = Bench(options.runs, stack)
        for name in options.only.split(","):
            module = import_module(f"benchmarks.rows.{ROWS[name]}")
            measure: Callable[[Bench], list[object]] = getattr(module, name)
            for line in measure(bench):
                print(line, flush=True)
                missed += getattr(line, "met", None) is False
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
