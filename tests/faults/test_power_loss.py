"""The power goes: whatever is on the disk then, what was said is true of it.

A rep's process is recorded while it makes an outbox, saves leads and sends them. For each moment of that, the
disk is rebuilt as it may be after a power cut, and opened.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from disk_log import STRACE, Event, Said, Sent, read_log
from figures import Figures
from outbox_office import KEY_FIELD, lead, new_key, paths_in
from power_disk import Disk, Files
from rep_process import ROOT, Rep
from sandbox_server import serve

from zoho.outbox import SqliteStore, State
from zoho.outbox.store import BACKLOG, FRESH
from zoho.sandbox import World
from zoho.wire.errors import StorageError

LEADS = 4
SOME, MANY = 12, 100
"""How many random states are made for each moment, for a sample and for all."""

SAMPLE, AT_LEAST = 200, 1_000
"""How many different states are opened for each record: for a sample, and at least for all."""

SAVED, BEGUN, OVER = range(3)
FAR = {State.QUEUED: SAVED, State.SENDING: BEGUN, State.UNKNOWN: BEGUN, State.SENT: OVER}
"""How far a lead is that is in that state."""


@dataclass(frozen=True)
class PowerCut:
    """What may be on the disk after a power cut, and how far each lead was known to be then.

    ``told``: something had just been said or sent, and nothing more is on the disk than must be.
    """

    moment: int
    files: Files
    known: dict[str, int]
    told: bool


@dataclass
class Found:
    """What is wrong with the states that were opened."""

    states: int = 0
    lost: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)
    corrupt: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        return self.lost + self.back + self.corrupt

    def __str__(self) -> str:
        return (
            f"{self.states} disk states: {len(self.lost)} lost a saved lead, {len(self.back)} forgot that it"
            f" was sent, {len(self.corrupt)} corrupt"
        )


def record(tmp_path: Path, strace: str, root: Path, lane: int = FRESH) -> tuple[list[str], list[Event]]:
    """Record a rep's process; return the keys of its leads and what it did."""
    world = World(seed=False, submission_key=KEY_FIELD)
    keys = [new_key() for _ in range(LEADS)]
    log = tmp_path / "strace.log"
    with serve(world) as url:
        rep = Rep(
            folder=str(tmp_path / "rep"),
            url=url,
            client_id=world.client_id,
            client_secret=world.client_secret,
            refresh_token=world.refresh_token,
            leads=[(key, lead(f"Number {number}")) for number, key in enumerate(keys)],
            lane=lane,
            tell=True,
        )
        with rep.start(strace, *STRACE, "-o", str(log), root=root) as process:
            said, _ = process.communicate(timeout=60)
    assert said.decode().split()[-1] == "done"
    outbox = paths_in(Path(rep.folder)).outbox
    return keys, read_log(log, outbox.parent, outbox.name)


def known_after(event: Event, keys: list[str]) -> Iterator[tuple[str, int]]:
    """Give what everybody knows from now on: that lead is that far."""
    for key in keys:
        if isinstance(event, Sent) and key.encode() in event.data:
            yield key, BEGUN
        if event == Said(f"saved {key}"):
            yield key, SAVED
        for state, far in FAR.items():
            if event == Said(f"{state} {key}"):
                yield key, far


def cuts(
    events: list[Event], keys: list[str], chance: random.Random, *, some: int = SOME
) -> Iterator[PowerCut]:
    """Give the states of the disk after each event: all, only what is synced, and parts of the rest.

    None is given twice.
    """
    disk = Disk()
    known: dict[str, int] = {}
    seen: set[int] = set()
    for moment, event in enumerate(events):
        disk.apply(event)
        for key, far in known_after(event, keys):
            known[key] = max(far, known.get(key, far))
        told = isinstance(event, Said | Sent)
        for files in (disk.synced(), disk.everything(), *(disk.some(chance) for _ in range(some))):
            state = hash((frozenset(files.items()), frozenset(known.items())))
            if state not in seen:
                seen.add(state)
                yield PowerCut(moment, files, dict(known), told)
            told = False


def open_all(chosen: list[PowerCut], tmp_path: Path) -> Found:
    """Open each of these disks as the next process would."""
    found = Found(len(chosen))
    for number, cut in enumerate(chosen):
        folder = tmp_path / f"disk {number}"
        folder.mkdir(mode=0o700)
        for name, content in cut.files.items():
            (folder / name).write_bytes(content)
            (folder / name).chmod(0o600)
        _open(folder / paths_in(tmp_path).outbox.name, cut, found)
        shutil.rmtree(folder)
    return found


def _open(outbox: Path, cut: PowerCut, found: Found) -> None:
    try:
        with closing(SqliteStore(outbox)) as store:
            rows = {row.key: row for row in store.rows()}
        with closing(sqlite3.connect(outbox)) as db:
            verdict = db.execute("PRAGMA integrity_check").fetchone()[0]
    except (StorageError, sqlite3.Error, ValueError, TypeError) as error:
        verdict, rows = str(error), {}
    if verdict != "ok":
        found.corrupt.append(f"after event {cut.moment}: {verdict}")
        return
    lost = [key for key in cut.known if key not in rows]
    back = [key for key, far in cut.known.items() if key in rows and FAR[rows[key].state] < far]
    found.lost += [f"after event {cut.moment}: {lost} are lost"] if lost else []
    found.back += [f"after event {cut.moment}: {back} are not as far as they were"] if back else []


def chosen_of(states: list[PowerCut], seed: int, *, every: bool) -> list[PowerCut]:
    """Return all, or a sample, in which those are that hold least when most was promised."""
    if every:
        return states
    told = [cut for cut in states if cut.told]
    others = [cut for cut in states if not cut.told]
    return told + random.Random(seed).sample(others, SAMPLE - len(told))


@pytest.mark.parametrize(("name", "lane"), [("one by one", FRESH), ("backlog", BACKLOG)])
def test_power_loss(
    tmp_path: Path, strace: str, name: str, lane: int, all_faults: bool, seed: int, figures: Figures
) -> None:
    keys, events = record(tmp_path, strace, ROOT, lane)
    told = [step for event in events for step in known_after(event, keys)]
    for key in keys:
        # The send itself and what the process says of it are both in the record, in this order.
        assert [far for one, far in told if one == key] == [SAVED, BEGUN, BEGUN, OVER]
    states = list(cuts(events, keys, random.Random(seed), some=MANY if all_faults else SOME))
    assert len(states) >= (AT_LEAST if all_faults else SAMPLE)
    found = open_all(chosen_of(states, seed, every=all_faults), tmp_path)
    figures.add(f"Power loss, {name}", str(found))
    assert not found.wrong, "\n".join(found.wrong[:10])


@pytest.mark.parametrize("setting", ["NORMAL", "OFF"])
def test_power_loss_is_seen_where_less_is_synced(
    tmp_path: Path, strace: str, setting: str, seed: int, figures: Figures
) -> None:
    keys, events = record(tmp_path, strace, less_careful(tmp_path / "careless", setting))
    found = open_all(chosen_of(list(cuts(events, keys, random.Random(seed))), seed, every=False), tmp_path)
    figures.add(f"Power loss, synchronous={setting}", f"{found} (as it must be)")
    assert found.wrong


def less_careful(root: Path, setting: str) -> Path:
    """Make a copy of the package whose outbox syncs less."""
    shutil.copytree(ROOT / "zoho", root / "zoho", ignore=shutil.ignore_patterns("__pycache__"))
    changed = 0
    for source in (root / "zoho" / "outbox").glob("*.py"):
        text = source.read_text()
        changed += text.count('"synchronous=EXTRA"')
        source.write_text(text.replace('"synchronous=EXTRA"', f'"synchronous={setting}"'))
    assert changed == 1
    return root
