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

from zoho.outbox.store import BACKLOG, FRESH
from zoho.sandbox import World

THREADS = ("main", "pool")
RECORDINGS = 3
SAMPLE = 60
"""Points of a scene's sample, of which each kind of call has one."""


@dataclass(frozen=True)
class Scene:
    """Who is killed, and where.

    Args:
        name: what the figures call it.
        world: arguments of the stand-in.
        leads, lane: what the process saves and sends.
        unclear: it saved and sent it before, and got no answer; who is killed is who finds out.
        asking: the org keeps no key: where nothing else helps, the rep is asked.
        blind: after the kill, look-ups find nothing for ever.
        follow_ups: each lead has a note and a task.
    """

    name: str
    world: dict[str, Any] = field(default_factory=dict)
    leads: int = 1
    lane: int = FRESH
    unclear: bool = False
    asking: bool = False
    blind: bool = False
    follow_ups: bool = False


SCENES = [
    Scene("keyed", {"submission_key": KEY_FIELD}),
    Scene("keyed, backlog of 3", {"submission_key": KEY_FIELD}, leads=3, lane=BACKLOG),
    Scene("keyed, with a note and a task", {"submission_key": KEY_FIELD}, follow_ups=True),
    Scene("keyed, an unclear lead", {"submission_key": KEY_FIELD}, unclear=True),
    Scene("unkeyed", asking=True),
    Scene("unkeyed, an unclear lead", asking=True, unclear=True),
    Scene("unkeyed, with a note and a task", asking=True, follow_ups=True),
    Scene("unkeyed, search lags", {"search_lag": 3600.0}, asking=True),
    Scene("unkeyed, look-ups find nothing", asking=True, blind=True),
]


@dataclass
class Tally:
    """What the kills of one scene led to."""

    kinds: Counter[str] = field(default_factory=Counter)
    missed: int = 0
    asked: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        wrong = len(self.wrong)
        return (
            f"{self.kinds.total()} points ({len(self.kinds)} kinds of call): {wrong} lost or doubled,"
            f" {self.asked} ask the rep; {self.missed} more not reached"
        )


@dataclass(frozen=True)
class Stage:
    """A scene set up."""

    scene: Scene
    bench: Bench
    strace: str
    log: Path

    def run(self, thread: str, *options: str) -> tuple[Trial, Traced]:
        """Run a process with one of its threads under strace, and recover."""
        trial = self.bench.trial(self.scene.leads)
        told = self.bench.rep(trial, gate=True, lane=self.scene.lane, follow_ups=self.scene.follow_ups)
        if self.scene.unclear:
            self.bench.leave_unclear(trial)
            told.leads = []
        traced = trace(self.strace, self.bench.reps.start(told), thread, self.log, *options)
        trial.said += traced.said
        faults = self.bench.world.faults
        if self.scene.blind:
            faults.order("answer", times=None, path="/crm/v8/coql", status=204, body=None)
        self.bench.recover(trial)
        faults.clear()
        self.bench.clear(trial)
        return trial, traced

    def points(self) -> list[Point]:
        """Return every call of a submit that nothing disturbs."""
        points: list[Point] = []
        for thread in THREADS:
            most: Counter[str] = Counter()
            for _ in range(RECORDINGS):
                trial, traced = self.run(thread)
                assert traced.said[-1] == "done"
                assert trial.right(asking=False), trial
                assert not_before_done(traced.log, "clone"), "a thread that is not looked at"
                most |= traced.calls()
            points += [Point(thread, call, number + 1) for call in most for number in range(most[call])]
        return points

    def kill(self, points: list[Point]) -> Tally:
        """Kill a process at each of these points, if it comes so far (waiting for a thread varies)."""
        tally = Tally()
        for point in points:
            trial, traced = self.run(point.thread, *kill_before(point))
            if not traced.killed:
                tally.missed += 1
                continue
            tally.kinds[point.call] += 1
            tally.asked += trial.asked
            if not trial.right(asking=self.scene.asking):
                tally.wrong.append(f"{point}: {trial}")
        return tally


def not_before_done(log: list[str], call: str) -> bool:
    """Say whether the process had said that it is done before the first *call*."""
    done = next((number for number, line in enumerate(log) if line.startswith('write(1, "done')), len(log))
    return not any(line.startswith(call) for line in log[:done])


def sample(points: list[Point], seed: int) -> list[Point]:
    """Return one point of each kind of call, and others."""
    shuffled = random.Random(seed).sample(points, len(points))
    firsts = list({point.call: point for point in shuffled}.values())
    others = [point for point in shuffled if point not in firsts]
    return firsts + others[: max(0, SAMPLE - len(firsts))]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_killed_before_a_system_call(
    tmp_path: Path, strace: str, scene: Scene, all_faults: bool, seed: int, figures: Figures
) -> None:
    with bench(tmp_path, World(seed=False, **scene.world)) as benched:
        stage = Stage(scene, benched, strace, tmp_path / "log")
        points = stage.points()
        chosen = points if all_faults else sample(points, seed)
        tally = stage.kill(chosen)
    figures.add(f"Crash points, {scene.name}", str(tally))
    assert not tally.wrong, "\n".join(tally.wrong[:10])
    assert tally.kinds.total() >= 0.8 * len(chosen), f"most kills should happen: {tally}"
