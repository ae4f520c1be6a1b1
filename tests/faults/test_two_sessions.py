"""Two sessions of one rep on one data folder: both save, one sends, and when that one dies the other does."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path

from figures import Figures
from outbox_office import paths_in
from rep_process import Rep
from rep_session import Session, session
from sandbox_server import serve
from soak_history import findings
from witness import WitnessWorld, history_of, named, watch

LEADS = 100


@contextmanager
def two_sessions(
    folder: Path, world: WitnessWorld, deadline: float = 20.0
) -> Iterator[tuple[Session, Session]]:
    """Start both at the same moment; when they are given, both know the org, and have saved nothing yet.

    The *deadline* of a request is long where nothing breaks: a busy machine must not look like a broken line.
    """
    watch(folder)
    with serve(world) as url:
        one, other = (rep(folder, world, url, deadline) for _ in range(2))
        with session(one) as first, session(other) as second:
            for each in (first, second):
                each.wait_for(lambda each=each: each.said("ready"))
            yield first, second


def rep(folder: Path, world: WitnessWorld, url: str, deadline: float) -> Rep:
    keys = [str(uuid.uuid4()) for _ in range(LEADS)]
    return Rep(
        folder=str(folder),
        url=url,
        client_id=world.client_id,
        client_secret=world.client_secret,
        refresh_token=world.refresh_token,
        leads=[(key, named(key)) for key in keys],
        together=True,
        gap=0.02,
        deadline=deadline,
        read=deadline,
        hold=True,
        tell=True,
    )


def saved(*sessions: Session) -> dict[str, float]:
    return {key: at for each in sessions for key, at in each.said("saved").items()}


def overlapping(world: WitnessWorld) -> int:
    """How many creates began before the one before them had ended."""
    creates = sorted(world.creates, key=lambda create: create.began)
    return sum(before.ended is None or after.began < before.ended for before, after in pairwise(creates))


def sender_of(one: Session, other: Session) -> tuple[Session, Session]:
    """Return the one that sends, and the one that waits."""
    assert bool(one.said("sending")) != bool(other.said("sending"))
    return (one, other) if one.said("sending") else (other, one)


def stop_between_writes(sender: Session, outbox: Path) -> None:
    """Stop it while it has no transaction open, which would keep the other from saving."""
    while True:
        sender.signal(signal.SIGSTOP)
        os.waitid(os.P_PID, sender.process.pid, os.WSTOPPED | os.WNOWAIT)
        with closing(sqlite3.connect(outbox, timeout=0.5, isolation_level=None)) as db:
            try:
                db.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                sender.signal(signal.SIGCONT)
            else:
                return


def wait_for_sent(both: tuple[Session, Session], number: int) -> None:
    one, other = both
    one.wait_for(lambda: len(one.said("sent")) + len(other.said("sent")) >= number)


def test_both_save_and_one_sends_at_a_time(tmp_path: Path, figures: Figures) -> None:
    began = time.monotonic()
    world = WitnessWorld(latency=0.005)  # long enough for a second one to be seen
    with two_sessions(tmp_path, world) as both:
        for each in both:
            each.go()
        assert [each.end() for each in both] == [0, 0]
    first, second = (each.said("saved") for each in both)
    assert len(first) == len(second) == LEADS
    assert max(first.values()) > min(second.values())
    assert max(second.values()) > min(first.values())
    history = history_of(tmp_path, world, saved(*both))
    assert findings(history) == []
    assert len(history.standing) == 2 * LEADS
    assert [row.state for row in history.rows] == ["sent"] * 2 * LEADS
    assert len(world.creates) == 2 * LEADS
    assert overlapping(world) == 0
    assert world.token_requests == 1
    took = time.monotonic() - began
    figures.add("Two sessions", f"{len(history.rows)} leads, 1 refresh, no two creates at once, {took:.0f} s")


def test_when_the_sender_is_killed_the_other_one_sends(
    tmp_path: Path, seed: int, all_faults: bool, figures: Figures
) -> None:
    began = time.monotonic()
    dice = random.Random(seed)
    rounds = 12 if all_faults else 1
    for number in range(rounds):
        world = WitnessWorld(latency=0.005)
        folder = tmp_path / str(number)
        with two_sessions(folder, world, deadline=2.0) as both:
            for each in both:
                each.go()
            wait_for_sent(both, dice.randint(2, LEADS))
            sender, heir = sender_of(*both)
            sender.signal(signal.SIGKILL)
            assert sender.end() == -signal.SIGKILL
            assert heir.end() == 0
        assert len(heir.said("saved")) == LEADS
        assert heir.said("sent")
        history = history_of(folder, world, saved(*both))
        assert findings(history) == []
        assert world.token_requests == 1
    took = time.monotonic() - began
    figures.add("Two sessions, one killed", f"{rounds} kills, 0 lost, 0 doubled, {took:.0f} s")


def test_a_stopped_sender_keeps_the_right_to_send(tmp_path: Path) -> None:
    world = WitnessWorld(latency=0.005)
    with two_sessions(tmp_path, world) as both:
        for each in both:
            each.go()
        wait_for_sent(both, 5)
        sender, other = sender_of(*both)
        stop_between_writes(sender, paths_in(tmp_path).outbox)
        try:
            other.wait_for(lambda: len(other.said("saved")) == LEADS)
            assert not other.said("sending")
            stopped = sender.said("sending")
        finally:
            sender.signal(signal.SIGCONT)
        assert [each.end() for each in both] == [0, 0]
    assert len(stopped) < len(sender.said("sending"))
    history = history_of(tmp_path, world, saved(*both))
    assert findings(history) == []
    assert len(history.standing) == 2 * LEADS
    assert overlapping(world) == 0
    assert world.token_requests == 1
