"""The verbs: what they load, and what the smallest costs."""

from __future__ import annotations

import subprocess
import sys
import time

from benchmarks.bench import Bench
from benchmarks.programs import OURS
from benchmarks.table import Line, at_most, median

_LEAD = b'{"Last_Name": "Roe", "Company": "Acme"}'


def verbs(bench: Bench) -> list[Line]:
    """``--version`` against an empty Python; what ``--version``, ``add`` and ``doctor`` load."""
    times: dict[str, list[float]] = {"ours": [], "python": []}
    for _ in range(4 * bench.runs):
        for name, command in (("ours", (OURS, "--version")), ("python", (sys.executable, "-c", "pass"))):
            began = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            times[name].append((time.perf_counter() - began) * 1000)
    ours, python = median(times["ours"]), median(times["python"])
    lines = [at_most("--version, to python -c pass", ours / python, 2, "x", f"{ours:.0f} to {python:.0f} ms")]
    home = bench.home()
    for verb in (("--version",), ("add",), ("doctor", "--offline")):
        run = subprocess.run(
            (sys.executable, "-X", "importtime", "-m", "tui.cli", *verb),
            input=_LEAD,
            env=home.env,
            cwd=home.folder,
            check=False,  # doctor may well find something to mend
            capture_output=True,
        )
        loaded = [line.split("|")[-1].strip() for line in run.stderr.decode().splitlines() if "|" in line]
        screens = [name for name in loaded if name.split(".")[0] in ("textual", "rich")]
        lines.append(
            at_most(f"{verb[0]}: modules of Textual loaded", len(screens), 0, "", f"{len(loaded)} in all")
        )
    return lines
