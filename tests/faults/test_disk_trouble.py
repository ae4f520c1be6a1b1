"""The disk says no: full, read-only or broken, at any one of the calls that touch the outbox's files.

Each trouble comes at one call and is over, or stays to the end of the process. The process says one clear
message or copes; then another process, without the trouble, finishes the work.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from fault_bench import Bench, Trial, bench
from figures import Figures
from outbox_office import KEY_FIELD, paths_in
from system_calls import Point, trace

from zoho.sandbox import World

ERRORS = {
    "openat": ("ENOSPC", "EROFS", "EIO"),
    "pread64": ("EIO",),
    "pwrite64": ("ENOSPC", "EIO"),
    "fsync": ("ENOSPC", "EIO"),
    "fdatasync": ("ENOSPC", "EIO"),
    "ftruncate": ("EIO",),
    "unlink": ("EROFS", "EIO"),
}
"""What may go wrong with which call."""

THREADS = ("main", "pool")
SAMPLE = 100
"""Troubles of a sample, of which each kind in each thread has one."""

MESSAGE = re.compile(r"trouble \w+: \S.*\. \S.*\.")


@dataclass(frozen=True)
class Trouble:
    """*error* instead of one call, and of the calls of that kind that follow if it *lasts*."""

    point: Point
    error: str
    lasts: bool

    @property
    def kind(self) -> tuple[str, str, str, bool]:
        return self.point.thread, self.point.call, self.error, self.lasts

    @property
    def options(self) -> list[str]:
        when = f"{self.point.number}{'+' if self.lasts else ''}"
        return ["-e", f"inject={self.point.call}:error={self.error}:when={when}"]


def only_the_outbox(trial: Trial) -> list[str]:
    """Options for strace to see what touches the outbox: its file, its journal, its lock, their folder."""
    outbox = paths_in(trial.folder).outbox
    files = (outbox, outbox.with_name(f"{outbox.name}-journal"), outbox.with_suffix(".lock"), outbox.parent)
    paths = [option for file in files for option in ("-P", str(file))]
    return [*paths, "-e", f"trace={','.join(ERRORS)}"]


def troubles(benched: Bench, strace: str, log: Path) -> list[Trouble]:
    """Return every trouble that a submit may meet."""
    found: list[Trouble] = []
    for thread in THREADS:
        trial = benched.trial()
        rep = benched.reps.start(benched.rep(trial, gate=True))
        traced = trace(strace, rep, thread, log, *only_the_outbox(trial))
        benched.recover(trial)
        found += [
            Trouble(Point(thread, call, number + 1), error, lasts)
            for call, count in traced.calls().items()
            for number in range(count)
            for error in ERRORS[call]
            for lasts in (False, True)
        ]
    return found


def sample(found: list[Trouble], seed: int) -> list[Trouble]:
    """Return one trouble of each kind, and others."""
    shuffled = random.Random(seed).sample(found, len(found))
    firsts = list({trouble.kind: trouble for trouble in shuffled}.values())
    others = [trouble for trouble in shuffled if trouble not in firsts]
    return firsts + others[: max(0, SAMPLE - len(firsts))]


def test_disk_trouble(tmp_path: Path, strace: str, all_faults: bool, seed: int, figures: Figures) -> None:
    log = tmp_path / "log"
    ends: Counter[str] = Counter()
    wrong: list[str] = []
    with bench(tmp_path, World(seed=False, submission_key=KEY_FIELD)) as benched:
        found = troubles(benched, strace, log)
        assert {trouble.point.call for trouble in found} >= {"openat", "pwrite64", "fdatasync", "unlink"}
        for trouble in found if all_faults else sample(found, seed):
            trial = benched.trial()
            rep = benched.reps.start(benched.rep(trial, gate=True))
            options = [*only_the_outbox(trial), *trouble.options]
            traced = trace(strace, rep, trouble.point.thread, log, *options)
            trial.said = traced.said
            benched.recover(trial)
            benched.clear(trial)
            end = how_it_ended(trial) if traced.disturbed else "not reached"
            ends[end] += 1
            if end == "unclear" or not trial.right(asking=False):
                wrong.append(f"{trouble}: {trial}")
    told = ", ".join(f"{count} {end}" for end, count in sorted(ends.items()))
    figures.add("Disk trouble", f"{ends.total()} troubles: {len(wrong)} wrong; {told}")
    assert not wrong, "\n".join(wrong[:10])
    assert ends["not reached"] <= 0.1 * ends.total()
    assert ends["one message"]


def how_it_ended(trial: Trial) -> str:
    """Say how the process ended: it has one last line, which says that all is done, or what the matter is."""
    *before, last = trial.said or [""]
    if before not in ([], [f"saved {trial.keys[0]}"]):
        return "unclear"
    if last == "done":
        return "coped"
    return "one message" if MESSAGE.fullmatch(last) else "unclear"
