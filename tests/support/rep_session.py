"""A rep's process that a test listens to and waits for."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rep_process import Rep

PATIENCE = 60.0


class Session:
    """A running `Rep`: what it has said so far, with the time of each line (`time.monotonic`)."""

    def __init__(self, rep: Rep) -> None:
        self.process = rep.start(stdin=subprocess.PIPE)
        self._said: list[tuple[str, str, float]] = []
        self._news = threading.Condition()
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def go(self) -> None:
        """Let it go on, if it was told to hold."""
        assert self.process.stdin is not None
        with self.process.stdin as line:
            line.write(b"\n")

    def said(self, word: str) -> dict[str, float]:
        """The keys of which it has said *word* so far, and when."""
        with self._news:
            return {key: at for said, key, at in self._said if said == word}

    def wait_for(self, condition: Callable[[], object]) -> None:
        """Wait until *condition* holds; it is asked again at each line, and when the process has ended."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"It did not come to that: {self._said[-3:]}"
            assert self._listener.is_alive() or condition(), f"It ended before: {self._said[-3:]}"
            with self._news:
                self._news.wait(0.05)

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def end(self) -> int:
        """Wait until it has ended, and all that it said is known; return its exit status."""
        status = self.process.wait(PATIENCE)
        self._listener.join(PATIENCE)
        return status

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout:
            for line in self.process.stdout:
                word, _, key = line.decode().strip().partition(" ")
                with self._news:
                    self._said.append((word, key, time.monotonic()))
                    self._news.notify_all()


@contextmanager
def session(rep: Rep) -> Iterator[Session]:
    """Run a session; it is gone when the test is over."""
    running = Session(rep)
    try:
        yield running
    finally:
        running.process.kill()
        running.end()
        if running.process.stdin is not None:
            running.process.stdin.close()
