"""A pane of a real tmux, written to and read back: a terminal that is not ours.

Run as a program inside the pane, it passes on what comes by one pipe, waits until tmux has taken it (it
answers the question where the cursor is), and says so by the other.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
import tty
from itertools import count
from pathlib import Path
from types import TracebackType

import pytest
from model_terminal import ModelTerminal

_WHERE = b"\x1b[6n"
_PANES = count()


def tmux_or_skip() -> str:
    """Return the path of tmux; where it is missing, skip: nothing else depends on it."""
    path = shutil.which("tmux")
    if path is None:
        pytest.skip("tmux is missing. This installs it: apt-get install tmux (brew install tmux)")
    return path


class TmuxPane:
    """A tmux server of its own with one pane.

    Args:
        folder: an empty folder.
        size: columns and rows.
        options: lines of tmux's configuration.
    """

    def __init__(self, folder: Path, size: tuple[int, int], *options: str) -> None:
        self._tmux = tmux_or_skip()
        # Its own, since the server of the pane before may still be ending.
        self._socket = f"zoho-leads-test-{os.getpid()}-{next(_PANES)}"
        self._size = size
        config = folder / "tmux.conf"
        config.write_text("\n".join(["set -g status off", *options]))
        for name in ("in", "out"):
            os.mkfifo(folder / name)
        columns, rows = map(str, size)
        program = f"exec '{sys.executable}' '{__file__}' '{folder}'"
        environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parent), "LC_ALL": "C.UTF-8"}
        start = ["-u", "-f", str(config), "new-session", "-d", "-x", columns, "-y", rows, program]
        subprocess.run([self._tmux, "-L", self._socket, *start], check=True, timeout=20, env=environ)
        self._to = (folder / "in").open("wb", buffering=0)
        self._from = (folder / "out").open("rb", buffering=0)

    def __enter__(self) -> TmuxPane:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._to.close()
        self._from.close()
        subprocess.run([self._tmux, "-L", self._socket, "kill-server"], check=False, timeout=20)

    @property
    def attach(self) -> list[str]:
        """The command that shows the pane in a terminal."""
        return [self._tmux, "-u", "-L", self._socket, "attach"]

    def ask(self, *command: str) -> str:
        """Run a command of tmux and return what it says."""
        done = subprocess.run(
            [self._tmux, "-L", self._socket, *command], check=True, timeout=20, capture_output=True
        )
        return done.stdout.decode()

    def write(self, data: bytes) -> None:
        """Write to the pane; return when tmux has taken it all."""
        self._to.write(struct.pack("!I", len(data)) + data)
        assert self._from.read(1) == b"."

    def resize(self, size: tuple[int, int]) -> None:
        """Give the window another size."""
        self._size = size
        self.ask("resize-window", "-x", str(size[0]), "-y", str(size[1]))

    def picture(self) -> ModelTerminal:
        """Return what the pane shows, with its cursor, as a model terminal."""
        model = ModelTerminal(*self._size)
        rows = self.ask("capture-pane", "-e", "-p", "-N").split("\n")[: self._size[1]]
        model.feed("\x1b[?7l" + "".join(f"\x1b[{y}H{row}" for y, row in enumerate(rows, start=1)))
        x, y, shown = self.ask("display", "-p", "#{cursor_x} #{cursor_y} #{cursor_flag}").split()
        model.feed(f"\x1b[{int(y) + 1};{int(x) + 1}H" + ("" if shown == "1" else "\x1b[?25l"))
        return model


def _serve(folder: Path) -> None:
    tty.setraw(0)
    with (folder / "in").open("rb") as orders, (folder / "out").open("wb", buffering=0) as answers:
        while head := orders.read(4):
            data = orders.read(*struct.unpack("!I", head)) + _WHERE
            while data:
                data = data[os.write(1, data) :]
            told = b""
            while not told.endswith(b"R"):
                told += os.read(0, 64)
            answers.write(b".")


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
