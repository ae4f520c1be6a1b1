"""Sending: a lead saved, a lead created, a backlog drained; against what the disk and bare httpx cost."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import httpx

from benchmarks.bench import Bench
from benchmarks.home import Home, waiting
from benchmarks.programs import OURS
from benchmarks.rows.typing import typed
from benchmarks.stand_in import ROOT, StandIn
from benchmarks.table import Line, at_most, median
from benchmarks.terminal import Terminal

_BACKLOG = 1000
_LATENCY = 200


class Commits:
    """Durable commits of one row each, with the outbox's own settings and nothing else."""

    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(folder / "commits.db", isolation_level=None)
        for pragma in ("journal_mode=DELETE", "synchronous=EXTRA", "secure_delete=ON"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("CREATE TABLE IF NOT EXISTS rows (text TEXT)")

    def one(self) -> float:
        """Do one; return its milliseconds."""
        began = time.perf_counter()
        self._db.execute("BEGIN IMMEDIATE")
        self._db.execute("INSERT INTO rows VALUES (?)", ("x" * 300,))
        self._db.execute("COMMIT")
        return (time.perf_counter() - began) * 1000

    def close(self) -> None:
        """Close the file."""
        self._db.close()


class Bare:
    """httpx alone, signed in to a stand-in."""

    def __init__(self, env: dict[str, str]) -> None:
        self._client = httpx.Client(timeout=30)
        form = {
            "grant_type": "refresh_token",
            "client_id": env["ZOHO_CLIENT_ID"],
            "client_secret": env["ZOHO_CLIENT_SECRET"],
            "refresh_token": env["ZOHO_REFRESH_TOKEN"],
        }
        token = self._client.post(f"{env['ZOHO_ACCOUNTS_URL']}/oauth/v2/token", data=form).json()
        self._client.headers["Authorization"] = f"Zoho-oauthtoken {token['access_token']}"
        self._url = f"{env['ZOHO_API_DOMAIN']}/crm/v8/Leads"

    def post(self, leads: list[dict[str, str]]) -> float:
        """Create leads; return the milliseconds until the answer was read."""
        began = time.perf_counter()
        self._client.post(self._url, json={"data": leads}).raise_for_status()
        return (time.perf_counter() - began) * 1000

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


def save(bench: Bench) -> list[Line]:
    """Ctrl+S until the form is empty for the next lead; and until the toast says that it is created."""
    saved: list[float] = []
    told: list[float] = []
    echoes: list[float] = []
    commits: list[float] = []
    answers: list[float] = []
    with (
        bench.settled() as terminal,
        closing(Commits(bench.folder)) as disk,
        closing(Bare(bench.stand_in.env)) as bare,
    ):
        for number in range(3 * bench.runs):
            name = f"Person{number:03}"
            terminal.send("\t")
            terminal.wait_quiet(0.1)
            terminal.send(name)
            terminal.wait_for(lambda _, wanted=name: terminal.row_of(wanted) >= 0)
            row = terminal.row_of(name)
            echoes += [one.ms for one in typed_on(terminal, "\txqzj")]
            terminal.pause(1.2)  # the draft is kept
            commits.append(disk.one())
            answers.append(bare.post([{"Last_Name": f"Bare{number}", "Company": "xqzj"}]))
            began = time.perf_counter()
            terminal.press("ctrl+s")
            terminal.wait_for(lambda _, at=row, gone=name: gone not in terminal.row(at))
            saved.append((terminal.last_read - began) * 1000)
            terminal.wait_for(lambda _, at=row, wanted=name: _toast(terminal, wanted, at))
            told.append((terminal.last_read - began) * 1000)
            terminal.wait_quiet(0.5)
    commit, answer = median(commits), median(answers)
    limit = 1.5 * median(echoes) + commit
    return [
        at_most(
            "Ctrl+S to the empty form", median(saved), round(limit, 1), "ms", f"a commit: {commit:.1f} ms"
        ),
        at_most(
            "submit to toast, over the stand-in's answer",
            median(told) - answer,
            10,
            "ms",
            f"answer: {answer:.1f} ms, a commit: {commit:.1f} ms, of which there are three",
        ),
    ]


def typed_on(terminal: Terminal, text: str) -> list[object]:
    """Go on in the next field, and return the effects of the letters there."""
    terminal.send(text[0])
    terminal.wait_quiet(0.1)
    return typed(terminal, text[1:])


def _toast(terminal: Terminal, name: str, form_row: int) -> bool:
    return any(name in terminal.row(y) for y in range(terminal.size[1]) if y != form_row)


def backlog(bench: Bench) -> list[Line]:
    """A thousand leads that waited, sent by the verb's own parts; and the same by httpx alone."""
    with StandIn(latency=_LATENCY) as slow:
        folder = bench.folder / "backlog"
        folder.mkdir(parents=True)
        home = Home(folder, slow.env)
        home.sign_in(OURS)
        home.write(waiting(_BACKLOG + 1, home.org()))
        program = (sys.executable, "-m", "benchmarks.drain")
        run = subprocess.run(program, cwd=ROOT, env=home.env, capture_output=True, text=True, check=True)
        ours = json.loads(run.stdout)
        bare = _drained_bare(slow.env, folder, ours["batches"])
    detail = f"{ours['seconds']:.2f} to {bare:.2f} s, {len(ours['batches'])} batches"
    return [at_most("a backlog of 1,000 leads, to bare httpx", ours["seconds"] / bare, 1.15, "x", detail)]


def _drained_bare(env: dict[str, str], folder: Path, batches: list[int]) -> float:
    leads = [dict(row.values) for row in waiting(_BACKLOG, "")]
    with closing(Bare(env)) as client, closing(Commits(folder)) as disk:
        began = time.perf_counter()
        for size in batches:
            disk.one()
            client.post([leads.pop() for _ in range(size)])
            disk.one()
        return time.perf_counter() - began
