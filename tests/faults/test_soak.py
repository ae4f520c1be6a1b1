"""A soak: three senders are killed and stopped at random, the line breaks, and a checker reads it all."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from figures import Figures
from outbox_office import paths_in
from sandbox_server import serve
from soak import Soak
from soak_history import findings
from witness import WitnessWorld, history_of, watch

from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import State

FAULTY = 0.5
"""Probability that a fault befalls a create; at least 40 % of them must have been befallen."""


def soaked(folder: Path, url: str, world: WitnessWorld, seed: int, **size: Any) -> Soak:
    """Let a soak happen, up to the point where the last sender finds nothing left to do."""
    watch(folder)
    soak = Soak(folder, world, url, seed, **size)
    soak.begin()
    world.faults.order("random", times=None, path="/crm/v8/Leads", method="POST", p=FAULTY, seed=seed)
    world.faults.order("random", times=None, path="/crm/v8/coql", p=FAULTY / 2, seed=seed)
    soak.run()
    soak.finish()
    assert len(soak.tally.saved) > soak.leads
    assert soak.tally.kills >= soak.kills
    assert soak.tally.stuck == 0
    return soak


def figure(soak: Soak, faulty: float, began: float, more: str) -> str:
    tally = soak.tally
    return (
        f"{len(tally.saved)} leads, {tally.kills} kills, {tally.stops} stops, {faulty:.0%} of"
        f" {len(soak.world.creates)} creates faulty, {time.monotonic() - began:.0f} s: {more}"
    )


def test_keyed_every_saved_lead_is_in_zoho_once(
    tmp_path: Path, seed: int, all_faults: bool, figures: Figures
) -> None:
    began = time.monotonic()
    world = WitnessWorld()
    with serve(world) as url:
        leads, kills = (800, 80) if all_faults else (100, 10)
        soak = soaked(tmp_path, url, world, seed, leads=leads, kills=kills, deadline=0.5)
        history = history_of(tmp_path, world, soak.tally.saved)
    assert findings(history) == []
    assert history.faulty >= (0.4 if all_faults else 0.3)
    asked = sum(change.after == "ask" for change in history.changes)
    assert asked == 0, "the key was proved before anything broke"
    figures.add("Soak, keyed", figure(soak, history.faulty, began, "0 lost, 0 doubled"))


def test_unkeyed_what_is_not_in_zoho_once_is_asked(
    tmp_path: Path, seed: int, all_faults: bool, figures: Figures
) -> None:
    began = time.monotonic()
    world = WitnessWorld(keyed=False)
    with serve(world) as url:
        leads, kills = (800, 80) if all_faults else (40, 5)
        # Longer than the stand-in may need for a request of a sender that was killed meanwhile.
        soak = soaked(tmp_path, url, world, seed, leads=leads, kills=kills, deadline=1.0)
        history = history_of(tmp_path, world, soak.tally.saved)
        assert findings(history, waiting={"ask"}) == []
        asked = sum(row.state == "ask" for row in history.rows)
        while answered(tmp_path, world):
            soak.finish()
        history = history_of(tmp_path, world, soak.tally.saved)
    assert findings(history) == []
    assert history.faulty >= (0.4 if all_faults else 0.3)
    questions = sum(change.after == "ask" for change in history.changes)
    more = f"0 lost, 0 doubled; {asked} leads asked about, {questions} questions until all were sent"
    figures.add("Soak, unkeyed", figure(soak, history.faulty, began, more))


def answered(folder: Path, world: WitnessWorld) -> int:
    """Do what a rep does: look into Zoho for each lead that is asked about, and say what is there."""
    store = SqliteStore(paths_in(folder).outbox)
    asked = [row for row in store.rows() if row.state is State.ASK]
    for row in asked:
        ids = world.ids_of(row.key)
        if ids:
            assert store.decide(row.key, State.SENT, at=time.time(), zoho_id=ids[0])
        else:
            assert store.decide(row.key, State.QUEUED, at=time.time())
    store.close()
    return len(asked)
