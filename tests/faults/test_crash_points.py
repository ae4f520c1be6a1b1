"""SIGKILL before each system call of one submit: saving, sending, and writing the outcome down.

What is counted is every call of both threads that work, from the first touch of the outbox to the end of the
process. Only the thread that closes the pool at the very end, when all is written and closed, goes uncounted.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fault_bench import Bench, Trial, bench
from figures import Figures
from outbox_office import KEY_FIELD
from system_calls import Point, Traced, kill_before, trace

from zoho.sandbox import World

THREADS = ("main", "pool")
RECORDINGS = 3
SAMPLE = 120
"""Points of a sample, of which each kind of call in each thread has one."""


@dataclass
class Tally:
    """What the kills of one world led to."""

    kinds: Counter[str] = field(default_factory=Counter)
    missed: int = 0
    asks: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, point: Point, traced: Traced, trial: Trial, *, keyed: bool) -> None:
        if not traced.killed:
            self.missed += 1
            return
        self.kinds[point.call] += 1
        self.asks += trial.asks
        if not is_right(trial, keyed=keyed):
            self.wrong.append(f"{point}: {trial}")

    def __str__(self) -> str:
        wrong = len(self.wrong)
        return (
            f"{self.kinds.total()} points ({len(self.kinds)} kinds of call), {wrong} lost or doubled,"
            f" {self.asks} ask the rep, {self.missed} not reached"
        )


def is_right(trial: Trial, *, keyed: bool) -> bool:
    """Say whether the lead is there once; unkeyed, it may be that the rep is asked."""
    if trial.sent_without_intent:
        return False
    return trial.exactly_once or (not keyed and trial.asks and trial.records <= 1)


def recorded(benched: Bench, strace: str, log: Path) -> list[Point]:
    """Return every call of a submit that nothing disturbs."""
    points: list[Point] = []
    for thread in THREADS:
        most: Counter[str] = Counter()
        for _ in range(RECORDINGS):
            trial = benched.trial()
            traced = trace(strace, benched.reps.start(benched.rep(trial, gate=True)), thread, log)
            assert traced.said == [f"saved {trial.key}", "done"]
            threads = [number for number, line in enumerate(traced.log) if line.startswith("clone")]
            done = [number for number, line in enumerate(traced.log) if line.startswith('write(1, "done')]
            assert threads > done or not threads, "a thread that is not looked at"
            benched.recover(trial)
            assert trial.exactly_once, trial
            most |= traced.calls()
        points += [Point(thread, call, number + 1) for call in most for number in range(most[call])]
    return points


def killed(benched: Bench, strace: str, point: Point, log: Path) -> tuple[Trial, Traced]:
    """Kill a submit there, if it comes so far (calls that wait for another thread vary), and recover."""
    trial = benched.trial()
    rep = benched.reps.start(benched.rep(trial, gate=True))
    traced = trace(strace, rep, point.thread, log, *kill_before(point))
    trial.said = traced.said
    benched.recover(trial)
    benched.clear(trial)
    return trial, traced


def sample(points: list[Point], seed: int) -> list[Point]:
    """Return one point of each kind of call in each thread, and others."""
    chance = random.Random(seed)
    shuffled = chance.sample(points, len(points))
    firsts = list({(point.thread, point.call): point for point in shuffled}.values())
    others = [point for point in shuffled if point not in firsts]
    return firsts + others[: max(0, SAMPLE - len(firsts))]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("keyed", {"submission_key": KEY_FIELD}),
        ("unkeyed", {}),
        ("unkeyed, search lags", {"search_lag": 3600.0}),
    ],
)
def test_killed_before_a_system_call(
    tmp_path: Path,
    strace: str,
    name: str,
    options: dict[str, Any],
    all_faults: bool,
    seed: int,
    figures: Figures,
) -> None:
    log = tmp_path / "log"
    keyed = name == "keyed"
    tally = Tally()
    with bench(tmp_path, World(seed=False, **options)) as benched:
        points = recorded(benched, strace, log)
        chosen = points if all_faults else sample(points, seed)
        for point in chosen:
            trial, traced = killed(benched, strace, point, log)
            tally.add(point, traced, trial, keyed=keyed)
    figures.add(f"Crash points, {name}", str(tally))
    assert not tally.wrong, "\n".join(tally.wrong[:10])
    assert tally.kinds.total() >= 0.9 * len(chosen), f"most kills should happen: {tally}"
