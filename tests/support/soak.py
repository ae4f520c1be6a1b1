"""Three senders on one data folder that save, send, are killed and stopped, while the line to Zoho breaks."""

from __future__ import annotations

import contextlib
import random
import signal
import subprocess
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from rep_process import Rep
from witness import WitnessWorld, named

SENDERS = 3
LEADS_OF_A_LIFE = 16
LONGEST_LIFE = 60.0
"""Seconds after which a sender that came to no end is a failure of its own; the last has longer to send."""

LONGEST_END = 600.0


@dataclass
class Tally:
    """What has happened so far, counted by all threads."""

    saved: dict[str, float] = field(default_factory=dict)
    kills: int = 0
    stops: int = 0
    lives: int = 0
    stuck: int = 0


@dataclass(frozen=True)
class Fate:
    """What befalls a life: after so many leads it is stopped for a while, after so many it is killed.

    ``kill_on`` is the word whose number counts: what it has ``saved``, or what it is ``sending``.
    """

    stop_after: int
    stop_for: float
    kill_on: str
    kill_after: int
    kill_in: float

    @classmethod
    def drawn(cls, dice: random.Random) -> Fate:
        """Draw one. More leads than a life has: it does not happen."""
        return cls(
            stop_after=dice.randrange(2 * LEADS_OF_A_LIFE),
            stop_for=dice.uniform(0.1, 1.6),
            kill_on=dice.choice(("saved", "sending")),
            kill_after=dice.randrange(1, LEADS_OF_A_LIFE + 2),
            kill_in=dice.choice((0.0, dice.uniform(0.0, 0.05), dice.uniform(0.0, 0.3))),
        )


@dataclass
class Soak:
    """A soak of one data folder.

    Args:
        folder: the data folder.
        world, url: the stand-in, and where it listens.
        seed: of the fates. What the scheduler does in between is its own.
        leads, kills: go on until so many leads were said to be saved, and so many senders were killed.
        deadline: seconds that a request may be under way.
    """

    folder: Path
    world: WitnessWorld
    url: str
    seed: int
    leads: int
    kills: int
    deadline: float = 1.0
    tally: Tally = field(default_factory=Tally)
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def rep(self, number: int, *, limit: float, lane: int = 0, gap: float = 0.0) -> Rep:
        """A rep's process that saves so many leads, and sends."""
        keys = [str(uuid.uuid4()) for _ in range(number)]
        return Rep(
            folder=str(self.folder),
            url=self.url,
            client_id=self.world.client_id,
            client_secret=self.world.client_secret,
            refresh_token=self.world.refresh_token,
            leads=[(key, named(key)) for key in keys],
            lane=lane,
            together=True,
            tell=True,
            limit=limit,
            gap=gap,
            deadline=self.deadline,
            read=0.25,
            first_retry=0.02,
            longest_retry=0.1,
        )

    def begin(self) -> None:
        """Send one lead before anything breaks; in a keyed org this proves the key."""
        self._live(self.rep(1, limit=20), None)

    def run(self) -> None:
        """Let senders live and die until there were enough leads and kills."""
        with ThreadPoolExecutor(SENDERS) as threads:
            for done in [threads.submit(self._keep_sending, number) for number in range(SENDERS)]:
                done.result()

    def finish(self) -> None:
        """Let one last sender, which nobody kills, bring everything to its end."""
        self._live(self.rep(0, limit=LONGEST_END), None)

    def _keep_sending(self, number: int) -> None:
        dice = random.Random(f"{self.seed}:{number}")
        lane = number % 2  # one of the three sends the backlog
        while len(self.tally.saved) < self.leads or self.tally.kills < self.kills:
            self._live(self.rep(LEADS_OF_A_LIFE, limit=3.0, lane=lane, gap=0.06), Fate.drawn(dice))

    def _live(self, rep: Rep, fate: Fate | None) -> None:
        process = rep.start()
        guard = threading.Timer(LONGEST_LIFE + rep.limit, self._end_stuck, [process])
        guard.start()
        try:
            self._listen(process, fate)
        finally:
            guard.cancel()
            process.kill()
            process.wait(10)
        with self._counting:
            self.tally.lives += 1
            self.tally.kills += process.returncode == -signal.SIGKILL
        if process.returncode not in (0, -signal.SIGKILL):
            raise AssertionError(f"A sender ended with {process.returncode}.")

    def _listen(self, process: subprocess.Popen[bytes], fate: Fate | None) -> None:
        """Read what a sender says until it ends, and let its fate befall it meanwhile."""
        assert process.stdout is not None
        said: Counter[str] = Counter()
        with process.stdout:
            for line in process.stdout:  # after a kill too: what it said before must be true
                word, _, key = line.decode().strip().partition(" ")
                said[word] += 1
                if word == "saved":
                    with self._counting:
                        self.tally.saved[key] = time.monotonic()
                if fate is not None:
                    self._befall(process, fate, said, word)

    def _befall(self, process: subprocess.Popen[bytes], fate: Fate, said: Counter[str], word: str) -> None:
        if said[fate.kill_on] >= fate.kill_after:
            _wait(process, fate.kill_in)
            process.kill()
        elif word == "saved" and said[word] == fate.stop_after:
            self.tally.stops += 1
            process.send_signal(signal.SIGSTOP)
            _wait(process, fate.stop_for)
            process.send_signal(signal.SIGCONT)

    def _end_stuck(self, process: subprocess.Popen[bytes]) -> None:
        self.tally.stuck += 1
        process.kill()


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
