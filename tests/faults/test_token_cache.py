"""The token file at every crash point: it is the old one or the new one, and costs one refresh at most.

SIGKILL before each system call of each change, and of a whole call that refreshes; and a power cut at each
moment of a change, whatever is on the disk then.
"""

from __future__ import annotations

import asyncio
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from disk_log import STRACE, Said
from figures import Figures
from outbox_office import paths_in
from pydantic import SecretStr
from replaced_file import Renamed, RenamingDisk, read_replacing
from sandbox_server import Serving, serve
from system_calls import Point, Traced, kill_before, trace
from token_processes import CHANGES, NOW, OLD, Order, TokenProcesses, call_of, token_processes

from zoho.account.token_cache import AccessToken
from zoho.api import ZohoClient
from zoho.sandbox import World

SAMPLE = 24
"""Points of each sample."""

SOME, MANY = 20, 200
"""How many random disks are made for each moment of a change, for a sample and for all."""

RECORDINGS = 2
CLIENT_ID = "1000.CLIENT"


@pytest.fixture(scope="module")
def processes() -> Iterator[TokenProcesses]:
    with token_processes() as started:
        yield started


@dataclass
class Found:
    """What the crashes led to."""

    crashes: int = 0
    old: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.crashes} crashes: {self.old} old, {self.crashes - self.old} new, {len(self.wrong)} torn"
        )


class Scene:
    """One change of a token file, made again and again.

    Args:
        folder: where the data folders lie.
        change: one of `CHANGES`.
        processes: starts what makes it.
        strace: the program.
    """

    def __init__(self, folder: Path, change: str, processes: TokenProcesses, strace: str) -> None:
        self._folder = folder
        self._change = change
        self._processes = processes
        self._strace = strace
        self._made = 0
        self._template = folder / "template"
        self._prepare(Order(str(self._template), change, client_id=CLIENT_ID))
        self.log = folder / "strace.log"
        self.old = self._content(self._prepared())
        after = self._prepared()
        CHANGES[change](after.cache)
        self.new = self._content(after)
        assert self.old != self.new

    def run(self, *options: str) -> tuple[Order, Traced]:
        """Make the change in a process under strace."""
        order = self._prepared()
        return order, trace(self._strace, self._processes.start(order), "main", self.log, *options)

    def points(self) -> list[Point]:
        """Return every call of a change that nothing disturbs."""
        most: Counter[str] = Counter()
        for _ in range(RECORDINGS):
            order, traced = self.run()
            assert traced.said == ["done"]
            assert self._content(order) == self.new
            most |= traced.calls()
        return [Point("main", call, number + 1) for call in most for number in range(most[call])]

    def judge(self, order: Order, found: Found, where: str) -> None:
        """Look at what a crash left as the next process does: read it, then change it."""
        found.crashes += 1
        content = self._content(order)
        found.old += content == self.old
        if content not in (self.old, self.new):
            found.wrong.append(f"{where}: {content!r}")
            return
        cache = order.cache
        assert (cache.load() is None) == (self._change in ("mark_dead", "forget") and content == self.new)
        assert cache.refreshes_since(600) >= 2
        CHANGES[self._change](cache)
        names = {file.name for file in self._file(order).parent.iterdir()}
        assert names <= {"token.json", "token.json.lock"}, f"{where}: a copy is left behind"

    def disk(self) -> RenamingDisk:
        """Return a disk that has the old file."""
        disk = RenamingDisk()
        disk.holds(self._file(self._prepared()).name, self.old)
        return disk

    def put(self, files: dict[str, bytes]) -> Order:
        """Make a data folder of these files."""
        order = self._prepared()
        folder = self._file(order).parent
        for file in folder.iterdir():
            file.unlink()
        for name, content in files.items():
            (folder / name).write_bytes(content)
            (folder / name).chmod(0o600)
        return order

    def folder_of(self, order: Order) -> Path:
        """Return where its token file lies."""
        return self._file(order).parent

    def clear(self, order: Order) -> None:
        """Take its data folder away."""
        shutil.rmtree(order.folder)

    def _prepared(self) -> Order:
        self._made += 1
        order = Order(str(self._folder / f"trial {self._made}"), self._change, client_id=CLIENT_ID)
        shutil.copytree(self._template, order.folder)
        return order

    def _prepare(self, order: Order) -> None:
        cache = order.cache
        cache.store(OLD)
        cache.record_refresh(NOW - 5)
        cache.record_refresh(NOW - 10)
        for number in range(20):  # so many that the file has several sectors
            cache.mark_dead(AccessToken(SecretStr(f"1000.dead.{number}")))

    def _file(self, order: Order) -> Path:
        return paths_in(Path(order.folder)).token_cache

    def _content(self, order: Order) -> bytes:
        return self._file(order).read_bytes()


@pytest.mark.parametrize("change", CHANGES)
def test_killed_before_a_system_call_of_a_change(
    tmp_path: Path,
    strace: str,
    processes: TokenProcesses,
    change: str,
    all_faults: bool,
    seed: int,
    figures: Figures,
) -> None:
    scene = Scene(tmp_path, change, processes, strace)
    points = scene.points()
    found = Found()
    chosen = points if all_faults else random.Random(seed).sample(points, SAMPLE)
    for point in chosen:
        order, traced = scene.run(*kill_before(point))
        if traced.killed:
            scene.judge(order, found, str(point))
        scene.clear(order)
    figures.add(f"Token file, killed in {change}", f"{found}, of {len(points)} points")
    assert not found.wrong, "\n".join(found.wrong[:10])
    assert found.crashes >= 0.8 * len(chosen)


@pytest.mark.parametrize("change", CHANGES)
def test_the_power_goes_in_a_change(
    tmp_path: Path,
    strace: str,
    processes: TokenProcesses,
    change: str,
    all_faults: bool,
    seed: int,
    figures: Figures,
) -> None:
    scene = Scene(tmp_path, change, processes, strace)
    order, traced = scene.run(*STRACE)
    assert traced.said == ["done"]
    events = read_replacing(scene.log, scene.folder_of(order))
    assert any(isinstance(event, Renamed) for event in events)
    found, chance, disk = Found(), random.Random(seed), scene.disk()
    some, seen = MANY if all_faults else SOME, set[int]()
    done = False
    for moment, event in enumerate(events):
        disk.apply(event)
        done = done or event == Said("done")
        for files in (disk.synced(), disk.everything(), *(disk.some(chance) for _ in range(some))):
            state = hash((frozenset(files.items()), done))
            if state in seen:
                continue
            seen.add(state)
            left = scene.put(files)
            scene.judge(left, found, f"after event {moment}")
            assert not done or files["token.json"] == scene.new, "what was said to be kept is kept"
            scene.clear(left)
    figures.add(f"Token file, power cut in {change}", str(found))
    assert not found.wrong, "\n".join(found.wrong[:10])
    assert found.crashes >= 5


# A whole call


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def url(world: World) -> Iterator[Serving]:
    with serve(world) as served:
        yield served


def points_of(
    strace: str, processes: TokenProcesses, order: Order, thread: str, log: Path
) -> Iterator[Point]:
    most: Counter[str] = Counter()
    for _ in range(RECORDINGS):
        traced = trace(strace, processes.start(order), thread, log)
        assert traced.said[-1].endswith("Zylker Ltd"), traced.said
        most |= traced.calls()
        shutil.rmtree(paths_in(Path(order.folder)).data_dir)
    for call in most:
        yield from (Point(thread, call, number + 1) for number in range(most[call]))


async def call(order: Order) -> str | None:
    async with ZohoClient.from_config(order.config, paths=paths_in(Path(order.folder))) as client:
        return (await client.org()).company_name


def test_killed_in_a_call_that_refreshes_costs_one_more_at_most(
    tmp_path: Path,
    strace: str,
    processes: TokenProcesses,
    world: World,
    url: Serving,
    all_faults: bool,
    seed: int,
    figures: Figures,
) -> None:
    order, log = call_of(tmp_path / "rep", world, url), tmp_path / "strace.log"
    data = paths_in(Path(order.folder)).data_dir
    points: list[Point] = []
    for thread in ("main", "pool"):
        points += points_of(strace, processes, order, thread, log)
    chosen = points if all_faults else random.Random(seed).sample(points, SAMPLE)
    killed, costs = 0, Counter[int]()
    for point in chosen:
        world.requests.clear()
        world.tokens = type(world.tokens)(world.refresh_token, world.clock)
        traced = trace(strace, processes.start(order), point.thread, log, *kill_before(point))
        if traced.killed:
            killed += 1
            assert asyncio.run(call(order)) == "Zylker Ltd", point
            costs[world.token_requests] += 1
            # What did not leave us may be counted, never less than what came to Zoho.
            assert order.cache.refreshes_since(600) >= world.token_requests, point
        shutil.rmtree(data, ignore_errors=True)
    figures.add(
        "Token file, killed in a call", f"{killed} crashes of {len(points)} points: refreshes {dict(costs)}"
    )
    assert set(costs) <= {1, 2}
    assert killed >= 0.6 * len(chosen)


def test_a_file_that_is_read_while_it_is_changed_is_never_torn(
    tmp_path: Path, processes: TokenProcesses
) -> None:
    """Readers take no lock."""
    order = Order(str(tmp_path), "keep changing", client_id=CLIENT_ID)
    cache = order.cache
    cache.store(OLD)
    seen = Counter[str]()
    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(processes.start(order).go)
        while not writer.done():
            token = cache.load()
            seen[token.secret.get_secret_value() if token else "none"] += 1
        assert writer.result() == ["done"]
    assert set(seen) == {"1000.old", "1000.new"}, seen
