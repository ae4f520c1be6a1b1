"""Copies of the repository with a bug in them, and what the tests say there.

Run as a program, it plants every bug of `planted_bugs` (or those whose names hold a word that is given), and
prints who caught it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from planted_bugs import BUGS, Bug
from rep_process import ROOT, environment

TRACKED = ("zoho", "tui", "tests", "pyproject.toml")
ALL_PASSED, SOME_FAILED = 0, 1


class Verdict(NamedTuple):
    """What the tests said: pytest's exit status, the tests that failed, its output, and seconds."""

    status: int
    failed: tuple[str, ...]
    said: str
    seconds: float

    @property
    def red(self) -> bool:
        """Whether tests ran, and one of them failed."""
        return self.status == SOME_FAILED and bool(self.failed)


@contextmanager
def copied() -> Iterator[Path]:
    """Give a copy of what git tracks here, as it stands in the working tree."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        for name in _tracked():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name)
        yield root


def _tracked() -> list[str]:
    found: list[str] = []
    if shutil.which("git") is not None:
        command = ["git", "ls-files", "-z", *TRACKED]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False).stdout.decode()
        found = [name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    return found or _there()


def _there() -> list[str]:
    """Return all that is there, where this is no repository of git's but what was in an archive."""
    files = [path for top in TRACKED for path in (ROOT / top, *(ROOT / top).rglob("*")) if path.is_file()]
    return [str(path.relative_to(ROOT)) for path in files if "__pycache__" not in path.parts]


def plant(bug: Bug, root: Path) -> None:
    """Put *bug* into the repository at *root*."""
    source = root / bug.file
    text = source.read_text()
    if (count := text.count(bug.right)) != 1:
        raise LookupError(f"{bug.name}: its text is {count} times in {bug.file}; plant it anew")
    planted = text.replace(bug.right, bug.wrong)
    compile(planted, str(source), "exec")
    source.write_text(planted)


def tested(root: Path, tests: Sequence[str], *options: str) -> Verdict:
    """Run *tests* in the repository at *root*, with its own packages."""
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-p", "own_packages", "-p", "no:cacheprovider", "-q", "-rf"]
    ended = subprocess.run(
        [*command, *options, *tests],
        cwd=root,
        env=environment(root) | {"PYTHONPATH": f"{root}:{root / 'tests' / 'support'}", "FAULTS": "hunt"},
        capture_output=True,
        text=True,
        check=False,
    )
    failed = tuple(re.findall(r"^FAILED (.+?)(?: - .*)?$", ended.stdout, re.MULTILINE))
    return Verdict(ended.returncode, failed, ended.stdout + ended.stderr, time.monotonic() - began)


def hunted(bug: Bug, tests: Sequence[str]) -> list[Verdict]:
    """Plant *bug* in a copy, and run each of *tests* there, up to its first failure."""
    with copied() as root:
        plant(bug, root)
        return [tested(root, [one], "-x") for one in tests]


def unplanted(tests: Collection[str]) -> Verdict:
    """Run *tests* in a copy without a bug."""
    with copied() as root:
        return tested(root, sorted(tests))


def caught_by(verdict: Verdict) -> str:
    """Return which test went red, and in how many seconds."""
    caught = verdict.failed[0].removeprefix("tests/") if verdict.red else "NOT CAUGHT"
    return f"{verdict.seconds:3.0f} s  {caught}"


def main(words: Sequence[str]) -> int:
    """Plant them; return how many were not caught by all who must."""
    missed = 0
    for bug in BUGS:
        if words and not any(word in bug.name for word in words):
            continue
        verdicts = hunted(bug, bug.tests)
        missed += not all(verdict.red for verdict in verdicts)
        for verdict in verdicts:
            sys.stdout.write(f"{bug.name:<54}{caught_by(verdict)}\n")
            if not verdict.red:
                sys.stdout.write(verdict.said[-2000:])
            sys.stdout.flush()
    return missed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
