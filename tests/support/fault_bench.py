"""A data folder, a stand-in over TCP, and rep's processes, to be broken again and again."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from outbox_office import SHORT, WAITS, lead, new_key, paths_in
from pydantic import SecretStr
from rep_process import Rep
from sandbox_caller import Clock
from sandbox_server import Serving, serve
from warm_reps import WarmReps, warm_reps

from zoho.account.config import Config
from zoho.api import ZohoClient
from zoho.leads.org_cache import load_org
from zoho.outbox import Courier, Row, SenderLock, SqliteStore, State, keep_call
from zoho.outbox.follow_ups import FollowUpState
from zoho.outbox.rest import Rest
from zoho.sandbox import World

LONG_AFTER = 60.0
"""Seconds by which a recovery's clock is put forward: whatever was under way has arrived."""


@dataclass
class Fate:
    """One lead, and what came of it.

    Args:
        key: its submission key.
        name: its last name, which no other lead has.
        acknowledged: whether "saved" was said.
        posted: whether the process sent it.
        left: the row that the process left.
        row: the row after the recovery.
        accompanied: whether it has a note and a task.
        records: how many of it are in Zoho in the end.
        notes, tasks: how many of these are, on whatever record.
        follow_ups: the states of its note and its task after the recovery; none, it has none.
        parents: Zoho's ids of the records that they are on.
    """

    key: str
    name: str
    acknowledged: bool = False
    posted: bool = False
    left: Row | None = None
    row: Row | None = None
    accompanied: bool = False
    records: int = 0
    notes: int = 0
    tasks: int = 0
    follow_ups: list[FollowUpState] = field(default_factory=list)
    parents: set[str] = field(default_factory=set)

    @property
    def exactly_once(self) -> bool:
        """Whether it is in Zoho once, with what goes with it; or never, and neither saved nor said to be."""
        if self.row is None:
            return self._none and self.records == 0 and not self.acknowledged
        if self.records != 1 or self.row.state is not State.SENT:
            return False
        if not self.accompanied:
            return self._none and not self.follow_ups
        each_is_sent = self.follow_ups == [FollowUpState.SENT, FollowUpState.SENT]
        return each_is_sent and self.notes == self.tasks == 1 and self.parents == {self.row.zoho_id}

    @property
    def asked(self) -> bool:
        """Whether the rep is asked whether it is in Zoho; there it is not twice, and has no note yet."""
        return self.row is not None and self.row.state is State.ASK and self.records <= 1 and self._none

    @property
    def _none(self) -> bool:
        return self.notes == self.tasks == 0

    @property
    def sent_without_intent(self) -> bool:
        """Whether it was sent, and the row that the process left does not tell."""
        return self.posted and (self.left is None or self.left.state is State.QUEUED)


@dataclass
class Trial:
    """Leads that a rep's process saves and sends in a data folder of its own, and what it said."""

    folder: Path
    fates: list[Fate]
    said: list[str] = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        return [fate.key for fate in self.fates]

    @property
    def asked(self) -> int:
        """How many leads the rep is asked about."""
        return sum(fate.asked for fate in self.fates)

    def right(self, *, asking: bool) -> bool:
        """Say whether each lead is there exactly once; or, *asking*, the rep is asked about it."""
        return all(
            not fate.sent_without_intent and (fate.exactly_once or (asking and fate.asked))
            for fate in self.fates
        )

    def __str__(self) -> str:
        fates = ", ".join(
            f"{fate.left and fate.left.state} then {fate.row and fate.row.state} and {fate.records} records,"
            f" {fate.notes} notes, {fate.tasks} tasks: {[str(state) for state in fate.follow_ups]}"
            for fate in self.fates
        )
        return f"said {self.said}; {fates}"


class Bench:
    """Makes trials in one world.

    Args:
        folder: where the data folders lie.
        world: what plays Zoho.
        url: where it listens.
        reps: starts the processes.
    """

    def __init__(self, folder: Path, world: World, url: Serving, reps: WarmReps) -> None:
        self.world = world
        self.reps = reps
        self._url = url
        self._folder = folder
        self._made = 0
        self._prepared = folder / "prepared"
        self._prepare()

    def _prepare(self) -> None:
        first = self.trial()
        with self.rep(first).start() as process:
            out, _ = process.communicate(timeout=30)
        first.said = out.decode().splitlines()
        assert first.said == ["ready", f"saved {first.keys[0]}", "done"]
        self.recover(first)
        assert first.right(asking=False), first
        shutil.move(first.folder, self._prepared)

    def trial(self, leads: int = 1) -> Trial:
        """Make the data folder of a rep who has sent a lead before, and leads that are like no others."""
        self._made += 1
        folder = self._folder / f"trial {self._made}"
        if self._prepared.exists():
            shutil.copytree(self._prepared, folder)
        else:
            folder.mkdir()
        names = [f"Number {self._made}{'abcdef'[number]}" for number in range(leads)]
        return Trial(folder, [Fate(new_key(), name) for name in names])

    def rep(self, trial: Trial, **more: Any) -> Rep:
        """Tell the process of a trial what to do."""
        world = self.world
        leads = [(fate.key, lead(fate.name)) for fate in trial.fates]
        for fate in trial.fates:
            fate.accompanied |= bool(more.get("follow_ups"))
        return Rep(
            folder=str(trial.folder),
            url=self._url,
            client_id=world.client_id,
            client_secret=world.client_secret,
            refresh_token=world.refresh_token,
            **{"leads": leads, **more},
        )

    def leave_unclear(self, trial: Trial) -> None:
        """Let a process send the trial's lead and get no answer, and wait until it may be looked at."""
        self.world.faults.order("drop-after", path="/crm/v8/Leads", method="POST")
        rep = self.rep(trial, gate=True, limit=0.0, deadline=0.1, margin=0.0)
        trial.said += self.reps.start(rep).go()
        with closing(SqliteStore(paths_in(trial.folder).outbox)) as store:
            row = store.get(trial.keys[0])
        assert row is not None
        assert row.state is State.UNKNOWN
        time.sleep(max(0.0, row.not_before - time.time()))

    def recover(self, trial: Trial) -> None:
        """Work like a rep's next process, long after; then count."""
        self.settle()
        posted = [str(one.body) for one in self.world.requests if one.method == "POST"]
        for fate in trial.fates:
            fate.acknowledged = f"saved {fate.key}" in trial.said
            fate.posted = any(fate.name in body for body in posted)
        asyncio.run(self._recover(trial))
        names = Counter(record["Last_Name"] for record in self.world.records())
        for fate in trial.fates:
            fate.records = names[fate.name]
            notes = [note for note in self.world.notes if fate.name in (note.content or "")]
            tasks = [task for task in self.world.tasks if fate.name in task.values["Subject"]]
            fate.notes, fate.tasks = len(notes), len(tasks)
            fate.parents = {note.parent for note in notes} | {one for task in tasks for one in task.parents}
        self.world.requests.clear()

    def clear(self, trial: Trial) -> None:
        """Take the data folder of a trial away."""
        shutil.rmtree(trial.folder)

    def settle(self) -> None:
        """Wait until the stand-in has done what the last process asked of it."""
        state = self._url.server.server_state
        end = time.monotonic() + 10
        while state.connections or state.tasks:
            assert time.monotonic() < end, "the stand-in is still busy"
            time.sleep(0.001)

    async def _recover(self, trial: Trial) -> None:
        paths = paths_in(trial.folder)
        clock = Clock(time.time())
        world = self.world
        config = Config(
            client_id=world.client_id,
            client_secret=SecretStr(world.client_secret),
            refresh_token=SecretStr(world.refresh_token),
            data_center="us",
            api_domain=self._url,
            accounts_url=self._url,
            allow_loopback=True,
        )
        org = load_org(paths.snapshot, config)
        assert org is not None
        async with ZohoClient.from_config(
            config, paths=paths, deadlines=SHORT, on_call=keep_call, clock=clock
        ) as client:
            store = SqliteStore(paths.outbox)
            lock = SenderLock(paths.outbox.with_suffix(".lock"))
            try:
                for fate in trial.fates:
                    fate.left = store.get(fate.key)
                rest = Rest(WAITS, clock=clock, jitter=lambda: 1.0)
                courier = Courier(store=store, lock=lock, zoho=client, org=org, rest=rest, clock=clock)
                for _ in range(6):
                    while await courier.step():
                        pass
                    if not store.counts(since=0).unsent:
                        break
                    clock.forward(LONG_AFTER)
                for fate in trial.fates:
                    fate.row = store.get(fate.key)
                    fate.follow_ups = [row.state for row in store.follow_ups.of(fate.key)]
            finally:
                lock.release()
                store.close()


@contextmanager
def bench(folder: Path, world: World) -> Iterator[Bench]:
    """Serve *world*, and make a bench in it."""
    with serve(world) as url, warm_reps() as reps:
        yield Bench(folder, world, url, reps)
