"""What the rows share: folders, stand-ins, and our app as a rep starts it."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from functools import cached_property

from benchmarks.home import Home, ended
from benchmarks.programs import FOLDER, OURS, Program, minimal, posting
from benchmarks.stand_in import StandIn
from benchmarks.terminal import Terminal

READY = "Last Name"


class Bench:
    """One run of the benchmarks.

    Args:
        runs: how often what is short is repeated.
        stack: ends what was begun.
    """

    def __init__(self, runs: int, stack: ExitStack) -> None:
        self.runs = runs
        self._stack = stack
        self._copies = 0
        self.folder = FOLDER / "homes"
        shutil.rmtree(self.folder, ignore_errors=True)

    @cached_property
    def minimal(self) -> Program:
        """The minimal Textual app."""
        return minimal()

    @cached_property
    def posting(self) -> Program | None:
        """posting; None where it cannot be had."""
        return posting()

    @cached_property
    def stand_in(self) -> StandIn:
        """A stand-in with the stock form, which answers at once."""
        return self._stack.enter_context(StandIn())

    @cached_property
    def _ten_thousand(self) -> Home:
        return self._made("10k", self.stand_in, 10_000)

    @cached_property
    def _hundred_thousand(self) -> Home:
        return self._made("100k", self.stand_in, 100_000)

    @cached_property
    def _wide(self) -> Home:
        return self._made("wide", self._stack.enter_context(StandIn(fields=120)), 0)

    def _made(self, name: str, stand_in: StandIn, leads: int) -> Home:
        folder = self.folder / name
        folder.mkdir(parents=True)
        home = Home(folder, stand_in.env)
        home.sign_in(OURS)
        home.write(ended(leads))
        return home

    def home(self, leads: int = 10_000) -> Home:
        """Return a rep's folders, as nobody has used them since; 0 leads stands for a form of 120 fields."""
        kept = {10_000: "_ten_thousand", 100_000: "_hundred_thousand", 0: "_wide"}[leads]
        self._copies += 1
        model: Home = getattr(self, kept)
        return model.copy(self.folder / f"copy {self._copies}")

    def ours(self, leads: int = 10_000, size: tuple[int, int] = (120, 40)) -> Terminal:
        """Start our app in a home of its own; it is not ready yet."""
        home = self.home(leads)
        return Terminal([OURS], env=home.env, size=size, cwd=home.folder)

    def settled(self, leads: int = 10_000, size: tuple[int, int] = (120, 40)) -> Terminal:
        """Start our app, and wait until it has spoken to Zoho and is quiet."""
        terminal = self.ours(leads, size)
        terminal.wait_for("online")
        terminal.wait_for(READY)
        terminal.wait_quiet(0.7)
        return terminal
