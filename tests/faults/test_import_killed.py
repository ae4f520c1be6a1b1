"""An import that is killed and run again: every line ends up once, in Zoho or in the report."""

from __future__ import annotations

import csv
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

from figures import Figures
from sandbox_server import serve
from verbs import Home, credentials
from witness import WitnessWorld

from zoho.sandbox.world import Exchange

LINES, BAD = 2000, 100
HEADER = ["Last Name", "Company", "Number_Plate", "Email"]
PATIENCE = 60.0


class ArmedWorld(WitnessWorld):
    """A stand-in that says when so many creates of several leads have arrived."""

    def __init__(self) -> None:
        super().__init__(latency=0.02)
        self.batches = 0
        self.wanted = 0
        self.arrived = threading.Event()

    def remember(self, exchange: Exchange) -> None:
        super().remember(exchange)
        if self.creates and self.creates[-1] is exchange and len(exchange.body["data"]) > 1:
            self.batches += 1
            if self.batches == self.wanted:
                self.arrived.set()

    def arm(self, further: int) -> threading.Event:
        self.wanted = self.batches + further
        self.arrived.clear()
        return self.arrived


def lines(dice: random.Random) -> tuple[list[list[str]], list[list[str]]]:
    """Return every line in a random order, and those of them that are bad: refused by us, or by Zoho."""
    # Of each of the first ten there are two: equal lines are leads of their own.
    good = [[f"Roe {number % (LINES - BAD - 10)}", "Acme", "", ""] for number in range(LINES - BAD)]
    bad = [[f"Poe {number}", *_faulty(number)] for number in range(BAD)]
    every = good + bad
    dice.shuffle(every)
    return every, bad


def _faulty(number: int) -> list[str]:
    return [["", "", ""], ["Acme", "", "no address"], ["Acme", "TAKEN", ""]][number % 3]


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL, "it was over before"


def wait_for(condition: Callable[[], object]) -> None:
    end, tick = time.monotonic() + PATIENCE, threading.Event()
    while not condition():
        assert time.monotonic() < end
        tick.wait(0.01)


def states(home: Home) -> Counter[str]:
    return Counter(state for _, state, _ in home.rows())


def time_goes_by(home: Home) -> None:
    """What is unclear is due: everything that was under way has arrived long since."""
    with closing(connect(home.data / "outbox.db", isolation_level=None)) as db:
        db.execute("UPDATE leads SET not_before = 0 WHERE state = 'unknown'")


def test_every_line_is_once_in_zoho_or_in_the_report(
    tmp_path: Path, seed: int, all_faults: bool, figures: Figures
) -> None:
    began = time.monotonic()
    dice = random.Random(seed)
    rounds = 5 if all_faults else 1
    for number in range(rounds):
        folder = tmp_path / str(number)
        folder.mkdir(mode=0o700)
        _killed_and_run_again(folder, dice, wait=all_faults)
    took = time.monotonic() - began
    told = f"{rounds * LINES:,} lines, {3 * rounds} kills: 0 lost, 0 doubled, {took:.0f} s"
    figures.add("An import killed and run again", told)


def _killed_and_run_again(folder: Path, dice: random.Random, *, wait: bool) -> None:
    world = ArmedWorld()
    world.add_unique_field("Number_Plate")
    every, bad = lines(dice)
    with (folder / "leads.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *every])
    with serve(world) as url:
        home = Home(folder, credentials(world, url))
        taken = {"Last_Name": "First", "Company": "Acme", "Number_Plate": "TAKEN"}
        assert home.run("add", given=taken).status == 0

        # While lines are saved: nothing was sent yet.
        process = home.start("import", "leads.csv")
        assert process.stderr is not None
        for _ in range(dice.randint(1, 4)):
            assert process.stderr.readline().startswith(b"saved ")
        kill(process)
        assert 1 < states(home).total() < LINES - BAD

        # While a batch is on its way to Zoho.
        arrived = world.arm(dice.randint(1, 5))
        process = home.start("import", "leads.csv")
        assert arrived.wait(PATIENCE)
        kill(process)
        assert states(home)["sending"] > 1

        # After Zoho has applied a batch, and before anybody was told.
        world.faults.order("hang-after", path="/crm/v8/Leads", method="POST")
        process = home.start("import", "leads.csv")
        wait_for(lambda: world.creates[-1].faults and world.creates[-1].handled)
        kill(process)
        assert states(home)["sending"] > 1
        world.faults.clear()

        # Run again, it goes on with the rest, and tells what is unclear; then that is settled too.
        if not wait:
            ended = home.run("import", "leads.csv", "--wait", "1")
            assert ended.status == 4, ended
            unclear = states(home)["unknown"]
            assert unclear > 2
            assert f"Unclear whether they stand in Zoho: {unclear}." in ended.out
            time_goes_by(home)
        ended = home.run("import", "leads.csv", timeout=200)
    assert ended.status == 1, ended
    assert f"Created in Zoho: {LINES - BAD:,}." in ended.out
    created = Counter(record.values["Last_Name"] for record in world.living("Leads"))
    assert created == Counter(["First", *(line[0] for line in every if line not in bad)])
    with (folder / "leads.refused.csv").open(encoding="utf-8", newline="") as file:
        header, *reported = csv.reader(file)
    assert header == [*HEADER, "Error"]
    assert sorted(line[:-1] for line in reported) == sorted(bad)
    assert all(line[-1] for line in reported)
    assert states(home)["sent"] == LINES - BAD + 1

    # And once more: nothing is sent.
    creates = len(world.creates)
    with serve(world) as url:
        again = Home(folder, credentials(world, url)).run("import", "leads.csv")
    assert (again.status, len(world.creates)) == (1, creates), again
